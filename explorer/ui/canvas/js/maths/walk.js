/**
 * A walk through the plane along straight pieces, in equal steps, and how much the picture changes
 * from step to step. No DOM.
 *
 * A change is the Euclidean distance of two pictures' pixel means. Per step of an equal share of
 * the way it can be compared between models whatever the scale of their codes; per unit of z it is
 * what the decoder does to a step of that length.
 */

export const WALK_STEPS = 100; // of the way: a step is one per cent

/** Two pictures coincide where no pixel differs by more: half a grey level, which no screen shows. */
const SAME_PIXEL = 0.5 / 255;

/** Lengths of a path's pieces. @param {number[][]} vertices */
function pieceLengths(vertices) {
  return vertices.slice(1).map(([x, y], n) => Math.hypot(x - vertices[n][0], y - vertices[n][1]));
}

/** Length of the way through some vertices. @param {number[][]} vertices [x, y] each */
export function pathLength(vertices) {
  return pieceLengths(vertices).reduce((sum, length) => sum + length, 0);
}

/** The place where a share (0 to 1) of the way has been gone. @returns {[number, number]} */
export function placeOnPath(vertices, share) {
  const lengths = pieceLengths(vertices);
  let rest = share * pathLength(vertices);
  for (let n = 0; n < lengths.length; n++) {
    if (rest <= lengths[n] && lengths[n] > 0) {
      const [a, b] = [vertices[n], vertices[n + 1]];
      const t = rest / lengths[n];
      return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    }
    rest -= lengths[n];
  }
  return [...vertices.at(-1)];
}

/** Places in equal steps along the way. @returns {Float32Array} (steps + 1, 2) flat */
export function placesOnPath(vertices, steps) {
  const places = new Float32Array(2 * (steps + 1));
  for (let n = 0; n <= steps; n++) places.set(placeOnPath(vertices, n / steps), 2 * n);
  return places;
}

/**
 * How much each step changes the picture.
 * @param {Float32Array} means (steps + 1, pixels) flat, in [0, 1]
 * @returns {Float32Array} (steps,) Euclidean distances
 */
export function stepChanges(means, pixels) {
  return Float32Array.from({ length: means.length / pixels - 1 }, (_, n) => {
    let square = 0;
    for (let i = n * pixels; i < (n + 1) * pixels; i++) {
      square += (means[i + pixels] - means[i]) ** 2;
    }
    return Math.sqrt(square);
  });
}

/**
 * The largest step, and how it compares with all of them.
 * @param {Float32Array} changes (steps,)
 * @returns {{step: number, change: number, mean: number}}
 */
export function largestStep(changes) {
  const change = Math.max(...changes);
  const mean = changes.reduce((sum, value) => sum + value, 0) / changes.length;
  return { step: changes.indexOf(change), change, mean };
}

/**
 * The distance of both end pictures; 0 where they coincide.
 * @param {Float32Array} means as stepChanges takes them
 */
export function endDistance(means, pixels) {
  const last = means.length - pixels;
  let [square, most] = [0, 0];
  for (let i = 0; i < pixels; i++) {
    const difference = Math.abs(means[last + i] - means[i]);
    square += difference ** 2;
    most = Math.max(most, difference);
  }
  return most > SAME_PIXEL ? Math.sqrt(square) : 0;
}

/** A path of few vertices, in equal steps along a line of many. @param {number[][]} line */
export function simplifiedPath(line, vertices) {
  if (line.length <= vertices) return line;
  return Array.from({ length: vertices }, (_, n) => placeOnPath(line, n / (vertices - 1)));
}

/** Vertices from their coordinates, one after another. @param {number[]} numbers */
export function verticesOf(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, n) => numbers.slice(2 * n, 2 * n + 2));
}
