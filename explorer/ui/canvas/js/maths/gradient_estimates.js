/**
 * The gradient of E[f(z)], z ~ N(mu, sigma^2), estimated in two ways, for functions whose answer is
 * known. The exact values and spreads are closed forms; tests hold them against quadrature.
 *
 * With z = mu + sigma e, a square is a polynomial in e, whose even moments are 1, 3, 15 and 105; a
 * sine's are the characteristic function exp(-t^2 / 2) and its derivatives at t = 2 sigma. No DOM.
 */

/** Exact gradient, and both estimators' variances from one sample, of f(z) = z^2 + level. */
function squareFacts(level, mu, sigma) {
  const [a, b, d] = [mu * mu + level, 2 * mu * sigma, sigma * sigma]; // f = a + b e + d e^2
  const mixed = b * b + 2 * a * d;
  const exact = { mu: 2 * mu, sigma: 2 * sigma };
  const variance = sigma * sigma;
  return {
    exact,
    score: {
      mu: (a * a + 3 * mixed + 15 * d * d) / variance - exact.mu ** 2,
      sigma: (2 * a * a + 10 * mixed + 78 * d * d) / variance - exact.sigma ** 2,
    },
    path: { mu: 4 * variance, sigma: 4 * mu * mu + 8 * variance },
  };
}

/** The same of f(z) = sin z. */
function sineFacts(mu, sigma) {
  const fade = Math.exp((-sigma * sigma) / 2);
  const exact = { mu: Math.cos(mu) * fade, sigma: -sigma * Math.sin(mu) * fade };
  const t2 = 4 * sigma * sigma;
  const wave = Math.cos(2 * mu) * Math.exp(-t2 / 2); // E[cos 2z]
  return {
    exact,
    score: {
      mu: (1 - wave * (1 - t2)) / 2 / sigma ** 2 - exact.mu ** 2,
      sigma: (2 - wave * (t2 * t2 - 4 * t2 + 2)) / 2 / sigma ** 2 - exact.sigma ** 2,
    },
    path: {
      mu: (1 + wave) / 2 - exact.mu ** 2,
      sigma: (1 + wave * (1 - t2)) / 2 - exact.sigma ** 2,
    },
  };
}

/** The functions that can be chosen: value, slope, and `facts(mu, sigma)` as above. */
export const GRADIENT_FUNCTIONS = {
  square: {
    name: "z²",
    value: (z) => z * z,
    slope: (z) => 2 * z,
    facts: (mu, sigma) => squareFacts(0, mu, sigma),
  },
  raised: {
    name: "z² + 10",
    value: (z) => z * z + 10,
    slope: (z) => 2 * z,
    facts: (mu, sigma) => squareFacts(10, mu, sigma),
  },
  sine: { name: "sin z", value: Math.sin, slope: Math.cos, facts: sineFacts },
};

/** What is known of both estimators: the truth, and the deviation of the mean of `samples`. */
export function exactGradient(kind, mu, sigma, samples) {
  const { exact, score, path } = GRADIENT_FUNCTIONS[kind].facts(mu, sigma);
  const deviations = ({ mu: ofMu, sigma: ofSigma }) => ({
    mu: Math.sqrt(Math.max(0, ofMu) / samples),
    sigma: Math.sqrt(Math.max(0, ofSigma) / samples),
  });
  return { exact, score: deviations(score), path: deviations(path) };
}

/**
 * Estimates of one derivative from the same noise, both ways.
 * @param {Float32Array} noise standard normal, at least estimates * samples
 * @param {"mu" | "sigma"} by what is differentiated by
 * @returns {{score: Float64Array, path: Float64Array}} `estimates` of each
 */
export function gradientEstimates(kind, { mu, sigma, by, samples, estimates }, noise) {
  const { value, slope } = GRADIENT_FUNCTIONS[kind];
  const score = new Float64Array(estimates);
  const path = new Float64Array(estimates);
  const isMu = by === "mu";
  for (let n = 0; n < estimates; n++) {
    let ofScore = 0;
    let ofPath = 0;
    for (let i = n * samples; i < (n + 1) * samples; i++) {
      const e = noise[i];
      const z = mu + sigma * e;
      ofScore += value(z) * (isMu ? e : e * e - 1);
      ofPath += slope(z) * (isMu ? 1 : e);
    }
    score[n] = ofScore / sigma / samples;
    path[n] = ofPath / samples;
  }
  return { score, path };
}
