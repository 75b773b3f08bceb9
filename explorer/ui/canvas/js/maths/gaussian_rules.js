/**
 * Expectations over a Gaussian q of two dimensions by two rules that share no points, and what
 * follows from them: the ELBO, and KL(q || p(z|x)). No DOM.
 */
import { klFromStandardNormal } from "./gaussian_kl.js";
import { logPrior } from "./posterior_squares.js";

const HERMITE_NODES = 12; // an axis
const GRID_STEP = 0.6; // sigmas of q
const GRID_SPAN = 4.8; // 2e-6 of q lie beyond
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

/** All pairs of nodes on two axes: noise (n, 2) flat and weights that sum to 1. */
function planeRule(nodes, weights) {
  const noise = nodes.flatMap((a) => nodes.flatMap((b) => [a, b]));
  const products = weights.flatMap((a) => weights.map((b) => a * b));
  const sum = products.reduce((all, weight) => all + weight, 0);
  return { noise, weights: products.map((weight) => weight / sum) };
}

const hermite = hermiteRule(HERMITE_NODES);
const HERMITE = planeRule(hermite.nodes, hermite.weights);

const gridNodes = Array.from(
  { length: 2 * Math.round(GRID_SPAN / GRID_STEP) + 1 },
  (_, n) => n * GRID_STEP - GRID_SPAN,
);
const GRID = planeRule(gridNodes, gridNodes.map((e) => Math.exp(-0.5 * e * e)));

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
export function identityPoints(q) {
  return Float64Array.of(...pointsOf(HERMITE, q), ...pointsOf(GRID, q));
}

/**
 * Both sides of log p(x) = ELBO + KL(q || p(z|x)).
 * @param {{mu: number[], logvar: number[]}} q
 * @param {ArrayLike<number>} logLikelihood at `identityPoints`
 * @param {number} logNormaliser of p(z|x) = p(x, z) / exp(logNormaliser)
 * @returns {{reconstruction: number, kl: number, elbo: number, toPosterior: number}} nats;
 *   reconstruction is E_q[log p(x|z)], kl from the prior, toPosterior KL(q || p(z|x))
 */
export function identityOf(q, logLikelihood, logNormaliser) {
  const count = HERMITE.weights.length;
  let reconstruction = 0;
  HERMITE.weights.forEach((weight, n) => (reconstruction += weight * logLikelihood[n]));
  const kl = priorKl(q).reduce((sum, value) => sum + value, 0);
  const points = pointsOf(GRID, q);
  const [logvar1, logvar2] = q.logvar;
  let toPosterior = logNormaliser;
  GRID.weights.forEach((weight, n) => {
    const [e1, e2] = [GRID.noise[2 * n], GRID.noise[2 * n + 1]];
    const logQ = -Math.log(2 * Math.PI) - 0.5 * (logvar1 + logvar2 + e1 * e1 + e2 * e2);
    const logJoint = logLikelihood[count + n] + logPrior(points[2 * n], points[2 * n + 1]);
    toPosterior += weight * (logQ - logJoint);
  });
  return { reconstruction, kl, elbo: reconstruction - kl, toPosterior };
}
