/** The standard normal distribution. No DOM. */

/** The density of N(0, I) in the middle of the plane, its largest. */
export const PRIOR_PEAK = 1 / (2 * Math.PI);

/** Acklam's rational approximation of the quantile function: relative error below 1.2e-9. */
const CENTRE_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const CENTRE_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  1,
];
const TAIL_TOP = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
];
const TAIL_BOTTOM = [
  0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1,
];
const TAIL_SHARE = 0.02425; // beyond it the tail's formula holds

/** A polynomial's value, its coefficients from the highest power down. */
function polynomial(coefficients, x) {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** The value that a standard normal number is below with probability `share`, in (0, 1). */
export function normalQuantile(share) {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < TAIL_SHARE) {
    const q = Math.sqrt(-2 * Math.log(share));
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
  }
  const q = share - 0.5;
  return (q * polynomial(CENTRE_TOP, q * q)) / polynomial(CENTRE_BOTTOM, q * q);
}

/** Density of N(0, I) at z as a share of its peak, which is at 0. */
export function priorShare(z) {
  return Math.exp(-0.5 * z.reduce((sum, value) => sum + value * value, 0));
}
