/**
 * The page 'Dimensions': one code of many dimensions, moved along each of them.
 *
 * The current code is what the large digit shows. It begins at a test digit, a prior sample, the
 * mean or a drawing; sliders, the traversal grid and the map of codes change it.
 */
import { LatentModel } from "../../maths/model.js";
import { loadOriginalsOf } from "../../maths/originals.js";
import { standardNormals } from "../../maths/random.js";
import { formatNumber } from "../../maths/scales.js";
import {
  TRAVERSAL_STEPS, orderByKl, pixelChanges, roundedCode, sliderReach, traversalPoints,
} from "../../maths/traversal.js";
import { CodeMap } from "./code_map.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { DimensionSliders, dimensionName } from "./sliders.js";
import { exportButtons } from "../../parts/export.js";
import { createElement } from "../../parts/layers.js";
import { StartPanel } from "./start_panel.js";
import { Tabs } from "../../parts/tabs.js";
import { TraversalGrid } from "./traversal_grid.js";
import { dimensionNumbers, wordsOfCode } from "./facts.js";
import { Page, readNumbers, readWords, writeNumbers } from "../page.js";

const DIMENSION_TABS = [
  ["sliders", "Sliders"],
  ["grid", "Traversal grid"],
  ["map", "Map of codes"],
];
const FIRST_SAMPLE_SEED = 1; // of a prior sample that a link asks for without saying which
const SAMPLE_SEEDS = 2 ** 32;
const DRAWING_PAUSE_MS = 300; // a pen that rests so long has made a code worth telling

/** The page, built once inside its parent. */
export class DimensionsPage extends Page {
  constructor(parent) {
    super(parent, "dimensions");
    const digitSide = createElement(this.root, "div", "digit-side");
    this.digit = new DigitView(digitSide, { "data-testid": "decoded-digit" });
    this.readout = createElement(digitSide, "p", "code-words", { "data-testid": "code-words" });
    this.start = new StartPanel(digitSide, {
      onStart: (start) => this.begin({ start: start === "digit" ? undefined : start }),
      onDigit: (index) => this.beginAtDigit(index),
      onRandomDigit: () => this.beginAtDigit(Math.floor(Math.random() * this.model.count)),
      onDraw: (pixels, isRestored) => this.drawnDigit(pixels, isRestored),
      onClear: () => this.clearDrawing(),
    });
    const workSide = createElement(this.root, "div", "work-side");
    const bar = createElement(workSide, "div", "work-bar");
    this.tabs = new Tabs(bar, workSide, DIMENSION_TABS, (tab) => this.chooseTab(tab));
    this.buildTools(createElement(bar, "div", "toolbar"));
    this.sliders = new DimensionSliders(this.tabs.panels.sliders, {
      onInput: (dim, value) => this.moveAlong(dim, value),
      onRelease: () => this.keepCode(),
      onReset: (dim) => this.setDimension(dim, this.base[dim]),
      onOpen: (part, isOpen) => this.changeWord("open", part, isOpen),
    });
    this.grid = new TraversalGrid(this.tabs.panels.grid, {
      onPick: (dim, value) => this.setDimension(dim, value),
      onPreview: (dim, value) => this.previewAlong(dim, value),
      onLeave: () => this.showCode(),
    });
    this.codes = new CodeMap(this.tabs.panels.map, {
      onPreview: (code, words) => this.showDigit(code, words),
      onLeave: () => this.showCode(),
      onDigit: (index) => this.beginAtDigit(index),
      onCode: (code, words) => this.takeCode(code, words),
      onLayout: (layout) => this.changeLayout({ layout }),
      onAxes: (axes) => this.changeLayout({ axes: axes.map((dim) => dim + 1).join() }),
      onClasses: (chosen) => this.changeClasses(chosen),
      onShapes: (hasShapes) => this.changeShapes(hasShapes),
      decode: (channel, points) => this.worker.decode(channel, this.model, points),
      originals: (indices) => this.loadOriginals(indices),
    });
  }

  buildTools(toolbar) {
    this.resetButton = pushButton(toolbar, "Reset", "reset-code", () => this.takeCode(this.base));
    this.resetButton.title = "Back to where the code began";
    exportButtons(toolbar, {
      root: this.root,
      name: () => `dimensions-${this.tab}-${this.model.name.replace("/", "-")}`,
      ink: () => this.ink,
      models: () => [this.data.model],
      numbers: () => dimensionNumbers(this),
    });
  }

  destroy() {
    clearTimeout(this.telling);
    this.sliders.destroy();
    this.codes.destroy();
    this.start.destroy();
    super.destroy();
  }

