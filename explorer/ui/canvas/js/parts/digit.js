/** One decoded digit, large and crisp; its canvas has exactly one pixel a pixel of the model. */
import { createElement } from "./layers.js";
import { rasterDigit } from "../maths/raster.js";

/** A digit inside a parent element. */
export class DigitView {
  constructor(parent, attributes) {
    this.canvas = createElement(parent, "canvas", "digit", { role: "img", ...attributes });
    // A few hundred pixels, written from numbers: quicker without the graphics card.
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * Paints pixel means and only then says, in data attributes, what they are.
   * @param {Float32Array} means height * width values in [0, 1]
   * @param {Object} facts data attributes; undefined ones are removed
   */
  draw(means, height, width, facts) {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = null;
    }
    this.image ??= new ImageData(width, height);
    rasterDigit(new Uint32Array(this.image.data.buffer), means);
    this.context.putImageData(this.image, 0, 0);
    for (const [name, value] of Object.entries(facts)) {
      if (value === undefined) delete this.canvas.dataset[name];
      else this.canvas.dataset[name] = value;
    }
  }
}
