/**
 * Completeness, continuity and information against beta: three bands above one axis, one marker.
 *
 * Each has its own scale, for they are in different units; read from top to bottom they say what a
 * beta buys and what it costs. None of them means much without the others.
 */
import { mix, bracketOf } from "../../maths/interpolation.js";
import { formatNumber, formatShare } from "../../maths/scales.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { textFont } from "../../parts/sizes.js";

const BANDS_NAMES = {
  testId: "measure-bands",
  label: "Curves: completeness, continuity and information against beta",
};
const BANDS_MARGIN = { left: 44, right: 14, top: 2, bottom: 22 }; // left: at least
const BAND_HEAD_PX = 24; // the name and the value at the marker stand above a curve
const BAND_FOOT_PX = 6;
const BAND_VALUE_PX = 17;
const NARROW_BANDS_PX = 270; // a narrower chart has short names
const BAND_ROOM = 1.15; // times the largest value
const BAND_TEXT_GAP_PX = 6; // between a scale's number and the curve's room
const UNCHANGED_MARK = "\u00d7";
const BAND_TICK_PX = 24; // the room that a written beta takes

const BANDS = [
  {
    key: "recognised",
    name: "Completeness: recognised",
    short: "Recognised",
    write: formatShare,
    ends: ["recognisedLow", "recognisedHigh"], // its 95 % interval
  },
  {
    key: "step",
    name: "Continuity: largest step",
    short: "Largest step",
    write: formatShare,
    ends: ["step", "stepHigh"], // from the median to what 95 % of the walks stay below
  },
  { key: "information", name: "Information, nats", short: "Inform., nats", write: twoDecimals },
];

function twoDecimals(value) {
  return formatNumber(value, 2);
}

/** A number at a position; null where one of both members has none. */
function valueBetween(values, position) {
  const { low, high, share } = bracketOf(position, values.length);
  if (values[low] === null || share === 0) return values[low];
  return values[high] === null ? null : mix(values[low], values[high], share);
}

/** The stretches of members that follow each other and have a number, as arrays of indices. */
function runsOf(values) {
  const runs = [];
  values.forEach((value, k) => {
    if (value === null) return;
    if (k > 0 && values[k - 1] !== null) runs.at(-1).push(k);
    else runs.push([k]);
  });
  return runs;
}

/** The largest of some numbers, leaving out nulls; 0 for none. */
function largestOf(values) {
  return Math.max(0, ...values.filter((value) => value !== null));
}

/** The chart. */
export class MeasureBands {
  constructor(parent) {
    this.chart = new Chart(parent, BANDS_NAMES, { ...BANDS_MARGIN }, {
      curves: (chart, ink) => this.drawCurves(chart, ink),
      marks: (chart, ink) => this.drawMarks(chart, ink),
    });
  }

  /**
   * @param {Object[]} members as Python sends them, all of them measured
   * @param {{real: ?number, informationCap: number}} limits the share of real digits that the judge
   *   recognises, and the largest estimate of information that there can be
   */
  setFamily(members, { real, informationCap }) {
    this.betas = members.map(({ source }) => source.beta);
    this.limits = {
      recognised: { value: real, said: `real digits: ${real === null ? "" : formatShare(real)}` },
      information: { value: informationCap, said: `cap: ${formatNumber(informationCap, 2)}` },
    };
    this.members = members;
    this.bands = BANDS.map((band) => {
      const values = members.map((m) => m.measures[band.key]);
      const ends = members.map((m) => (band.ends ?? []).map((key) => m.measures[key]));
      const top = {
        recognised: 1,
        step: BAND_ROOM * largestOf(ends.flat()) || 1,
        information: informationCap,
      }[band.key];
      const written = band.write === formatShare ? formatShare(top) : formatNumber(top, 1);
      return { ...band, values, intervals: ends, top, written };
    });
    this.chart.setDomain({ x: [0, members.length - 1], y: [0, 1] });
  }

  /** Takes the film's position. */
  move(position) {
    this.position = position;
    if (!this.bands) return;
    const { dataset } = this.chart.layer.canvas;
    dataset.position = String(position);
    for (const { key, values } of this.bands) dataset[key] = valueBetween(values, position) ?? "";
    this.chart.drawMarks();
  }

  /** Top and bottom of a band's curve, pixels. */
  frameOf(n) {
    const height = this.chart.height / BANDS.length;
    const top = this.chart.margin.top + n * height;
    return [top + BAND_HEAD_PX, top + height - BAND_FOOT_PX];
  }

