/** The key of a field: its colours with their numbers, the value at the pointer, what it means. */
import { mixRgb, rgbOf } from "../../maths/colour_scales.js";
import { readAs } from "../../maths/judged.js";
import { PRIOR_PEAK } from "../../maths/normal.js";
import { formatNumber, formatShare } from "../../maths/scales.js";
import { chartText } from "../../parts/chart.js";
import { AMOUNT_SCALES, isStripe, offColours, tintOf } from "./field_layer.js";
import { Layer, createElement } from "../../parts/layers.js";
import { deviceRatio, innerSize } from "../../parts/sizes.js";

const BAR_HEIGHT_PX = 14;
const BAR_TOP_PX = 7; // room for the mark
const BAR_SIDE_PX = 24; // room for half a tick's text
const OFF_WIDTH_PX = 92; // the hatched piece beside the bar of confidences
const SCALE_HEIGHT_PX = 42;

const FIELD_WORDS = {
  change: {
    name: "Change per unit step",
    said: () =>
      "How much the picture changes for a unit of z in the direction of the strongest change, " +
      "all pixels together. Bright ridges are jumps; a colour means the same in every model.",
    tick: String,
    value: ({ value }) => `${Number(value.toPrecision(3))} per unit step`,
  },
  class: {
    name: "Confidence of the judge",
    said: ({ recognised, real }) =>
      "What an independent classifier, the judge, reads the picture as. Strong colour: it is sure. " +
      `Hatched: off the data, read as no digit.${recognisedWords(recognised, real)}`,
    tick: (share) => `${Math.round(100 * share)} %`,
    value: ({ label, value, isOff }) =>
      isOff
        ? `Off the data: ${readAs(label)}, ${percentOf(value)} sure`
        : `Judge: ${readAs(label)}, ${percentOf(value)} sure`,
  },
  density: {
    name: "Density of the codes",
    said: ({ bandwidth }) =>
      "Share of the test digits that are encoded in a square unit of the plane" +
      `${bandwidth ? `, smoothed by ${Number(bandwidth.toPrecision(2))}` : ""}. ` +
      `The prior's own density is ${formatNumber(100 * PRIOR_PEAK, 1)} % in its middle.`,
    tick: (percent) => `${percent} %`,
    value: ({ value }) => {
      const text = value < 0.001 ? "< 0.001" : String(Number(value.toPrecision(3)));
      return `${text} % per square unit`;
    },
  },
};
const CONFIDENCE_TICKS = [0, 0.25, 0.5, 0.75, 1];
const FEW_TICKS = [0, 0.5, 1];
const FEW_TICKS_PX = 220; // on a narrower bar
const WAITING = "Computing…"; // the first field of a server's life takes some seconds

/** What can be shown: name in the state -> name on the page. */
export const FIELD_NAMES = {
  change: "Change per step",
  class: "Judge's classes",
  density: "Density of codes",
};

/** The share of prior samples that the judge recognises, beside that of real digits. */
function recognisedWords(recognised, real) {
  if (recognised === null) return "";
  const others = real === null ? "" : `, of real digits ${formatShare(real)}`;
  return ` Of this model's prior samples it recognises ${formatShare(recognised)}${others}.`;
}

function percentOf(share) {
  return share > 0.995 && share < 1 ? "> 99 %" : `${formatNumber(100 * share, 0)} %`;
}

