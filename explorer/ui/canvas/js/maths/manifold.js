/**
 * Where the tiles of a manifold lie along an axis. No DOM.
 *
 * Tiles keep their places while the view is panned, so that the picture does not swim: an axis is a
 * lattice, of which those cells are given that are in view.
 */
import { normalQuantile } from "./normal.js";

const FIRST_SHARE = 0.01; // of the prior below the first tile, and above the last
const MAX_HALVINGS = 8; // of the quantiles' steps: beyond it cells grow with the zoom

/**
 * Even cells that cover a range: `at` is the middle, which is decoded, low and high the borders.
 * @returns {{at: number, low: number, high: number}[]}
 */
export function linearCells([low, high], size) {
  const first = Math.floor(low / size);
  const count = Math.ceil(high / size) - first;
  return Array.from({ length: count }, (_, n) => ({
    at: (first + n + 0.5) * size,
    low: (first + n) * size,
    high: (first + n + 1) * size,
  }));
}

/**
 * Cells about `total` quantiles of N(0, 1), their shares evenly from 0.01 to 0.99, with borders
 * half way between neighbours; those that are in the range, in part at least.
 * @returns {{at: number, low: number, high: number}[]}
 */
export function quantileCells([low, high], total) {
  const step = (1 - 2 * FIRST_SHARE) / (total - 1);
  const places = Array.from({ length: total }, (_, n) => normalQuantile(FIRST_SHARE + n * step));
  const middle = (n) => (places[n] + places[n + 1]) / 2;
  const cells = places.map((at, n) => ({
    at,
    low: n > 0 ? middle(n - 1) : 2 * at - middle(0),
    high: n < total - 1 ? middle(n) : 2 * at - middle(n - 1),
  }));
  return cells.filter((cell) => cell.high > low && cell.low < high);
}

/**
 * The cells of both axes for the part of the plane in view.
 * @param {{xRange: number[], yRange: number[], width: number, scale: number}} plane
 * @param {"linear"|"quantiles"} grid
 * @param {number} columns from side to side of the view; of quantiles over the whole prior, and
 *   twice as many whenever no more than that are in view
 */
export function manifoldCells({ xRange, yRange, width, scale }, grid, columns) {
  if (grid === "linear") {
    const size = width / scale / columns;
    return { xs: linearCells(xRange, size), ys: linearCells(yRange, size) };
  }
  const cells = (halvings) => {
    const total = columns * 2 ** halvings;
    return { xs: quantileCells(xRange, total), ys: quantileCells(yRange, total) };
  };
  let [best, halvings] = [cells(0), 1];
  for (let finer = cells(1); halvings <= MAX_HALVINGS; finer = cells(++halvings)) {
    if (Math.max(finer.xs.length, finer.ys.length) > columns) break;
    best = finer;
  }
  return best;
}
