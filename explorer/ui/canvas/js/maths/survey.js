/** The neighbourhoods of many test digits, as Python's `survey` judges them. No DOM. */

/**
 * What they have in common.
 * @param {{digits: number[], kept: ?number[][], offShares: number[][]}} survey `kept` with null for
 *   a digit whose own picture is read as no digit
 * @returns {{digits: number, classed: number, kept: ?number[], off: number[]}} how many digits
 *   there are and how many of them have a class, and the mean shares a radius; `kept` is of those
 *   with a class, null where there is none
 */
export function averageAround({ digits, kept, offShares }) {
  const classed = kept.filter((row) => row !== null);
  return {
    digits: digits.length,
    classed: classed.length,
    kept: classed.length ? meanRow(classed) : null,
    off: meanRow(offShares),
  };
}

/**
 * The test digit whose neighbourhoods are most like the average: of those whose picture is
 * recognised as their own class the one with the least squared distance of `kept` from the mean,
 * over all models that recognise any.
 * @param {Object[]} surveys a model each, of the same digits, with `own` beside what
 *   `averageAround` takes
 * @returns {?number} null where no digit is recognised in all of these models
 */
export function typicalDigit(surveys) {
  const judged = surveys.filter(({ own }) => own.some(Boolean));
  if (judged.length === 0) return null;
  const means = judged.map((survey) => averageAround(survey).kept);
  let best = null;
  let least = Infinity;
  judged[0].digits.forEach((digit, n) => {
    if (!judged.every(({ own }) => own[n])) return;
    const distances = judged.map(({ kept }, m) => squaredDistance(kept[n], means[m]));
    const distance = distances.reduce((sum, d) => sum + d, 0);
    if (distance < least) [best, least] = [digit, distance];
  });
  return best;
}

function meanRow(rows) {
  return rows[0].map((_, n) => rows.reduce((sum, row) => sum + row[n], 0) / rows.length);
}

function squaredDistance(a, b) {
  return a.reduce((sum, value, n) => sum + (value - b[n]) ** 2, 0);
}
