/**
 * The page 'Objectives': three models that differ in their loss alone, with one cursor.
 *
 * A point z is decoded three ways at once, and a chosen test digit is shown in all three. The page
 * decides what is shown; its columns draw it.
 */
import { LatentModel } from "../maths/model.js";
import { nearestCodes } from "../maths/nearest.js";
import { loadOriginal } from "../maths/originals.js";
import { standardNormals } from "../maths/random.js";
import { formatNumber } from "../maths/scales.js";
import { pushButton, toggleButton } from "../parts/controls.js";
import { exportButtons } from "../parts/export.js";
import { foldOf } from "../parts/fold.js";
import { createElement } from "../parts/layers.js";
import { Legend } from "../parts/legend.js";
import { EQUAL_REACH, OBJECTIVES, ObjectiveColumn } from "../parts/objective_column.js";
import { PRIOR_COUNT } from "../parts/prior_tiles.js";
import { SwipeStrip } from "../parts/swipe.js";
import { Page, readNumbers, readWords, writeNumbers } from "./page.js";

/** A click this near to a code chooses its test digit. */
const CHOOSING_PX = 10;

const SEEDS = 1000; // of the prior's samples: 0 to 999

/** The page, built once inside its parent. */
export class ObjectivesPage extends Page {
  constructor(parent) {
    super(parent, "objectives");
    this.root.dataset.ready = "false";
    this.z = [0, 0];
    this.digit = null; // index of the chosen test digit
    const controls = foldOf(this.root, "Scales, samples, test digit, classes");
    this.place = createElement(this.root, "div", "objectives");
    this.buildControls(controls);
    this.columns = OBJECTIVES.map(([name, title]) => {
      const column = new ObjectiveColumn(this.place, name, title, {
        onPoint: (z) => this.moveTo(z, column),
        onPin: (z) => this.pin(z, column),
        onView: (plane) => this.followView(plane, column),
        onTile: (n) => this.pointToSample(n),
        onPick: (n) => this.pinAt(this.samples[n]),
      });
      // A double click's first tap has already chosen a digit: that is undone with its pin.
      column.root.addEventListener(
        "click",
        (event) => event.detail <= 1 && (this.digitBeforeTap = this.values.digit),
        { capture: true },
      );
      column.root.addEventListener("dblclick", () => this.chooseDigit(this.digitBeforeTap));
      return column;
    });
    this.swipe = new SwipeStrip(this.place, this.columns);
  }

  buildControls(parent) {
    const views = createElement(parent, "div", "toolbar");
    this.equalToggle = toggleButton(views, "Equal scales", "equal-scales", (isOn) => {
      this.change({ scales: isOn ? "equal" : undefined });
      this.showPoints(false);
    });
    this.equalToggle.root.title = 
      `The same window in all three maps, at first \u2212${EQUAL_REACH} to ${EQUAL_REACH}`;
    this.samplesToggle = toggleButton(views, "Posterior samples", "posterior-samples", (isOn) => {
      this.changeWord("show", "samples", isOn);
      this.showPoints(true);
    });
    this.samplesToggle.root.title = "One sample of each digit's posterior instead of its mean";
    this.priorToggle = toggleButton(views, "Prior samples", "prior-toggle", (isOn) => {
      this.changeWord("show", "prior", isOn);
      this.showPrior();
    });
    this.priorToggle.root.title = 
      `${PRIOR_COUNT} points drawn from N(0, I), decoded by all three models`;
    this.newSamples = pushButton(views, "New samples", "new-samples", () => {
      const seed = (Number(this.values.seed ?? 0) + 1) % SEEDS;
      this.change({ seed: seed ? String(seed) : undefined });
      this.showPrior();
    });
    this.readout = createElement(views, "span", "readout", { "data-testid": "z-readout" });
    exportButtons(views, {
      root: this.place,
      name: () => `objectives-${this.columns[0].model.name.split("/")[0]}`,
      ink: () => this.ink,
      models: () => this.data.models.map(({ source }) => source),
      numbers: () => this.numbers(),
    });
    this.buildDigitControls(parent);
  }

