/**
 * A small chart: axes and curves that stay, and marks upon them that move with every frame.
 *
 * It maps values to places and says when to draw; what a chart shows is its owner's. Lengths are
 * units (see sizes.js).
 */
import { formatNumber, niceTicks } from "../maths/scales.js";
import { Layer, createElement } from "./layers.js";
import { deviceRatio, drawForSaving, innerSize, textFont, unitPx } from "./sizes.js";

const CHART_TICK_PX = 42; // between two ticks, at least

/** Text in the ink's colour. */
export function chartText(context, text, x, y, ink, { align = "center", base = "middle" } = {}) {
  context.font = textFont(ink, 500);
  context.textAlign = align;
  context.textBaseline = base;
  context.fillStyle = ink.text;
  context.fillText(text, x, y);
}

/** A line through points. @param {[number, number][]} places pixels */
export function chartLine(context, places, colour, { width = 2, dash = [], alpha = 1 } = {}) {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.globalAlpha = alpha;
  context.setLineDash(dash);
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
  context.restore();
}

/** A filled disc with a ring of the background around it. */
export function chartDot(context, [x, y], radius, colour, ink) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = ink.background;
  context.lineWidth = 1.5;
  context.stroke();
}

/** A chart inside a parent element. */
export class Chart {
  /**
   * @param {HTMLElement} parent
   * @param {{testId: string, label: string}} names label says what it shows to those who hear it
   * @param {{left: number, right: number, top: number, bottom: number}} margin around the area
   * @param {{curves: function(Chart, Object), marks: function(Chart, Object)}} painters both take
   *   the chart and the ink: curves upon a new size, style or data, marks with every frame
   */
  constructor(parent, { testId, label }, margin, painters) {
    this.margin = margin;
    this.painters = painters;
    this.root = createElement(parent, "div", "chart");
    this.base = new Layer(this.root, "chart-base", { "aria-hidden": "true" });
    this.layer = new Layer(this.root, "chart-marks", {
      "data-testid": testId,
      role: "img",
      "aria-label": label,
    });
    this.domain = { x: [0, 1], y: [0, 1] };
    this.bounds = { width: 0, height: 0 }; // of the element
    this.observer = new ResizeObserver(() => {
      // Here and not in every frame: to ask for a size costs a layout.
      this.measure();
      this.draw();
    });
    this.observer.observe(this.root);
    this.endSaving = drawForSaving(() => this.draw());
  }

  /** Ends the listening; the element is its owner's to remove. */
  destroy() {
    this.observer.disconnect();
    this.endSaving();
  }

  measure() {
    const [width, height] = innerSize(this.root);
    this.bounds = { width, height };
  }

  /** Takes the colours, and with them the unit, and draws. */
  setStyle(ink) {
    this.ink = ink;
    this.measure();
    this.draw();
  }

  /** Takes the ranges of both axes and draws. @param {{x: number[], y: number[]}} domain */
  setDomain(domain) {
    this.domain = domain;
    this.draw();
  }

  /** Pixel of a value on the x axis. */
  x(value) {
    const [low, high] = this.domain.x;
    return this.margin.left + ((value - low) / (high - low)) * this.width;
  }

  /** Pixel of a value on the y axis. */
  y(value) {
    const [low, high] = this.domain.y;
    return this.margin.top + ((high - value) / (high - low)) * this.height;
  }

  /** The area's size. */
  get width() {
    return Math.max(1, this.bounds.width - this.margin.left - this.margin.right);
  }

  get height() {
    return Math.max(1, this.bounds.height - this.margin.top - this.margin.bottom);
  }

  /** Draws all of it. */
  draw() {
    if (!this.ink || this.bounds.width === 0) return;
    const { width, height } = this.bounds;
    const ratio = deviceRatio();
    const size = [width, height, ratio, unitPx()].join();
    if (size !== this.size) {
      this.size = size;
      for (const layer of [this.base, this.layer]) layer.resize(width, height, ratio);
    }
    this.context = this.base.clear();
    this.painters.curves(this, this.ink);
    this.drawMarks();
  }

  /** Draws what moves. */
  drawMarks() {
    if (!this.size) return;
    this.context = this.layer.clear();
    this.painters.marks(this, this.ink);
  }

  /** Draws only inside the area, whatever the values. */
  clipped(draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(this.margin.left, this.margin.top, this.width, this.height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  /** Lines and numbers of the y axis, at round values or at those given. */
  drawYAxis(values) {
    const ticks = values
      ? { values, digits: 0 }
      : niceTicks(...this.domain.y, Math.max(2, this.height / CHART_TICK_PX));
    for (const value of ticks.values) {
      const y = this.y(value);
      const ends = [[this.margin.left, y], [this.margin.left + this.width, y]];
      chartLine(this.context, ends, this.ink.text, { width: 1, alpha: value === 0 ? 0.5 : 0.12 });
      const text = formatNumber(value, ticks.digits);
      chartText(this.context, text, this.margin.left - 6, y, this.ink, { align: "right" });
    }
  }

  /** Numbers of the x axis, at round values or with the texts given. */
  drawXAxis(texts) {
    const ticks = niceTicks(...this.domain.x, Math.max(2, this.width / CHART_TICK_PX));
    const y = this.margin.top + this.height + 5;
    const labels = texts ?? ticks.values.map((v) => [v, formatNumber(v, ticks.digits)]);
    for (const [value, text] of labels) {
      chartText(this.context, text, this.x(value), y, this.ink, { base: "top" });
    }
  }
}