/** The key, below a map. */
export class FieldBar {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = createElement(parent, "div", "field-bar", {
      "data-testid": "field-bar",
      hidden: "",
    });
    const head = createElement(this.root, "div", "field-head");
    this.name = createElement(head, "h3", "");
    this.value = createElement(head, "p", "field-value", { "data-testid": "field-value" });
    this.frame = createElement(this.root, "div", "field-scale", {
      "data-testid": "field-scale",
      "aria-hidden": "true", // the value stands in words as well
    });
    this.base = new Layer(this.frame, "field-base");
    this.layer = new Layer(this.frame, "field-marks");
    this.said = createElement(this.root, "p", "field-said", { "data-testid": "field-said" });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.frame);
    this.found = null;
  }

  destroy() {
    this.observer.disconnect();
  }

  setStyle(ink, palette) {
    this.ink = ink;
    this.palette = palette;
    this.draw();
  }

  /** Takes what is known of the model. @param {{recognised: ?number, real: ?number}} facts */
  setModel(facts) {
    this.facts = facts;
    if (this.kind) this.tell({});
  }

  /** Shows a kind of field, or by null nothing. */
  choose(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.root.hidden = !kind;
    if (!kind) return;
    this.name.textContent = FIELD_WORDS[kind].name;
    this.isAwaited = true;
    this.tell({});
    this.mark(null);
  }

  /** Takes what has come with the field. */
  tell(field) {
    if (field.kind) this.isAwaited = false;
    this.said.textContent = FIELD_WORDS[this.kind].said({ ...this.facts, ...field });
    this.said.classList.remove("is-problem");
  }

  /** Says why there is no field. */
  fail(problem) {
    this.isAwaited = false;
    this.mark(null);
    this.said.textContent = problem;
    this.said.classList.add("is-problem");
  }

  /** Marks what the field says at the pointer, as FieldLayer.at gives it; null for nothing. */
  mark(found) {
    this.found = found?.kind === this.kind ? found : null;
    if (!this.kind) return;
    const { dataset } = this.value;
    const waiting = this.isAwaited ? WAITING : "";
    this.value.textContent = this.found ? FIELD_WORDS[this.kind].value(this.found) : waiting;
    for (const key of ["value", "label", "isOff"]) {
      if (this.found?.[key] === undefined) delete dataset[key];
      else dataset[key] = String(this.found[key]);
    }
    this.draw();
  }

  draw() {
    if (!this.kind || !this.ink || this.frame.clientWidth === 0) return;
    const [wholeWidth] = innerSize(this.frame);
    const ratio = deviceRatio();
    const own = this.kind === "class" ? (this.palette[this.found?.label] ?? "") : "";
    const drawn = [this.kind, wholeWidth, ratio, own, ...Object.values(this.ink)].join();
    this.width = wholeWidth - 2 * BAR_SIDE_PX;
    if (this.kind === "class") this.width -= OFF_WIDTH_PX + 2 * BAR_SIDE_PX;
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      for (const layer of [this.base, this.layer]) {
        layer.resize(wholeWidth, SCALE_HEIGHT_PX, ratio);
      }
      const context = this.base.clear();
      if (this.kind === "class") this.drawConfidence(context, rgbOf(own || this.ink.text));
      else this.drawAmounts(context, AMOUNT_SCALES[this.kind]);
    }
    const context = this.layer.clear();
    if (this.found) this.drawMark(context, BAR_SIDE_PX + this.placeOf(this.found));
  }

  /** Pixels from the bar's beginning to a value's mark. */
  placeOf({ value, isOff }) {
    if (isOff) return this.width + 2 * BAR_SIDE_PX + OFF_WIDTH_PX / 2;
    return this.width * (this.kind === "class" ? value : AMOUNT_SCALES[this.kind].share(value));
  }

  drawAmounts(context, scale) {
    this.drawRamp(context, (share) => scale.table[Math.round(255 * share)]);
    for (const tick of scale.ticks) this.drawTick(context, scale.share(tick), tick);
  }

  /** Two pieces: how sure the judge is, and off the data, where that does not count. */
  drawConfidence(context, own) {
    const colours = { background: rgbOf(this.ink.background), grey: rgbOf(this.ink.grey) };
    this.drawRamp(context, (share) => mixRgb(colours.background, own, tintOf(share)));
    const ticks = this.width < FEW_TICKS_PX ? FEW_TICKS : CONFIDENCE_TICKS;
    for (const tick of ticks) this.drawTick(context, tick, tick);
    const left = BAR_SIDE_PX + this.placeOf({ isOff: true }) - OFF_WIDTH_PX / 2;
    const { ground, stripe } = offColours(own, colours);
    for (let y = 0; y < BAR_HEIGHT_PX; y++) {
      for (let x = 0; x < OFF_WIDTH_PX; x++) {
        context.fillStyle = `rgb(${isStripe(x, y) ? stripe : ground})`;
        context.fillRect(left + x, BAR_TOP_PX + y, 1, 1);
      }
    }
    this.drawFrame(context, left, OFF_WIDTH_PX);
    const below = BAR_TOP_PX + BAR_HEIGHT_PX + 6;
    chartText(context, "off the data", left + OFF_WIDTH_PX / 2, below, this.ink, { base: "top" });
  }

  drawRamp(context, colourAt) {
    const { width } = this;
    for (let x = 0; x < width; x++) {
      context.fillStyle = `rgb(${colourAt(x / (width - 1))})`;
      context.fillRect(BAR_SIDE_PX + x, BAR_TOP_PX, 1.5, BAR_HEIGHT_PX);
    }
    this.drawFrame(context, BAR_SIDE_PX, width);
  }

  drawFrame(context, left, width) {
    context.strokeStyle = this.ink.text;
    context.lineWidth = 1;
    context.globalAlpha = 0.4;
    context.strokeRect(left - 0.5, BAR_TOP_PX - 0.5, width + 1, BAR_HEIGHT_PX + 1);
    context.globalAlpha = 1;
  }

  drawTick(context, share, value) {
    const x = BAR_SIDE_PX + this.width * share;
    const bottom = BAR_TOP_PX + BAR_HEIGHT_PX;
    context.fillStyle = this.ink.text;
    context.fillRect(Math.round(x) - 0.5, bottom, 1, 4);
    chartText(context, FIELD_WORDS[this.kind].tick(value), x, bottom + 6, this.ink, {
      base: "top",
    });
  }

  /** A wedge from above and a line through the bar. */
  drawMark(context, x) {
    const bottom = BAR_TOP_PX + BAR_HEIGHT_PX + 2;
    for (const [reach, colour] of [[3, this.ink.background], [1, this.ink.text]]) {
      context.fillStyle = colour;
      context.fillRect(x - reach, BAR_TOP_PX - 2, 2 * reach, bottom - BAR_TOP_PX + 2);
    }
    context.beginPath();
    context.moveTo(x - 6, 0);
    context.lineTo(x + 6, 0);
    context.lineTo(x, BAR_TOP_PX + 2);
    context.fill();
  }
}
