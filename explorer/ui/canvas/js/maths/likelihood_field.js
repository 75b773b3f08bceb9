/**
 * log p(x|z) anywhere on the plane, between the points at which it is known. No DOM.
 *
 * The points are the middles of squares, level by level ever smaller, and lie ever closer where it
 * matters. Between them the value is read from the finest level that has the neighbours: by cubics
 * through sixteen of them, which quadratics pass through exactly, or linearly between four.
 */
const ROWS = 2 ** 17; // of a level's squares, at most: a column's and a row's number in one key

/** Weights of four values at -1, 0, 1 and 2 for a place t between 0 and 1. */
function cubicWeights(t) {
  return [
    (-t * (t - 1) * (t - 2)) / 6,
    ((t + 1) * (t - 1) * (t - 2)) / 2,
    (-(t + 1) * t * (t - 2)) / 2,
    ((t + 1) * t * (t - 1)) / 6,
  ];
}

/** The known values of one image. */
export class LikelihoodField {
  /**
   * @param {{side: number, points: Float64Array, logLikelihood: Float64Array}[]} levels
   * @param {number} reach of the points, on both axes
   */
  constructor(levels, reach) {
    this.reach = reach;
    this.levels = levels.map(({ side, points, logLikelihood }) => {
      const values = new Map();
      const count = Math.round((2 * reach) / side);
      logLikelihood.forEach((value, n) => {
        const column = Math.floor((points[2 * n] + reach) / side);
        const row = Math.floor((points[2 * n + 1] + reach) / side);
        values.set(column * ROWS + row, value);
      });
      return { side, values, count };
    });
  }

  /** log p(x|z) at a point; beyond the reach what it is at the edge. */
  at(x, y) {
    for (let n = this.levels.length - 1; n >= 0; n--) {
      const { side, values, count } = this.levels[n];
      const place = (value) =>
        Math.min(count - 1, Math.max(0, (value + this.reach) / side - 0.5));
      const [px, py] = [place(x), place(y)];
      const [column, row] = [px, py].map((p) => Math.min(count - 2, Math.floor(p)));
      const found =
        this.cubic(values, column, row, px - column, py - row) ??
        this.linear(values, column, row, px - column, py - row);
      if (found !== null) return found;
    }
    return NaN; // never: the first level is complete
  }

  cubic(values, column, row, tx, ty) {
    const along = cubicWeights(tx);
    const up = cubicWeights(ty);
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < 4; k++) {
        const value = values.get((column + i - 1) * ROWS + row + k - 1);
        if (value === undefined) return null;
        sum += along[i] * up[k] * value;
      }
    }
    return sum;
  }

  linear(values, column, row, tx, ty) {
    let sum = 0;
    for (let i = 0; i < 2; i++) {
      for (let k = 0; k < 2; k++) {
        const value = values.get((column + i) * ROWS + row + k);
        if (value === undefined) return null;
        sum += (i ? tx : 1 - tx) * (k ? ty : 1 - ty) * value;
      }
    }
    return sum;
  }
}
