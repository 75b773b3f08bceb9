/**
 * Samples of the prior as one model decodes them: the newest with its verdict, the last ones in a
 * row, and how many were taken for each class or lie off the data.
 */
import { effectiveClasses, verdictWords } from "../../maths/judged.js";
import { formatNumber, formatShare } from "../../maths/scales.js";
import { Chart, chartText } from "../../parts/chart.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";
import { TileGrid } from "../../parts/tiles.js";
import { OffReason } from "./off_reason.js";

const TRAIL = 11; // pictures in the row
const COUNT_MARGIN = { left: 2, right: 2, top: 18, bottom: 21 };
const COUNT_BAR_SHARE = 0.72; // of the room that a bar has
const OFF_ROOM = 1.6; // of a class's: the bar of what is off the data
const OFF_HATCH_PX = 5;

/** What the roulette shows of one model. */
export class RoulettePanel {
  /** @param {{side: HTMLElement, below: HTMLElement}} places @param {Object} column */
  constructor({ side, below }, { name, title }) {
    const facts = { "data-model": name };
    this.digit = new DigitView(side, {
      "data-testid": "fallen-digit",
      "aria-label": `${title}: the newest sample`,
      ...facts,
    });
    this.verdict = createElement(side, "p", "verdict", { "data-testid": "verdict" });
    const strip = createElement(below, "div", "roulette-strip");
    this.tiles = new TileGrid(strip, {
      "data-testid": "roulette-strip",
      "aria-label": `${title}: the last samples, the newest first`,
      ...facts,
    });
    this.captions = createElement(below, "div", "roulette-captions");
    this.reason = new OffReason(below, title, "fallen");
    this.chart = new Chart(
      below,
      { testId: "verdict-counts", label: `${title}: samples taken for each class` },
      COUNT_MARGIN,
      { curves: (chart, ink) => this.drawBars(chart, ink), marks: () => {} },
    );
    this.recognised = createElement(below, "p", "roulette-fact is-headline", {
      "data-testid": "recognised",
      title: "The judge is more than 90\u00a0% sure of one digit",
    });
    this.fact = createElement(below, "p", "roulette-fact", { "data-testid": "off-share" });
    this.stored = createElement(below, "p", "roulette-fact", { "data-testid": "stored-share" });
    this.counts = null;
    this.highest = 1;
    this.trail = []; // of {greys, caption}, the newest first
  }

  destroy() {
    this.chart.destroy();
  }

  setStyle(ink, palette, highlighted) {
    Object.assign(this, { ink, palette, highlighted });
    this.chart.setStyle(ink);
  }

  /**
   * Takes another model's stored share; null where it was not measured.
   * @param {?number} recognised @param {?Object} judge how many samples, and real digits' own share
   */
  setStored(recognised, judge) {
    this.stored.textContent =
      recognised === null || !judge
        ? ""
        : `Of ${writtenCount(judge.samples)} samples: ${formatShare(recognised)}\n` +
          `Of real digits: ${formatShare(judge.real)}`;
  }