  restyle() {
    this.sliders.setStyle(this.ink);
    this.codes.setStyle({ ink: this.ink, palette: this.palette });
  }

  setReady(isReady) {
    this.root.dataset.ready = String(isReady);
    this.codes.setReady(isReady);
    this.root.inert = !isReady; // a code means something in one model only
  }

  async load({ model: source }) {
    const model = await LatentModel.load(source);
    return { model, logvar: await model.loadLogvar() };
  }

  show({ model, logvar }) {
    const isOther = this.model && this.model.id !== model.id;
    // A code that began at an image means nothing in another model: it begins there anew.
    const isKept = this.isBeginning || !["digit", "drawn"].includes(this.startKind);
    if (isOther && !isKept) delete this.values.code;
    if (isOther) this.drawn = null;
    Object.assign(this, { model, logvar, changes: null });
    const { kl, active, plane, planeShare, hasUmap } = this.data;
    this.order = orderByKl(kl);
    this.dimensions = this.order.map((dim) => ({ dim, kl: kl[dim], isActive: active[dim] }));
    this.start.setShape(model);
    this.sliders.setDimensions(this.dimensions, sliderReach(model.mu));
    this.grid.setDimensions(this.dimensions);
    const hasOriginals = this.data.originals;
    this.codes.setModel(model, { plane, planeShare, hasUmap, order: this.order, hasOriginals });
    this.applyState();
    // A drawing is encoded by the new model as well.
    if (this.startKind === "drawn" && this.pixels) this.drawnDigit(this.pixels);
  }

  beginScene() {
    this.found = this.sample = null;
    this.applyState();
    this.codes.showAll();
  }

  get startKind() {
    return this.values.start ?? "digit";
  }

  get tab() {
    return this.values.tab ?? "sliders";
  }

  get digitIndex() {
    return Number(this.values.digit ?? 0);
  }

  /** Shows what the state says, from the start to the layout. */
  applyState() {
    this.codes.setClasses(this.chosenClasses);
    this.sliders.showOpen(readWords(this.values.open));
    this.applyStart();
    this.applyTab();
  }

  applyTab() {
    this.tabs.show(this.tab);
    this.guide.choose(this.tab);
    if (this.tab !== "map") return;
    const top = this.order.slice(0, 2);
    const axes = this.values.axes ? readNumbers(this.values.axes).map((n) => n - 1) : top;
    this.codes.setLayout(this.values.layout ?? "umap", axes);
  }

  chooseTab(tab) {
    this.change({ tab: tab === "sliders" ? undefined : tab });
    this.applyTab();
    this.showCode(); // no preview stays behind
  }

  changeLayout(texts) {
    this.change(texts);
    this.applyTab();
  }

  /** The posterior that the sliders show, where the code began at an image. */
  startPosterior() {
    if (this.startKind === "drawn") return this.drawn;
    if (this.startKind !== "digit") return null;
    const { model, logvar, digitIndex } = this;
    const own = logvar.subarray(digitIndex * model.dims, (digitIndex + 1) * model.dims);
    return { mu: model.code(digitIndex), sd: own.map((value) => Math.exp(value / 2)) };
  }

  /** Where the code begins, unless the state has a code of its own and nothing else is known. */
  startCode(posterior) {
    const { dims } = this.model;
    const written = this.values.code && readNumbers(this.values.code);
    if (posterior) return roundedCode(posterior.mu);
    if (this.startKind === "prior") {
      this.sample ??= written ?? roundedCode(standardNormals(dims, FIRST_SAMPLE_SEED));
      return this.sample;
    }
    return (this.startKind === "drawn" && written) || new Array(dims).fill(0);
  }

  applyStart() {
    const posterior = this.startPosterior();
    this.base = this.startCode(posterior);
    this.start.setStart(this.startKind, this.digitIndex);
    this.sliders.setPosterior(posterior);
    this.showPictures(posterior);
    this.setCode(this.values.code ? readNumbers(this.values.code) : this.base);
  }

  /** The user begins anew; `texts` says where. */
  begin(texts) {
    const { start } = { start: this.values.start, ...texts };
    let code;
    if (start === "prior") {
      this.sample = roundedCode(
        standardNormals(this.model.dims, Math.floor(Math.random() * SAMPLE_SEEDS)),
      );
      code = writeNumbers(this.sample);
    }
    if (start === "drawn") {
      code = writeNumbers(this.drawn ? roundedCode(this.drawn.mu) : this.z); // until it is drawn
      this.takesDrawing = true;
    }
    this.change({ ...texts, code });
    this.applyStart();
    if (start === "drawn" && !this.drawn && this.pixels) this.drawnDigit(this.pixels);
  }

