/** Nearest codes by Euclidean distance, in a latent space of any dimension. No DOM. */

/**
 * @param {Float32Array} mu (N, dims) flat
 * @param {ArrayLike<number>} z dims numbers
 * @returns {{index: number, distance: number}[]} the `count` nearest, nearest first; equal
 *   distances keep the order of the codes
 */
export function nearestCodes(mu, z, count) {
  const dims = z.length;
  const total = mu.length / dims;
  const best = []; // [squared distance, index], nearest first, at most `count`
  for (let n = 0; n < total; n++) {
    let square = 0;
    for (let j = 0; j < dims; j++) square += (mu[n * dims + j] - z[j]) ** 2;
    if (best.length === count && square >= best[count - 1][0]) continue;
    let at = best.length;
    while (at > 0 && best[at - 1][0] > square) at--;
    best.splice(at, 0, [square, n]);
    if (best.length > count) best.pop();
  }
  return best.map(([square, index]) => ({ index, distance: Math.sqrt(square) }));
}
