/**
 * A walk through one model: the picture at the cursor, the strip of pictures along the way, and the
 * change from step to step as a curve that a cursor is dragged along.
 */
import { formatNumber, formatShare, niceTicks } from "../../maths/scales.js";
import { WALK_STEPS, endDistance, largestStep, stepChanges } from "../../maths/walk.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";
import { haloText } from "../../parts/marks.js";
import { SMALL_TEXT, placeOf } from "../../parts/sizes.js";
import { drawJump } from "../../parts/path_marks.js";
import { TileGrid } from "../../parts/tiles.js";

const STRIP_TILES = 11; // one for every tenth of the way
const WALK_MARGIN = { top: 20, bottom: 21 }; // the sides follow the strip: see `fitMargin`
const WALK_TICK_PX = 34; // between two lines of the scale, at least
const KEY_SHARE = 0.01;
const KEY_LEAP_SHARE = 0.1; // with shift

/** A path that is shorter has no length worth dividing by: decodes are exact to 1e-7 only. */
const MIN_LENGTH = 0.01;

const LARGEST_STEP =
  "The largest of 100 equal steps of the picture, as a share of the distance between both end " +
  "pictures, over all pixels. An even walk has 1\u00a0%.";

/** What a walk shows of one model. */
export class WalkPanel {
  /**
   * @param {{side: HTMLElement, below: HTMLElement}} places
   * @param {{name: string, title: string}} column
   * @param {{onMove: function(number), onRelease: function(number)}} listeners hear of the share of
   *   the way that the cursor is brought to
   */
  constructor({ side, below }, { name, title }, listeners) {
    this.listeners = listeners;
    this.share = 0;
    this.changes = null;
    const facts = { "data-model": name };
    this.digit = new DigitView(side, {
      "data-testid": "decoded-digit",
      "aria-label": `${title}: the picture at the cursor`,
      ...facts,
    });
    this.here = createElement(side, "p", "walk-here", { "data-testid": "walk-here" });
    const strip = createElement(below, "div", "walk-strip");
    this.tiles = new TileGrid(strip, {
      "data-testid": "walk-strip",
      "aria-label": `${title}: pictures along the way`,
      ...facts,
    });
    this.stripMark = createElement(strip, "div", "walk-strip-mark");
    this.chart = new Chart(
      below,
      { testId: "walk-chart", label: `${title}: cursor on the way from A to B` },
      { ...WALK_MARGIN, left: 0, right: 0 },
      { curves: (chart, ink) => this.drawCurve(chart, ink), marks: () => this.drawCursor() },
    );
    this.headline = createElement(below, "p", "walk-fact is-headline", {
      "data-testid": "walk-step",
      title: LARGEST_STEP,
    });
    this.fact = createElement(below, "p", "walk-fact", { "data-testid": "walk-fact" });
    this.hear(this.chart.layer.canvas);
    this.hearStrip(this.tiles.canvas);
  }

