/** The image x that a page is about: a test digit where its original is here, or a drawn one. */
import { loadOriginal } from "../maths/originals.js";
import { pushButton } from "./controls.js";
import { DigitView } from "./digit.js";
import { createElement } from "./layers.js";
import { DrawingPad } from "./pad.js";

/** A three, so that a page has an image before anything is drawn and without MNIST on disk. */
const FIRST_STROKES = [
  [
    [0.32, 0.24], [0.42, 0.16], [0.55, 0.15], [0.65, 0.22], [0.66, 0.33], [0.58, 0.43],
    [0.47, 0.48], [0.6, 0.52], [0.69, 0.61], [0.69, 0.74], [0.6, 0.83], [0.47, 0.86], [0.35, 0.81],
    [0.29, 0.74],
  ],
];

/** The strokes that were drawn last, for when a page is opened again. */
let inputStrokes = FIRST_STROKES;

/** The digit with its choice, and the pad. */
export class InputDigit {
  /**
   * @param {HTMLElement} parent
   * @param {{onImage: function(?Float32Array), onChange: function(Object), onStroke: function(),
   *   onProblem: function(?string), standIn: ?function(number): Float32Array}} handlers onImage
   *   hears of every other x, null where there is none; onChange of the state's texts "digit" and
   *   "input" that the user has changed; onStroke of every change of the drawing, before its image.
   *   standIn gives a picture for a test digit whose original is not here; without it such pages
   *   have drawings only
   */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.values = {};
    this.root = createElement(parent, "div", "input-digit");
    this.picture = new DigitView(this.root, { "data-testid": "input-image" });
    this.words = createElement(this.root, "p", "input-words", { "data-testid": "input-words" });
    const sources = createElement(this.root, "div", "toolbar input-sources", {
      role: "group",
      "aria-label": "The image x",
    });
    this.sources = ["digit", "drawn"].map((source) => {
      const text = source === "digit" ? "Test digit" : "Draw one";
      return [source, pushButton(sources, text, `input-${source}`, () => this.choose(source))];
    });
    this.steps = createElement(this.root, "div", "toolbar input-steps");
    const step = (text, testId, title, index) => {
      pushButton(this.steps, text, testId, () => this.goTo(index())).title = title;
    };
    step("\u2039", "previous-digit", "Previous test digit", () => this.index - 1);
    step("\u203a", "next-digit", "Next test digit", () => this.index + 1);
    step("Random", "random-digit", "A random test digit", () =>
      Math.floor(Math.random() * this.model.count),
    );
    this.padPlace = createElement(this.root, "div", "input-pad", { hidden: "" });
  }

  destroy() {
    this.pad?.destroy();
  }

  /** Takes another model and whether its test digits' originals are here. */
  setModel(model, hasOriginals) {
    this.model = model;
    this.hasOriginals = hasOriginals;
    this.shown = null;
    this.pad?.setSize(model.height);
  }

  /** Whether x can be a test digit: its original, or what stands in for it. */
  get hasDigits() {
    return this.hasOriginals || Boolean(this.handlers.standIn);
  }

  /** Where x comes from: "digit" or "drawn". */
  get source() {
    return this.hasDigits ? (this.values.input ?? "digit") : "drawn";
  }

  get index() {
    return Number(this.values.digit ?? 0);
  }

  choose(source) {
    this.handlers.onChange({ input: source === "digit" ? undefined : source });
    this.apply(this.values);
  }

  goTo(index) {
    const { count } = this.model;
    const wrapped = (index + count) % count;
    this.handlers.onChange({ digit: wrapped === 0 ? undefined : String(wrapped) });
    this.apply(this.values);
  }

  /** Shows what the state says. @param {Object} values the page's state, its own object */
  apply(values) {
    this.values = values;
    const { source } = this;
    for (const [name, button] of this.sources) {
      button.setAttribute("aria-pressed", String(name === source));
      button.disabled = name === "digit" && !this.hasDigits;
    }
    this.steps.hidden = source !== "digit";
    this.padPlace.hidden = source !== "drawn";
    this.root.dataset.source = source;
    if (source === "drawn") this.openPad();
    else this.showDigit();
  }

  /** Fetches the test digit's original, or takes what stands in for it, and tells of it. */
  async showDigit() {
    const { index, model } = this;
    const name = `${model.id}/${index}`;
    if (this.shown === name) return;
    this.shown = name;
    const label = model.labels[index];
    if (!this.hasOriginals) {
      this.show(this.handlers.standIn(index), `Decoded from the code of test digit ${index}, a ${label}`);
      return;
    }
    const [dataset] = model.name.split("/");
    try {
      const greys = await loadOriginal(dataset, index);
      if (this.shown !== name) return;
      this.handlers.onProblem(null);
      this.show(
        Float32Array.from(greys, (grey) => grey / 255),
        `Test digit ${index}, a ${label}`,
      );
    } catch (error) {
      if (this.shown !== name) return;
      this.shown = null;
      this.handlers.onProblem(error.message);
    }
  }

  /** Makes the pad when it is first needed; what was drawn is heard of again. */
  openPad() {
    if (this.shown === "drawn") return;
    this.shown = "drawn";
    this.pad ??= new DrawingPad(this.padPlace, {
      size: this.model.height,
      onDraw: (pixels) => {
        const isOther = JSON.stringify(inputStrokes) !== JSON.stringify(this.pad.strokes);
        inputStrokes = this.pad.strokes;
        if (this.shown !== "drawn") return;
        if (isOther) this.handlers.onStroke();
        this.show(pixels, "Your drawing");
      },
      onClear: () => this.shown === "drawn" && this.show(null, "Nothing is drawn yet"),
    });
    this.pad.setStrokes(inputStrokes);
  }

  show(image, words) {
    const { height, width } = this.model;
    this.picture.draw(image ?? new Float32Array(height * width), height, width, {
      input: image ? this.shown : undefined,
    });
    this.picture.canvas.setAttribute("aria-label", `x: ${words}`);
    this.words.textContent = words;
    this.handlers.onImage(image);
  }
}
