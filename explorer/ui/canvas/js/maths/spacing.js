/**
 * How far apart codes lie, and with it what counts as near to one. No DOM.
 *
 * A point is off the distribution where the nearest code is further than the reach:
 *
 *     reach = max(99th percentile of the distance from a code to its nearest neighbour,
 *                 2 x the median standard deviation of the codes' posteriors)
 *
 * The first is the codes' own spacing: hardly a code is as lonely as such a point. The second
 * counts where posteriors are wide against it: the decoder has been trained on samples of the posteriors,
 * not on their means, so that after a collapse, when all codes lie in one dot, the prior's 2 sigma
 * circle is known ground. Both are distances in the plane, the same for every direction.
 */

const SPACING_PERCENTILE = 0.99;
const POSTERIOR_SIGMAS = 2;

/** The number below which a share of the sorted numbers lies, interpolated as numpy's quantile. */
function interpolatedQuantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (place % 1) * (high - low);
}

function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/**
 * The distance from each point of the plane to the nearest other one.
 *
 * The points are put in order along the axis they spread on: a search ends where the difference on
 * that axis alone exceeds the best distance.
 * @param {Float32Array} points (N, 2) flat, N at least 2
 * @returns {Float32Array} N distances, in the order of that axis
 */
export function neighbourDistances(points) {
  const [xs, ys] = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis));
  const [along, across] = spread(xs) >= spread(ys) ? [xs, ys] : [ys, xs];
  const order = Uint32Array.from(along.keys()).sort((i, j) => along[i] - along[j]);
  const a = Float64Array.from(order, (i) => along[i]);
  const b = Float64Array.from(order, (i) => across[i]);
  return Float32Array.from(a, (_, n) => {
    let best = Infinity;
    for (const step of [-1, 1]) {
      for (let m = n + step; m >= 0 && m < a.length; m += step) {
        const ahead = (a[m] - a[n]) ** 2;
        if (ahead >= best) break;
        best = Math.min(best, ahead + (b[m] - b[n]) ** 2);
      }
    }
    return Math.sqrt(best);
  });
}

/**
 * The distance from the nearest code beyond which a point is off the distribution; see above.
 * @param {Float32Array} points (N, 2) flat codes
 * @param {Float32Array} logvar (N, 2) flat, their posteriors'
 */
export function reachOf(points, logvar) {
  const spacing = interpolatedQuantile(neighbourDistances(points).sort(), SPACING_PERCENTILE);
  const sigma = Math.exp(interpolatedQuantile(logvar.slice().sort(), 0.5) / 2);
  return Math.max(spacing, POSTERIOR_SIGMAS * sigma);
}
