/**
 * The map's geometry: which part of the plane is in view, ticks, medians.
 *
 * Plane units are those of the codes; pixels are CSS pixels, y downwards. No DOM.
 */

import { extentOf, mostMagnification, wayBack } from "./extent.js";

/** Radius of the prior's outermost circle: the first view always holds it. */
export const PRIOR_RADIUS_SIGMA = 3;

const LEAST_ZOOM = 0.5; // unless codes lie so far out that they need more
const MOST_ZOOM = 1000;
const WHOLE_SHARE = 0.8; // of the view that all codes take where it is zoomed out furthest

/** Share of the codes that the first view may leave out on each side. */
const OUTLIER_SHARE = 0.001;

/** The value below which a share `q` of sorted numbers lies. */
function sortedQuantile(sorted, q) {
  return sorted[Math.round(q * (sorted.length - 1))];
}

/** The value below which a share `q` of the numbers lies. */
export function quantile(numbers, q) {
  return sortedQuantile(Float32Array.from(numbers).sort(), q);
}

/**
 * The first view of a map: all codes but far outliers, and the prior's 3 sigma circle.
 * @param {Float32Array} points (N, 2) flat
 * @param {{outliers?: number, radius?: number}} options share of the codes that may be left out on
 *   each side; radius around 0 that is always in view (0 for planes without a prior)
 * @returns {{x: number, y: number, spanX: number, spanY: number}} centre and size, plane units
 */
export function homeOf(points, { outliers = OUTLIER_SHARE, radius = PRIOR_RADIUS_SIGMA } = {}) {
  const [[left, right], [bottom, top]] = [0, 1].map((axis) => {
    const sorted = points.filter((_, i) => i % 2 === axis).sort();
    const low = sorted.length ? sortedQuantile(sorted, outliers) : -1;
    const high = sorted.length ? sortedQuantile(sorted, 1 - outliers) : 1;
    return radius > 0 ? [Math.min(low, -radius), Math.max(high, radius)] : [low, high];
  });
  return {
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    spanX: 1.08 * (right - left) || 1,
    spanY: 1.08 * (top - bottom) || 1,
  };
}

/** The rectangle of the plane in view, with the same scale on both axes. */
export class PlaneView {
  constructor() {
    this.width = 1;
    this.height = 1;
    this.x = 0; // centre, plane units
    this.y = 0;
    this.scale = 1; // pixels a unit
    this.home = { x: 0, y: 0, spanX: 2, spanY: 2 };
    this.homeScale = 1;
    this.setCodes(new Float32Array(0), 1);
  }

  /**
   * Takes the codes that the user cannot lose sight of, and what radius around 0 can be looked at.
   * @param {Float32Array} points (N, 2) flat
   */
  setCodes(points, radius) {
    const { left, right, bottom, top } = extentOf(points, radius);
    this.codes = points;
    this.whole = { spanX: right - left || 1, spanY: top - bottom || 1 };
  }

  /** Takes another first view and goes there, unless `keepView` keeps where the user has moved to. */
  setHome(home, keepView = false) {
    const isMoved = this.isMoved;
    this.home = home;
    this.homeScale = this.scaleOf(home);
    if (!keepView || !isMoved) this.reset();
  }

  /** Whether the user has zoomed or panned away from the first view. */
  get isMoved() {
    return Math.abs(this.zoom - 1) > 1e-9 || this.x !== this.home.x || this.y !== this.home.y;
  }

  /** Pixels a unit at which a home fits into the view. */
  scaleOf({ spanX, spanY }) {
    return Math.min(this.width / spanX, this.height / spanY);
  }

  /** Back to the first view. */
  reset() {
    this.x = this.home.x;
    this.y = this.home.y;
    this.scale = this.homeScale;
  }

  /** Takes a new size in pixels; centre and zoom relative to the first view remain. */
  resize(width, height) {
    const zoom = this.zoom;
    this.width = width;
    this.height = height;
    this.homeScale = this.scaleOf(this.home);
    this.scale = zoom * this.homeScale;
  }

  /** Magnification relative to the first view. */
  get zoom() {
    return this.scale / this.homeScale;
  }

