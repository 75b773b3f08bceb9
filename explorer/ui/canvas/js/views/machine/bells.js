/** Bell curves: the posterior of each dimension upon the prior's, and the noise upon N(0, 1). */
import { formatNumber, formatSmall } from "../../maths/scales.js";
import { Layer, createElement } from "../../parts/layers.js";
import { SMALL_TEXT, deviceRatio, innerSize, textFont } from "../../parts/sizes.js";

const BELL_STEPS = 72;
const BELL_SIGMAS = 4;
const WIDE_ROW_PX = 44; // a row with room for its numbers
const NUMBERS_SHARE = 0.3; // of such a row
const NUMBERS_EMS = 7; // width of "sigma_1 = 0.048"
const NOISE_AXIS_REACH = 3.6;

/** The name of a dimension of a symbol, numbered from 1. */
export function indexed(symbol, dim) {
  const digits = "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089";
  return symbol + [...String(dim + 1)].map((digit) => digits[digit]).join("");
}

/** A canvas that fills its element. */
class FilledCanvas {
  constructor(parent, className, attributes) {
    this.root = createElement(parent, "div", className);
    this.layer = new Layer(this.root, "filled", { role: "img", tabindex: "0", ...attributes });
    this.width = this.height = 0;
  }

  get canvas() {
    return this.layer.canvas;
  }

  /** Takes over the element's size. */
  measure() {
    const [width, height] = innerSize(this.root);
    const ratio = deviceRatio();
    if (this.width === width && this.height === height && this.layer.ratio === ratio) return;
    Object.assign(this, { width, height });
    this.layer.resize(width, height, ratio);
    this.redraw();
  }

  setStyle(ink) {
    this.ink = ink;
    this.redraw();
  }

  /** The canvas to draw on, emptied; null while there is nothing to draw or no room for it. */
  begin() {
    return this.ink && this.width > 0 && this.isKnown ? this.layer.clear() : null;
  }

