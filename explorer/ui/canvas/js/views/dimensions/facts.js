/** What the page 'Dimensions' says: its code in words, its numbers as rows. */
import { dimensionName } from "./sliders.js";

const NAMED_MOVES = 3; // more dimensions than that are not named

/** In words where a page's current code comes from. @param {DimensionsPage} page */
export function wordsOfCode({ startKind, digitIndex, model, base, z, order, drawn, found }) {
  if (found?.code === z.join()) return found.words;
  const from = {
    digit: `Test digit ${digitIndex}, a ${model.labels[digitIndex]}`,
    prior: "A sample of the prior",
    mean: "The mean, z = 0",
    drawn: drawn ? "Your drawing" : "Nothing drawn here yet",
  }[startKind];
  const moved = order.filter((dim) => z[dim] !== base[dim]);
  if (moved.length === 0) return from;
  if (moved.length > NAMED_MOVES) return `${from}, moved`;
  return `${from}, moved along ${moved.map(dimensionName).join(", ")}`;
}

function codeMapNumbers({ codes, model }) {
  const { kind, points } = codes;
  const rows = Array.from(model.labels, (label, n) => [
    n, label, points[2 * n], points[2 * n + 1], ...model.code(n),
  ]);
  const means = Array.from({ length: model.dims }, (_, j) => `mu_${j + 1}`);
  return { header: ["test_digit", "class", `${kind}_1`, `${kind}_2`, ...means], rows };
}

/** @param {DimensionsPage} page @returns {{header: string[], rows: Array[]}} for a CSV file */
export function dimensionNumbers(page) {
  if (page.tab === "map" && page.codes.points) return codeMapNumbers(page);
  const posterior = page.startPosterior();
  const rows = page.dimensions.map(({ dim, kl, isActive }) => [
    dim + 1,
    kl,
    isActive,
    page.changes ? page.changes[dim] : "",
    page.z[dim],
    posterior ? posterior.mu[dim] : "",
    posterior ? posterior.sd[dim] : "",
  ]);
  const header = ["dimension", "kl_nats", "active", "pixel_change_grey_levels", "z"];
  return { header: [...header, "posterior_mean", "posterior_sd"], rows };
}
