/**
 * The page 'Beta': a family of models as a film from beta 0 to collapse.
 *
 * Layout, bars and marks follow the slider in the same frame, mixed between the two trained members
 * on either side; what must be decoded is the nearest member's, and may come a little later.
 */
import { nearestMember, positionOf, valueAt } from "../../maths/interpolation.js";
import { choiceOf } from "../../parts/controls.js";
import { exportButtons } from "../../parts/export.js";
import { foldOf } from "../../parts/fold.js";
import { createElement } from "../../parts/layers.js";
import { Legend } from "../../parts/legend.js";
import { drawFollowed } from "./film_marks.js";
import { StillMap } from "../../parts/still_map.js";
import { FilmCharts, filmBlock } from "./column.js";
import { FilmControls, secondsAt } from "./controls.js";
import { filmFacts, filmTable, filmWords, subscriptOf } from "./facts.js";
import { FamilyFilm } from "./film.js";
import { MemberPictures } from "./pictures.js";
import { PositionPlayer } from "../../parts/player.js";
import { PRIOR_COUNT } from "../../parts/prior_tiles.js";
import { FILM_HOME, OutsideNote } from "./window.js";
import { Page, readNumbers, writeNumbers } from "../page.js";

const TURNED =
  "Each member's plane is turned to match its neighbour's; the prior looks the same either way.";
const STEP_SECONDS = 0.4; // from one member to the next by a button: to be followed by the eye

/** The page, built once inside its parent. */
export class BetaPage extends Page {
  constructor(parent) {
    super(parent, "beta");
    this.controls = new FilmControls(this.root, {
      onPlay: () => this.togglePlay(),
      onStep: (direction) => this.step(direction),
      onSpeed: (speed) => this.change({ speed: speed === "normal" ? undefined : speed }),
      onInput: (position) => this.drag(position),
      onRelease: () => this.commit(),
    });
    exportButtons(this.controls.more, {
      root: this.root,
      name: () => `${this.film.members[0].source.name.replace("/", "-")}-at-${this.beta}`,
      ink: () => this.ink,
      models: () => [this.film.members[this.film.nearestLoaded(this.position)].source],
      numbers: () => filmTable(this.film.members, this.data.prediction),
    });
    this.buildHead();
    this.buildPanels();
    this.player = new PositionPlayer({
      onPosition: (position) => this.moveTo(position),
      onStop: () => {
        this.controls.setPlaying(false);
        this.commit();
      },
    });
  }

  buildHead() {
    const head = createElement(this.root, "div", "film-head");
    this.text = createElement(head, "p", "film-beta", { "data-testid": "beta-text" });
    this.said = createElement(head, "p", "film-said", { "data-testid": "beta-said" });
    this.legend = new Legend(foldOf(head, "Classes"), {
      onClasses: (chosen) => {
        this.map.setHighlighted(chosen);
        this.changeClasses(chosen);
      },
      onShapes: (hasShapes) => this.changeShapes(hasShapes),
    });
  }

  buildPanels() {
    const panels = createElement(this.root, "div", "film-panels");
    const mapBlock = filmBlock(panels, "map", "");
    this.mapTitle = mapBlock.title;
    this.axisChoice = createElement(mapBlock.head, "span", "toolbar film-axes");
    this.map = new StillMap(mapBlock.root, { isSmall: true });
    this.outside = new OutsideNote(this.map);
    this.map.setPainters({
      upon: (context, plane) => {
        if (this.frame) drawFollowed(context, plane, this.followed(), this.ink);
      },
    });
    this.manifoldBlock = filmBlock(panels, "manifold", "Manifold");
    this.charts = new FilmCharts(foldOf(panels, "Charts"), (isMeasures) =>
      this.change({ charts: isMeasures ? "measures" : undefined }),
    );
    const strips = createElement(this.root, "div", "film-strips");
    const digits = filmBlock(strips, "digits", "Clear test digits, and what comes back");
    const samples = filmBlock(strips, "samples", `${PRIOR_COUNT} samples of the prior`);
    const parents = {
      manifold: this.manifoldBlock.root,
      originals: createElement(digits.root, "div", "film-originals"),
      digits: digits.root,
      samples: samples.root,
    };
    this.pictures = new MemberPictures(parents, digits.title);
    const facts = createElement(this.root, "details", "film-facts");
    createElement(facts, "summary", "").textContent = "The same in numbers";
    this.facts = createElement(facts, "ul", "", { "data-testid": "beta-facts" });
  }