  buildDigitControls(parent) {
    const digits = createElement(parent, "div", "toolbar");
    this.legend = new Legend(digits, {
      onClasses: (chosen) => {
        this.columns.forEach(({ map }) => map.setHighlighted(chosen));
        this.changeClasses(chosen);
      },
      onShapes: (hasShapes) => this.changeShapes(hasShapes),
    });
    const group = createElement(digits, "span", "control-group", {
      role: "group",
      "aria-label": "Test digit, of the highlighted classes if there are any",
    });
    const button = (text, testId, title, onPress) => {
      const element = pushButton(group, text, testId, () => this.isReady && onPress());
      element.title = title;
      return element;
    };
    const among = "of the highlighted classes, if any";
    button("\u2039", "previous-digit", `Previous test digit ${among}`, () => this.stepDigit(-1));
    this.digitText = createElement(group, "span", "digit-name", { "data-testid": "digit-readout" });
    button("\u203a", "next-digit", `Next test digit ${among}`, () => this.stepDigit(1));
    button("Random", "random-digit", `A test digit by chance, ${among}`, () => this.randomDigit());
    this.noDigit = button("None", "no-digit", "Choose no test digit", () => {
      this.chooseDigit(undefined);
    });
  }

  destroy() {
    this.swipe.destroy();
    this.columns.forEach((column) => column.destroy());
    super.destroy();
  }

  restyle() {
    this.columns.forEach((column) => column.setStyle(this.ink, this.palette));
    this.legend.setStyle(this.palette, this.ink.hasShapes);
  }

  setReady(isReady) {
    this.columns.forEach((column) => column.setReady(isReady));
    this.root.dataset.ready = String(isReady);
  }

  load({ models }) {
    return Promise.all(
      models.map(async ({ source }) => {
        const model = await LatentModel.load(source);
        return { model, logvar: await model.loadLogvar() };
      }),
    );
  }

  show(loaded) {
    loaded.forEach(({ model, logvar }, n) => {
      this.columns[n].show(model, logvar, this.data.models[n]);
    });
    [this.dataset] = loaded[0].model.name.split("/");
    this.labels = loaded[0].model.labels;
    this.beginScene();
  }

  beginScene() {
    this.moveTo([0, 0]);
    this.applyState(["scales", "classes", "digit", "z"]);
  }

  applyState(keys) {
    const isTold = (...names) => names.some((name) => keys.includes(name));
    if (isTold("scales", "show")) this.showPoints(false);
    if (isTold("scales", "show", "seed")) this.showPrior();
    if (isTold("classes")) {
      const chosen = this.chosenClasses;
      this.legend.setChosen(chosen);
      this.columns.forEach(({ map }) => map.setHighlighted(chosen));
    }
    if (isTold("digit")) this.showDigit();
    if (isTold("z")) this.showPin();
  }

  /** The one cursor: the pictures first, for they are what the eye waits for. */
  moveTo(z, own) {
    this.z = z;
    this.columns.forEach((column) => column.pointTo(z, column === own));
    this.rest.ask();
  }

  showRest() {
    const written = Array.from(this.z, (value) => formatNumber(value, 2)).join(", ");
    this.readout.textContent = `z = (${written})`;
  }

  /** A click or Enter on a map: pins the point, and chooses the code that lies there. */
  pin(z, column) {
    const near = z && this.digitNear(z, column);
    this.pinAt(z, near === null ? undefined : { digit: String(near) });
  }

  /** The test digit whose point on a column's map is hit, or null. */
  digitNear(z, { model, map, shownPoints }) {
    const place = model.toDisplay(...z);
    const [{ index, distance }] = nearestCodes(shownPoints, place, 1);
    return distance * map.plane.scale <= CHOOSING_PX ? index : null;
  }

  /** The pin is where the state says, to its last digit, so that a link shows the same. */
  pinAt(z, choice = {}) {
    this.change({ z: z ? writeNumbers(z) : undefined, ...choice });
    this.showPin();
    if (choice.digit) this.showDigit();
  }

  showPin() {
    const z = this.values.z ? readNumbers(this.values.z) : null;
    this.columns.forEach((column) => column.setPin(z));
    if (z) this.moveTo(z);
  }

  get isEqual() {
    return this.values.scales === "equal";
  }

  /** Whether one of the toggles that share a key is on. */
  shows(word) {
    return readWords(this.values.show).has(word);
  }

  showPoints(keepView) {
    const options = { isSampled: this.shows("samples"), isEqual: this.isEqual, keepView };
    this.samplesToggle.set(options.isSampled);
    this.equalToggle.set(options.isEqual);
    this.columns.forEach((column) => column.showPoints(options));
  }

