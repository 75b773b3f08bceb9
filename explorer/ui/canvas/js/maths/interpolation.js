/**
 * Between two trained members of a family: positions, betas, places, ellipses. No DOM.
 *
 * A position counts members: 2.25 is a quarter of the way from the third member to the fourth.
 */

/** The members on either side of a position, and how far it is between them. */
export function bracketOf(position, count) {
  const low = Math.min(Math.floor(position), count - 1);
  const high = Math.min(low + 1, count - 1);
  return { low, high, share: position - low };
}

/** `from` at share 0, `to` at share 1. */
export function mix(from, to, share) {
  return from + (to - from) * share;
}

/** The value at a position of numbers that are known at the members. */
export function valueAt(values, position) {
  const { low, high, share } = bracketOf(position, values.length);
  return mix(values[low], values[high], share);
}

/** The position of a value between rising numbers, such as a beta's; the ends beyond them. */
export function positionOf(rising, value) {
  const last = rising.length - 1;
  if (value <= rising[0]) return 0;
  if (value >= rising[last]) return last;
  const high = rising.findIndex((number) => number >= value);
  return high - 1 + (value - rising[high - 1]) / (rising[high] - rising[high - 1]);
}

/** The number of the nearest member; of two equally near the first. */
export function nearestMember(position) {
  return Math.ceil(position - 0.5);
}

/** Writes the mixture of two arrays of the same length into a third. */
export function mixInto(out, from, to, share) {
  for (let i = 0; i < out.length; i++) out[i] = from[i] + (to[i] - from[i]) * share;
  return out;
}

/** Mixes the numbers of two objects, key by key; other values are the first's. */
export function mixObjects(from, to, share) {
  return Object.fromEntries(
    Object.entries(from).map(([key, value]) => [key, mix(value, to[key], share)]),
  );
}

/**
 * The axes of a Gaussian's ellipse: two perpendicular vectors, one standard deviation long.
 * @param {[number, number, number]} covariance xx, xy, yy
 */
export function ellipseAxes([xx, xy, yy]) {
  const mean = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [long, short] = [Math.sqrt(mean + half), Math.sqrt(Math.max(0, mean - half))];
  return [
    [long * Math.cos(angle), long * Math.sin(angle)],
    [-short * Math.sin(angle), short * Math.cos(angle)],
  ];
}

/** The covariance of axis-aligned variances after a rotation [a, b, c, d]: out = point @ matrix. */
export function rotatedCovariance([first, second], [a, b, c, d]) {
  return [
    a * a * first + c * c * second,
    a * b * first + c * d * second,
    b * b * first + d * d * second,
  ];
}

/**
 * The corners of a falling step curve: how many of the thresholds exceed each beta.
 * @param {number[]} betas rising, at positions 0, 1, 2, ...
 * @returns {[number, number][]} position and count, each step down as two corners
 */
export function stepsOf(betas, thresholds) {
  const falling = [...thresholds].sort((x, y) => y - x);
  const countAbove = (beta) => falling.filter((threshold) => threshold > beta).length;
  const corners = [[0, countAbove(betas[0])]];
  const inside = falling.filter((t) => t > betas[0] && t <= betas.at(-1)).reverse();
  for (const threshold of inside) {
    const position = positionOf(betas, threshold);
    corners.push([position, corners.at(-1)[1]], [position, corners.at(-1)[1] - 1]);
  }
  corners.push([betas.length - 1, countAbove(betas.at(-1))]);
  return corners;
}
