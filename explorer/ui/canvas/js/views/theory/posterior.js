/**
 * Theory's section 'Evidence': log p(x) = ELBO + KL(q || p(z|x)), on the plane.
 *
 * The worker scores the plane once an image; then q can be moved by hand, and every figure follows
 * in the same frame, read from what is known between the scored points. Where q comes to rest its
 * own points are scored, and the figures are exact.
 */
import { identityOf, identityPoints, identityRules, priorKl } from "../../maths/gaussian_rules.js";
import { LikelihoodField } from "../../maths/likelihood_field.js";
import { PosteriorSquares, SEARCH_REACH } from "../../maths/posterior_squares.js";
import { formatNumber, formatSmall } from "../../maths/scales.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { EllipseMap } from "./ellipse_map.js";
import { IdentityPanel } from "./identity_panel.js";
import { createElement } from "../../parts/layers.js";
import { numberSlider } from "./number_slider.js";
import { MASS_SHARES, PosteriorPicture, bandColours } from "./posterior_picture.js";
import { readNumbers, writeNumbers } from "../page.js";

const CHUNK = 200; // points a request: what is more urgent need not wait long
const LOGVAR_LIMITS = [-20, 3]; // of q: from the encoder's own limit to sigma 4.5
const MOVING_POINTS = 21; // of each rule for q, their root at most
const RESTING_POINTS = 65;
const REST_MS = 100; // a q that has not moved for so long rests
const VIEW_SIGMA = 4; // of the encoder's q that is in view at first
const MOVED_SIGMA = 2; // of a q that a link has moved
const VIEW_MARGIN = 1.35;
const LEAST_SPAN = 0.04; // of the view at first: the axes' numbers must fit, however narrow q is

const EVIDENCE_WORDS =
  "Orange: the true posterior p(z|x). Blue: the encoder\u2019s answer q(z|x), at 1\u03c3 and " +
  "2\u03c3. The ELBO falls short of log p(x) by exactly the KL from q to the true posterior.";

/** The section. */
export class PosteriorSection {
  constructor(parent, page) {
    this.page = page;
    this.search = null;
    this.run = 0; // of the search that counts
    this.root = createElement(parent, "div", "theory-evidence", { "data-settled": "false" });
    createElement(this.root, "p", "theory-says").textContent = EVIDENCE_WORDS;
    const work = createElement(this.root, "div", "evidence-work");
    const place = createElement(work, "div", "evidence-map");
    this.map = new EllipseMap(place, {
      onCentre: (centre) => this.moveCentre(centre),
      onStretch: (axis, factor) => this.stretch(axis, factor),
      onRelease: () => this.release(),
    });
    this.picture = new PosteriorPicture(() => this.map.requestDraw());
    this.map.setPainters({
      under: (context, plane) => this.picture.paint(context, plane, this.page.ink),
    });
    this.key = createElement(place, "p", "evidence-key");
    this.note = createElement(place, "p", "evidence-note", { "data-testid": "evidence-note" });
    this.side = createElement(work, "div", "evidence-side");
    this.buildSide(this.side);
  }

  buildSide(parent) {
    this.identity = new IdentityPanel(parent);
    const head = createElement(parent, "div", "evidence-head");
    this.digit = new DigitView(head, { "data-testid": "decoded-digit" });
    this.words = createElement(head, "p", "evidence-words", { "data-testid": "q-words" });
    const sliders = createElement(parent, "div", "toolbar evidence-sliders");
    const names = [
      ["\u03bc\u2081", "First mean of q", [-SEARCH_REACH, SEARCH_REACH], 0.005, 2],
      ["\u03bc\u2082", "Second mean of q", [-SEARCH_REACH, SEARCH_REACH], 0.005, 2],
      ["log \u03c3\u2081\u00b2", "First log variance of q", LOGVAR_LIMITS, 0.02, 1],
      ["log \u03c3\u2082\u00b2", "Second log variance of q", LOGVAR_LIMITS, 0.02, 1],
    ];
    this.sliders = names.map(([label, name, [low, high], step, digits], n) =>
      numberSlider(sliders, { label, testId: `q-${n}`, name }, { low, high, step, digits }, {
        onInput: (value) => this.setQ(this.q.with(n, value)),
        onRelease: () => this.release(),
      }),
    );
    this.back = pushButton(parent, "Back to the encoder\u2019s q", "q-back", () => {
      this.page.change({ q: undefined });
      this.setQ(this.own);
      this.showAll();
    });
  }

  showAll() {
    if (this.page.encoded) this.frameView();
  }

  destroy() {
    this.run += 1;
    clearTimeout(this.settling);
    this.map.destroy();
    this.picture.destroy();
  }

