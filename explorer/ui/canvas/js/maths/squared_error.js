/** A Gaussian decoder's nats, and which beta its sigma is. Sums are over pixels. No DOM. */

const LOG_ROOT_TAU = 0.5 * Math.log(2 * Math.PI);

/** Sum of (x - m)^2. */
export function squaredErrorOf(means, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - means[i]) ** 2;
  return sum;
}

/** -log p(x|z) of a Gaussian decoder, split: the weighted error, and what no network can change. */
export function gaussianNats(squaredError, pixels, sigma) {
  const error = squaredError / (2 * sigma * sigma);
  const constant = pixels * (Math.log(sigma) + LOG_ROOT_TAU);
  return { error, constant, sum: error + constant };
}

/** The beta for which factor * SSE / pixels + beta * KL has a Gaussian decoder's minima. */
export function betaOfSigma(sigma, factor = 1, averagedPixels = 1) {
  return (2 * sigma * sigma * factor) / averagedPixels;
}

/** The sigma that a loss factor * SSE / pixels + beta * KL takes for granted. */
export function sigmaOfBeta(beta, factor = 1, averagedPixels = 1) {
  return Math.sqrt((beta * averagedPixels) / (2 * factor));
}
