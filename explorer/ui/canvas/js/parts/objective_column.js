/**
 * One model of the page 'Objectives': its map, what it decodes, and how good it is.
 *
 * Speaks of latent points and of indices of test digits; what the other models show is the page's
 * business. Only the pictures at the cursor and the map's overlay are drawn when the cursor moves.
 */
import { posteriorSamples } from "../maths/posterior_samples.js";
import { formatNumber, homeOf, shareOutside } from "../maths/scales.js";
import { DigitView } from "./digit.js";
import { MapView } from "./latent_map.js";
import { createElement } from "./layers.js";
import { drawPosterior } from "./marks.js";
import { drawChosenCode, drawEdgeHint, drawPriorSamples } from "./objective_marks.js";
import { PRIOR_COUNT, PriorTiles } from "./prior_tiles.js";

/** The three models that differ in their loss alone: name and title, from left to right. */
export const OBJECTIVES = [
  ["reconstruction-2d", "Reconstruction only"],
  ["kl-2d", "KL only"],
  ["vae-2d", "Reconstruction + KL"],
];

/** Share of the codes that a map's own zoom may leave out on each side: a loss without KL lets a
 * tenth of them stray so far that, with those in view, the others would be a single dot. */
const OWN_OUTLIERS = 0.1;

/** Room for numerals at the edge, where codes stray beyond the prior. */
const STRAY_MARGIN = 1.1;

/** The window of equal scales reaches so far in both coordinates: all but 0.01 % of the prior. */
export const EQUAL_REACH = 4;
const EQUAL_HOME = { x: 0, y: 0, spanX: 2 * EQUAL_REACH, spanY: 2 * EQUAL_REACH };

const NOISE_SEED = 4711; // of the posteriors' samples: the same noise in all models

const OBJECTIVE_METRICS = [
  ["reconstruction", "Reconstruction"],
  ["kl", "KL"],
  ["elbo", "\u2212ELBO"],
];

const COLUMN_MAP_HELP =
  "Map of the latent plane; its cursor is linked to the two others'. Arrow keys move it, Enter " +
  "pins it and chooses the test digit there, Escape removes the pin, plus and minus zoom, " +
  "0 resets.";

/** Standard deviations as short as they can be told: from 1 down to 0.00005. */
function formatSigma(value) {
  return value < 0.001 ? String(Number(value.toPrecision(1))) : value.toFixed(3);
}

/** The first view of one of the three models' maps. @param {Float32Array} points as displayed */
export function ownHomeOf(points) {
  const home = homeOf(points, { outliers: OWN_OUTLIERS });
  const prior = homeOf(new Float32Array(0));
  const isStray = home.spanX > prior.spanX || home.spanY > prior.spanY;
  const margin = isStray ? STRAY_MARGIN : 1;
  return { ...home, spanX: margin * home.spanX, spanY: margin * home.spanY };
}

/** A column of the page. */
export class ObjectiveColumn {
  /**
   * @param {HTMLElement} parent
   * @param {string} name of the model, as in "vae-2d"
   * @param {string} title
   * @param {{onPoint: Function, onPin: Function, onView: Function, onTile: Function,
   *   onPick: Function}} listeners onPoint(z) and onPin(?z) in latent coordinates; onView(plane);
   *   onTile(n) and onPick(n) of the prior's samples
   */
  constructor(parent, name, title, listeners) {
    this.name = name;
    this.title = title;
    this.digit = null; // index of the chosen test digit
    this.samplePlaces = [];
    this.pointedSample = -1;
    this.root = createElement(parent, "article", "objective", {
      "data-model": name,
      "aria-label": title,
    });
    const plan = createElement(this.root, "div", "objective-plan");
    createElement(plan, "h3", "").textContent = title;
    const toZ = (place) => this.model.toLatent(...place);
    this.map = new MapView(
      plan,
      {
        onPoint: (x, y) => this.model && listeners.onPoint(toZ([x, y])),
        onPin: (place) => listeners.onPin(place && toZ(place)),
        onView: (plane) => {
          this.writeNote();
          listeners.onView(plane);
        },
      },
      { isSmall: true, label: `${title}. ${COLUMN_MAP_HELP}` },
    );
    const line = createElement(plan, "p", "objective-line");
    this.note = createElement(line, "span", "", { "data-testid": "points-note" });
    this.sigma = createElement(line, "span", "", {
      "data-testid": "posterior",
      title: "Standard deviations of the chosen digit's posterior",
    });
    const shown = createElement(this.root, "div", "objective-shown");
    this.buildPictures(createElement(shown, "div", "objective-lower"), listeners);
    this.buildText(shown);
  }

