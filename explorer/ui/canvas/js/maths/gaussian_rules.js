/**
 * Expectations over a Gaussian q of two dimensions by two rules that share no points, and what
 * follows from them: the ELBO, and KL(q || p(z|x)).
 *
 * A narrow q is a smooth place: a Gauss-Hermite rule and a coarse grid. A wide one takes in all the
 * hills and valleys of log p(x|z): two grids whose points are as close as the valleys are. No DOM.
 */
import { klFromStandardNormal } from "./gaussian_kl.js";
import { logPrior } from "./posterior_squares.js";

const HERMITE_NODES = 12; // an axis
const GRID_STEP = 0.6; // sigmas of q
const GRID_SPAN = 4.8; // 2e-6 of q lie beyond
const PLANE_STEP = 0.08; // of a grid on the plane, where q is wide
const ROOT_PIECES = 501; // in each at most one root; odd, so that 0 is in the middle of one
const BISECTIONS = 60;

/** Nodes and weights for N(0, 1): the roots of the Hermite polynomial He_n, by bisection. */
export function hermiteRule(count) {
  // He_k / sqrt(k!) for k = count - 1 and count, whose recurrence does not overflow.
  const polynomials = (x) => {
    let [before, now] = [0, 1];
    for (let k = 0; k < count; k++) {
      [before, now] = [now, (x * now - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
    }
    return [before, now];
  };
  const end = Math.sqrt(4 * count + 2); // beyond all roots
  const nodes = [];
  for (let n = 0; n < ROOT_PIECES; n++) {
    let [low, high] = [n, n + 1].map((m) => end * ((2 * m) / ROOT_PIECES - 1));
    const sign = Math.sign(polynomials(low)[1]);
    if (sign === Math.sign(polynomials(high)[1])) continue;
    for (let step = 0; step < BISECTIONS; step++) {
      const middle = (low + high) / 2;
      if (Math.sign(polynomials(middle)[1]) === sign) low = middle;
      else high = middle;
    }
    nodes.push(low);
  }
  const weights = nodes.map((x) => 1 / (count * polynomials(x)[0] ** 2));
  return { nodes, weights };
}

/** All pairs of two axes' nodes: noise (n, 2) flat and weights that sum to 1. */
function planeRule(first, second) {
  const noise = first.nodes.flatMap((a) => second.nodes.flatMap((b) => [a, b]));
  const products = first.weights.flatMap((a) => second.weights.map((b) => a * b));
  const sum = products.reduce((all, weight) => all + weight, 0);
  return { noise, weights: products.map((weight) => weight / sum) };
}

const HERMITE = hermiteRule(HERMITE_NODES);

/** So many points of N(0, 1) between the limits, or those in the middle between them. */
function gridRule(count, isBetween) {
  const step = (2 * GRID_SPAN) / (count - 1);
  const nodes = Array.from(
    { length: isBetween ? count - 1 : count },
    (_, n) => (isBetween ? n + 0.5 : n) * step - GRID_SPAN,
  );
  return { nodes, weights: nodes.map((e) => Math.exp(-0.5 * e * e)) };
}

/**
 * Both rules for a q so wide, `most` * `most` points each at most: what a narrow axis does not need
 * is left to the other.
 * @returns {{expected: Object, other: Object}} for E_q[log p(x|z)], and for KL(q || p(z|x))
 */
export function identityRules({ logvar }, most) {
  const least = Math.round((2 * GRID_SPAN) / GRID_STEP) + 1;
  const wanted = logvar.map((value) =>
    Math.max(least, Math.ceil((2 * GRID_SPAN * Math.exp(value / 2)) / PLANE_STEP) + 1),
  );
  const axes = wanted.map((points, j) => {
    const count = Math.min(points, Math.floor((most * most) / Math.min(most, wanted[1 - j])));
    if (count <= least) return { expected: HERMITE, other: gridRule(least, false) };
    return { expected: gridRule(count, true), other: gridRule(count, false) };
  });
  return {
    expected: planeRule(axes[0].expected, axes[1].expected),
    other: planeRule(axes[0].other, axes[1].other),
  };
}

/** The points z = mu + sigma * noise of a rule, (n, 2) flat. */
function pointsOf({ noise }, { mu, logvar }) {
  const sigma = [Math.exp(logvar[0] / 2), Math.exp(logvar[1] / 2)];
  return Float64Array.from(noise, (e, i) => mu[i % 2] + sigma[i % 2] * e);
}

/** KL(q || N(0, I)), a number a dimension. */
export function priorKl({ mu, logvar }) {
  return mu.map((value, j) => klFromStandardNormal(value, Math.exp(logvar[j] / 2)));
}

/** Where log p(x|z) must be known for `identityOf`: both rules' points, (n, 2) flat. */
export function identityPoints(q, { expected, other }) {
  const [first, second] = [pointsOf(expected, q), pointsOf(other, q)];
  const points = new Float64Array(first.length + second.length);
  points.set(first);
  points.set(second, first.length);
  return points;
}

/**
 * Both sides of log p(x) = ELBO + KL(q || p(z|x)).
 * @param {{mu: number[], logvar: number[]}} q
 * @param {{expected: Object, other: Object}} rules its `identityRules`
 * @param {ArrayLike<number>} logLikelihood at `identityPoints`
 * @param {number} logNormaliser of p(z|x) = p(x, z) / exp(logNormaliser)
 * @returns {{reconstruction: number, kl: number, elbo: number, toPosterior: number}} nats;
 *   reconstruction is E_q[log p(x|z)], kl from the prior, toPosterior KL(q || p(z|x))
 */
export function identityOf(q, { expected, other }, logLikelihood, logNormaliser) {
  const count = expected.weights.length;
  let reconstruction = 0;
  expected.weights.forEach((weight, n) => (reconstruction += weight * logLikelihood[n]));
  const kl = priorKl(q).reduce((sum, value) => sum + value, 0);
  const points = pointsOf(other, q);
  const [logvar1, logvar2] = q.logvar;
  let toPosterior = logNormaliser;
  other.weights.forEach((weight, n) => {
    const [e1, e2] = [other.noise[2 * n], other.noise[2 * n + 1]];
    const logQ = -Math.log(2 * Math.PI) - 0.5 * (logvar1 + logvar2 + e1 * e1 + e2 * e2);
    const logJoint = logLikelihood[count + n] + logPrior(points[2 * n], points[2 * n + 1]);
    toPosterior += weight * (logQ - logJoint);
  });
  return { reconstruction, kl, elbo: reconstruction - kl, toPosterior };
}
