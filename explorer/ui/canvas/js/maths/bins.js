/** How numbers spread: mean, standard deviation and counts by bin. No DOM. */

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** Mean and standard deviation (of a sample: over n - 1). @param {Float64Array} values */
export function meanAndDeviation(values) {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * Counts in bins of equal width.
 * @param {Float64Array} values
 * @param {[number, number]} range the first bin's lower end and the last one's upper end
 * @returns {{counts: Uint32Array, below: number, above: number}} with how many lie outside
 */
export function binCounts(values, [low, high], bins) {
  const counts = new Uint32Array(bins);
  const share = bins / (high - low);
  let below = 0;
  let above = 0;
  for (const value of values) {
    if (value < low) below++;
    else if (value > high) above++;
    else counts[Math.min(bins - 1, Math.floor((value - low) * share))]++;
  }
  return { counts, below, above };
}

/** The least round number (1, 1.5, 2, 3 ... times a power of ten) that is not below `value`. */
export function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ROUND.find((m) => m * power >= value * (1 - 1e-9));
}