  buildPictures(lower, { onTile, onPick }) {
    const facts = { "data-model": this.name };
    const tiles = {
      "data-testid": "prior-samples",
      ...facts,
      "aria-label": `${this.title}: ${PRIOR_COUNT} samples of the prior, decoded. Arrow keys choose one.`,
    };
    this.tiles = new PriorTiles(lower, tiles, { onPoint: onTile, onPick });
    this.tiles.root.hidden = true;
    const pictures = createElement(lower, "div", "objective-pictures");
    const figure = (testId, caption, short = caption) => {
      const root = createElement(pictures, "figure", `objective-figure is-${testId}`);
      const frame = createElement(root, "div", "objective-frame");
      const view = new DigitView(frame, { "data-testid": testId, ...facts });
      const text = createElement(root, "figcaption", "");
      createElement(text, "span", "is-long").textContent = caption;
      createElement(text, "span", "is-short").textContent = short;
      return { root, view };
    };
    this.decoded = figure("decoded-digit", "at the cursor");
    this.copy = figure("reconstruction", "reconstruction", "recon.");
    this.original = figure("original-digit", "original");
  }

  buildText(parent) {
    const list = createElement(parent, "dl", "objective-metrics");
    this.metrics = OBJECTIVE_METRICS.map(([key, label]) => {
      const item = createElement(list, "div", "");
      createElement(item, "dt", "").textContent = label;
      return createElement(item, "dd", "", { "data-testid": `metric-${key}` });
    });
    this.sentence = createElement(parent, "p", "objective-sentence", {
      "data-testid": "sentence",
    });
  }

  destroy() {
    this.map.destroy();
  }

  setReady(isReady) {
    if (!isReady) this.model = null; // until the new one is here, there is nothing to decode with
    this.map.setReady(isReady);
  }

  setStyle(ink, palette) {
    this.ink = ink;
    this.map.setStyle({ ink, palette, axisNames: ["", ""] });
    this.map.setPainters({ over: (context, plane) => this.paint(context, plane) });
  }

  /**
   * Takes another model; its points come by `showPoints`.
   * @param {LatentModel} model
   * @param {Float32Array} logvar (N, 2) flat
   * @param {{metrics: Object, sentence: string, notes: Object}} facts from Python
   */
  show(model, logvar, { metrics, sentence, notes }) {
    this.model = model;
    this.logvar = logvar;
    this.notes = notes;
    this.samples = null;
    this.digit = null;
    this.samplePlaces = [];
    OBJECTIVE_METRICS.forEach(([key], n) => {
      this.metrics[n].textContent = formatNumber(metrics[key], 2);
      this.metrics[n].dataset.value = String(metrics[key]);
    });
    this.sentence.textContent = sentence;
    const { height, width } = model;
    for (const { view } of [this.decoded, this.copy, this.original]) {
      view.draw(new Float32Array(height * width), height, width, {});
    }
  }

  /**
   * Draws the codes: the posteriors' means, or a sample of each.
   * @param {{isSampled: boolean, isEqual: boolean, keepView: boolean}} options
   */
  showPoints({ isSampled, isEqual, keepView }) {
    this.isSampled = isSampled;
    if (isSampled) this.samples ??= this.drawSamples();
    const home = isEqual ? EQUAL_HOME : ownHomeOf(this.model.points);
    this.map.setPoints(this.shownPoints, this.model.labels, { keepView, home });
    this.writeNote();
    this.root.dataset.points = isSampled ? "samples" : "means";
  }