  beginAtDigit(index) {
    this.begin({ start: undefined, digit: index === 0 ? undefined : String(index) });
  }

  /** @param {boolean} isRestored drawn earlier: a code that the state has is newer then */
  async drawnDigit(pixels, isRestored = false) {
    const { model } = this;
    const keepsCode = isRestored && !this.takesDrawing && this.values.code !== undefined;
    this.pixels = pixels;
    this.takesDrawing = true;
    const encoder = await model.loadEncoder();
    if (this.pixels !== pixels || this.model !== model || this.startKind !== "drawn") return;
    const { mu, logvar } = encoder.encode(pixels);
    this.drawn = { mu, sd: logvar.map((value) => Math.exp(value / 2)) };
    if (!keepsCode) this.values.code = writeNumbers(roundedCode(mu));
    this.applyStart();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.change({ code: this.values.code }), DRAWING_PAUSE_MS);
  }

  clearDrawing() {
    this.drawn = this.pixels = null;
    if (this.startKind === "drawn") this.applyStart();
  }

  /** The original of the start, where there is one, and what the model makes of it. */
  async showPictures(posterior) {
    const { startKind, digitIndex, model } = this;
    this.start.setReconstruction(posterior ? model.decode(posterior.mu) : null);
    if (startKind !== "digit" || !this.data.originals) {
      this.start.setOriginal(null);
      return;
    }
    this.start.tellOriginal("loading");
    const greys = await this.loadOriginals([digitIndex]);
    const isNow = this.model === model && this.digitIndex === digitIndex;
    if (!isNow || this.startKind !== "digit") return;
    if (greys) this.start.setOriginal(Float32Array.from(greys, (grey) => grey / 255));
    else this.start.tellOriginal("failed");
  }

  /** Original images one after the other; null where they are not here. */
  async loadOriginals(indices) {
    if (!this.data.originals) return null;
    const [dataset] = this.model.name.split("/");
    return loadOriginalsOf(dataset, indices);
  }

  /** While a slider is dragged. */
  moveAlong(dim, value) {
    this.z = this.z.with(dim, value);
    this.showCode();
    this.resetButton.disabled = false;
  }

  /** A slider is released, or something else has moved the code. */
  keepCode() {
    const isBase = this.z.join() === this.base.join();
    const isImplied = isBase && ["digit", "mean"].includes(this.startKind);
    this.change({ code: isImplied ? undefined : writeNumbers(this.z) });
    this.settle();
  }

  /** A picture of the grid, without taking it. */
  previewAlong(dim, value) {
    const words = `${dimensionName(dim)} at ${formatNumber(value, 2)}\u03c3`;
    this.showDigit(this.z.with(dim, value), words);
  }

  setDimension(dim, value) {
    this.takeCode(this.z.with(dim, value));
  }

  /** @param {string} words where the code comes from, if not from the start */
  takeCode(code, words) {
    this.found = words && { code: code.join(), words };
    this.setCode(code);
    this.keepCode();
  }

  setCode(code) {
    this.z = [...code];
    this.showCode();
    this.sliders.setCode(this.z);
    this.settle();
  }

  /** What follows the code at leisure: the grid, and its place on the map. */
  settle() {
    this.resetButton.disabled = this.z.join() === this.base.join();
    const drawing = this.startKind === "drawn" && this.drawn ? roundedCode(this.drawn.mu) : null;
    this.codes.setCode(this.z, this.startKind === "digit" ? this.digitIndex : null, drawing);
    this.decodeGrid();
  }

  async decodeGrid() {
    const { model, z } = this;
    const greys = await this.worker.decode("traversal", model, traversalPoints(z));
    if (!greys || this.model !== model) return;
    this.changes = pixelChanges(greys, model.dims, TRAVERSAL_STEPS);
    const beta = model.beta === null ? "" : String(model.beta);
    this.grid.draw(greys, model, this.changes, { beta, model: model.name, z: z.join() });
    this.sliders.setChanges(this.changes);
  }

  showCode() {
    this.showDigit(this.z, wordsOfCode(this));
  }

  showDigit(code, words) {
    const { height, width, name, beta } = this.model;
    this.digit.draw(this.model.decode(code), height, width, {
      z: code.join(),
      model: name,
      beta: beta === null ? undefined : String(beta),
    });
    if (this.readout.textContent === words) return;
    this.readout.textContent = words;
    this.digit.canvas.setAttribute("aria-label", `Decoded digit. ${words}`);
  }
}