  /** Whether a pixel is in view. */
  isInView([px, py]) {
    return px >= 0 && px <= this.width && py >= 0 && py <= this.height;
  }

  /** A pixel, moved so that what reaches so far around it is in view. @returns {[number, number]} */
  within([px, py], [across, up]) {
    const inside = (at, reach, end) => Math.min(end - reach, Math.max(reach, at));
    return [inside(px, across, this.width), inside(py, up, this.height)];
  }

  /** Plane coordinates of a pixel. @returns {[number, number]} */
  toPlane(px, py) {
    return [
      this.x + (px - this.width / 2) / this.scale,
      this.y - (py - this.height / 2) / this.scale,
    ];
  }

  /** Pixel coordinates of a plane point. @returns {[number, number]} */
  toPixel(x, y) {
    return [
      this.width / 2 + (x - this.x) * this.scale,
      this.height / 2 - (y - this.y) * this.scale,
    ];
  }

  /**
   * Magnifies by `factor`, as long as a code stays in view; the plane point under the pixel stays
   * where it is.
   */
  zoomAt(factor, px, py) {
    const [x, y] = this.toPlane(px, py);
    const allowed = Math.min(factor, mostMagnification(this.codes, this, px, py));
    const least = Math.min(LEAST_ZOOM, (WHOLE_SHARE * this.scaleOf(this.whole)) / this.homeScale);
    this.scale = this.homeScale * Math.min(MOST_ZOOM, Math.max(least, this.zoom * allowed));
    const [newX, newY] = this.toPlane(px, py);
    this.x += x - newX;
    this.y += y - newY;
  }

  /** Moves the plane with the pointer, by pixels, as long as a code stays in view. */
  panBy(dx, dy) {
    this.moveBy(dx, dy);
    this.moveBy(...wayBack(this.codes, this));
  }

  moveBy(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }

  /** The range of x, low to high. */
  get xRange() {
    return [this.toPlane(0, 0)[0], this.toPlane(this.width, 0)[0]];
  }

  /** The range of y, low to high. */
  get yRange() {
    return [this.toPlane(0, this.height)[1], this.toPlane(0, 0)[1]];
  }
}

/** The share of points that are out of view. @param {Float32Array} points (N, 2) flat */
export function shareOutside(points, plane) {
  const [[left, right], [bottom, top]] = [plane.xRange, plane.yRange];
  let count = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (x < left || x > right || y < bottom || y > top) count++;
  }
  return (2 * count) / points.length;
}

/**
 * Round tick values (1, 2 or 5 times a power of ten apart) that lie within a range.
 * @returns {{values: number[], digits: number}} digits: decimals needed to write them
 */
export function niceTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.999);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const values = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) values.push(n * step);
  return { values, digits };
}

/** A number as text with a true minus sign and no negative zero. */
export function formatNumber(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "\u2212");
}

/** The same, with two significant digits of a number too small for so many digits. */
export function formatSmall(value, digits) {
  if (value === 0 || Math.abs(value) >= 10 ** (1 - digits)) return formatNumber(value, digits);
  return formatNumber(value, Math.min(20, 1 - Math.floor(Math.log10(Math.abs(value)))));
}

/** A share in per cent, written as Python's `percent` writes it. */
export function formatShare(share) {
  const value = 100 * share;
  if (value > 0 && value < 0.05) return "< 0.1\u00a0%";
  if (value >= 99.5 && value < 100) return "> 99\u00a0%";
  return `${formatNumber(value, value > 0 && value < 9.95 ? 1 : 0)}\u00a0%`;
}

/**
 * Median position of each class.
 * @param {Float32Array} points x0, y0, x1, y1, ...
 * @param {Uint8Array} labels a class a point
 * @returns {{label: number, x: number, y: number}[]} classes without points are left out
 */
export function classMedians(points, labels) {
  const members = new Map();
  labels.forEach((label, i) => {
    if (!members.has(label)) members.set(label, [[], []]);
    members.get(label)[0].push(points[2 * i]);
    members.get(label)[1].push(points[2 * i + 1]);
  });
  return [...members.entries()]
    .sort(([a], [b]) => a - b)
    .map(([label, [xs, ys]]) => ({ label, x: quantile(xs, 0.5), y: quantile(ys, 0.5) }));
}
