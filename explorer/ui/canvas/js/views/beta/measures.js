/**
 * Continuity, completeness and information against beta: three bands above one axis, one marker.
 *
 * Each has its own scale, for they are in different units; read from top to bottom they say what a
 * beta buys and what it costs. None of them means much without the others.
 */
import { mix, bracketOf } from "../../maths/interpolation.js";
import { formatNumber } from "../../maths/scales.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { textFont } from "../../parts/sizes.js";

const BANDS_NAMES = {
  testId: "measure-bands",
  label: "Curves: continuity, completeness and information against beta",
};
const BANDS_MARGIN = { left: 44, right: 14, top: 2, bottom: 22 }; // left: at least
const BAND_HEAD_PX = 24; // the name and the value at the marker stand above a curve
const BAND_FOOT_PX = 6;
const BAND_VALUE_PX = 17;
const NARROW_BANDS_PX = 270; // a narrower chart has short names
const BAND_ROOM = 1.15; // times the largest value
const COVERAGE_ROOM = 1.35; // times the highest interval's end: real digits are named above it
const BAND_TEXT_GAP_PX = 6; // between a scale's number and the curve's room
const BAND_TICK_PX = 24; // the room that a written beta takes
const CROWDED_KL_BETA = 0.3; // next to beta 0 KL is so large that the rest would be flat

const BANDS = [
  { key: "change", name: "Continuity: step change", short: "Step change", write: threeFigures },
  { key: "coverage", name: "Completeness: coverage", short: "Coverage", write: threeFigures },
  { key: "kl", name: "Information: KL, nats", short: "KL, nats", write: twoDecimals },
];

/** Changes of 20-D models are far smaller than those of 2-D ones. */
function threeFigures(value) {
  return String(Number(value.toPrecision(3)));
}

function twoDecimals(value) {
  return formatNumber(value, 2);
}

/** A number at a position; of unmeasured members there is none. */
function valueBetween(values, position) {
  const { low, high, share } = bracketOf(position, values.length);
  return share > 0 ? mix(values[low], values[high], share) : values[low];
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
   * @param {?number} real the coverage of real digits by other real digits
   */
  setFamily(members, real) {
    this.betas = members.map(({ source }) => source.beta);
    this.real = real;
    this.members = members;
    this.bands = BANDS.map((band) => {
      const values = members.map((m) => (band.key === "kl" ? m.kl : m.measures[band.key]));
      const readable = values.filter((_, n) => this.betas[n] >= CROWDED_KL_BETA);
      const isCrowded = band.key === "kl" && readable.length > 1;
      const highest = Math.max(...members.map((m) => m.measures.coverageHigh));
      const top =
        band.key === "coverage"
          ? COVERAGE_ROOM * highest
          : BAND_ROOM * Math.max(...(isCrowded ? readable : values));
      const written = String(Number(top.toPrecision(2)));
      return { ...band, values, top: top || 1, written: top ? written : "1" };
    });
    this.chart.setDomain({ x: [0, members.length - 1], y: [0, 1] });
  }

  /** Takes the film's position. */
  move(position) {
    this.position = position;
    if (!this.bands) return;
    const { dataset } = this.chart.layer.canvas;
    dataset.position = String(position);
    for (const { key, values } of this.bands) dataset[key] = String(valueBetween(values, position));
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
    if (band.key === "coverage") this.drawCoverage(chart, ink, n);
    const places = band.values.map((value, k) => [chart.x(k), this.y(n, value)]);
    chartLine(chart.context, places, ink.text, { width: 2, alpha: 0.7 });
    places.forEach((place, k) => {
      if (band.values[k] <= band.top) chartDot(chart.context, place, 3.5, ink.text, ink);
      else drawBeyond(chart.context, place, ink);
    });
  }

  /**
   * The interval of each coverage, and real digits against real digits: a line where the scale
   * reaches so far. A scale that did so for every family would flatten most of the curves.
   */
  drawCoverage(chart, ink, n) {
    this.members.forEach(({ measures: { coverageLow, coverageHigh } }, k) => {
      const ends = [coverageLow, coverageHigh].map((value) => [chart.x(k), this.y(n, value)]);
      chartLine(chart.context, ends, ink.text, { width: 5, alpha: 0.35 });
    });
    if (this.real === null) return;
    const isBeyond = this.real > this.bands[n].top;
    const y = this.y(n, this.real);
    const right = chart.margin.left + chart.width;
    if (!isBeyond) {
      const ends = [[chart.margin.left, y], [right, y]];
      chartLine(chart.context, ends, ink.text, { width: 1.5, dash: [5, 4], alpha: 0.8 });
    }
    const words = `${isBeyond ? "↑ " : ""}real digits: ${formatNumber(this.real, 2)}`;
    chartText(chart.context, words, right, y + 10, ink, { align: "right" });
  }

  drawMarks(chart, ink) {
    if (!this.bands || this.position === undefined) return;
    const x = chart.x(this.position);
    const right = chart.margin.left + chart.width;
    this.bands.forEach(({ values, write }, n) => {
      const ends = this.frameOf(n).map((y) => [x, y]);
      chartLine(chart.context, ends, ink.accent, { width: 2, alpha: 0.8 });
      const value = valueBetween(values, this.position);
      chartDot(chart.context, [x, this.y(n, value)], 6, ink.accent, ink);
      const { context } = chart;
      context.font = textFont(ink, 700, BAND_VALUE_PX);
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.fillStyle = ink.text;
      const [top] = this.frameOf(n);
      context.fillText(write(value), right, top - BAND_HEAD_PX / 2);
    });
  }
}

/** A value above the scale: an arrow at its top. */
function drawBeyond(context, [x, y], ink) {
  context.fillStyle = ink.text;
  context.beginPath();
  context.moveTo(x - 5, y + 7);
  context.lineTo(x + 5, y + 7);
  context.lineTo(x, y - 2);
  context.fill();
}
