/** A stack of canvases that are kept at the device's resolution. Knows nothing of maps. */
import { unitPx } from "./sizes.js";

/** Creates an element of a class inside a parent. */
export function createElement(parent, tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

/** One canvas whose context draws in units (see sizes.js). */
export class Layer {
  /** @param {HTMLElement} parent @param {string} className @param {Object} attributes */
  constructor(parent, className, attributes = {}) {
    this.canvas = createElement(parent, "canvas", className, attributes);
    this.context = this.canvas.getContext("2d");
  }

  /**
   * Sets the size in units; the backing store follows the device's pixels.
   * @param {number} ratio device pixels a unit, see `deviceRatio`
   */
  resize(width, height, ratio) {
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.canvas.style.width = `${width * unitPx()}px`;
    this.canvas.style.height = `${height * unitPx()}px`;
    this.ratio = ratio;
  }

  /** Empties the canvas and gives its context. @returns {CanvasRenderingContext2D} */
  clear() {
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return this.context;
  }
}
