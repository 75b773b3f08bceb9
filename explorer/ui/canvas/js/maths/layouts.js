/** Codes of many dimensions in a plane, and the way back where there is one. No DOM. */
import { nearestCodes } from "./nearest.js";

/**
 * Codes on the principal plane.
 * @param {Float32Array} mu (N, D) flat
 * @param {{axes: number[][], mean: number[]}} plane (2, D) and (D,)
 * @returns {Float32Array} (N, 2) flat
 */
export function principalPoints(mu, { axes, mean }) {
  const dims = mean.length;
  const count = mu.length / dims;
  const points = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let j = 0; j < dims; j++) sum += (mu[n * dims + j] - mean[j]) * axes[axis][j];
      points[2 * n + axis] = sum;
    }
  }
  return points;
}

/** The code at a point of the principal plane: mean + x * first axis + y * second axis. */
export function principalCode({ axes, mean }, x, y) {
  return mean.map((value, j) => value + x * axes[0][j] + y * axes[1][j]);
}

/** Two of the dimensions themselves. @returns {Float32Array} (N, 2) flat */
export function rawPoints(mu, dims, [first, second]) {
  const count = mu.length / dims;
  const points = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    points[2 * n] = mu[n * dims + first];
    points[2 * n + 1] = mu[n * dims + second];
  }
  return points;
}

/** The mean of some codes. @param {number[]} indices @returns {number[]} D numbers */
export function meanCode(mu, dims, indices) {
  const mean = new Array(dims).fill(0);
  for (const n of indices) {
    for (let j = 0; j < dims; j++) mean[j] += mu[n * dims + j] / indices.length;
  }
  return mean;
}

/** The `count` codes nearest to code `index`, itself left out, in any space they lie in. */
export function neighboursOf(points, dims, index, count) {
  const own = points.subarray(index * dims, (index + 1) * dims);
  return nearestCodes(points, own, count + 1)
    .map((found) => found.index)
    .filter((n) => n !== index)
    .slice(0, count);
}
