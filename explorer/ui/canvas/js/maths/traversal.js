/** Moving one dimension of a code at a time: order, steps and what they change. No DOM. */

/** A traversal goes from -3 to 3 prior sigmas, which hold 99.7 % of the prior. */
export const TRAVERSAL_SIGMA = 3;
export const TRAVERSAL_STEPS = 9;

const CODE_DECIMALS = 1e3; // of a code: short in a link, and finer than any eye

/** A code as the link says it, to three decimals, so that both decode to the same picture. */
export function roundedCode(z) {
  return Array.from(z, (value) => Math.round(value * CODE_DECIMALS) / CODE_DECIMALS + 0);
}

/** Dimensions by falling KL; equal ones keep their order. @param {number[]} kl nats each */
export function orderByKl(kl) {
  return kl.map((_, dim) => dim).sort((a, b) => kl[b] - kl[a]);
}

/** The values that a traversed dimension takes, in prior sigmas. */
export function traversalValues() {
  const middle = (TRAVERSAL_STEPS - 1) / 2;
  return Array.from(
    { length: TRAVERSAL_STEPS },
    (_, n) => ((n - middle) / middle) * TRAVERSAL_SIGMA,
  );
}

/**
 * The codes of a traversal: each dimension in turn takes each value, the others stay.
 * @param {number[]} z the current code, D numbers
 * @returns {Float32Array} (D * TRAVERSAL_STEPS, D) flat
 */
export function traversalPoints(z) {
  const [dims, values] = [z.length, traversalValues()];
  const points = new Float32Array(dims * values.length * dims);
  for (let dim = 0; dim < dims; dim++) {
    values.forEach((value, n) => {
      const start = (dim * values.length + n) * dims;
      points.set(z, start);
      points[start + dim] = value;
    });
  }
  return points;
}

/**
 * What each traversal changes: the mean over pixels of the difference between its two ends.
 * @param {Uint8Array} greys (rows, steps, pixels) grey levels 0..255
 * @returns {number[]} grey levels, one a row
 */
export function pixelChanges(greys, rows, steps) {
  const pixels = greys.length / (rows * steps);
  return Array.from({ length: rows }, (_, row) => {
    const first = row * steps * pixels;
    const last = first + (steps - 1) * pixels;
    let sum = 0;
    for (let i = 0; i < pixels; i++) sum += Math.abs(greys[last + i] - greys[first + i]);
    return sum / pixels;
  });
}

/** The range of all sliders in prior sigmas: the traversal's, or wide enough for every code. */
export function sliderReach(mu) {
  let most = TRAVERSAL_SIGMA;
  for (let i = 0; i < mu.length; i++) most = Math.max(most, Math.abs(mu[i]));
  return Math.ceil(most);
}