  restyle() {
    const { ink, palette } = this.page;
    this.map.setStyle({ ink, palette, axisNames: ["z\u2081", "z\u2082"] });
    this.picture.drawn = null;
    this.key.replaceChildren();
    const colours = bandColours(ink.background);
    MASS_SHARES.forEach((share, n) => {
      const item = createElement(this.key, "span", "evidence-item");
      const swatch = createElement(item, "span", "evidence-swatch", { "data-paint": "" });
      swatch.style.background = `rgb(${colours[n]})`;
      createElement(item, "span", "").textContent = `${100 * share} %`;
    });
    createElement(this.key, "span", "").textContent = "of the mass of p(z|x)";
  }

  /** Another model or another image: the plane is searched anew. */
  show() {
    this.run += 1;
    this.search = this.exact = this.evidence = this.normaliser = this.field = null;
    this.picture.setSource(null);
    this.map.setReady(false);
    this.root.dataset.settled = "false";
    const { encoded, model } = this.page;
    this.side.inert = !encoded;
    if (!encoded) {
      this.map.setEllipse(null, null);
      this.identity.write({});
      this.note.textContent = "Draw a digit to see its posterior.";
      this.map.setPoints(new Float32Array(0), new Uint8Array(0));
      return;
    }
    this.own = [...encoded.mu, ...encoded.logvar];
    this.q = this.own;
    this.model = model;
    this.image = this.page.image;
    this.frameView();
    this.searchPlane(this.run);
  }

  /** Scores the plane, level by level, ever closer where the posterior is. */
  async searchPlane(run) {
    const search = new PosteriorSquares(this.page.encoded);
    const isWanted = () => run === this.run;
    let scored = 0;
    while (!search.isDone) {
      const found = await this.score("squares", search.points, isWanted, (count) => {
        const points = (scored + count).toLocaleString("en");
        this.note.textContent = `Searching the plane: ${points} points`;
      });
      if (!found) return;
      scored += found.length;
      search.take(found);
    }
    this.search = search;
    this.evidence = search.logEvidence;
    this.isBound = search.isBound;
    this.field = new LikelihoodField(search.levels, search.reach);
    const levels = search.massLevels(MASS_SHARES);
    this.picture.setSource({ field: this.field, levels, model: this.model });
    this.frameView();
    this.map.setReady(true);
    this.update();
    const points = search.gaussPoints();
    const again = await this.score("normaliser", points, isWanted);
    if (!again) return;
    this.normaliser = search.logNormaliser(points, again);
    this.note.textContent = this.noteWords(scored + again.length);
    this.update();
  }

  noteWords(points) {
    if (this.search.isBound) {
      return (
        `The plane is searched within \u00b1${this.search.reach}, and more of p(z|x) may lie ` +
        "beyond: log p(x), the gap and the KL may be more, by the same nats."
      );
    }
    const count = points.toLocaleString("en");
    return (
      `By quadrature over ${count} points; the gap and the KL take different ones, as a check. ` +
      "For grey pixels log p(x|z) is minus the summed cross-entropy, not a normalised density."
    );
  }

  /** log p(x|z) of points in chunks; null where it is not wanted any more. */
  async score(channel, points, isWanted, onChunk = () => {}) {
    const { worker } = this.page;
    const found = new Float64Array(points.length / 2);
    for (let from = 0; from < found.length; from += CHUNK) {
      const chunk = Float32Array.from(points.subarray(2 * from, 2 * (from + CHUNK)));
      const part = await worker.score(channel, this.model, chunk, this.image);
      if (!part || !isWanted()) return null;
      found.set(part, from);
      onChunk(Math.min(found.length, from + CHUNK));
    }
    return found;
  }

  /** The part of the plane that holds the posterior, once it is known, the encoder's q and q. */
  frameView() {
    const { model } = this;
    const box = this.search?.boxOf(MASS_SHARES.at(-1));
    const places = box ? box.x.flatMap((x) => box.y.map((y) => [x, y])) : [];
    const add = ([x, y, ...logvar], sigmas) => {
      const [right, up] = logvar.map((value) => sigmas * Math.exp(value / 2));
      places.push([x - right, y], [x + right, y], [x, y - up], [x, y + up]);
    };
    add(this.own, VIEW_SIGMA);
    if (this.isMoved) add(this.q, MOVED_SIGMA);
    const shown = places.map(([x, y]) => model.toDisplay(x, y));
    const range = (axis) => {
      const values = shown.map((place) => place[axis]);
      return [Math.min(...values), Math.max(...values)];
    };
    const [[left, right], [bottom, top]] = [range(0), range(1)];
    this.map.setPoints(new Float32Array(0), new Uint8Array(0), {
      home: {
        x: (left + right) / 2,
        y: (bottom + top) / 2,
        spanX: Math.max(LEAST_SPAN, VIEW_MARGIN * (right - left)),
        spanY: Math.max(LEAST_SPAN, VIEW_MARGIN * (top - bottom)),
      },
    });
  }

  apply(values, keys) {
    if (!this.page.encoded || !(keys.includes("q") || keys.includes("image"))) return;
    this.setQ(values.q ? readNumbers(values.q) : this.own);
  }

