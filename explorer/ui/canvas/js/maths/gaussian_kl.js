/** KL(q || p) of two Gaussians of one dimension: exactly, and estimated from samples. No DOM. */

/** log(s_p / s_q) + (s_q^2 + (m_q - m_p)^2) / (2 s_p^2) - 1/2, in nats. */
export function klBetweenGaussians(muQ, sigmaQ, muP, sigmaP) {
  const ratio = (sigmaQ * sigmaQ + (muQ - muP) ** 2) / (sigmaP * sigmaP);
  return Math.log(sigmaP / sigmaQ) + 0.5 * (ratio - 1);
}

/** Its special case p = N(0, 1): (mu^2 + sigma^2 - 1 - log sigma^2) / 2. */
export function klFromStandardNormal(mu, sigma) {
  return 0.5 * (mu * mu + sigma * sigma - 1 - 2 * Math.log(sigma));
}

/** Deviation of log q(z) - log p(z), which is a quadratic in the noise, from one sample. */
export function klSampleDeviation(muQ, sigmaQ, muP, sigmaP) {
  const linear = (sigmaQ * (muQ - muP)) / sigmaP ** 2;
  const quadratic = 0.5 * ((sigmaQ / sigmaP) ** 2 - 1);
  return Math.sqrt(linear ** 2 + 2 * quadratic ** 2);
}

/**
 * Means of log q(z) - log p(z) over `samples` each.
 * @param {Float32Array} noise standard normal, at least estimates * samples
 * @returns {Float64Array} `estimates` of them
 */
export function klEstimates([muQ, sigmaQ, muP, sigmaP], samples, estimates, noise) {
  const found = new Float64Array(estimates);
  const constant = Math.log(sigmaP / sigmaQ);
  for (let n = 0; n < estimates; n++) {
    let sum = 0;
    for (let i = n * samples; i < (n + 1) * samples; i++) {
      const e = noise[i];
      const u = (muQ + sigmaQ * e - muP) / sigmaP;
      sum += 0.5 * (u * u - e * e);
    }
    found[n] = constant + sum / samples;
  }
  return found;
}
