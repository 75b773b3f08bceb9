/** Numbers of an image's pixels as colours, with their scale below; one pixel a pixel. */
import { COLOUR_TABLES } from "../maths/colour_scales.js";
import { createElement } from "./layers.js";

/** The picture; beyond the scale's ends the colour is that of the end. */
export class HeatPicture {
  /**
   * @param {HTMLElement} parent
   * @param {{testId: string, label: string}} names
   * @param {{low: number, high: number, table: string, ticks: string[]}} scale table of
   *   COLOUR_TABLES; ticks from left to right
   */
  constructor(parent, { testId, label }, { low, high, table, ticks }) {
    Object.assign(this, { low, high, table: COLOUR_TABLES[table] });
    this.canvas = createElement(parent, "canvas", "digit heat", {
      "data-testid": testId,
      role: "img",
      "aria-label": label,
    });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    const bar = createElement(parent, "canvas", "heat-bar", { "aria-hidden": "true" });
    Object.assign(bar, { width: this.table.length, height: 1 });
    const ramp = new ImageData(this.table.length, 1);
    this.table.forEach((colour, n) => ramp.data.set([...colour, 255], 4 * n));
    bar.getContext("2d").putImageData(ramp, 0, 0);
    const below = createElement(parent, "div", "heat-ticks");
    for (const text of ticks) createElement(below, "span", "").textContent = text;
  }

  /** @param {ArrayLike<number>} values height * width of them */
  draw(values, height, width) {
    if (this.canvas.width !== width || this.canvas.height !== height || !this.image) {
      Object.assign(this.canvas, { width, height });
      this.image = new ImageData(width, height);
    }
    const last = this.table.length - 1;
    const { data } = this.image;
    for (let n = 0; n < values.length; n++) {
      const share = (values[n] - this.low) / (this.high - this.low);
      const colour = this.table[Math.round(last * Math.min(1, Math.max(0, share)))];
      data[4 * n] = colour[0];
      data[4 * n + 1] = colour[1];
      data[4 * n + 2] = colour[2];
      data[4 * n + 3] = 255;
    }
    this.context.putImageData(this.image, 0, 0);
  }
}
