/** The loss below the pass: what KL and reconstruction are made of, and that they add up to it. */
import { hexOf, mixRgb, rgbOf } from "../../maths/colour_scales.js";
import { formatNumber } from "../../maths/scales.js";
import { HeatPicture } from "../../parts/heat_picture.js";
import { Layer, createElement } from "../../parts/layers.js";
import { pairColours } from "../../parts/pair_colours.js";
import { SMALL_TEXT, deviceRatio, innerSize, textFont } from "../../parts/sizes.js";

const PIXEL_SCALE = { low: 0, high: 2, table: "viridis", ticks: ["0", "1", "\u2265 2 nats"] };
const BAR_ROOM = 1.5; // the bar has room for so many times the loss at z = mu
const LEAST_KL_NATS = 1; // of the bars' scale
const NAME_ROOM_PX = 22; // of a dimension's number under its bar
const FLOOR_SHARE = 0.45; // opacity of the part that no decoder can avoid

/** A cell with a title and its sum. */
function sumCell(parent, name, title) {
  const cell = createElement(parent, "section", `loss-cell is-${name}`);
  const head = createElement(cell, "p", "loss-head");
  createElement(head, "span", "loss-title").textContent = title;
  const value = createElement(head, "output", "loss-value", { "data-testid": `machine-${name}` });
  return { cell, value };
}

/** The panel. */
export class LossPanel {
  constructor(parent) {
    this.root = createElement(parent, "div", "machine-loss", { "data-stage": "loss" });
    this.loss = sumCell(this.root, "loss", "Loss");
    this.bar = new Layer(createElement(this.loss.cell, "div", "loss-bar"), "filled", {
      "data-testid": "loss-bar",
      "data-part": "loss",
      tabindex: "0",
      role: "img",
      "aria-label": "The loss, divided into KL and reconstruction",
    });
    this.key = createElement(this.loss.cell, "p", "loss-key");
    this.words = createElement(this.loss.cell, "p", "loss-words", { "data-testid": "loss-words" });
    createElement(this.root, "span", "loss-sign").textContent = "=";
    this.kl = sumCell(this.root, "kl", "KL");
    this.klBars = new Layer(createElement(this.kl.cell, "div", "kl-bars"), "filled", {
      "data-testid": "kl-bars",
      "data-part": "kl",
      tabindex: "0",
      role: "img",
      "aria-label": "KL of each dimension",
    });
    createElement(this.root, "span", "loss-sign").textContent = "+";
    this.reconstruction = sumCell(this.root, "reconstruction", "Reconstruction");
    const body = createElement(this.reconstruction.cell, "div", "heat-body");
    this.floor = createElement(body, "p", "loss-words", { "data-testid": "loss-floor" });
    this.heat = new HeatPicture(
      createElement(body, "div", "heat-side"),
      { testId: "loss-heat", label: "Reconstruction term of each pixel" },
      PIXEL_SCALE,
    );
    this.heat.canvas.dataset.part = "reconstruction";
    this.heat.canvas.tabIndex = 0;
  }

  /** The bar's parts from left to right. @returns {{name: string, colour: string}[]} */
  parts() {
    const { first, second } = this.colours;
    const pale = hexOf(mixRgb(rgbOf(this.ink.background), rgbOf(first), FLOOR_SHARE));
    return [
      { name: "KL", colour: second },
      { name: "grey pixels", colour: pale },
      { name: "the rest", colour: first },
    ];
  }

  /** @param {number[]} order dimensions from left to right */
  setDimensions(order) {
    this.order = order;
    this.now = null;
  }

  setStyle(ink) {
    this.ink = ink;
    this.colours = pairColours(ink);
    this.key.replaceChildren();
    for (const { name, colour } of this.parts()) {
      const item = createElement(this.key, "span", "");
      createElement(item, "span", "loss-swatch", { "data-paint": "" }).style.background = colour;
      item.append(name);
    }
    this.redraw();
  }

  /** Takes over the elements' sizes. */
  measure() {
    for (const layer of [this.bar, this.klBars]) {
      const [width, height] = innerSize(layer.canvas.parentElement);
      layer.resize(width, height, deviceRatio());
      Object.assign(layer, { width, height });
    }
    this.redraw();
  }

  /**
   * @param {?Object} now as `lossOf` gives it
   * @param {number} usual the loss at z = mu, for the bar's scale
   */
  draw(now, usual, { height, width }) {
    Object.assign(this, { now, usual });
    if (!now) return;
    this.heat.draw(now.terms, height, width);
    for (const [name, value] of [
      ["loss", now.loss],
      ["kl", now.klSum],
      ["reconstruction", now.reconstruction],
    ]) {
      this[name].value.textContent = formatNumber(value, 1);
      this[name].value.dataset.value = String(value);
    }
    this.redraw();
  }

  redraw() {
    if (!this.now || !this.ink || !this.bar.width) return;
    this.drawBar();
    this.drawKl();
  }

  /** KL, then the reconstruction's floor and what comes upon it. */
  drawBar() {
    const { now, usual } = this;
    const { width, height } = this.bar;
    const context = this.bar.clear();
    context.fillStyle = this.ink.text;
    context.globalAlpha = 0.08;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
    let x = 0;
    const values = [now.klSum, now.floor, now.reconstruction - now.floor];
    this.parts().forEach(({ colour }, n) => {
      const wide = (values[n] / (BAR_ROOM * usual)) * width;
      context.fillStyle = colour;
      context.fillRect(x, 0, wide, height);
      x += wide;
    });
  }

  drawKl() {
    const { now, order, colours, ink } = this;
    const { width, height } = this.klBars;
    const context = this.klBars.clear();
    const most = Math.max(LEAST_KL_NATS, ...now.kl);
    const step = width / order.length;
    const isFew = order.length <= 4;
    const every = Math.ceil(NAME_ROOM_PX / step); // dimension is named
    const [above, below] = [isFew ? SMALL_TEXT + 5 : 4, SMALL_TEXT + 4];
    context.font = textFont(ink, 600);
    context.textAlign = "center";
    order.forEach((dim, n) => {
      const tall = (Math.max(0, now.kl[dim]) / most) * (height - above - below);
      const wide = Math.min(0.72 * step, 90);
      const middle = (n + 0.5) * step;
      context.fillStyle = colours.second;
      context.fillRect(middle - wide / 2, height - below - tall, wide, Math.max(1, tall));
      context.fillStyle = ink.text;
      context.textBaseline = "bottom";
      if (n % every === 0) context.fillText(String(dim + 1), middle, height);
      if (isFew) context.fillText(formatNumber(now.kl[dim], 2), middle, height - below - tall - 2);
    });
  }

  /** What the sums do not say by themselves. @param {string} words of the loss */
  write(words) {
    const { now } = this;
    this.words.textContent = now ? words : "";
    this.floor.textContent = now
      ? `${formatNumber(now.floor, 1)} of these come from grey pixels: their entropy, which no ` +
        "decoder can avoid."
      : "";
    if (now) this.floor.dataset.value = String(now.floor);
  }
}
