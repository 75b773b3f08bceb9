/**
 * The test digit whose code a map opens on: one amidst its own class, decoded sharply. No DOM.
 */
import { nearestCodes } from "./nearest.js";

const OPENING_CANDIDATES = 200; // test digits, evenly spaced
const OPENING_NEIGHBOURS = [8, 40]; // codes around one, of its class if it lies amidst that:
const NEIGHBOURS_SHARE = 0.01; // of all codes
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

/**
 * Index of the test digit to begin with.
 * @param {LatentModel} model of two dimensions
 */
export function openingDigit(model) {
  const [fewest, most] = OPENING_NEIGHBOURS;
  const neighbours = Math.min(most, Math.max(fewest, Math.round(NEIGHBOURS_SHARE * model.count)));
  const step = Math.max(1, Math.floor(model.count / OPENING_CANDIDATES));
  const candidates = [];
  for (let index = 0; index < model.count; index += step) {
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
