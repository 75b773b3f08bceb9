/** The three charts of the page 'Beta': KL per dimension, rate and distortion, active units. */
import { bracketOf, mix, nearestMember, stepsOf, valueAt } from "../../maths/interpolation.js";
import { formatNumber } from "../../maths/scales.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { subscriptOf } from "./facts.js";

const BARS_MARGIN = { left: 34, right: 4, top: 20, bottom: 22 };
const CURVE_MARGIN = { left: 34, right: 12, top: 10, bottom: 22 };
const UNITS_MARGIN = { left: 34, right: 12, top: 10, bottom: 22 };
const BARS_NAMES = {
  testId: "kl-bars",
  label: "Bars: KL of each dimension",
};
const CURVE_NAMES = {
  testId: "rate-distortion",
  label: "Curve: reconstruction against KL over beta",
};
const UNITS_NAMES = {
  testId: "active-units",
  label: "Curve: active units against beta, measured and predicted",
};
const BAR_SHARE = 0.72; // of the room a bar has
const WIDE_BAR_PX = 66; // a bar that has its value over it and its state under it
const NUMBERED_BARS = 5; // of narrower ones every fifth has its number
const KEY_WIDTH_PX = 142;
const TICK_TEXT_PX = 24; // the room that a written beta takes
const CROWDED_BETA = 0.3; // below it KL is so large that the rest of a chart would be flat

/** Members whose KL makes a readable scale: all but those next to beta 0, if others remain. */
function scaleMembers(members, least) {
  const chosen = members.filter(({ source }) => source.beta >= least);
  return chosen.length > 1 ? chosen : members;
}

/** KL of each dimension, in nats; a dead one is grey and crossed, the map's two are framed. */
export class KlBars {
  constructor(parent) {
    this.chart = new Chart(parent, BARS_NAMES, BARS_MARGIN, {
      curves: (chart) => chart.drawYAxis(),
      marks: (chart, ink) => this.draw(chart, ink),
    });
  }

  /** @param {Object[]} members as Python sends them */
  setFamily(members, activeVariance) {
    this.members = members;
    this.dims = members[0].klPerDimension.length;
    this.framed = [];
    this.activeVariance = activeVariance;
    // The scale stays, so that the bars are seen to sink; what sticks out of it says how far.
    const top = Math.max(...scaleMembers(members, 1).flatMap((m) => m.klPerDimension));
    this.chart.setDomain({ x: [0, this.dims], y: [0, 1.08 * top] });
  }

  /** Which two of many dimensions the map shows. */
  setAxes(axes) {
    this.framed = this.dims > 2 ? axes : [];
  }

  /** Takes the film's position. */
  move(position) {
    const { low, high, share } = bracketOf(position, this.members.length);
    const [from, to] = [low, high].map((n) => this.members[n].klPerDimension);
    const nearest = this.members[nearestMember(position)];
    this.values = from.map((value, j) => mix(value, to[j], share));
    this.isActive = nearest.codeVariance.map((variance) => variance > this.activeVariance);
    const { dataset } = this.chart.layer.canvas;
    dataset.values = this.values.join();
    dataset.active = this.isActive.map(Number).join();
    this.chart.drawMarks();
  }

  draw(chart, ink) {
    if (!this.values) return;
    const room = chart.width / this.dims;
    const floor = chart.y(0);
    this.values.forEach((value, dimension) => {
      const isDead = !this.isActive[dimension];
      const middle = chart.x(dimension + 0.5);
      const top = Math.max(chart.margin.top, chart.y(value));
      chart.context.fillStyle = isDead ? ink.grey : ink.accent;
      chart.context.fillRect(middle - (BAR_SHARE * room) / 2, top, BAR_SHARE * room, floor - top);
      if (this.framed.includes(dimension)) {
        chart.context.strokeStyle = ink.text;
        chart.context.lineWidth = 2;
        chart.context.strokeRect(middle - room / 2 + 1, top - 1, room - 2, floor - top + 1);
      }
      if (isDead) drawCross(chart.context, middle, floor - 8, Math.min(5, 0.3 * room), ink);
      this.drawLabels(chart, ink, { dimension, value, isDead, middle, top, room });
    });
  }

