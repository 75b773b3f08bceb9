/**
 * log p(x|z) of one image at many latent points, for a decoder with one Bernoulli logit a pixel.
 *
 * Two points go through a layer together, which reads its weights once for both: a third quicker
 * than one by one. Points that lie together silence the same units, which are skipped. No DOM.
 */

/** Two points' outputs = bias + weight @ input, four inputs at a time. */
function linearOfTwo({ columns, bias, inputs, outputs }, first, second, out, other) {
  out.set(bias);
  other.set(bias);
  const active = [];
  for (let i = 0; i < inputs; i++) if (first[i] !== 0 || second[i] !== 0) active.push(i);
  const whole = active.length - (active.length % 4);
  for (let n = 0; n < whole; n += 4) {
    const [i, j, k, l] = [active[n], active[n + 1], active[n + 2], active[n + 3]];
    const [a, b, c, d] = [first[i], first[j], first[k], first[l]];
    const [e, f, g, h] = [second[i], second[j], second[k], second[l]];
    const [p, q, r, s] = [i * outputs, j * outputs, k * outputs, l * outputs];
    for (let o = 0; o < outputs; o++) {
      const t = columns[p + o];
      const u = columns[q + o];
      const v = columns[r + o];
      const w = columns[s + o];
      out[o] += a * t + b * u + c * v + d * w;
      other[o] += e * t + f * u + g * v + h * w;
    }
  }
  for (let n = whole; n < active.length; n++) {
    const i = active[n];
    const p = i * outputs;
    for (let o = 0; o < outputs; o++) {
      out[o] += first[i] * columns[p + o];
      other[o] += second[i] * columns[p + o];
    }
  }
}

/** -[x log s(l) + (1 - x) log(1 - s(l))] of one pixel, finite for any logit, in nats. */
export function bernoulliTerm(logit, x) {
  return Math.max(logit, 0) - x * logit + Math.log1p(Math.exp(-Math.abs(logit)));
}

/** log p(x|z): minus the Bernoulli cross-entropy, summed over pixels. */
export function bernoulliLogLikelihood(logits, image) {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum -= bernoulliTerm(logits[i], image[i]);
  return sum;
}

/**
 * @param {Mlp} decoder
 * @param {Float32Array} points (n, dims) flat
 * @param {Float32Array} image pixels in [0, 1]
 * @returns {Float64Array} n values of log p(x|z), nats
 */
export function logLikelihoods({ layers, inputs: dims }, points, image) {
  const count = points.length / dims;
  const found = new Float64Array(count);
  const buffers = layers.map(({ outputs }) =>
    [0, 1].map(() => new Float32Array(outputs)),
  );
  const pointAt = (n) => points.subarray(n * dims, (n + 1) * dims);
  for (let n = 0; n < count; n += 2) {
    let current = [pointAt(n), pointAt(Math.min(n + 1, count - 1))];
    layers.forEach((layer, k) => {
      linearOfTwo(layer, ...current, ...buffers[k]);
      current = buffers[k];
      if (k === layers.length - 1) return;
      for (const units of current) {
        for (let i = 0; i < units.length; i++) if (units[i] < 0) units[i] = 0;
      }
    });
    found[n] = bernoulliLogLikelihood(current[0], image);
    if (n + 1 < count) found[n + 1] = bernoulliLogLikelihood(current[1], image);
  }
  return found;
}
