/** One hidden layer as a strip of cells, a unit each: the brighter, the more active. */
import { mixRgb, rgbOf } from "../../maths/colour_scales.js";
import { createElement } from "../../parts/layers.js";

const UNIT_PX = 4; // of a cell in the picture, with a gap of one pixel after it
const UNIT_STEP_PX = UNIT_PX + 1;
const LEVELS = 256; // of colour
const GROUND_SHARE = 0.1; // of the text's colour in a silent cell
const GLOW_SHARE = 0.35; // of white or black in the most active one
const BEND = 0.6; // exponent: small activations are seen as well

/** The strip. */
export class LayerStrip {
  /**
   * @param {HTMLElement} parent
   * @param {{part: string, label: string, units: number}} names part is what a card explains
   */
  constructor(parent, { part, label, units }) {
    this.units = units;
    this.root = createElement(parent, "figure", "layer-strip");
    this.canvas = createElement(this.root, "canvas", "layer-cells", {
      "data-testid": part,
      "data-part": part,
      tabindex: "0",
      role: "img",
      "aria-label": label,
    });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    createElement(this.root, "figcaption", "layer-units").textContent = String(units);
    this.columns = 0;
  }

  setStyle({ text, background, accent, isDark }) {
    const [ground, far] = [rgbOf(background), rgbOf(isDark ? "#ffffff" : "#000000")];
    const silent = mixRgb(ground, rgbOf(text), GROUND_SHARE);
    const most = mixRgb(rgbOf(accent), far, GLOW_SHARE);
    this.colours = Uint32Array.from({ length: LEVELS }, (_, n) => {
      const share = (2 * n) / (LEVELS - 1);
      const rgb =
        share < 1 ? mixRgb(silent, rgbOf(accent), share) : mixRgb(rgbOf(accent), most, share - 1);
      return (0xff000000 | (rgb[2] << 16) | (rgb[1] << 8) | rgb[0]) >>> 0;
    });
    this.redraw();
  }

  /** Takes over the element's shape: cells as square as can be. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0) return;
    const columns = Math.max(1, Math.round(Math.sqrt((this.units * width) / height)));
    if (columns === this.columns) return;
    this.columns = columns;
    this.rows = Math.ceil(this.units / columns);
    this.canvas.width = columns * UNIT_STEP_PX - 1;
    this.canvas.height = this.rows * UNIT_STEP_PX - 1;
    this.image = new ImageData(this.canvas.width, this.canvas.height);
    this.redraw();
  }

  /** @param {Float32Array} values activations, none below 0 */
  draw(values) {
    this.values = values;
    this.redraw();
  }

  redraw() {
    const { values, columns, colours, image } = this;
    if (!values || !columns || !colours) return;
    const most = values.reduce((top, value) => Math.max(top, value), 0) || 1;
    const { width } = image;
    const pixels = new Uint32Array(image.data.buffer);
    for (let k = 0; k < values.length; k++) {
      const colour = colours[Math.round((LEVELS - 1) * (values[k] / most) ** BEND)];
      const start = Math.floor(k / columns) * UNIT_STEP_PX * width + (k % columns) * UNIT_STEP_PX;
      for (let y = 0; y < UNIT_PX; y++) {
        pixels.fill(colour, start + y * width, start + y * width + UNIT_PX);
      }
    }
    this.context.putImageData(image, 0, 0);
  }

  /** Where a unit's cell is: shares of the canvas, from its top left corner. */
  place(unit) {
    const column = unit % this.columns;
    return [(column + 0.5) / this.columns, (Math.floor(unit / this.columns) + 0.5) / this.rows];
  }

  /** The unit at such a place, or null. */
  unitAt(x, y) {
    const unit = Math.floor(y * this.rows) * this.columns + Math.floor(x * this.columns);
    return x >= 0 && x < 1 && unit >= 0 && unit < this.units ? unit : null;
  }
}

/** The strips of all hidden layers of a network. */
export class NetworkStrips {
  /** @param {HTMLElement} parent @param {string} network "encoder" or "decoder" */
  constructor(parent, network, title) {
    Object.assign(this, { network, title, strips: [] });
    this.root = createElement(parent, "div", "strips");
  }

  /** Takes another network. @param {Object[]} layers an Mlp's */
  setLayers(layers) {
    this.root.replaceChildren();
    this.strips = layers.slice(0, -1).map(({ outputs: units }, n) => {
      const label = `${this.title}, hidden layer ${n + 1}: ${units} numbers, ReLU`;
      return new LayerStrip(this.root, { part: `${this.network}-${n}`, label, units });
    });
    this.root.style.setProperty("--layers", String(this.strips.length));
  }

  setStyle(ink) {
    for (const strip of this.strips) strip.setStyle(ink);
  }

  measure() {
    for (const strip of this.strips) strip.measure();
  }

  /** @param {Float32Array[]} hidden activations of each layer */
  draw(hidden) {
    this.strips.forEach((strip, n) => strip.draw(hidden[n]));
  }
}