  y(n, value) {
    const [top, bottom] = this.frameOf(n);
    return bottom - Math.min(1, value / this.bands[n].top) * (bottom - top);
  }

  /** Makes room for the scales' numbers. */
  fitMargin({ context, margin }, ink) {
    context.font = textFont(ink, 500);
    const widths = this.bands.map(({ written }) => context.measureText(written).width);
    margin.left = Math.max(BANDS_MARGIN.left, Math.ceil(Math.max(...widths)) + BAND_TEXT_GAP_PX);
  }

  drawCurves(chart, ink) {
    if (!this.bands) return;
    this.fitMargin(chart, ink);
    this.bands.forEach((band, n) => this.drawBand(chart, ink, band, n));
    const every = Math.ceil((BAND_TICK_PX * this.betas.length) / chart.width);
    const texts = this.betas.map((beta, n) => [n, String(beta)]);
    chart.drawXAxis(texts.filter(([n]) => (this.betas.length - 1 - n) % every === 0));
  }

  drawBand(chart, ink, band, n) {
    const [top, bottom] = this.frameOf(n);
    const [left, right] = [chart.margin.left, chart.margin.left + chart.width];
    for (const [y, alpha] of [[top, 0.12], [bottom, 0.5]]) {
      chartLine(chart.context, [[left, y], [right, y]], ink.text, { width: 1, alpha });
    }
    chartText(chart.context, "0", left - BAND_TEXT_GAP_PX, bottom, ink, { align: "right" });
    chartText(chart.context, band.written, left - BAND_TEXT_GAP_PX, top, ink, { align: "right" });
    const isNarrow = chart.bounds.width < NARROW_BANDS_PX;
    const name = isNarrow ? band.short : band.name;
    chartText(chart.context, name, 0, top - BAND_HEAD_PX / 2 - 2, ink, { align: "left" });
    this.drawLimit(chart, ink, n);
    band.intervals.forEach((ends, k) => {
      if (ends.length === 0 || ends.includes(null)) return;
      const places = ends.map((value) => [chart.x(k), this.y(n, value)]);
      chartLine(chart.context, places, ink.text, { width: 5, alpha: 0.35 });
    });
    for (const run of runsOf(band.values)) {
      const places = run.map((k) => [chart.x(k), this.y(n, band.values[k])]);
      chartLine(chart.context, places, ink.text, { width: 2, alpha: 0.7 });
      for (const place of places) chartDot(chart.context, place, 3.5, ink.text, ink);
    }
    this.drawUnchanged(chart, ink, n);
  }

  /** Where no picture changes there is no step: a cross at its beta, and what it means. */
  drawUnchanged(chart, ink, n) {
    const { values } = this.bands[n];
    if (!values.includes(null)) return;
    const [top, bottom] = this.frameOf(n);
    const right = chart.margin.left + chart.width;
    const words = `${UNCHANGED_MARK} no change`;
    chartText(chart.context, words, right, top + 10, ink, { align: "right" }); // curves fall
    values.forEach((value, k) => {
      if (value === null) chartText(chart.context, UNCHANGED_MARK, chart.x(k), bottom, ink);
    });
  }

  /** What cannot be exceeded, or what real digits reach: a dashed line with its name. */
  drawLimit(chart, ink, n) {
    const limit = this.limits[this.bands[n].key];
    if (!limit || limit.value === null) return;
    const y = this.y(n, limit.value);
    const right = chart.margin.left + chart.width;
    const ends = [[chart.margin.left, y], [right, y]];
    chartLine(chart.context, ends, ink.text, { width: 1.5, dash: [5, 4], alpha: 0.8 });
    chartText(chart.context, limit.said, right, y + 10, ink, { align: "right" });
  }

  drawMarks(chart, ink) {
    if (!this.bands || this.position === undefined) return;
    const x = chart.x(this.position);
    const right = chart.margin.left + chart.width;
    this.bands.forEach(({ values, write }, n) => {
      const ends = this.frameOf(n).map((y) => [x, y]);
      chartLine(chart.context, ends, ink.accent, { width: 2, alpha: 0.8 });
      const value = valueBetween(values, this.position);
      if (value !== null) chartDot(chart.context, [x, this.y(n, value)], 6, ink.accent, ink);
      const { context } = chart;
      context.font = textFont(ink, 700, BAND_VALUE_PX);
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.fillStyle = ink.text;
      const [top] = this.frameOf(n);
      context.fillText(value === null ? "\u2013" : write(value), right, top - BAND_HEAD_PX / 2);
    });
  }
}
