/**
 * A density of two humps, and the Gaussian closest to it in either direction of KL. No DOM.
 *
 * `humps` is {weight, means: [m1, m2], sigmas: [s1, s2]}, the weight that of the first. Integrals
 * over q are sums over points of N(0, 1) that stay, so that the sum's own derivatives are exact.
 */

const LOG_ROOT_2PI = 0.5 * Math.log(2 * Math.PI);
const REACH_SIGMA = 7; // beyond it a Gaussian holds 3e-12 of its mass
const SEARCH_POINTS = 449; // 1/32 sigma apart
const FINE_POINTS = 3585; // 1/256 sigma apart: between far, narrow humps log p has a sharp bend
const ENTROPY_POINTS = 1601;
const MOST_STEPS = 60;
const STEEP = 1e-8; // a gradient below this is flat
const SAME_FIT = 1e-3; // in mu and log sigma

/** Points of N(0, 1) and their weights, whose sum is 1. */
function normalPoints(count) {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    points[i] = REACH_SIGMA * ((2 * i) / (count - 1) - 1);
    weights[i] = Math.exp(-0.5 * points[i] ** 2);
    sum += weights[i];
  }
  for (let i = 0; i < count; i++) weights[i] /= sum;
  return { points, weights };
}

const searchGrid = normalPoints(SEARCH_POINTS);
const fineGrid = normalPoints(FINE_POINTS);

/** log of one weighted hump at z. */
function logHump(share, mean, sigma, z) {
  const u = (z - mean) / sigma;
  return Math.log(share) - 0.5 * u * u - Math.log(sigma) - LOG_ROOT_2PI;
}

/** log p(z), finite far outside the humps as well. */
export function logTwoHumps({ weight, means, sigmas }, z) {
  const one = logHump(weight, means[0], sigmas[0], z);
  const two = logHump(1 - weight, means[1], sigmas[1], z);
  return Math.max(one, two) + Math.log1p(Math.exp(-Math.abs(one - two)));
}

/** Mean and standard deviation of the density: what the forward fit takes over. */
export function momentsOfHumps({ weight, means, sigmas }) {
  const shares = [weight, 1 - weight];
  const mu = shares[0] * means[0] + shares[1] * means[1];
  const variance = shares.reduce(
    (sum, share, k) => sum + share * (sigmas[k] ** 2 + (means[k] - mu) ** 2),
    0,
  );
  return { mu, sigma: Math.sqrt(variance) };
}

/** E_p[log p], by the trapezoid rule. */
function negativeEntropy(humps) {
  const ends = [-1, 1].map((side) => humps.means.map((m, k) => m + side * 8 * humps.sigmas[k]));
  const [low, high] = [Math.min(...ends[0]), Math.max(...ends[1])];
  // A narrow hump far from the other needs points of its own scale.
  const scale = Math.min(...humps.sigmas) / 16;
  const count = Math.max(ENTROPY_POINTS, Math.ceil((high - low) / scale));
  const step = (high - low) / (count - 1);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const log = logTwoHumps(humps, low + i * step);
    sum += Math.exp(log) * log;
  }
  return sum * step;
}

/** KL(p || q): the entropy of p, and E_p[-log q] in closed form. */
export function forwardKl(humps, { mu, sigma }) {
  const { mu: mean, sigma: deviation } = momentsOfHumps(humps);
  const square = (deviation ** 2 + (mean - mu) ** 2) / sigma ** 2;
  return negativeEntropy(humps) + LOG_ROOT_2PI + Math.log(sigma) + 0.5 * square;
}

function reverseOn({ points, weights }, humps, mu, sigma) {
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    sum += weights[i] * logTwoHumps(humps, mu + sigma * points[i]);
  }
  return -Math.log(sigma) - LOG_ROOT_2PI - 0.5 - sum;
}

/** KL(q || p). */
export function reverseKl(humps, { mu, sigma }) {
  return reverseOn(fineGrid, humps, mu, sigma);
}

