/**
 * What lies around a code in one model: 24 pictures on a circle, as a ring around the map, each in
 * its own direction and with the judge's verdict; below them the code's own picture, and against
 * the radius the share that keeps the class, here and on average of many digits.
 */
import { NO_DIGIT, verdictAt, verdictWords } from "../../maths/judged.js";
import { RING_POINTS, RING_SIDE, ringCells } from "../../maths/ring.js";
import { rasterTile } from "../../maths/raster.js";
import { formatNumber, formatShare } from "../../maths/scales.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";
import { OffReason } from "./off_reason.js";

const RING_MARGIN = { left: 48, right: 8, top: 8, bottom: 22 };
const CELL = 100 / RING_SIDE; // per cent of the ring's side
const SHARE_TEXTS = [[0, "0 %"], [0.5, "50 %"], [1, "100 %"]];
const OFF_DASH = [5, 4];
const AVERAGE_ALPHA = 0.6;

/** What the neighbourhood shows of one model. */
export class RingPanel {
  /** @param {{side: HTMLElement, below: HTMLElement}} places @param {Object} column */
  constructor({ side, below }, { name, title }) {
    this.verdicts = null;
    this.average = null;
    this.cells = ringCells();
    this.ring = createElement(side, "div", "ring"); // around the map: its own middle is empty
    this.own = createElement(below, "p", "ring-fact is-own", { "data-testid": "ring-centre" });
    this.reason = new OffReason(below, title, "ring");
    const row = createElement(below, "div", "ring-row");
    const middle = createElement(row, "div", "ring-centre");
    const facts = createElement(row, "div", "ring-facts");
    const fact = (testId, line) =>
      createElement(facts, "p", `ring-fact ${line}`, { "data-testid": testId });
    this.fact = fact("ring-kept", "is-kept-line");
    this.mean = fact("ring-average", "is-average-line");
    this.off = fact("ring-off", "is-off-line");
    this.canvas = createElement(this.ring, "canvas", "ring-pictures", {
      role: "img",
      "data-testid": "ring",
      "data-model": name,
      "aria-label": `${title}: 24 pictures around the chosen code`,
    });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.pointed = -1; // which of the ring's pictures is pointed at
    this.hear(this.canvas);
    this.digit = new DigitView(middle, {
      "data-testid": "centre-digit",
      "data-model": name,
      "aria-label": `${title}: the picture of the chosen code`,
    });
    this.marks = this.cells.map(({ row, column }) => {
      const mark = createElement(this.ring, "span", "ring-mark", { hidden: "" });
      mark.style.left = `${CELL * column}%`;
      mark.style.top = `${CELL * row}%`;
      return mark;
    });
    this.chart = new Chart(
      below,
      { testId: "kept-chart", label: `${title}: share that keeps the class, against the radius` },
      RING_MARGIN,
      { curves: (chart, ink) => this.drawCurves(chart, ink), marks: () => this.drawRadius() },
    );
  }

  destroy() {
    this.chart.destroy();
  }

