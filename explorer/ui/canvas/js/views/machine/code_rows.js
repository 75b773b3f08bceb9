/** A code of many dimensions: a slider each, from the most KL to the least. */
import { formatNumber } from "../../maths/scales.js";
import { createElement } from "../../parts/layers.js";
import { PosteriorTrack } from "../../parts/posterior_track.js";
import { indexed } from "./bells.js";

const CODE_ROW_STEP = 0.01;

/** The rows. */
export class CodeRows {
  /** @param {HTMLElement} parent @param {{onValue: function(number, number), onRelease: function()}} handlers */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.root = createElement(parent, "div", "code-rows", { "data-part": "code" });
    this.rows = new Map(); // dimension -> {input, track}
  }

  destroy() {}

  /** @param {number[]} order dimensions from top to bottom @param {number} reach of every slider */
  setDimensions(order, reach) {
    Object.assign(this, { order, reach, code: null });
    this.rows.clear();
    this.root.replaceChildren();
    for (const dim of order) {
      const row = createElement(this.root, "div", "code-row");
      createElement(row, "span", "code-name").textContent = String(dim + 1);
      const place = createElement(row, "div", "slider-track");
      const track = new PosteriorTrack(place, dim);
      const input = createElement(place, "input", "slider-input", {
        type: "range",
        min: String(-reach),
        max: String(reach),
        step: String(CODE_ROW_STEP),
        "aria-label": indexed("z", dim),
        "data-testid": "code-slider",
        "data-dim": String(dim),
      });
      input.addEventListener("input", () => this.handlers.onValue(dim, input.valueAsNumber));
      input.addEventListener("change", () => this.handlers.onRelease());
      this.rows.set(dim, { input, track });
    }
  }

  setStyle(ink) {
    this.ink = ink;
    this.redraw();
  }

  setReady() {}

  measure() {
    for (const { track } of this.rows.values()) track.measure();
    this.redraw();
  }

  /** @param {?number[]} code @param {{mu: Float32Array, sigma: Float32Array}} q its posterior */
  draw(code, q) {
    const before = this.q === q ? this.code : null;
    Object.assign(this, { code: code && [...code], q });
    if (!code || !this.ink) return;
    for (const dim of this.order) if (!before || before[dim] !== code[dim]) this.drawRow(dim);
  }

  redraw() {
    if (this.code && this.ink) for (const dim of this.order) this.drawRow(dim);
  }

  drawRow(dim) {
    const { code, q } = this;
    const { input, track } = this.rows.get(dim);
    if (input.valueAsNumber !== code[dim]) input.value = String(code[dim]);
    input.setAttribute("aria-valuetext", formatNumber(code[dim], 2));
    track.draw(this.reach, code[dim], { mu: q.mu[dim], sd: q.sigma[dim] }, this.ink);
  }
}
