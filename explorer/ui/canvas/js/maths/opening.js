/**
 * The test digit whose code a map opens on: one amidst its own class, decoded sharply. No DOM.
 */
import { nearestCodes } from "./nearest.js";

const OPENING_CANDIDATES = 200; // test digits, evenly spaced
const OPENING_NEIGHBOURS = [8, 40]; // codes around one, of its class if it lies amidst that:
const NEIGHBOURS_SHARE = 0.01; // of all codes
const MIDDLE = 0.5; // of a class's RMS distance from its mean
const OPENING_DECODED = 40; // candidates with the most neighbours of their class

/**
 * A picture's ink, the sum of its pixels, and the ink's mean brightness, 0 to 1: near 1 where it is
 * white, low where it is blurred grey.
 */
function inkOf(means) {
  let [ink, weighted] = [1e-9, 0];
  for (const mean of means) {
    ink += mean;
    weighted += mean * mean;
  }
  return { ink, sharpness: weighted / ink };
}

/** A test whether a code lies in the middle of its class. */
function innerTest({ mu, labels, count }) {
  const classes = new Map();
  for (let n = 0; n < count; n++) {
    const sums = classes.get(labels[n]) ?? { x: 0, y: 0, squares: 0, size: 0 };
    classes.set(labels[n], sums);
    const [x, y] = [mu[2 * n], mu[2 * n + 1]];
    sums.x += x;
    sums.y += y;
    sums.squares += x * x + y * y;
    sums.size++;
  }
  return (index) => {
    const { x, y, squares, size } = classes.get(labels[index]);
    const [meanX, meanY] = [x / size, y / size];
    const square = squares / size - meanX * meanX - meanY * meanY;
    return (mu[2 * index] - meanX) ** 2 + (mu[2 * index + 1] - meanY) ** 2 <= MIDDLE ** 2 * square;
  };
}

/**
 * Index of the test digit to begin with.
 * @param {LatentModel} model of two dimensions
 */
export function openingDigit(model) {
  const [fewest, most] = OPENING_NEIGHBOURS;
  const neighbours = Math.min(most, Math.max(fewest, Math.round(NEIGHBOURS_SHARE * model.count)));
  const step = Math.max(1, Math.floor(model.count / OPENING_CANDIDATES));
  const some = Array.from({ length: Math.ceil(model.count / step) }, (_, n) => n * step);
  const inner = some.filter(innerTest(model));
  const candidates = [];
  for (const index of inner.length > 0 ? inner : some) {
    const around = nearestCodes(model.mu, model.code(index), neighbours);
    const own = around.filter((code) => model.labels[code.index] === model.labels[index]);
    candidates.push({ index, purity: own.length / around.length });
  }
  candidates.sort((a, b) => b.purity - a.purity);
  const decoded = candidates.slice(0, OPENING_DECODED).map(({ index, purity }) => ({
    index, purity, ...inkOf(model.decode(model.code(index))),
  }));
  const inks = decoded.map(({ ink }) => ink).sort((a, b) => a - b);
  const usual = inks[inks.length >> 1];
  // A 1 is the sharpest of all, and has the least to see.
  const scoreOf = ({ purity, sharpness, ink }) => purity * sharpness * Math.min(1, ink / usual);
  return decoded.reduce((best, one) => (scoreOf(one) > scoreOf(best) ? one : best)).index;
}
