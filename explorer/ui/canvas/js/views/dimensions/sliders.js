/**
 * A slider a dimension, in order of KL: the ten that say most, then the other active ones when
 * asked for, and the dead ones folded away with the reason.
 */
import { formatNumber } from "../../maths/scales.js";
import { TRAVERSAL_SIGMA } from "../../maths/traversal.js";
import { pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { PosteriorTrack, SigmaAxis } from "../../parts/posterior_track.js";

const SLIDERS_SHOWN_FIRST = 10; // more sliders make the task harder
const SLIDER_STEP = 0.001; // prior sigmas, as fine as a link's decimals
const SLIDER_KEY_STEP = 0.1;
const SLIDER_FINE_KEY_STEP = 0.01; // with shift
const LEAST_KL_SCALE = 0.1; // nats: smaller ones have no long bars, even if all are small

/** The name of a dimension, numbered from 1: z with a subscript. */
export function dimensionName(dim) {
  const digits = [...String(dim + 1)].map((digit) => String.fromCharCode(0x2080 + Number(digit)));
  return `z${digits.join("")}`;
}

/** All sliders of a page. */
export class DimensionSliders {
  /**
   * @param {HTMLElement} parent
   * @param {{onInput: function(number, number), onRelease: function(), onReset: function(number),
   *   onOpen: function(string, boolean)}} handlers onInput(dim, value) while a slider is dragged,
   *   onReset(dim) to where it began, onOpen(part, isOpen) for the parts "others" and "dead"
   */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.rows = new Map(); // dim -> {input, value, track}
    this.root = createElement(parent, "div", "sliders");
    this.header = createElement(this.root, "div", "slider-row slider-header");
    createElement(this.header, "span", "slider-name");
    createElement(this.header, "span", "slider-kl").textContent = "KL, nats";
    this.axis = new SigmaAxis(createElement(this.header, "span", "slider-track"));
    createElement(this.header, "span", "slider-value").textContent = "value";
    this.first = createElement(this.root, "div", "slider-group");
    this.others = createElement(this.root, "div", "slider-group", { hidden: "" });
    this.key = createElement(this.root, "p", "slider-key");
    const tools = createElement(this.root, "div", "toolbar slider-tools");
    this.othersButton = pushButton(tools, "", "show-others", () =>
      this.open("others", this.others.hidden),
    );
    this.dead = createElement(this.root, "details", "dead", { "data-testid": "dead-dimensions" });
    this.deadSummary = createElement(this.dead, "summary", "dead-summary");
    const body = createElement(this.dead, "div", "dead-body", { hidden: "" });
    this.deadReason = createElement(body, "p", "dead-reason", { "data-testid": "dead-reason" });
    this.deadRows = createElement(body, "div", "slider-group");
    this.dead.addEventListener("toggle", () => {
      body.hidden = !this.dead.open;
      if (this.dead.open !== this.isDeadOpen) this.open("dead", this.dead.open);
    });
    this.sizeObserver = new ResizeObserver(() => this.drawTracks());
    this.sizeObserver.observe(this.root);
  }

  destroy() {
    this.sizeObserver.disconnect();
  }

  /**
   * Makes the rows.
   * @param {{dim: number, kl: number, isActive: boolean}[]} dimensions in order of KL
   * @param {number} reach prior sigmas at the ends of every slider
   */
  setDimensions(dimensions, reach) {
    this.reach = reach;
    this.rows.clear();
    const groups = [this.first, this.others, this.deadRows];
    for (const group of groups) group.replaceChildren();
    const active = dimensions.filter(({ isActive }) => isActive);
    const dead = dimensions.filter(({ isActive }) => !isActive);
    const most = Math.max(...dimensions.map(({ kl }) => kl), LEAST_KL_SCALE);
    const parts = [active.slice(0, SLIDERS_SHOWN_FIRST), active.slice(SLIDERS_SHOWN_FIRST), dead];
    parts.forEach((part, n) => {
      for (const dimension of part) this.addRow(groups[n], dimension, dimension.kl / most);
    });
    this.counts = { others: parts[1].length, dead: dead.length, all: dimensions.length };
    this.deadKl = Math.max(0, ...dead.map(({ kl }) => kl));
    this.dead.hidden = dead.length === 0;
    this.setChanges(null);
    this.showOpen(new Set());
  }

  addRow(group, { dim, kl, isActive }, share) {
    const row = createElement(group, "div", "slider-row");
    const name = dimensionName(dim);
    createElement(row, "span", "slider-name").textContent = name;
    const written = createElement(row, "span", "slider-kl");
    written.textContent = kl.toFixed(2);
    written.style.setProperty("--share", String(share));
    const place = createElement(row, "span", "slider-track");
    const track = new PosteriorTrack(place, dim);
    const input = createElement(place, "input", "slider-input", {
      type: "range",
      min: String(-this.reach),
      max: String(this.reach),
      step: String(SLIDER_STEP),
      "aria-label": `${name}, KL ${kl.toFixed(2)} nats${isActive ? "" : ", dead"}`,
      title: "Double click: back to where it began",
      "data-testid": "dimension-slider",
      "data-dim": String(dim),
      "data-kl": String(kl),
    });
    const value = createElement(row, "span", "slider-value", { "data-testid": "slider-value" });
    input.addEventListener("input", () => this.input(dim, input.valueAsNumber));
    input.addEventListener("change", () => this.handlers.onRelease());
    input.addEventListener("dblclick", () => this.handlers.onReset(dim));
    input.addEventListener("keydown", (event) => this.keyDown(event, dim, input));
    this.rows.set(dim, { input, value, track });
  }

  input(dim, value) {
    this.handlers.onInput(dim, value); // the digit first: it is what the eye waits for
    this.code[dim] = value;
    this.showValue(dim);
  }

  /** Arrow keys go by a tenth of a sigma, with shift by a hundredth. */
  keyDown(event, dim, input) {
    const signs = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    const sign = signs[event.key];
    if (!sign || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page has its own shortcuts
    const step = sign * (event.shiftKey ? SLIDER_FINE_KEY_STEP : SLIDER_KEY_STEP);
    input.value = String(input.valueAsNumber + step);
    this.input(dim, input.valueAsNumber);
    this.handlers.onRelease();
  }

  /** Shows another code. @param {number[]} code D numbers */
  setCode(code) {
    this.code = [...code];
    for (const [dim, { input }] of this.rows) {
      input.value = String(code[dim]);
      this.showValue(dim);
    }
  }

  /** Shows another posterior, or none. @param {?{mu: ArrayLike, sd: ArrayLike}} posterior */
  setPosterior(posterior) {
    this.posterior = posterior;
    this.drawTracks();
  }

  setStyle(ink) {
    this.ink = ink;
    this.drawTracks();
  }

  showValue(dim) {
    const { value, input } = this.rows.get(dim);
    value.textContent = formatNumber(this.code[dim], 2);
    input.setAttribute("aria-valuetext", `${formatNumber(this.code[dim], 2)} sigma`);
    this.drawTrack(dim);
  }

  drawTrack(dim) {
    if (!this.ink) return;
    const { posterior } = this;
    const own = posterior && { mu: posterior.mu[dim], sd: posterior.sd[dim] };
    this.rows.get(dim).track.draw(this.reach, this.code[dim], own, this.ink);
  }

  drawTracks() {
    if (!this.ink || !this.code) return;
    const isAnyShown = this.counts.dead < this.counts.all || this.isDeadOpen;
    this.header.hidden = this.key.hidden = !isAnyShown;
    for (const scale of [this.axis, ...[...this.rows.values()].map(({ track }) => track)]) {
      scale.measure();
    }
    this.axis.draw(this.reach, this.ink);
    for (const dim of this.rows.keys()) this.drawTrack(dim);
    this.key.textContent = this.posterior
      ? "Ticks: the prior\u2019s sigmas. Bands: the digit\u2019s posterior, \u00b1 1 and " +
        "\u00b1 2 sigma. Double click puts a slider back."
      : "Ticks: the prior\u2019s sigmas. Double click puts a slider back.";
  }

  /** The user opens or closes a part. */
  open(part, isOpen) {
    if (part === "others") this.showOthers(isOpen);
    else this.isDeadOpen = isOpen;
    this.drawTracks();
    this.handlers.onOpen(part, isOpen);
  }

  /** Opens parts without telling the listener. @param {Set<string>} parts */
  showOpen(parts) {
    this.showOthers(parts.has("others"));
    this.isDeadOpen = parts.has("dead");
    this.dead.open = this.isDeadOpen;
    this.drawTracks();
  }

  showOthers(isOpen) {
    const { others } = this.counts;
    this.others.hidden = !isOpen || others === 0;
    this.othersButton.hidden = others === 0;
    this.othersButton.setAttribute("aria-expanded", String(isOpen));
    this.othersButton.textContent = isOpen
      ? `Hide the last ${others}`
      : `Show the other ${others} active dimension${others === 1 ? "" : "s"}`;
  }

  /** What the dead dimensions were measured to change. @param {?number[]} changes grey levels */
  setChanges(changes) {
    const { dead, all } = this.counts;
    this.deadSummary.textContent =
      dead === all ? `All ${all} dimensions are dead: why?` : `${dead} of ${all} are dead: why?`;
    const dims = [...this.deadRows.querySelectorAll("input")].map((input) => input.dataset.dim);
    const most = changes && Math.max(0, ...dims.map((dim) => changes[dim]));
    this.deadReason.textContent =
      `KL ${this.deadKl.toFixed(2)} nats: for every image the posterior is the prior, so the ` +
      "decoder learnt to ignore them." +
      (changes
        ? ` From \u2212${TRAVERSAL_SIGMA}\u03c3 to ${TRAVERSAL_SIGMA}\u03c3 such a dimension changes a ` +
          `pixel by ${most.toFixed(1)} grey levels of 255 at most, on average over the picture.`
        : "");
  }
}
