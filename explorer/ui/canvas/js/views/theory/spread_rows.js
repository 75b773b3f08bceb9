/** How several estimates of one number spread: a histogram each, on one axis, the truth marked. */
import { binCounts } from "../../maths/bins.js";
import { formatNumber } from "../../maths/scales.js";
import { Chart, chartLine, chartText } from "../../parts/chart.js";
import { textFont } from "../../parts/sizes.js";

const SPREAD_MARGIN = { left: 8, right: 8, top: 24, bottom: 22 };
const SPREAD_BINS = 80;
const ROW_NAME_PX = 15; // row names
const ROW_HEAD_PX = 24; // of a row, for its name and figures
const ROW_FOOT_PX = 10; // of a row, for the bar of one deviation either side

/** The rows inside a parent. */
export class SpreadRows {
  /** @param {{testId: string, label: string}} names as a chart's */
  constructor(parent, names) {
    this.chart = new Chart(parent, names, SPREAD_MARGIN, {
      curves: (chart) => chart.drawXAxis(),
      marks: (chart, ink) => this.drawRows(chart, ink),
    });
    this.rows = [];
  }

  destroy() {
    this.chart.destroy();
  }

  setStyle(ink) {
    this.chart.setStyle(ink);
  }

  /**
   * @param {{name: string, figures: string, colour: string, values: Float64Array, mean: number,
   *   deviation: number}[]} rows
   * @param {{truth: number, words: string, half: number}} axis it reaches `half` to both sides
   */
  setRows(rows, { truth, words, half }) {
    Object.assign(this, { rows, truth, words });
    this.range = [truth - half, truth + half];
    for (const row of rows) row.bins = binCounts(row.values, this.range, SPREAD_BINS);
    this.chart.setDomain({ x: this.range, y: [0, 1] });
  }

  drawRows(chart, ink) {
    if (this.rows.length === 0) return;
    const room = chart.height / this.rows.length;
    const topOf = (n) => chart.margin.top + n * room;
    this.rows.forEach((row, n) => this.drawBars(row, topOf(n), room, ink));
    const x = chart.x(this.truth);
    const ends = [[x, chart.margin.top], [x, chart.margin.top + chart.height]];
    chartLine(chart.context, ends, ink.text, { width: 2, dash: [5, 4] });
    chartText(chart.context, this.words, x, 10, ink);
    this.rows.forEach((row, n) => this.drawName(row, topOf(n) + ROW_HEAD_PX / 2, ink));
  }

  drawBars({ colour, bins, mean, deviation }, top, room, ink) {
    const { chart } = this;
    const { context } = chart;
    const { left } = chart.margin;
    const floor = top + room - ROW_FOOT_PX;
    const tallest = Math.max(...bins.counts);
    const height = room - ROW_HEAD_PX - ROW_FOOT_PX;
    const width = chart.width / SPREAD_BINS;
    context.fillStyle = colour;
    bins.counts.forEach((count, n) => {
      const bar = (count / tallest) * height;
      if (count > 0) context.fillRect(left + n * width, floor - bar, Math.max(1, width - 1), bar);
    });
    chartLine(context, [[left, floor], [left + chart.width, floor]], ink.text, {
      width: 1,
      alpha: 0.3,
    });
    chart.clipped(() => {
      const ends = [chart.x(mean - deviation), chart.x(mean + deviation)];
      const y = floor + ROW_FOOT_PX / 2;
      chartLine(context, ends.map((x) => [x, y]), ink.text, { width: 3 });
    });
    const outside = bins.below + bins.above;
    if (outside > 0) {
      const text = `${formatNumber(outside, 0)} beyond`;
      chartText(context, text, left + chart.width, floor - 9, ink, { align: "right" });
    }
  }

  /** The row's name in bold and its figures, on the background: the truth's line passes below. */
  drawName({ name, figures, colour }, y, ink) {
    const { context, margin } = this.chart;
    const fonts = [700, 500].map((weight) => textFont(ink, weight, ROW_NAME_PX));
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.font = fonts[0];
    const start = margin.left + context.measureText(`${name}  `).width;
    context.font = fonts[1];
    const width = start - margin.left + context.measureText(figures).width;
    context.fillStyle = ink.background;
    context.fillRect(margin.left, y - ROW_NAME_PX / 2 - 2, width + 4, ROW_NAME_PX + 4);
    context.fillStyle = ink.text;
    context.fillText(figures, start, y);
    context.font = fonts[0];
    context.fillStyle = colour;
    context.fillText(name, margin.left, y);
  }
}