  /** With equal scales all maps show what the one shows that the user moves. */
  followView({ x, y, zoom }, leader) {
    if (!this.isReady || !this.isEqual || this.isFollowing) return;
    this.isFollowing = true; // what the others say of their views is no move of the user's
    for (const { map } of this.columns) {
      if (map === leader.map) continue;
      Object.assign(map.plane, { x, y, scale: zoom * map.plane.homeScale });
      map.draw();
    }
    this.isFollowing = false;
  }

  chooseDigit(text) {
    this.change({ digit: text });
    this.showDigit();
  }

  /** Indices of the test digits that the buttons go through: the highlighted classes', or all. */
  candidates() {
    const { chosen } = this.legend;
    const indices = [...this.labels.keys()];
    return chosen.size ? indices.filter((n) => chosen.has(this.labels[n])) : indices;
  }

  stepDigit(step) {
    const all = this.candidates();
    if (all.length === 0) return;
    const start = this.digit ?? (step > 0 ? -1 : this.labels.length);
    const next = step > 0 ? all.find((n) => n > start) : all.findLast((n) => n < start);
    this.chooseDigit(String(next ?? (step > 0 ? all[0] : all.at(-1))));
  }

  randomDigit() {
    const all = this.candidates();
    if (all.length) this.chooseDigit(String(all[Math.floor(Math.random() * all.length)]));
  }

  /** The chosen test digit in all three, and its original where the server has it. */
  async showDigit() {
    const digit = this.values.digit === undefined ? null : Number(this.values.digit);
    this.digit = digit;
    this.noDigit.disabled = digit === null;
    this.digitText.textContent =
      digit === null ? "No test digit" : `Test digit ${digit}, a ${this.labels[digit]}`;
    this.digitText.dataset.digit = digit === null ? "" : String(digit);
    this.root.classList.toggle("has-originals", this.data.originals);
    for (const column of this.columns) {
      column.setDigit(digit);
      column.setOriginal(digit, null);
    }
    if (digit === null || !this.data.originals) return;
    const { dataset } = this;
    try {
      const greys = await loadOriginal(dataset, digit);
      if (digit !== this.digit || dataset !== this.dataset || !this.isReady) return;
      this.columns.forEach((column) => column.setOriginal(digit, greys));
    } catch (error) {
      this.notice.textContent = error.message;
      this.notice.hidden = false;
    }
  }

  /** Samples of the prior: the same points decoded by all three, marked on the maps. */
  showPrior() {
    const isOn = this.shows("prior");
    const seed = Number(this.values.seed ?? 0);
    this.priorToggle.set(isOn);
    this.newSamples.disabled = !isOn;
    this.root.classList.toggle("has-prior", isOn);
    const draws = standardNormals(2 * PRIOR_COUNT, seed);
    this.samples = Array.from({ length: PRIOR_COUNT }, (_, n) => [draws[2 * n], draws[2 * n + 1]]);
    this.pointed = -1;
    this.columns.forEach((column) => column.setPrior(isOn ? this.samples : null));
    if (isOn) this.columns.forEach((column) => this.decodeTiles(column, draws, seed));
  }

  async decodeTiles(column, draws, seed) {
    const { model } = column;
    const greys = await this.worker.decode(`prior-${column.name}`, model, draws);
    if (!greys || column.model !== model) return; // newer ones are on their way
    column.tiles.draw(greys, model, { seed: String(seed) });
  }

  /** Pointing at a tile brings the cursor to its point in all three; leaving, back to the pin. */
  pointToSample(n) {
    this.columns.forEach((column) => column.setPointedSample(n));
    if (n >= 0) this.moveTo(this.samples[n]);
    else if (this.values.z) this.moveTo(readNumbers(this.values.z));
  }

  /** What the maps show, a row a mark, in each model's own coordinates. */
  numbers() {
    const rows = [];
    for (const { name, model, shownPoints, isSampled } of this.columns) {
      const kind = isSampled ? "posterior sample" : "posterior mean";
      this.labels.forEach((label, n) => {
        const z = model.toLatent(shownPoints[2 * n], shownPoints[2 * n + 1]);
        rows.push([kind, name, n, label, ...z]);
      });
    }
    if (this.shows("prior")) {
      this.samples.forEach((z, n) => rows.push(["prior sample", "all", n, "", ...z]));
    }
    rows.push(["cursor", "all", "", "", ...this.z]);
    return { header: ["kind", "model", "number", "class", "z1", "z2"], rows };
  }
}