  /** A picture of the ring under the mouse, or touched, is the one that words speak of. */
  hear(canvas) {
    const point = ({ offsetX, offsetY }) => {
      const cell = (px) => Math.floor((px * RING_SIDE) / canvas.clientWidth);
      const isAt = ({ row, column }) => column === cell(offsetX) && row === cell(offsetY);
      this.setPointed(this.cells.findIndex(isAt));
    };
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType !== "touch") this.setPointed(-1);
    });
  }

  setPointed(n) {
    if (n === this.pointed) return;
    this.pointed = n;
    this.showVerdicts();
  }

  setStyle(ink) {
    this.ink = ink;
    this.chart.setStyle(ink);
  }

  /** Nothing is chosen yet. */
  clear() {
    this.step = undefined;
    for (const { context, canvas } of [this, this.digit]) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      delete canvas.dataset.digit;
    }
    this.setAverage(null);
    this.setVerdicts(null);
  }

  /** The chosen code's own picture. @param {LatentModel} model */
  setCentre(model, index, hasOriginals) {
    const { height, width } = model;
    Object.assign(this, { model, hasOriginals });
    const code = model.code(index);
    this.digit.draw(model.decode(code), height, width, { digit: String(index) });
    this.setVerdicts(null);
  }

  /**
   * Paints the pictures on a circle.
   * @param {LatentModel} model @param {Float32Array} points (RING_POINTS, 2) flat
   * @param {number} step which of the radii it is @param {number} radius prior sigmas
   */
  draw(model, points, step, radius) {
    const { height, width } = model;
    const [sideX, sideY] = [RING_SIDE * width, RING_SIDE * height];
    if (this.canvas.width !== sideX || this.canvas.height !== sideY) {
      this.canvas.width = sideX;
      this.canvas.height = sideY;
      this.image = null;
    }
    this.image ??= new ImageData(sideX, sideY);
    const pixels = new Uint32Array(this.image.data.buffer);
    this.cells.forEach(({ row, column }, n) => {
      const means = model.decode(points.subarray(2 * n, 2 * n + 2));
      const greys = means.map((mean) => Math.round(255 * mean));
      rasterTile(pixels, sideX, column * width, row * height, greys, 0, height, width);
    });
    this.context.putImageData(this.image, 0, 0);
    Object.assign(this.canvas.dataset, { z: points.join(), radius: String(radius) });
    this.step = step;
    this.radius = radius;
    this.chart.drawMarks();
  }

  /** Takes what the judge says of all rings; null while it is reading. */
  setVerdicts(verdicts) {
    this.verdicts = verdicts;
    const { dataset } = this.chart.layer.canvas;
    dataset.kept = verdicts?.kept?.join() ?? "";
    dataset.off = verdicts?.offShares.join() ?? "";
    this.chart.draw();
    this.showVerdicts();
  }

  /** Takes the average of many digits, as averageAround gives it; null before it has come. */
  setAverage(average) {
    this.average = average;
    this.chart.layer.canvas.dataset.average = average?.kept?.join() ?? "";
    this.chart.draw();
    this.showVerdicts();
  }

  /** The verdicts on the pictures that are shown. */
  showVerdicts() {
    const { verdicts, step } = this;
    this.ring.classList.toggle("is-judged", verdicts !== null);
    this.writeAverage();
    if (!verdicts || step === undefined) {
      for (const mark of this.marks) mark.hidden = true;
      for (const text of [this.fact, this.off, this.own]) text.textContent = "";
      this.reason.show(null);
      return;
    }
    const { labels, off, centre, kept, offShares } = verdicts;
    const own = kept ? centre.labels[0] : null; // without a class there is none to be kept
    this.marks.forEach((mark, n) => {
      const at = step * RING_POINTS + n;
      const isKept = labels[at] === own;
      mark.hidden = isKept && !off[at];
      mark.textContent = off[at] ? "\u2715" : otherClass(labels[at]);
    });
    const count = (share) => Math.round(share * RING_POINTS);
    const isMiddle = this.pointed < 0;
    const at = step * RING_POINTS + this.pointed;
    const found = isMiddle ? verdictAt(centre, 0) : verdictAt(verdicts, at);
    this.own.textContent = `${isMiddle ? "The middle" : "This picture"}: ${verdictWords(found)}.`;
    this.own.classList.toggle("is-off", found.isOff);
    this.reason.show(found, this.model, this.hasOriginals);
    this.fact.textContent = kept
      ? `${count(kept[step])} of ${RING_POINTS} keep this class.`
      : "No class to keep.";
    this.off.textContent = `\u2715 ${count(offShares[step])} of ${RING_POINTS} off the data.`;
  }

  writeAverage() {
    const { average, step } = this;
    if (!average || step === undefined) this.mean.textContent = "";
    else if (!average.kept) this.mean.textContent = `No class at any of ${average.digits}.`;
    else {
      const share = formatShare(average.kept[step]);
      this.mean.textContent = `Mean of ${average.classed} digits: ${share}.`;
    }
  }

  drawCurves(chart, ink) {
    const { context } = chart;
    for (const [value, text] of SHARE_TEXTS) {
      const y = chart.y(value);
      const ends = [[chart.margin.left, y], [chart.margin.left + chart.width, y]];
      chartLine(context, ends, ink.text, { width: 1, alpha: value === 0 ? 0.5 : 0.14 });
      chartText(context, text, chart.margin.left - 6, y, ink, { align: "right" });
    }
    chart.drawXAxis(this.radiusTexts);
    const places = (shares) => shares.map((share, n) => [chart.x(this.radii[n]), chart.y(share)]);
    const line = (shares, ...style) => shares && chartLine(context, places(shares), ...style);
    line(this.average?.kept, ink.text, { width: 1.5, alpha: AVERAGE_ALPHA });
    line(this.verdicts?.offShares, ink.warning, { width: 2, dash: OFF_DASH });
    line(this.verdicts?.kept, ink.accent, { width: 2.5 });
  }

  /** @param {number[]} radii prior sigmas */
  setRadii(radii) {
    this.radii = radii;
    const whole = Array.from({ length: Math.floor(radii.at(-1)) + 1 }, (_, sigma) => sigma);
    this.radiusTexts = whole.map((sigma) => [sigma, sigma ? `${sigma}\u03c3` : "0"]);
    this.chart.setDomain({ x: [0, radii.at(-1)], y: [0, 1] });
  }

  drawRadius() {
    const { chart, ink, verdicts, step } = this;
    if (step === undefined) return;
    const x = chart.x(this.radius);
    const ends = [[x, chart.margin.top], [x, chart.margin.top + chart.height]];
    chartLine(chart.context, ends, ink.text, { width: 2 });
    if (!verdicts) return;
    chartDot(chart.context, [x, chart.y(verdicts.offShares[step])], 5, ink.warning, ink);
    delete chart.layer.canvas.dataset.here;
    if (!verdicts.kept) return;
    chartDot(chart.context, [x, chart.y(verdicts.kept[step])], 5, ink.accent, ink);
    chart.layer.canvas.dataset.here = formatNumber(verdicts.kept[step], 3);
  }
}

/** What is written on a picture of another class; of none that is likely enough to be said, "?". */
function otherClass(label) {
  return label === NO_DIGIT ? "?" : String(label);
}
