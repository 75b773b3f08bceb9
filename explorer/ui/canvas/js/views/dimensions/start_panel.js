/**
 * Where a code begins: a test digit, a sample of the prior, the mean, or a drawing; with the
 * original of the digit and its reconstruction, and the pad to draw on.
 */
import { Arrival } from "../../parts/arrival.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { foldOf } from "../../parts/fold.js";
import { createElement } from "../../parts/layers.js";
import { DrawingPad } from "../../parts/pad.js";

const CODE_STARTS = [
  ["digit", "Test digit"],
  ["prior", "Prior sample"],
  ["mean", "Mean, z = 0"],
  ["drawn", "Draw one"],
];

/** The strokes that were drawn last, for when the page is opened again. */
let lastStrokes = [];

/** The panel. */
export class StartPanel {
  /**
   * @param {HTMLElement} parent
   * @param {{onStart: function(string), onDigit: function(number), onRandomDigit: function(),
   *   onDraw: function(Float32Array, boolean), onClear: function()}} handlers
   */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.parent = parent;
    const pictures = createElement(parent, "div", "start-pictures");
    this.original = this.picture(pictures, "original", "Original");
    this.reconstruction = this.picture(pictures, "reconstruction", "Reconstruction");
    const fold = foldOf(parent, "Start from another digit");
    this.controls = createElement(fold, "div", "toolbar start-controls");
    createElement(this.controls, "p", "start-title").textContent = "Start from";
    const choices = createElement(this.controls, "div", "start-choices", {
      role: "group",
      "aria-label": "Start from",
    });
    this.choices = CODE_STARTS.map(([name, text]) => {
      const press = () => handlers.onStart(name);
      return [name, pushButton(choices, text, `start-${name}`, press)];
    });
    this.buildDigitChoice();
    this.padPlace = createElement(fold, "div", "start-pad", { hidden: "" });
  }

  picture(parent, name, text) {
    const root = createElement(parent, "figure", "start-picture");
    const digit = new DigitView(root, { "data-testid": name, "aria-label": text });
    const caption = createElement(root, "figcaption", "");
    caption.textContent = text;
    return { root, digit, arrival: new Arrival(caption, digit.canvas) };
  }

  buildDigitChoice() {
    this.digitChoice = createElement(this.controls, "div", "start-digit");
    const label = createElement(this.digitChoice, "label", "control-choice");
    createElement(label, "span", "control-label").textContent = "No.";
    this.number = createElement(label, "input", "control start-number", {
      type: "number",
      min: "0",
      step: "1",
      "data-testid": "digit-number",
      "aria-label": "Number of the test digit",
    });
    this.number.addEventListener("change", () => {
      const { valueAsNumber: index, max } = this.number;
      const isValid = Number.isInteger(index) && index >= 0 && index <= Number(max);
      if (isValid) this.handlers.onDigit(index);
      else this.number.value = this.index;
    });
    pushButton(this.digitChoice, "Random", "random-digit", this.handlers.onRandomDigit);
  }

  /** Takes another model. @param {{count: number, height: number, width: number}} shape */
  setShape(shape) {
    this.shape = shape;
    this.number.max = String(shape.count - 1);
    this.pad?.setSize(shape.height);
  }

  /** Shows a choice without telling the listener. @param {string} start @param {number} index */
  setStart(start, index) {
    for (const [name, button] of this.choices) {
      button.setAttribute("aria-pressed", String(name === start));
    }
    this.index = String(index);
    this.number.value = this.index;
    this.digitChoice.hidden = start !== "digit";
    this.padPlace.hidden = start !== "drawn";
    this.parent.dataset.start = start;
    if (start === "drawn") this.openPad();
  }

  /** Makes the pad when it is first needed; what was drawn is heard of again. */
  openPad() {
    if (this.pad) return;
    let isRestored = lastStrokes.length > 0;
    this.pad = new DrawingPad(this.padPlace, {
      size: this.shape.height,
      onDraw: (pixels) => {
        lastStrokes = this.pad.strokes;
        this.handlers.onDraw(pixels, isRestored);
        isRestored = false;
      },
      onClear: () => {
        lastStrokes = [];
        this.handlers.onClear();
      },
    });
    if (isRestored) this.pad.setStrokes(lastStrokes);
  }

  destroy() {
    this.pad?.destroy();
  }

  /** Shows pixel means in [0, 1], or nothing where they are null. */
  setOriginal(means) {
    this.show(this.original, means);
    this.original.arrival.set("ready");
  }

  /** Says of the original that it is on its way, or that it did not come. */
  tellOriginal(state) {
    this.original.root.hidden = false;
    this.original.arrival.set(state);
  }

  /** Shows pixel means in [0, 1], or nothing where they are null. */
  setReconstruction(means) {
    this.show(this.reconstruction, means);
  }

  show({ root, digit }, means) {
    root.hidden = means === null;
    if (means) digit.draw(means, this.shape.height, this.shape.width, {});
  }
}