/** Gradient and second derivatives of KL(q || p) in mu and log sigma. */
function reverseSlopes(humps, mu, sigma) {
  const { weight, means, sigmas } = humps;
  const { points, weights } = searchGrid;
  const [precision1, precision2] = sigmas.map((s) => 1 / (s * s));
  const out = { m: 0, l: -1, mm: 0, ml: 0, ll: 0 };
  for (let i = 0; i < points.length; i++) {
    const shift = sigma * points[i];
    const z = mu + shift;
    const one = logHump(weight, means[0], sigmas[0], z);
    const two = logHump(1 - weight, means[1], sigmas[1], z);
    const first = 1 / (1 + Math.exp(two - one)); // the share of the first hump at z
    const pull1 = (means[0] - z) * precision1;
    const pull2 = (means[1] - z) * precision2;
    const slope = first * pull1 + (1 - first) * pull2;
    const bend =
      first * (pull1 * pull1 - precision1) +
      (1 - first) * (pull2 * pull2 - precision2) -
      slope * slope;
    const w = weights[i];
    out.m -= w * slope;
    out.l -= w * slope * shift;
    out.mm -= w * bend;
    out.ml -= w * bend * shift;
    out.ll -= w * (bend * shift * shift + slope * shift);
  }
  return out;
}

/** The lesser eigenvalue of the second derivatives: positive at a minimum. */
function leastBend({ mm, ml, ll }) {
  return (mm + ll) / 2 - Math.hypot((mm - ll) / 2, ml);
}

/** Newton's way downhill from a start; null where it ends on a saddle. */
function descend(humps, start) {
  let { mu, sigma } = start;
  let here = reverseOn(searchGrid, humps, mu, sigma);
  let slopes = reverseSlopes(humps, mu, sigma);
  for (let n = 0; n < MOST_STEPS && Math.hypot(slopes.m, slopes.l) > STEEP; n++) {
    const lift = Math.max(0, 0.1 - leastBend(slopes)); // so that every step goes down
    const [mm, ll, ml] = [slopes.mm + lift, slopes.ll + lift, slopes.ml];
    const scale = mm * ll - ml * ml;
    let stepMu = (-ll * slopes.m + ml * slopes.l) / scale;
    let stepLog = (ml * slopes.m - mm * slopes.l) / scale;
    const shrink = Math.min(1, sigma / Math.abs(stepMu), 0.7 / Math.abs(stepLog));
    stepMu *= shrink;
    stepLog *= shrink;
    let share = 1;
    let next = reverseOn(searchGrid, humps, mu + stepMu, sigma * Math.exp(stepLog));
    while (next > here && share > 1e-6) {
      share /= 2;
      next = reverseOn(searchGrid, humps, mu + share * stepMu, sigma * Math.exp(share * stepLog));
    }
    if (next > here) break; // as low as the numbers can tell
    mu += share * stepMu;
    sigma *= Math.exp(share * stepLog);
    here = next;
    slopes = reverseSlopes(humps, mu, sigma);
  }
  return leastBend(slopes) > 0 ? { mu, sigma } : null;
}

function withDivergences(humps, fit) {
  return { ...fit, forward: forwardKl(humps, fit), reverse: reverseKl(humps, fit) };
}

/** The Gaussian with the least KL(p || q): same mean, same deviation. */
export function forwardFit(humps) {
  return withDivergences(humps, momentsOfHumps(humps));
}

/**
 * Local minima of KL(q || p), the least first, found from either hump and from the forward fit.
 * @returns {{mu: number, sigma: number, forward: number, reverse: number}[]}
 */
export function reverseFits(humps) {
  const { means, sigmas } = humps;
  const starts = [0, 1].map((k) => ({ mu: means[k], sigma: sigmas[k] }));
  const found = [];
  for (const start of [...starts, momentsOfHumps(humps)]) {
    const fit = descend(humps, start);
    const isSame = (other) =>
      Math.abs(other.mu - fit.mu) < SAME_FIT &&
      Math.abs(Math.log(other.sigma / fit.sigma)) < SAME_FIT;
    if (fit && !found.some(isSame)) found.push(fit);
  }
  return found
    .map((fit) => withDivergences(humps, fit))
    .sort((a, b) => a.reverse - b.reverse);
}
