/**
 * The page 'Theory': one section at a time, each a formula that can be taken in the hand.
 *
 * The page keeps what sections share: the model, the image x and what the encoder makes of it. A
 * section is a class `constructor(parent, page)` with `restyle()` for new colours, `show()` when
 * model and data are there, `apply(values, keys)` for a state that changed (the key "image" for
 * another x), `numbers()` for the CSV and `destroy()`. It is built when it is first opened.
 */
import { LatentModel } from "../../maths/model.js";
import { exportButtons } from "../../parts/export.js";
import { FormulaBoxes } from "./formula_boxes.js";
import { InputDigit } from "../../parts/input_digit.js";
import { createElement } from "../../parts/layers.js";
import { Tabs } from "../../parts/tabs.js";
import { Page } from "../page.js";
import { GradientSection } from "./gradient.js";
import { LikelihoodSection } from "./likelihood.js";
import { ModesSection } from "./modes.js";
import { MonteCarloSection } from "./montecarlo.js";
import { PosteriorSection } from "./posterior.js";
import { SymbolsSection } from "./symbols.js";

/** Section's key in the state -> its tab, its class, and whether it is about an image x. */
const SECTIONS = {
  posterior: { title: "Evidence", kind: PosteriorSection, takesImage: true },
  symbols: { title: "Every symbol", kind: SymbolsSection, takesImage: true },
  gradient: { title: "Reparameterisation", kind: GradientSection, takesImage: false },
  montecarlo: { title: "KL by samples", kind: MonteCarloSection, takesImage: false },
  modes: { title: "Two directions", kind: ModesSection, takesImage: false },
  likelihood: { title: "Likelihoods", kind: LikelihoodSection, takesImage: true },
};

/** The page, built once inside its parent. */
export class TheoryPage extends Page {
  constructor(parent) {
    super(parent, "theory");
    this.root.dataset.ready = "false";
    this.model = null;
    this.image = null; // x: Float32Array of pixels in [0, 1], or null
    this.encoded = null; // q(z|x) by the encoder: {mu, logvar}, or null without an image
    this.built = new Map(); // key -> section
    this.fresh = new Set(); // keys of sections that show the present model and image
    const bar = createElement(this.root, "div", "theory-bar");
    const body = createElement(this.root, "div", "theory-body");
    this.side = createElement(body, "div", "theory-side");
    this.input = new InputDigit(this.side, {
      onImage: (image) => this.takeImage(image),
      onChange: (texts) => this.change({ ...texts, q: undefined }), // q was moved for another x
      onStroke: () => this.values.q && this.change({ q: undefined }),
      onProblem: (message) => this.tellProblem(message),
    });
    const panels = createElement(body, "div", "theory-panels");
    const tabs = Object.entries(SECTIONS).map(([key, { title }]) => [key, title]);
    this.tabs = new Tabs(bar, panels, tabs, (key) => this.chooseSection(key));
    exportButtons(createElement(bar, "div", "toolbar"), {
      root: this.root,
      name: () => `theory-${this.sectionKey}-${this.model.name.replace("/", "-")}`,
      ink: () => this.ink,
      models: () => [this.data.model],
      numbers: () => this.section.numbers(),
    });
    this.formulas = new FormulaBoxes(this.root);
  }

  destroy() {
    this.input.destroy();
    for (const section of this.built.values()) section.destroy();
    super.destroy();
  }

  /** The key of the section that is shown. */
  get sectionKey() {
    return this.values.section in SECTIONS ? this.values.section : Object.keys(SECTIONS)[0];
  }

  get section() {
    return this.built.get(this.sectionKey);
  }

  tellProblem(message) {
    this.notice.textContent = message ?? "";
    this.notice.hidden = !message;
  }

  restyle() {
    for (const section of this.built.values()) section.restyle();
  }

  setReady(isReady) {
    this.root.dataset.ready = String(isReady);
    this.root.inert = !isReady; // a code means something in one model only
  }

  async load({ model: source }) {
    const model = await LatentModel.load(source);
    return { model, encoder: await model.loadEncoder() };
  }

  show({ model, encoder }) {
    // What was moved by hand belongs to its model's plane; Python forgets it as well.
    if (this.model && this.model.id !== model.id) delete this.values.q;
    Object.assign(this, { model, encoder });
    this.fresh.clear();
    this.encoded = null;
    this.image = null;
    this.input.setModel(model, this.data.originals);
    this.input.apply(this.values);
    this.openSection();
  }

  applyState(keys) {
    if (keys.includes("section")) this.openSection();
    if (keys.includes("digit") || keys.includes("input")) this.input.apply(this.values);
    this.section.apply(this.values, keys);
  }

  beginScene(changed) {
    super.beginScene(changed);
    this.section.showAll?.(); // of its map, wherever it was moved
  }

  /** Another x has come, or none (null): what the encoder makes of it, then the section. */
  takeImage(image) {
    this.image = image;
    this.encoded = image && this.encoder.encode(image);
    this.fresh.clear();
    if (this.section) this.refresh(["image"]);
  }

  chooseSection(key) {
    const [first] = Object.keys(SECTIONS);
    this.change({ section: key === first ? undefined : key });
    this.openSection();
  }

  /** Shows the section that the state says, built now if it has not been shown yet. */
  openSection() {
    const key = this.sectionKey;
    const { kind, takesImage } = SECTIONS[key];
    this.root.dataset.section = key;
    this.side.hidden = !takesImage;
    this.tabs.show(key);
    this.guide.choose(key);
    this.formulas.show(this.data.formulas[key] ?? [], this.data.differences[key]);
    if (!this.built.has(key)) {
      this.built.set(key, new kind(this.tabs.panels[key], this));
      this.section.restyle();
    }
    this.refresh(Object.keys(this.values));
  }

  /** Brings the open section up to date, with all of the state if it was not shown of late. */
  refresh(keys) {
    const key = this.sectionKey;
    if (this.fresh.has(key)) {
      this.section.apply(this.values, keys);
      return;
    }
    this.fresh.add(key);
    this.section.show();
    this.section.apply(this.values, ["image", ...Object.keys(this.values)]);
  }

  showRest() {
    this.section?.showRest?.();
  }
}