  moveCentre([x, y]) {
    const centre = this.model.toLatent(x, y);
    const limit = (value) => Math.min(SEARCH_REACH, Math.max(-SEARCH_REACH, value));
    this.setQ([...centre.map(limit), this.q[2], this.q[3]]);
  }

  /** @param {number} factor of an axis' sigma since it was taken hold of */
  stretch(axis, factor) {
    this.grabbed ??= [...this.q];
    const [low, high] = LOGVAR_LIMITS;
    const logvar = this.grabbed[2 + axis] + 2 * Math.log(Math.max(factor, 1e-3));
    this.setQ(this.q.with(2 + axis, Math.min(high, Math.max(low, logvar))));
  }

  release() {
    this.grabbed = null;
    this.page.change({ q: this.isMoved ? writeNumbers(this.q) : undefined });
  }

  get isMoved() {
    return writeNumbers(this.q) !== writeNumbers(this.own);
  }

  /** Moves q: the ellipse and its figures at once, words with the next frame. */
  setQ(q) {
    this.q = [...q];
    this.exact = null;
    this.map.setEllipse(this.ellipseOf(this.q), this.isMoved ? this.ellipseOf(this.own) : null);
    this.update();
    this.page.rest.ask();
  }

  ellipseOf([x, y, ...logvar]) {
    return { centre: this.model.toDisplay(x, y), axes: this.model.posteriorAxes(logvar) };
  }

  get gaussian() {
    return { mu: this.q.slice(0, 2), logvar: this.q.slice(2) };
  }

  /** log p(x|z) at q's points as far as it is known without decoding. */
  readField() {
    const rules = identityRules(this.gaussian, MOVING_POINTS);
    const points = identityPoints(this.gaussian, rules);
    const values = Float64Array.from({ length: points.length / 2 }, (_, n) =>
      this.field.at(points[2 * n], points[2 * n + 1]),
    );
    return { rules, values };
  }

  /** Writes what is known of q now. */
  update() {
    const { evidence, normaliser, gaussian } = this;
    let found = { kl: priorKl(gaussian).reduce((sum, value) => sum + value, 0) };
    if (this.field) {
      const { rules, values } = this.exact ?? this.readField();
      found = identityOf(gaussian, rules, values, normaliser ?? NaN);
    }
    const gap = evidence === null || !this.field ? null : evidence - found.elbo;
    this.figures = { reconstruction: null, elbo: null, ...found, evidence, gap };
    if (!Number.isFinite(found.toPosterior)) this.figures.toPosterior = null;
    this.identity.write(this.figures, { isBound: this.isBound });
    this.root.dataset.q = this.q.join();
    this.root.dataset.settled = String(this.exact !== null && normaliser !== null);
  }

  /** Words, sliders and the digit at the mean; and q's own points are scored, if it rests. */
  showRest() {
    if (!this.page.encoded) return;
    const { height, width, name } = this.model;
    const [x, y, ...logvar] = this.q;
    this.digit.draw(this.model.decode([x, y]), height, width, { z: `${x},${y}`, model: name });
    this.digit.canvas.setAttribute("aria-label", "The digit that q's mean decodes to");
    const mean = [x, y].map((value) => formatNumber(value, 2)).join(", ");
    const sigma = logvar.map((value) => formatSmall(Math.exp(value / 2), 3)).join(", ");
    this.words.textContent = `\u03bc = (${mean})\n\u03c3 = (${sigma})`;
    this.sliders.forEach((slider, n) => slider.set(this.q[n]));
    this.back.disabled = !this.isMoved;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), REST_MS);
  }

  /** Scores the points of a q that has come to rest: its figures are then exact. */
  async settle() {
    const { run, q } = this;
    if (!this.page.encoded) return;
    const rules = identityRules(this.gaussian, RESTING_POINTS);
    const isWanted = () => run === this.run && q === this.q;
    const values = await this.score("q", identityPoints(this.gaussian, rules), isWanted);
    if (!values) return;
    this.exact = { rules, values };
    this.update();
  }

  /** The figures, and the squares that hold the posterior. */
  numbers() {
    const rows = Object.entries(this.figures ?? {}).map(([name, value]) => {
      return [name, "", "", "", value ?? ""];
    });
    ["mu 1", "mu 2", "log sigma^2 1", "log sigma^2 2"].forEach((name, n) => {
      rows.push([`q ${name}`, "", "", "", this.q?.[n] ?? ""]);
    });
    const { centres = [], sides, logMass } = this.search?.squares ?? {};
    for (const n of this.search?.heavySquares() ?? []) {
      const place = [centres[2 * n], centres[2 * n + 1]];
      const logDensity = logMass[n] - 2 * Math.log(sides[n]);
      rows.push(["log p(x, z) in a square", ...place, sides[n], logDensity]);
    }
    return { header: ["what", "z1", "z2", "side", "nats"], rows };
  }
}
