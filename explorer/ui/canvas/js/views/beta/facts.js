/** The page 'Beta' in words and numbers: a list to be read out, and a table to be saved. */
import { nearestMember, valueAt } from "../../maths/interpolation.js";
import { formatNumber, formatShare } from "../../maths/scales.js";

const MEASURE_COLUMNS = [
  ["recognised", "recognised"],
  ["recognised_low", "recognisedLow"],
  ["recognised_high", "recognisedHigh"],
  ["largest_step_median", "step"],
  ["largest_step_p95", "stepHigh"],
  ["information", "information"],
];

/** A number as subscript digits. */
export function subscriptOf(number) {
  return String(number).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}

/** What is shown at a position: the beta, where positions and pictures come from, a caption. */
export function filmWords(film, frame, position, nearest) {
  const { betas } = film;
  const beta = valueAt(betas, position);
  const isTrained = Number.isInteger(position);
  const [low, high] = [betas[frame.low], betas[frame.high]];
  const written = isTrained ? String(beta) : formatNumber(beta, beta < 1 ? 2 : 1);
  let said =
    `Positions between \u03b2 ${low} and ${high} are interpolated. ` +
    `Pictures: trained member \u03b2 ${betas[nearest]}.`;
  if (frame.low === frame.high) {
    const isHere = isTrained && low === beta;
    said = isHere ? "A model trained at this \u03b2." : `Still loading; this is the model of \u03b2 ${low}.`;
  }
  const names = film.axes.map((axis) => `z${subscriptOf(axis + 1)}`).join(" and ");
  const plane = film.dims > 2 ? ` of ${names}` : "";
  const caption = `Manifold${plane}, decoded by \u03b2 ${betas[nearest]}`;
  return { written: `\u03b2 = ${written}`, said, caption };
}

/**
 * Where the last unit dies, as trained and by theory.
 * @param {?Object} prediction as Python sends it
 * @returns {{measured: string, predicted?: string}}
 */
export function lastUnit(members, prediction) {
  const dead = members.findIndex((member) => member.activeUnits === 0);
  const betas = members.map(({ source }) => source.beta);
  const measured = dead > 0
    ? `last unit dies at \u03b2 ${betas[dead - 1]} to ${betas[dead]}`
    : "no member has lost all units";
  if (!prediction) return { measured };
  const [last] = prediction.thresholds;
  const errors = members.map((m, n) => Math.abs(prediction.activeUnits[n] - m.activeUnits));
  const worst = Math.max(...errors);
  const isRight = worst === 0;
  const said = isRight
    ? "right for every member"
    : `right for ${errors.filter((error) => error === 0).length} of ${members.length}, ` +
      `off by up to ${worst} at \u03b2 ${betas[errors.indexOf(worst)]}`;
  return { measured, predicted: `last unit dies at \u03b2 ${formatNumber(last, 1)}; ${said}` };
}

/** What the page shows at a position, as sentences. */
export function filmFacts(film, position, bars, prediction) {
  const { members, betas } = film;
  const at = (key) => formatNumber(valueAt(members.map((m) => m[key]), position), 2);
  const nearest = nearestMember(position);
  const facts = [
    `\u03b2 ${formatNumber(valueAt(betas, position), 2)}; nearest trained: ${betas[nearest]}`,
    `Reconstruction ${at("reconstruction")} nats, KL ${at("kl")} nats`,
    `Active units of the nearest member: ${members[nearest].activeUnits} of ${film.dims}`,
  ];
  if (prediction) {
    facts.push(
      `Active units predicted there: ${prediction.activeUnits[nearest]}`,
      `A collapsed model's reconstruction: ${formatNumber(prediction.collapsed, 2)} nats`,
    );
  }
  if (members[nearest].measures) {
    const { recognised, step, information } = members[nearest].measures;
    const walk = step === null ? "no change on most walks" : `largest step of a walk ${formatShare(step)}`;
    facts.push(
      `Of the nearest member: ${formatShare(recognised)} of the prior's samples recognised, ` +
        `${walk}, information ${formatNumber(information, 2)} nats`,
    );
  }
  const dimensions = bars.values.map((value, j) => {
    return `z${j + 1} ${formatNumber(value, 2)} ${bars.isActive[j] ? "active" : "dead"}`;
  });
  return [...facts, `KL per dimension, nats: ${dimensions.join(", ")}`];
}

/** A member's measures, empty where it has none or nothing changes. */
function measuresOf({ measures }) {
  return MEASURE_COLUMNS.map(([, key]) => measures?.[key] ?? "");
}

/** One row a trained member. */
export function filmTable(members, prediction) {
  const dims = [...members[0].klPerDimension.keys()];
  const header = [
    "beta", "reconstruction", "kl", "negative_elbo", "active_units", "predicted_active_units",
    ...MEASURE_COLUMNS.map(([name]) => name),
    ...dims.map((j) => `kl_${j + 1}`), ...dims.map((j) => `var_mu_${j + 1}`),
  ];
  const rows = members.map((m, n) => [
    m.source.beta, m.reconstruction, m.kl, m.reconstruction + m.kl, m.activeUnits,
    prediction ? prediction.activeUnits[n] : "", ...measuresOf(m), ...m.klPerDimension,
    ...m.codeVariance,
  ]);
  return { header, rows };
}
