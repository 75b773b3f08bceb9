/**
 * What lies behind a dimension's slider: the prior's sigmas, the digit's posterior, the value.
 *
 * A slider's thumb keeps inside its track, so that values reach from half a thumb off the left end
 * to half a thumb off the right one.
 */
import { formatNumber } from "../maths/scales.js";
import { Layer } from "./layers.js";
import { deviceRatio, innerSize, textFont } from "./sizes.js";

/** Width of the thumb in units; dimensions.css has the same. */
export const THUMB_PX = 16;

const AXIS_SPACING_PX = 46; // between two labels

/** A canvas with values from -reach to reach (prior sigmas) along it. */
class SigmaScale {
  constructor(parent, className, attributes) {
    this.layer = new Layer(parent, className, attributes);
  }

  /** Takes over the element's size; not while a slider is dragged, for it costs a layout. */
  measure() {
    const [width, height] = innerSize(this.layer.canvas.parentElement);
    const ratio = deviceRatio();
    if (this.width === width && this.height === height && this.layer.ratio === ratio) return;
    Object.assign(this, { width, height });
    this.layer.resize(width, height, ratio);
  }

  /** Empties the scale. @returns {?CanvasRenderingContext2D} null while it is hidden */
  begin(reach) {
    this.reach = reach;
    return this.width > 0 ? this.layer.clear() : null;
  }

  /** Pixels from the left end. */
  toPixel(value) {
    const share = (value + this.reach) / (2 * this.reach);
    return THUMB_PX / 2 + share * (this.width - THUMB_PX);
  }
}

/** The words of the scale, above all tracks. */
export class SigmaAxis extends SigmaScale {
  constructor(parent) {
    super(parent, "sigma-axis", { "aria-hidden": "true" });
  }

  draw(reach, ink) {
    const context = this.begin(reach);
    if (!context) return;
    const sigma = (this.width - THUMB_PX) / (2 * reach);
    const step = Math.ceil(AXIS_SPACING_PX / sigma);
    context.font = textFont(ink, 400);
    context.fillStyle = ink.text;
    context.textBaseline = "middle";
    context.textAlign = "center";
    for (let n = -Math.floor(reach / step) * step; n <= reach; n += step) {
      const text = n === 0 ? "0" : `${formatNumber(n, 0)}\u03c3`;
      const half = context.measureText(text).width / 2;
      const px = Math.min(this.width - half, Math.max(half, this.toPixel(n)));
      context.fillText(text, px, this.height / 2);
    }
  }
}

/** One dimension's track. */
export class PosteriorTrack extends SigmaScale {
  constructor(parent, dim) {
    super(parent, "posterior-track", {
      "data-testid": "posterior-track",
      "data-dim": String(dim),
      "aria-hidden": "true",
    });
  }

  /**
   * @param {number} reach prior sigmas at both ends
   * @param {number} value where the dimension is now
   * @param {?{mu: number, sd: number}} posterior the digit's, where there is one
   */
  draw(reach, value, posterior, ink) {
    const context = this.begin(reach);
    if (!context) return;
    this.drawTicks(context, ink);
    if (posterior) this.drawPosterior(context, posterior, ink);
    context.fillStyle = ink.text;
    context.beginPath();
    const inside = Math.min(this.reach, Math.max(-this.reach, value));
    context.arc(this.toPixel(inside), this.height / 2, 5, 0, 2 * Math.PI);
    context.fill();
    const { dataset } = this.layer.canvas;
    dataset.reach = String(reach);
    if (posterior) Object.assign(dataset, { mu: posterior.mu, sd: posterior.sd });
    else {
      delete dataset.mu;
      delete dataset.sd;
    }
  }

  drawTicks(context, ink) {
    const middle = this.height / 2;
    context.strokeStyle = ink.text;
    context.lineWidth = 1;
    context.globalAlpha = 0.3;
    context.beginPath();
    context.moveTo(this.toPixel(-this.reach), Math.round(middle) + 0.5);
    context.lineTo(this.toPixel(this.reach), Math.round(middle) + 0.5);
    for (let n = -this.reach; n <= this.reach; n++) {
      const px = Math.round(this.toPixel(n)) + 0.5;
      const half = n === 0 ? middle - 1 : Math.abs(n) <= 3 ? 6 : 3;
      context.moveTo(px, middle - half);
      context.lineTo(px, middle + half);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The mean, and around it one and two standard deviations. */
  drawPosterior(context, { mu, sd }, ink) {
    context.fillStyle = ink.accent;
    for (const [sigmas, alpha, height] of [[2, 0.3, 0.44], [1, 0.5, 0.44]]) {
      const [left, right] = [mu - sigmas * sd, mu + sigmas * sd].map((value) =>
        Math.min(this.width, Math.max(0, this.toPixel(value))),
      );
      context.globalAlpha = alpha;
      const tall = height * this.height;
      context.fillRect(left, (this.height - tall) / 2, right - left, tall);
    }
    context.globalAlpha = 1;
    context.fillRect(this.toPixel(mu) - 1, 0.18 * this.height, 2, 0.64 * this.height);
  }
}
