/** The -ELBO of one image from single samples of q(z|x), in two ways. No DOM. */
import { logLikelihoods } from "./likelihood.js";
import { uniforms } from "./random.js";

/**
 * One estimate a sample, in nats; the mean over L of them is the estimate from L samples.
 * @param {Mlp} decoder
 * @param {{mu: number[], logvar: number[]}} encoded q(z|x)
 * @param {Float32Array} image pixels in [0, 1]
 * @param {Float32Array} noise standard normal, (count, dims) flat
 * @returns {{closed: Float64Array, sampled: Float64Array}} with the KL in closed form, and with the
 *   KL estimated from the same sample
 */
export function elboSamples(decoder, { mu, logvar }, image, noise) {
  const dims = mu.length;
  const points = noise.map((e, i) => mu[i % dims] + Math.exp(0.5 * logvar[i % dims]) * e);
  const nats = logLikelihoods(decoder, points, image).map((value) => -value);
  let kl = 0;
  for (let j = 0; j < dims; j++) kl += 0.5 * (mu[j] ** 2 + Math.expm1(logvar[j]) - logvar[j]);
  const sampled = nats.map((value, n) => {
    let ratio = 0; // log q(z|x) - log p(z)
    for (let j = 0; j < dims; j++) {
      const i = n * dims + j;
      ratio += 0.5 * (points[i] ** 2 - noise[i] ** 2 - logvar[j]);
    }
    return value + ratio;
  });
  return { closed: nats.map((value) => value + kl), sampled };
}

/** Means of `samples` numbers each, taken from a pool by chance. @returns {Float64Array} */
export function meansFromPool(pool, samples, estimates, seed) {
  const uniform = uniforms(seed);
  return Float64Array.from({ length: estimates }, () => {
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += pool[Math.floor(uniform() * pool.length)];
    return sum / samples;
  });
}