  drawLabels(chart, ink, { dimension, value, isDead, middle, top, room }) {
    const isWide = room > WIDE_BAR_PX;
    const isTall = value > chart.domain.y[1];
    if (isWide) {
      const text = `${isTall ? "\u2191 " : ""}${formatNumber(value, 2)}`;
      const y = Math.min(top - 3, isDead ? chart.y(0) - 14 : Infinity);
      chartText(chart.context, text, middle, y, ink, { base: "bottom" });
    } else if (isTall) drawArrow(chart.context, middle, chart.margin.top - 3, room / 3, ink);
    const number = dimension + 1;
    let name = number === 1 || number % NUMBERED_BARS === 0 ? String(number) : "";
    if (isWide) name = `z${subscriptOf(number)}: ${isDead ? "dead" : "active"}`;
    const below = chart.margin.top + chart.height + 5;
    chartText(chart.context, name, middle, below, ink, { base: "top" });
  }
}

function drawCross(context, x, y, reach, ink) {
  for (const tilt of [-1, 1]) {
    const ends = [[x - reach, y - tilt * reach], [x + reach, y + tilt * reach]];
    chartLine(context, ends, ink.text, { width: 1.5, alpha: 0.8 });
  }
}

/** A bar goes on beyond the top. */
function drawArrow(context, x, y, reach, ink) {
  context.fillStyle = ink.text;
  context.beginPath();
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.lineTo(x, y - 2 * reach);
  context.fill();
}

/** Reconstruction against KL: where a family lies between copying and ignoring its codes. */
export class RateDistortion {
  constructor(parent) {
    this.chart = new Chart(parent, CURVE_NAMES, CURVE_MARGIN, {
      curves: (chart, ink) => this.drawCurve(chart, ink),
      marks: (chart, ink) => this.drawMark(chart, ink),
    });
  }

  /** @param {?number} collapsed nats of a decoder that ignores z, where it is known */
  setFamily(members, collapsed) {
    this.members = members;
    this.collapsed = collapsed;
    const readable = scaleMembers(members, CROWDED_BETA);
    const xs = readable.map((m) => m.kl);
    const ys = [...readable.map((m) => m.reconstruction), ...(collapsed ? [collapsed] : [])];
    const pad = 0.08 * (Math.max(...ys) - Math.min(...ys)) || 1;
    this.chart.setDomain({
      x: [-0.04 * Math.max(...xs) || -1, 1.08 * Math.max(...xs) || 1],
      y: [Math.min(...ys) - pad, Math.max(...ys) + pad],
    });
  }

  move(position) {
    this.kl = valueAt(this.members.map((m) => m.kl), position);
    this.reconstruction = valueAt(this.members.map((m) => m.reconstruction), position);
    Object.assign(this.chart.layer.canvas.dataset, {
      kl: String(this.kl),
      reconstruction: String(this.reconstruction),
    });
    this.chart.drawMarks();
  }

  drawCurve(chart, ink) {
    if (!this.members) return;
    chart.drawYAxis();
    chart.drawXAxis();
    const places = this.members.map((m) => [chart.x(m.kl), chart.y(m.reconstruction)]);
    chart.clipped(() => {
      this.drawEqualElbo(chart, ink);
      chartLine(chart.context, places, ink.text, { alpha: 0.7 });
      for (const place of places) chartDot(chart.context, place, 3.5, ink.text, ink);
    });
    if (this.collapsed) {
      const [x, y] = [chart.x(0), chart.y(this.collapsed)];
      chart.context.strokeStyle = ink.text;
      chart.context.lineWidth = 2;
      chart.context.strokeRect(x - 6, y - 6, 12, 12);
      chartText(chart.context, "collapsed", x + 11, y, ink, { align: "left" });
    }
    this.drawKey(chart, ink);
    const first = this.members[0];
    if (first.kl > chart.domain.x[1]) {
      const y = Math.min(chart.y(first.reconstruction), chart.margin.top + chart.height - 10);
      const text = `\u03b2 ${first.source.beta} \u2192`;
      chartText(chart.context, text, chart.margin.left + chart.width, y - 10, ink, {
        align: "right",
      });
    }
  }