  destroy() {
    this.film?.stop();
    this.player.halt();
    cancelAnimationFrame(this.frameRequest);
    this.charts.destroy();
    this.map.destroy();
    super.destroy();
  }

  restyle() {
    this.map.setStyle({ ink: this.ink, palette: this.palette, axisNames: ["", ""] });
    this.legend.setStyle(this.palette, this.ink.hasShapes);
    this.charts.setStyle(this.ink);
  }

  setReady(isReady) {
    if (!isReady) this.player.pause();
    this.map.setReady(isReady);
    this.controls.setReady(isReady);
  }

  async load({ members, digits, start }) {
    const film = new FamilyFilm(members, digits);
    await film.loadMember(nearestMember(positionOf(film.betas, this.wantedBeta(start))));
    return film;
  }

  wantedBeta(start) {
    return this.values.beta === undefined ? start : Number(this.values.beta);
  }

  show(film) {
    this.film?.stop();
    this.film = film;
    const { betas } = film;
    const { originals } = this.data;
    this.model = film.models.find(Boolean);
    this.controls.setBetas(betas);
    this.charts.setFamily(this.data);
    this.offerAxes();
    this.pictures.setFamily(film, this.worker);
    this.beginScene();
    this.pictures.showOriginals(originals);
    this.memberHasCome();
    film.models.forEach((model, n) => model && this.controls.setLoaded(n));
    film.stream({
      position: () => this.position,
      onMember: (n) => {
        this.controls.setLoaded(n);
        this.memberHasCome();
      },
      onFailure: (n, error) => this.tellFailure(error, betas[n]),
    });
  }

  beginScene() {
    this.player.halt();
    this.controls.setPlaying(false);
    this.map.plane.reset();
    this.applyState(["classes", "speed", "charts", "axes", "beta"]);
  }

  memberHasCome() {
    this.root.dataset.members = String(this.film.loaded);
    this.requestFrame();
    this.pictures.decodeNext();
  }

  tellFailure(error, beta) {
    this.notice.textContent =
      `The member with \u03b2 = ${beta} could not be loaded. ${error.message} The rest goes on.`;
    this.notice.hidden = false;
  }

  applyState(keys) {
    if (keys.includes("classes")) {
      const chosen = this.chosenClasses;
      this.legend.setChosen(chosen);
      this.map.setHighlighted(chosen);
    }
    if (keys.includes("speed")) this.controls.speed.set(this.values.speed ?? "normal");
    if (keys.includes("charts")) this.charts.choose(this.values.charts === "measures");
    if (keys.includes("axes")) this.applyAxes();
    if (keys.includes("beta")) {
      this.moveTo(positionOf(this.film.betas, this.wantedBeta(this.data.start)));
    }
  }

  /** Two selects where there are more than two dimensions. */
  offerAxes() {
    this.axisChoice.replaceChildren();
    const isPlane = this.film.dims === 2;
    this.axisChoice.hidden = isPlane;
    this.mapTitle.textContent = isPlane ? "Codes of the test digits" : "Codes";
    this.mapTitle.title = isPlane ? TURNED : "";
    if (isPlane) return;
    const names = Array.from({ length: this.film.dims }, (_, j) => `z${subscriptOf(j + 1)}`);
    const options = names.map((name, j) => [String(j + 1), name]);
    this.axisSelects = ["Across", "Up"].map((label, place) =>
      choiceOf(this.axisChoice, label, `beta-axis-${place + 1}`, options, (value) =>
        this.chooseAxis(place, Number(value)),
      ),
    );
  }

  /** The one that the other axis shows already changes places with it. */
  chooseAxis(place, dimension) {
    const axes = this.film.axes.map((axis) => axis + 1);
    if (axes[1 - place] === dimension) axes[1 - place] = axes[place];
    axes[place] = dimension;
    this.change({ axes: axes.join() });
    this.applyAxes();
  }