  /** A normal curve's area, as tall as its row whatever its sigma. */
  bell(context, { mu, sigma }, { x, low, high, base, tall }, colour, alpha) {
    const left = Math.max(low, mu - BELL_SIGMAS * sigma);
    const right = Math.min(high, mu + BELL_SIGMAS * sigma);
    if (right <= left) return;
    context.beginPath();
    context.moveTo(x(left), base);
    for (let n = 0; n <= BELL_STEPS; n++) {
      const value = left + ((right - left) * n) / BELL_STEPS;
      const share = Math.exp(-0.5 * ((value - mu) / sigma) ** 2);
      context.lineTo(x(value), base - share * tall);
    }
    context.lineTo(x(right), base);
    context.fillStyle = context.strokeStyle = colour;
    context.globalAlpha = alpha;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

/** q(z|x) a dimension in a row, in the order of their KL. */
export class PosteriorBells extends FilledCanvas {
  constructor(parent) {
    super(parent, "posterior-bells", {
      "data-testid": "posterior-bells",
      "data-part": "posterior",
      "aria-label": "Posterior of each dimension, upon the prior",
    });
  }

  /** @param {number[]} order dimensions from top to bottom @param {number} reach of the axis */
  setDimensions(order, reach) {
    Object.assign(this, { order, reach, q: null });
  }

  get isKnown() {
    return Boolean(this.q);
  }

  /** @param {?{mu: Float32Array, sigma: Float32Array}} q */
  draw(q) {
    this.q = q;
    this.redraw();
  }

  /** Height of a row. */
  get rowHeight() {
    return this.height / this.order.length;
  }

  redraw() {
    const context = this.begin();
    if (!context) return;
    const { q, ink, order, reach, rowHeight } = this;
    const isWide = rowHeight >= WIDE_ROW_PX;
    const x = (value) => ((value + reach) / (2 * reach)) * this.width;
    order.forEach((dim, n) => {
      const top = n * rowHeight;
      const room = rowHeight * (isWide ? 1 - NUMBERS_SHARE : 0.86);
      const area = { x, low: -reach, high: reach, base: top + rowHeight - 2, tall: room - 4 };
      context.fillStyle = ink.text;
      context.globalAlpha = 0.2;
      context.fillRect(0, area.base, this.width, 1);
      this.bell(context, { mu: 0, sigma: 1 }, area, ink.grey, 0.35);
      this.bell(context, { mu: q.mu[dim], sigma: q.sigma[dim] }, area, ink.accent, 0.45);
      if (isWide) this.write(context, dim, top);
    });
  }

  /** The numbers of a row that has room for them. */
  write(context, dim, top) {
    const { q, ink, rowHeight } = this;
    context.fillStyle = ink.text;
    context.textBaseline = "middle";
    context.textAlign = "left";
    const mean = `${indexed("\u03bc", dim)} = ${formatNumber(q.mu[dim], 2)}`;
    const deviation = `${indexed("\u03c3", dim)} = ${formatSmall(q.sigma[dim], 2)}`;
    const wanted = Math.max(SMALL_TEXT, (NUMBERS_SHARE * rowHeight) / 2.5);
    const size = Math.min(18, wanted, this.width / NUMBERS_EMS);
    context.font = textFont(ink, 600, size);
    context.fillText(mean, 0, top + 0.6 * size);
    context.fillText(deviation, 0, top + 1.8 * size);
  }

  /** Where a dimension's bell is: shares of the canvas. @param {boolean} isEnd its right end */
  place(dim, isEnd) {
    const row = (this.order.indexOf(dim) + 0.75) / this.order.length;
    return [isEnd ? 1 : 0, row];
  }
}

/** The noise: where each of its numbers fell under N(0, 1). */
export class NoiseBell extends FilledCanvas {
  constructor(parent) {
    super(parent, "noise-bell", {
      "data-testid": "noise-bell",
      "data-part": "noise",
      "aria-label": "Noise: where each number fell under the bell curve",
    });
    this.fall = 1; // share of the way from the top to the axis
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  get isKnown() {
    return Boolean(this.noise);
  }

  /** @param {?number[]} noise */
  draw(noise) {
    this.noise = noise;
    this.redraw();
  }

  /** Lets the numbers fall into their places; they are there at once where motion is unwelcome. */
  drop(milliseconds) {
    cancelAnimationFrame(this.request);
    if (this.stillness.matches) return;
    let start = null;
    const step = (now) => {
      start ??= now;
      this.fall = Math.min(1, (now - start) / milliseconds);
      this.redraw();
      if (this.fall < 1) this.request = requestAnimationFrame(step);
    };
    this.request = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.request);
    this.fall = 1;
  }

  redraw() {
    const context = this.begin();
    if (!context) return;
    const { ink, noise, width, height } = this;
    const x = (value) => ((value + NOISE_AXIS_REACH) / (2 * NOISE_AXIS_REACH)) * width;
    const isFew = noise.length <= 4;
    const base = height - (isFew ? SMALL_TEXT + 5 : 6);
    const area = { x, low: -NOISE_AXIS_REACH, high: NOISE_AXIS_REACH, base, tall: base - 6 };
    this.bell(context, { mu: 0, sigma: 1 }, area, ink.grey, 0.35);
    context.fillStyle = ink.text;
    context.font = textFont(ink, 600);
    context.textAlign = "center";
    context.textBaseline = "top";
    const eased = 1 - (1 - this.fall) ** 3;
    noise.forEach((value, j) => {
      const inside = Math.min(NOISE_AXIS_REACH, Math.max(-NOISE_AXIS_REACH, value));
      const px = Math.min(width - 6, Math.max(6, x(inside)));
      const y = 6 + (base - 6) * eased;
      context.fillStyle = ink.accent;
      context.globalAlpha = isFew ? 1 : 0.7;
      context.beginPath();
      context.arc(px, y, isFew ? 6 : 4, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      context.fillStyle = ink.text;
      if (isFew) context.fillText(String(j + 1), px, base + 5);
    });
  }
}
