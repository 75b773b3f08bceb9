/**
 * One pass through a VAE with everything that it computes on the way: activations, q(z|x), z, the
 * decoder's means and the two terms of the loss. No DOM.
 */
import { bernoulliTerm } from "./likelihood.js";

/** Copies of the hidden layers' activations, after ReLU, of the pass that has just been made. */
function hiddenOf(mlp) {
  return mlp.buffers.slice(0, -1).map((buffer) => buffer.slice());
}

/**
 * An image to its posterior.
 * @param {Encoder} encoder
 * @param {Float32Array} image pixels in [0, 1]
 * @returns {{hidden: Float32Array[], mu: Float32Array, logvar: Float32Array, sigma: Float32Array}}
 */
export function encodePass(encoder, image) {
  const { mu, logvar } = encoder.encode(image);
  return { hidden: hiddenOf(encoder.mlp), mu, logvar, sigma: logvar.map((v) => Math.exp(v / 2)) };
}

/** z = mu + sigma * noise. @returns {number[]} */
export function sampledCode({ mu, sigma }, noise) {
  return Array.from(mu, (mean, j) => mean + sigma[j] * noise[j]);
}

/** The noise that gives a code: (z - mu) / sigma. @returns {number[]} */
export function noiseOf({ mu, sigma }, code) {
  return Array.from(mu, (mean, j) => (code[j] - mean) / sigma[j]);
}

/**
 * A code to the picture's means.
 * @param {Mlp} decoder
 * @returns {{hidden: Float32Array[], logits: Float32Array, means: Float32Array}}
 */
export function decodePass(decoder, code) {
  const logits = decoder.forward(Float32Array.from(code)).slice();
  const means = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  return { hidden: hiddenOf(decoder), logits, means };
}

/** -[x log x + (1 - x) log(1 - x)] of one grey pixel: no mean costs it less. */
function greyEntropy(x) {
  return x > 0 && x < 1 ? -x * Math.log(x) - (1 - x) * Math.log(1 - x) : 0;
}

/**
 * The loss of one image and one code, in nats.
 * @returns {{terms: Float64Array, reconstruction: number, floor: number, kl: number[],
 *   klSum: number, loss: number}} terms: the Bernoulli cross-entropy of each pixel; floor: the
 *   entropy of the grey pixels, below which no decoder's reconstruction can be
 */
export function lossOf(logits, image, { mu, logvar }) {
  const terms = Float64Array.from(logits, (logit, i) => bernoulliTerm(logit, image[i]));
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const floor = image.reduce((all, x) => all + greyEntropy(x), 0);
  const kl = Array.from(mu, (m, j) => 0.5 * (m * m + Math.expm1(logvar[j]) - logvar[j]));
  const [reconstruction, klSum] = [sum(terms), sum(kl)];
  return { terms, reconstruction, floor, kl, klSum, loss: reconstruction + klSum };
}