  applyAxes() {
    const { film } = this;
    if (film.dims > 2) {
      const first = film.members[nearestMember(positionOf(film.betas, this.data.start))];
      const chosen = this.values.axes && readNumbers(this.values.axes).map((n) => n - 1);
      const axes = chosen ?? leadingAxes(film.members, first, this.data.activeVariance);
      if (axes.join() !== film.axes.join()) {
        film.setAxes(axes);
        this.pictures.setFamily(film, this.worker);
      }
      this.axisSelects.forEach((select, place) => select.set(String(axes[place] + 1)));
    }
    this.charts.bars.setAxes(film.axes);
    this.root.dataset.axes = film.axes.map((axis) => axis + 1).join();
    this.requestFrame();
  }

  togglePlay() {
    if (this.player.goal !== null) {
      this.player.pause();
      return;
    }
    const last = this.film.betas.length - 1;
    const from = this.position === last ? 0 : this.position; // from the start again
    this.controls.setPlaying(true);
    this.player.play(from, last, secondsAt(this.values.speed));
  }

  step(direction) {
    const from = this.player.goal ?? this.position;
    const next = direction > 0 ? Math.floor(from) + 1 : Math.ceil(from) - 1;
    const goal = Math.min(this.film.betas.length - 1, Math.max(0, next));
    this.player.pause();
    const way = Math.abs(goal - this.position);
    if (way > 0) this.player.play(this.position, goal, STEP_SECONDS / way);
  }

  drag(position) {
    this.player.pause();
    this.moveTo(position);
  }

  /** Reports the position as the beta that a link will have, and goes exactly there. */
  commit() {
    if (!this.isReady) return;
    const beta = writeNumbers([valueAt(this.film.betas, this.position)]);
    this.moveTo(positionOf(this.film.betas, Number(beta)));
    if (beta !== this.values.beta) this.change({ beta });
    this.writeFacts();
  }

  moveTo(position) {
    this.position = position;
    this.requestFrame();
  }

  requestFrame() {
    this.frameRequest ??= requestAnimationFrame(() => this.paint());
    this.rest.ask();
  }

  /** All that moves, once a frame. */
  paint() {
    this.frameRequest = undefined;
    const { film, position } = this;
    this.frame = film.frameAt(position);
    const { points, medians } = this.frame;
    this.map.setPoints(points, this.model.labels, {
      keepView: true,
      home: FILM_HOME,
      medians,
    });
    const nearest = film.nearestLoaded(position);
    this.beta = writeNumbers([valueAt(film.betas, position)]);
    Object.assign(this.root.dataset, {
      beta: this.beta,
      position: String(position),
      nearest: String(film.betas[nearest]),
      between: [film.betas[this.frame.low], film.betas[this.frame.high]].join(),
    });
  }

  /** The charts, the pictures of the nearest member and the words follow in the next frame. */
  showRest() {
    if (!this.frame) return;
    const { film, position } = this;
    this.charts.move(position);
    this.outside.tell(this.frame.points);
    const nearest = film.nearestLoaded(position);
    this.pictures.show(nearest);
    this.writeText(nearest);
  }

  writeText(nearest) {
    const { written, said, caption } = filmWords(this.film, this.frame, this.position, nearest);
    if (this.text.textContent !== written) this.text.textContent = written;
    if (this.said.textContent !== said) this.said.textContent = said;
    this.controls.setPosition(this.position, `${written}. ${said}`);
    if (this.manifoldBlock.title.textContent === caption) return;
    this.manifoldBlock.title.textContent = caption;
    this.writeFacts();
  }

  /** The followed digits' posteriors in their classes' colours. */
  followed() {
    const chosen = this.legend.chosen;
    return this.frame.posteriors.map((posterior, n) => {
      const label = this.model.labels[this.film.digits[n]];
      const isGreyed = chosen.size > 0 && !chosen.has(label);
      return { ...posterior, colour: isGreyed ? this.ink.grey : this.palette[label] };
    });
  }

  writeFacts() {
    const facts = filmFacts(this.film, this.position, this.charts.bars, this.data.prediction);
    this.facts.replaceChildren();
    for (const fact of facts) createElement(this.facts, "li", "").textContent = fact;
  }
}

/** The two dimensions that are active in the most members; of several, those with the largest KL
 * in one: a dimension that dies early leaves a line on the map for the rest of the film. */
function leadingAxes(members, { klPerDimension: kl }, activeVariance) {
  const lives = kl.map((_, j) => members.filter((m) => m.codeVariance[j] > activeVariance).length);
  const order = (a, b) => lives[b] - lives[a] || kl[b] - kl[a] || a - b;
  return [...kl.keys()].sort(order).slice(0, 2);
}