  /** Nothing has fallen. @param {LatentModel} model */
  clear({ height, width }) {
    this.trail = [];
    this.digit.draw(new Float32Array(height * width), height, width, {
      z: undefined, label: undefined, off: undefined, fallen: "0",
    });
    this.verdict.textContent = "";
    this.newest = null;
    this.reason.show(null);
    this.drawTrail({ height, width });
    // Black would look like a picture.
    for (const { context, canvas } of [this.digit, this.tiles]) {
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  /**
   * One more sample has fallen: its picture and its verdict together.
   * @param {Object} sample its point z, and its verdict as verdictAt gives it
   * @param {Float32Array} means @param {number} fallen how many have
   */
  take(sample, means, { height, width }, fallen) {
    const { z, label, isOff, isRecognised } = sample;
    this.digit.draw(means, height, width, {
      z: z.join(), label: String(label), off: String(isOff), fallen: String(fallen),
    });
    this.newest = sample;
    this.verdict.textContent = verdictWords(sample);
    this.verdict.classList.toggle("is-off", isOff);
    const greys = Uint8Array.from(means, (mean) => Math.round(255 * mean));
    this.trail = [{ greys, isOff, isRecognised, label }, ...this.trail].slice(0, TRAIL);
  }

  /** Says why the newest sample is off the data, if it is. */
  explain(model, hasOriginals) {
    this.reason.show(this.newest, model, hasOriginals);
  }

  /** Paints the row of the last samples. */
  drawTrail({ height, width }) {
    const greys = new Uint8Array(TRAIL * height * width);
    this.trail.forEach((entry, n) => greys.set(entry.greys, n * height * width));
    this.tiles.draw(greys, { height, width, columns: TRAIL, gap: 0 });
    this.captions.replaceChildren(
      ...this.trail.map(({ isOff, isRecognised, label }) => {
        const cell = document.createElement("span");
        cell.textContent = isOff ? "\u2715" : isRecognised ? String(label) : "?"; // unclear
        cell.classList.toggle("is-off", isOff);
        return cell;
      }),
    );
  }

  /**
   * How many were taken for what.
   * @param {{classes: number[], recognised: number, off: number}} counts @param {number} fallen
   * @param {number} highest the largest count of all models, for a common scale
   */
  setCounts(counts, fallen, highest) {
    Object.assign(this, { counts, highest });
    Object.assign(this.chart.layer.canvas.dataset, {
      counts: counts.classes.join(), off: String(counts.off), fallen: String(fallen),
      recognised: String(counts.recognised),
    });
    const { recognised, off } = counts;
    const share = fallen ? ` (${formatShare(recognised / fallen)})` : "";
    const all = writtenCount(fallen);
    this.recognised.textContent = `Recognised: ${writtenCount(recognised)} of ${all}${share}`;
    const unclear = writtenCount(fallen - recognised - off);
    const kinds = effectiveClasses(counts.classes);
    this.chart.layer.canvas.dataset.kinds = String(kinds);
    this.fact.textContent =
      `Spread over ${recognised > 0 ? formatNumber(kinds, 1) : "0"} kinds of digit\n` +
      `Unclear: ${unclear}, \u2715 off the data: ${writtenCount(off)}`;
    this.chart.setDomain({ x: [0, counts.classes.length + OFF_ROOM], y: [0, highest] });
  }

  drawBars(chart, ink) {
    if (!this.counts) return;
    const { context } = chart;
    const { classes, off } = this.counts;
    const base = chart.y(0);
    const bar = (from, room, count, text, paint) => {
      const left = chart.x(from + (room * (1 - COUNT_BAR_SHARE)) / 2);
      const right = chart.x(from + room - (room * (1 - COUNT_BAR_SHARE)) / 2);
      const top = chart.y(count);
      paint(left, top, right - left, base - top);
      const middle = (left + right) / 2;
      chartText(context, text, middle, base + 5, ink, { base: "top" });
      if (count > 0) chartText(context, String(count), middle, top - 3, ink, { base: "bottom" });
    };
    classes.forEach((count, label) => {
      const isGrey = this.highlighted.size > 0 && !this.highlighted.has(label);
      bar(label, 1, count, String(label), (...box) => {
        context.fillStyle = isGrey ? ink.grey : this.palette[label];
        context.fillRect(...box);
      });
    });
    bar(classes.length, OFF_ROOM, off, "\u2715 off", (...box) => hatch(context, box, ink));
    context.fillStyle = ink.text;
    context.fillRect(chart.margin.left, base, chart.width, 1);
  }
}

/** A count of digits. */
function writtenCount(count) {
  return Math.round(count).toLocaleString("en-GB");
}

/** A box with slanted lines: not a class's colour. */
function hatch(context, [left, top, width, height], ink) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = ink.warning;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = left - height; x < left + width; x += OFF_HATCH_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.strokeRect(left, top, width, height);
  context.restore();
}
