/** Draws from the posteriors q(z|x) of all test digits at once. No DOM. */
import { standardNormals } from "./random.js";

/**
 * One draw a code: mu + exp(logvar / 2) * eps.
 * @param {Float32Array} mu (N, dims) flat
 * @param {Float32Array} logvar (N, dims) flat
 * @param {number} seed of eps: codes of other models with as many entries get the same noise
 * @returns {Float32Array} (N, dims) flat, in the coordinates of mu
 */
export function posteriorSamples(mu, logvar, seed) {
  const eps = standardNormals(mu.length, seed);
  return mu.map((mean, i) => mean + Math.exp(logvar[i] / 2) * eps[i]);
}