  /** What the dashed lines are, where no curve of rate and distortion comes. */
  drawKey(chart, ink) {
    const text = "dashed: equal \u2212ELBO";
    const [right, y] = [chart.margin.left + chart.width, chart.margin.top + 7];
    chart.context.fillStyle = ink.background;
    chart.context.fillRect(right - KEY_WIDTH_PX, y - 8, KEY_WIDTH_PX, 16);
    chartText(chart.context, text, right, y, ink, { align: "right" });
  }

  /** Along such a line KL + reconstruction, which is -ELBO, is the same. */
  drawEqualElbo(chart, ink) {
    const { x: [left, right], y: [bottom, top] } = chart.domain;
    const step = Math.max(1, Math.round((top - bottom) / 4));
    for (let sum = Math.ceil((left + bottom) / step) * step; sum < right + top; sum += step) {
      const ends = [[chart.x(left), chart.y(sum - left)], [chart.x(right), chart.y(sum - right)]];
      chartLine(chart.context, ends, ink.text, { width: 1, dash: [4, 4], alpha: 0.35 });
    }
  }

  drawMark(chart, ink) {
    if (this.kl === undefined) return;
    const { x: [, right], y: [bottom, top] } = chart.domain;
    const y = Math.min(top, Math.max(bottom, this.reconstruction));
    chartDot(chart.context, [chart.x(Math.min(right, this.kl)), chart.y(y)], 7, ink.accent, ink);
  }
}

/** How many dimensions are alive at each beta: measured, and predicted from the data alone. */
export class ActiveUnits {
  constructor(parent) {
    this.chart = new Chart(parent, UNITS_NAMES, UNITS_MARGIN, {
      curves: (chart, ink) => this.drawCurve(chart, ink),
      marks: (chart, ink) => this.drawMark(chart, ink),
    });
  }

  /** @param {?number[]} thresholds of beta, where they are known */
  setFamily(members, thresholds) {
    this.members = members;
    this.betas = members.map(({ source }) => source.beta);
    this.dims = members[0].klPerDimension.length;
    this.steps = thresholds && stepsOf(this.betas, thresholds);
    this.chart.setDomain({ x: [0, members.length - 1], y: [0, 1.06 * this.dims] });
  }

  move(position) {
    this.position = position;
    this.chart.layer.canvas.dataset.position = String(position);
    this.chart.drawMarks();
  }

  drawCurve(chart, ink) {
    if (!this.members) return;
    chart.drawYAxis([...new Set([0, Math.round(this.dims / 2), this.dims])]);
    const every = Math.ceil((TICK_TEXT_PX * this.betas.length) / chart.width);
    const texts = this.betas.map((beta, n) => [n, String(beta)]);
    chart.drawXAxis(texts.filter(([n]) => (this.betas.length - 1 - n) % every === 0));
    if (this.steps) {
      const corners = this.steps.map(([x, y]) => [chart.x(x), chart.y(y)]);
      chartLine(chart.context, corners, ink.accent, { width: 2.5, dash: [6, 4] });
    }
    const places = this.members.map((m, n) => [chart.x(n), chart.y(m.activeUnits)]);
    chartLine(chart.context, places, ink.text, { width: 1, alpha: 0.5 });
    for (const place of places) chartDot(chart.context, place, 4, ink.text, ink);
  }

  drawMark(chart, ink) {
    if (this.position === undefined) return;
    const x = chart.x(this.position);
    const ends = [[x, chart.margin.top], [x, chart.margin.top + chart.height]];
    chartLine(chart.context, ends, ink.accent, { width: 2, alpha: 0.8 });
  }
}