  /** What the points are, and how many of them cannot be seen. */
  writeNote() {
    if (!this.model) return;
    const note = this.isSampled ? this.notes.samples : this.notes.means;
    const hidden = Math.round(100 * shareOutside(this.shownPoints, this.map.plane));
    this.note.textContent = hidden > 0 ? `${note}, ${hidden}\u00a0% out of view` : note;
  }

  /** Samples as displayed. */
  drawSamples() {
    const points = posteriorSamples(this.model.mu, this.logvar, NOISE_SEED);
    for (let i = 0; i < points.length; i += 2) {
      points.set(this.model.toDisplay(points[i], points[i + 1]), i);
    }
    return points;
  }

  /** What the map shows, (N, 2) flat as displayed. */
  get shownPoints() {
    return this.isSampled ? this.samples : this.model.points;
  }

  /** Decodes a point, and moves the map's cursor there unless it is the one that moved. */
  pointTo(z, isOwn) {
    const { height, width } = this.model;
    this.decoded.view.draw(this.model.decode(z), height, width, { z: z.join() });
    if (!isOwn) this.map.setPoint(...this.model.toDisplay(...z));
  }

  setPin(z) {
    this.map.setPin(z && this.model.toDisplay(...z));
  }

  /** The chosen test digit: its mark, its posterior and its reconstruction; null for none. */
  setDigit(index) {
    this.digit = index;
    this.copy.root.classList.toggle("is-empty", index === null);
    if (index === null) {
      delete this.copy.view.canvas.dataset.digit;
      delete this.sigma.dataset.sigma;
      this.sigma.textContent = "";
    } else {
      const { height, width } = this.model;
      const code = this.model.code(index);
      this.copy.view.draw(this.model.decode(code), height, width, { digit: String(index) });
      const sigmas = Array.from(this.logvarOf(index), (logvar) => Math.exp(logvar / 2));
      this.sigma.dataset.sigma = sigmas.join();
      this.sigma.textContent = `\u03c3 ${sigmas.map(formatSigma).join(", ")}`;
    }
    this.map.drawOverlay();
  }

  logvarOf(index) {
    return this.logvar.subarray(2 * index, 2 * index + 2);
  }

  /** The original image of a test digit as grey levels; null where there is none to show. */
  setOriginal(index, greys) {
    this.original.root.classList.toggle("is-empty", greys === null);
    const { canvas } = this.original.view;
    delete canvas.dataset.digit;
    if (!greys) return;
    const { height, width } = this.model;
    const means = Float32Array.from(greys, (grey) => grey / 255);
    this.original.view.draw(means, height, width, { digit: String(index) });
  }

  /** Marks where samples of the prior fall, (25, 2) latent points; null hides them. */
  setPrior(samples) {
    this.tiles.root.hidden = samples === null;
    this.samplePlaces = (samples ?? []).map((z) => this.model.toDisplay(...z));
    this.setPointedSample(-1);
  }

  setPointedSample(n) {
    this.pointedSample = n;
    this.tiles.setPointed(n);
    this.map.drawOverlay();
  }

  /** What lies above the points; runs at every move of the cursor. */
  paint(context, plane) {
    if (!this.model) return;
    drawPriorSamples(context, plane, this.samplePlaces, this.pointedSample, this.ink);
    if (this.digit !== null) {
      const centre = this.model.toDisplay(...this.model.code(this.digit));
      const axes = this.model.posteriorAxes(this.logvarOf(this.digit));
      drawPosterior(context, plane, centre, axes, this.ink);
      drawChosenCode(context, plane, centre, this.ink);
    }
    drawEdgeHint(context, plane, this.map.point, this.ink);
  }
}
