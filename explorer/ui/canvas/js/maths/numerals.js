/** Where the classes' numerals stand on a map, so that none covers another. No DOM, pixels. */

/** The room that a numeral takes, in shares of its size: across and down. */
const NUMERAL_ROOM = [0.72, 0.92];

/** Where a numeral stands beside its median, if another has taken that place: in such rooms. */
const NUMERAL_SHIFTS = [
  [0, 0], [1, 0], [-1, 0], [0, -1], [0, 1], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8],
];

/** Medians of all classes that lie this close together, in shares of a numeral's size, are one. */
const COINCIDENCE = 0.75;

/**
 * A numeral at each median, or at its side where another is there already; one that finds no room
 * is left out, for the legend says its colour, too.
 * @param {{label: number, x: number, y: number}[]} medians of the classes
 * @param {number} size height of a numeral
 * @returns {{label: number, x: number, y: number}[]} the middles of the numerals that have room
 */
export function placeNumerals(medians, size) {
  const [across, down] = NUMERAL_ROOM.map((share) => share * size);
  const placed = [];
  for (const { label, x, y } of medians) {
    const places = NUMERAL_SHIFTS.map(([right, under]) => [x + right * across, y + under * down]);
    const free = places.find(([px, py]) =>
      placed.every((other) => {
        const gaps = [Math.abs(px - other.x) / across, Math.abs(py - other.y) / down];
        return Math.max(...gaps) > 0.999; // side by side is beside
      }),
    );
    if (free) placed.push({ label, x: free[0], y: free[1] });
  }
  return placed;
}

/**
 * The one place where the medians of all classes lie, as they do after a collapse, or null.
 * @param {{x: number, y: number}[]} medians
 * @param {number} size height of a numeral
 * @returns {?[number, number]} their middle
 */
export function commonPlace(medians, size) {
  if (medians.length < 3) return null;
  const ranges = ["x", "y"].map((axis) => {
    const values = medians.map((median) => median[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  if (ranges.some(([low, high]) => high - low > COINCIDENCE * size)) return null;
  return ranges.map(([low, high]) => (low + high) / 2);
}
