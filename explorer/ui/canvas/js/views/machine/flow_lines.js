/** Lines along which numbers flow from stage to stage, and the light that runs through them. */
import { Layer } from "../../parts/layers.js";
import { deviceRatio, unitPx } from "../../parts/sizes.js";

const STRENGTHS = [0.12, 0.24, 0.42, 0.7]; // opacity of a line, by its share of the largest
const PULSE_RADIUS_PX = 2.6;
const GLOW_RADIUS_PX = 7;
const PULSE_SPREAD = 0.35; // how far the last light is behind the first, share of the way

/** The four points of a curve that leaves and arrives along the longer way. */
function controls([x0, y0], [x1, y1]) {
  const isAcross = Math.abs(x1 - x0) >= Math.abs(y1 - y0);
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return isAcross
    ? [x0, y0, mx, y0, mx, y1, x1, y1]
    : [x0, y0, x0, my, x1, my, x1, y1];
}

/** A point of such a curve. */
function pointOn([x0, y0, ax, ay, bx, by, x1, y1], t) {
  const s = 1 - t;
  const [p, q, r, u] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [p * x0 + q * ax + r * bx + u * x1, p * y0 + q * ay + r * by + u * y1];
}

/** Lines on a canvas over a part of the page. */
export class FlowLines {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.layer = new Layer(parent, "flow-lines", { "aria-hidden": "true" });
    this.groups = [];
  }

  /** @param {{left: number, top: number, width: number, height: number}} region in the parent */
  setRegion(region) {
    this.region = region;
    this.layer.resize(region.width / unitPx(), region.height / unitPx(), deviceRatio());
    const { style } = this.layer.canvas;
    style.left = `${region.left}px`;
    style.top = `${region.top}px`;
  }

  setStyle(ink) {
    this.ink = ink;
  }

  /**
   * @param {{curves: {from: number[], to: number[], share: number}[], alpha: number,
   *   pulse: ?number}[]} groups places in the parent, CSS pixels; alpha of the whole group; pulse: share of the
   *   way that its light has gone
   */
  draw(groups) {
    const { ink, region } = this;
    if (!ink || !region) return;
    const context = this.layer.clear();
    context.scale(1 / unitPx(), 1 / unitPx());
    context.translate(-region.left, -region.top);
    context.strokeStyle = ink.accent;
    context.lineWidth = 1.4;
    for (const { curves, alpha } of groups) {
      const levels = STRENGTHS.map(() => []);
      for (const curve of curves) {
        const level = Math.min(levels.length - 1, Math.floor(curve.share * levels.length));
        levels[level].push(controls(curve.from, curve.to));
      }
      levels.forEach((some, level) => {
        if (some.length === 0) return;
        context.globalAlpha = alpha * STRENGTHS[level];
        context.beginPath();
        for (const [x0, y0, ...rest] of some) {
          context.moveTo(x0, y0);
          context.bezierCurveTo(...rest);
        }
        context.stroke();
      });
    }
    for (const { curves, pulse } of groups) if (pulse !== null) this.shine(context, curves, pulse);
  }

  shine(context, curves, pulse) {
    context.fillStyle = this.ink.accent;
    curves.forEach(({ from, to }, n) => {
      const delay = PULSE_SPREAD * ((n * 0.618) % 1);
      const t = (pulse - delay) / (1 - PULSE_SPREAD);
      if (t <= 0 || t >= 1) return;
      const [x, y] = pointOn(controls(from, to), t);
      for (const [radius, alpha] of [[GLOW_RADIUS_PX, 0.22], [PULSE_RADIUS_PX, 1]]) {
        context.globalAlpha = alpha;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      }
    });
  }
}