  /** The chart is a slider: for the mouse, a finger and the arrow keys. */
  hear(canvas) {
    const attributes = { role: "slider", tabindex: "0", "aria-valuemin": 0, "aria-valuemax": 100 };
    for (const [key, value] of Object.entries(attributes)) canvas.setAttribute(key, value);
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.isHeld = true;
      this.listeners.onMove(this.shareAt(placeOf(event)[0]));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.isHeld) this.listeners.onMove(this.shareAt(placeOf(event)[0]));
    });
    for (const type of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(type, () => {
        if (this.isHeld) this.listeners.onRelease(this.share);
        this.isHeld = false;
      });
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  hearStrip(canvas) {
    canvas.addEventListener("click", (event) => {
      const n = this.tiles.shape ? this.tiles.tileAt(event) : -1;
      if (n < 0) return;
      this.listeners.onMove(n / (STRIP_TILES - 1));
      this.listeners.onRelease(this.share);
    });
  }

  key(event) {
    const step = event.shiftKey ? KEY_LEAP_SHARE : KEY_SHARE;
    const goals = {
      ArrowLeft: this.share - step,
      ArrowDown: this.share - step,
      ArrowRight: this.share + step,
      ArrowUp: this.share + step,
      Home: 0,
      End: 1,
    };
    const goal = goals[event.key];
    if (goal === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.listeners.onMove(Math.min(1, Math.max(0, goal)));
    this.listeners.onRelease(this.share);
  }

  shareAt(px) {
    const { left } = this.chart.margin;
    return Math.min(1, Math.max(0, (px - left) / this.chart.width));
  }

  destroy() {
    this.chart.destroy();
  }

  setStyle(ink) {
    this.ink = ink;
    this.chart.setStyle(ink);
  }

  /**
   * Takes what was decoded along the way.
   * @param {Float32Array} means (WALK_STEPS + 1, pixels) flat
   * @param {number} length of the way, in units of z
   * @param {LatentModel} model
   */
  setWalk(means, length, { height, width }) {
    const pixels = height * width;
    this.changes = stepChanges(means, pixels);
    this.apart = endDistance(means, pixels);
    this.length = length;
    const greys = new Uint8Array(STRIP_TILES * pixels);
    for (let n = 0; n < STRIP_TILES; n++) {
      const from = n * (WALK_STEPS / (STRIP_TILES - 1)) * pixels;
      const tile = means.subarray(from, from + pixels);
      tile.forEach((mean, i) => (greys[n * pixels + i] = Math.round(255 * mean)));
    }
    this.tiles.draw(greys, { height, width, columns: STRIP_TILES, gap: 0 });
    this.chart.layer.canvas.dataset.changes = this.changes.join();
    this.chart.layer.canvas.dataset.length = String(length);
  }

  /** The curve's values: per step of 1 % of the way, or per unit of z; null without a length. */
  values(isPerUnit) {
    if (!this.changes) return null;
    if (!isPerUnit) return this.changes;
    if (this.length < MIN_LENGTH) return null;
    return this.changes.map((change) => (change * WALK_STEPS) / this.length);
  }

  /** Draws the curve upon a scale that all models share. */
  setCurve(isPerUnit, highest) {
    this.isPerUnit = isPerUnit;
    this.curve = this.values(isPerUnit);
    this.largest = this.curve && largestStep(this.curve);
    this.isFlat = this.largest?.change < 0.005 * highest;
    const { dataset } = this.chart.layer.canvas;
    if (this.largest) dataset.largest = String(this.largest.step);
    else delete dataset.largest;
    this.chart.setDomain({ x: [0, 1], y: [0, highest] });
    this.writeFact();
  }

  /** Takes what was measured of the model's walks; null where nothing was. */
  setMeasured(walks) {
    this.measured = walks;
    this.writeFact();
  }

  /** The headline is the measure of Objectives' table, on this walk. */
  writeFact() {
    const { changes, largest, measured } = this;
    this.headline.textContent = this.fact.textContent = "";
    if (!changes) return;
    const share = this.apart > 0 ? Math.max(...changes) / this.apart : null;
    this.headline.dataset.share = share === null ? "" : String(share);
    this.headline.textContent =
      share === null
        ? "No change: A and B decode alike."
        : `Largest step: ${formatShare(share)} of the way.`;
    const facts = [measured && medianWords(measured), this.steepness(largest)];
    this.fact.textContent = facts.filter(Boolean).join(" ");
  }

  /** Per unit of z: how steep it is where it is steepest. */
  steepness(largest) {
    if (!this.isPerUnit) return "";
    if (!largest) return "A and B have the same code: no length to divide by.";
    return `Steepest: ${formatNumber(largest.change, 2)} per unit of z.`;
  }

  /** The cursor: the picture first. @param {number[]} z */
  pointTo(share, z, { height, width }, means) {
    this.digit.draw(means, height, width, { z: Array.from(z).join() });
    this.share = share;
    this.stripMark.style.left = `${(100 * (0.5 + share * (STRIP_TILES - 1))) / STRIP_TILES}%`;
    this.chart.drawMarks();
  }

  /** The step that the cursor is in. */
  get step() {
    return Math.min(WALK_STEPS - 1, Math.floor(this.share * WALK_STEPS));
  }

  /** Words and attributes, which need not be there in the very frame of a move. */
  showRest() {
    const { canvas } = this.chart.layer;
    const value = this.curve?.[this.step];
    this.here.textContent = value === undefined ? "" : `change ${formatNumber(value, 2)}`;
    canvas.dataset.share = String(this.share);
    canvas.setAttribute("aria-valuenow", String(Math.round(100 * this.share)));
    canvas.setAttribute("aria-valuetext", `${Math.round(100 * this.share)} % of the way`);
  }

  /** The way begins and ends at the middles of the strip's first and last tiles. */
  fitMargin(chart) {
    chart.margin.left = chart.margin.right = chart.bounds.width / STRIP_TILES / 2;
  }

  drawCurve(chart, ink) {
    this.fitMargin(chart);
    const { context } = chart;
    const ticks = niceTicks(...chart.domain.y, Math.max(2, chart.height / WALK_TICK_PX));
    const right = chart.margin.left + chart.width;
    for (const value of ticks.values) {
      const y = chart.y(value);
      const alpha = value === 0 ? 0.5 : 0.14;
      chartLine(context, [[chart.margin.left, y], [right, y]], ink.text, { width: 1, alpha });
    }
    const bottom = chart.margin.top + chart.height + 5;
    chartText(context, "A", chart.x(0), bottom, ink, { base: "top" });
    chartText(context, "B", chart.x(1), bottom, ink, { base: "top" });
    if (this.curve) this.drawValues(chart, ink);
    for (const value of ticks.values.slice(1)) {
      const text = formatNumber(value, ticks.digits);
      context.save();
      const x = chart.margin.left + 4 + (SMALL_TEXT * text.length) / 4;
      haloText(context, text, x, chart.y(value), SMALL_TEXT, ink, 0.85);
      context.restore();
    }
  }

  drawValues(chart, ink) {
    const { context } = chart;
    const places = Array.from(this.curve, (value, n) => [
      chart.x((n + 0.5) / WALK_STEPS), chart.y(value),
    ]);
    context.save();
    context.beginPath();
    context.moveTo(places[0][0], chart.y(0));
    for (const [x, y] of places) context.lineTo(x, y);
    context.lineTo(places.at(-1)[0], chart.y(0));
    context.fillStyle = ink.accent;
    context.globalAlpha = 0.22;
    context.fill();
    context.restore();
    chartLine(context, places, ink.accent, { width: 2 });
    if (!this.isFlat) drawJump(context, places[this.largest.step], ink);
  }

  drawCursor() {
    const { chart, ink } = this;
    const x = chart.x(this.share);
    const ends = [[x, chart.margin.top - 8], [x, chart.margin.top + chart.height]];
    chartLine(chart.context, ends, ink.text, { width: 2 });
    chartDot(chart.context, [x, chart.margin.top - 10], 7, ink.text, ink);
    const value = this.curve?.[this.step];
    if (value !== undefined) chartDot(chart.context, [x, chart.y(value)], 5, ink.text, ink);
  }
}

function medianWords({ walks, step_median: median }) {
  const found = median === null ? "no change" : formatShare(median);
  return `Median of ${walks.toLocaleString("en-GB")} walks: ${found}.`;
}
