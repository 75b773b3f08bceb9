/**
 * Theory's section 'Every symbol': one pass through the model with all its numbers, two dimensions.
 *
 * mu, log sigma^2 and epsilon can be moved; all that follows from them is computed anew in the same
 * frame, what has changed is marked, and the rest is seen to stay.
 */
import { priorKl } from "../../maths/gaussian_rules.js";
import { bernoulliTerm } from "../../maths/likelihood.js";
import { SEARCH_REACH } from "../../maths/posterior_squares.js";
import { formatNumber, formatSmall } from "../../maths/scales.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { HeatPicture } from "../../parts/heat_picture.js";
import { createElement } from "../../parts/layers.js";
import { numberSlider } from "./number_slider.js";
import { readNumbers, writeNumbers } from "../page.js";

const SUBSCRIPTS = ["\u2081", "\u2082"];
const FIRST_NOISE = [0.8, -0.6]; // until another is drawn: not 0, which would hide sigma
const NOISE_REACH = 3.5; // of the sliders
const SYMBOL_LOGVARS = [-20, 3];
const LOGIT_TICKS = ["\u2264 \u221212", "0", "\u2265 12"];
const LOGIT_SCALE = { low: -12, high: 12, table: "cividis", ticks: LOGIT_TICKS };
const TERM_SCALE = { low: 0, high: 2, table: "viridis", ticks: ["0", "1", "\u2265 2 nats"] };

/** Rows of numbers that follow: name, how it is written, what it is. */
const FOLLOWING = [
  ["sigma", "\u03c3 = exp(\u00bd log \u03c3\u00b2)", 3],
  ["z", "z = \u03bc + \u03c3 \u00b7 \u03b5", 3],
  ["kl", "KL = \u00bd (\u03bc\u00b2 + \u03c3\u00b2 \u2212 1 \u2212 log \u03c3\u00b2)", 2],
];
const SUMS = [
  ["reconstruction", "Reconstruction, \u2212log p(x|z)"],
  ["klSum", "+ KL, both dimensions"],
  ["negativeElbo", "= \u2212ELBO of this one sample"],
];

/** A normal number by Box and Muller's transform, from the browser's own chance. */
function normalByChance() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return radius * Math.cos(2 * Math.PI * Math.random());
}

/** The section. */
export class SymbolsSection {
  constructor(parent, page) {
    this.page = page;
    this.root = createElement(parent, "div", "theory-symbols");
    this.cells = new Map(); // name -> element that shows a number, marked where it has changed
    this.buildNumbers(createElement(this.root, "div", "symbols-numbers"));
    this.buildPictures(createElement(this.root, "div", "symbols-pictures"));
    this.why = createElement(this.root, "p", "theory-says", { "data-testid": "why-logvar" });
  }

  buildNumbers(parent) {
    this.sliders = {};
    const rows = [
      ["mu", "\u03bc", "Mean", [-SEARCH_REACH, SEARCH_REACH], 0.005, 2],
      ["logvar", "log \u03c3\u00b2", "Log variance", SYMBOL_LOGVARS, 0.02, 2],
      ["eps", "\u03b5", "Noise", [-NOISE_REACH, NOISE_REACH], 0.01, 2],
    ];
    for (const [key, symbol, name, [low, high], step, digits] of rows) {
      this.sliders[key] = SUBSCRIPTS.map((index, j) => {
        const words = {
          label: symbol.replace("\u03c3", `\u03c3${index}`).replace(/^(.)$/, `$1${index}`),
          testId: `symbol-${key}-${j}`,
          name: `${name}, dimension ${j + 1}`,
        };
        const slider = numberSlider(parent, words, { low, high, step, digits }, {
          onInput: (value) => this.move(key, j, value),
          onRelease: () => this.keep(),
        });
        this.cells.set(`${key}-${j}`, slider.root);
        return slider;
      });
    }
    for (const [name, text] of FOLLOWING) {
      const subscripts = SUBSCRIPTS.map((index, j) => {
        const cell = createElement(parent, "p", "symbol-cell", { "data-testid": `${name}-${j}` });
        const indexed = text.replace(/[\u03bc\u03c3\u03b5z]|KL/g, (symbol) => symbol + index);
        createElement(cell, "span", "").textContent = indexed;
        const value = createElement(cell, "output", "");
        this.cells.set(`${name}-${j}`, cell);
        return value;
      });
      this[`${name}Values`] = subscripts;
    }
    const tools = createElement(parent, "div", "toolbar symbols-tools");
    pushButton(tools, "Draw another \u03b5", "new-eps", () => {
      const drawn = [normalByChance(), normalByChance()];
      this.take({ eps: drawn.map((value) => Math.round(100 * value) / 100) });
      this.keep();
    });
    const back = "Back to the encoder\u2019s \u03bc and \u03c3";
    this.back = pushButton(tools, back, "symbols-back", () => {
      this.page.change({ q: undefined });
      this.take({ q: this.own });
    });
  }

  buildPictures(parent) {
    const figure = (name, text) => {
      const root = createElement(parent, "figure", "symbol-figure");
      createElement(root, "figcaption", "").textContent = text;
      this.cells.set(name, root);
      return root;
    };
    this.logits = new HeatPicture(
      figure("logits", "Logits l, the decoder\u2019s output"),
      { testId: "logits", label: "The decoder's logits, one a pixel" },
      LOGIT_SCALE,
    );
    const means = figure("means", "Pixel means s(l) = 1 / (1 + e\u207b\u02e1)");
    this.means = new DigitView(means, { "data-testid": "means", "aria-label": "Pixel means" });
    this.terms = new HeatPicture(
      figure("terms", "Reconstruction term of each pixel"),
      { testId: "terms", label: "The reconstruction term of each pixel" },
      TERM_SCALE,
    );
    const sums = createElement(parent, "dl", "symbols-sums");
    this.sums = {};
    for (const [name, text] of SUMS) {
      const row = createElement(sums, "div", `symbols-sum is-${name}`, { "data-testid": name });
      createElement(row, "dt", "").textContent = text;
      this.sums[name] = createElement(row, "dd", "");
      this.cells.set(name, row);
    }
  }

  destroy() {}

  restyle() {}

  /** Another model or another image. */
  show() {
    const { encoded } = this.page;
    this.root.inert = !encoded;
    this.root.classList.toggle("is-empty", !encoded);
    this.now = null;
    if (encoded) this.own = [...encoded.mu, ...encoded.logvar];
  }

  apply(values, keys) {
    if (!this.page.encoded || !["q", "eps", "image"].some((key) => keys.includes(key))) return;
    this.take({
      q: values.q ? readNumbers(values.q) : this.own,
      eps: values.eps ? readNumbers(values.eps) : FIRST_NOISE,
    });
  }

  /** While a slider is dragged. */
  move(key, j, value) {
    if (key === "eps") this.take({ eps: this.eps.with(j, value) });
    else this.take({ q: this.q.with(key === "mu" ? j : 2 + j, value) });
  }

  keep() {
    const isOwn = writeNumbers(this.q) === writeNumbers(this.own);
    const isFirst = writeNumbers(this.eps) === writeNumbers(FIRST_NOISE);
    this.page.change({
      q: isOwn ? undefined : writeNumbers(this.q),
      eps: isFirst ? undefined : writeNumbers(this.eps),
    });
  }

  /** Takes other numbers, and shows all that follows from them. */
  take({ q = this.q, eps = this.eps }) {
    this.q = [...q];
    this.eps = [...eps];
    const before = this.now;
    this.now = this.follow();
    this.write();
    for (const [name, cell] of this.cells) {
      const hasChanged = before !== null && String(before[name]) !== String(this.now[name]);
      cell.dataset.changed = String(hasChanged);
    }
  }

  /** Every number, by the name of its cell. */
  follow() {
    const { model, image } = this.page;
    const [mu, logvar] = [this.q.slice(0, 2), this.q.slice(2)];
    const sigma = logvar.map((value) => Math.exp(value / 2));
    const z = mu.map((value, j) => value + sigma[j] * this.eps[j]);
    const kl = priorKl({ mu, logvar });
    const logits = Float32Array.from(model.decoder.forward(Float32Array.from(z)));
    const terms = Float64Array.from(logits, (logit, i) => bernoulliTerm(logit, image[i]));
    const reconstruction = terms.reduce((sum, value) => sum + value, 0);
    const now = { logits, terms, means: logits, reconstruction, klSum: kl[0] + kl[1] };
    now.negativeElbo = reconstruction + now.klSum;
    Object.entries({ mu, logvar, eps: this.eps, sigma, z, kl }).forEach(([name, values]) => {
      values.forEach((value, j) => (now[`${name}-${j}`] = value));
    });
    return now;
  }

  write() {
    const { now } = this;
    const { height, width } = this.page.model;
    this.logits.draw(now.logits, height, width);
    this.terms.draw(now.terms, height, width);
    const means = Float32Array.from(now.logits, (logit) => 1 / (1 + Math.exp(-logit)));
    this.means.draw(means, height, width, { z: `${now["z-0"]},${now["z-1"]}` });
    for (const [name, sliders] of Object.entries(this.sliders)) {
      sliders.forEach((slider, j) => slider.set(now[`${name}-${j}`]));
    }
    for (const [name, , digits] of FOLLOWING) {
      this[`${name}Values`].forEach((cell, j) => {
        const format = name === "sigma" ? formatSmall : formatNumber;
        cell.textContent = format(now[`${name}-${j}`], digits);
        cell.dataset.value = String(now[`${name}-${j}`]);
      });
    }
    for (const [name] of SUMS) {
      this.sums[name].textContent = formatNumber(now[name], 2);
      this.sums[name].dataset.value = String(now[name]);
    }
    this.back.disabled = writeNumbers(this.q) === writeNumbers(this.own);
    this.root.dataset.shown = [...this.q, ...this.eps].join();
    const [logvar, sigma] = [now["logvar-0"], now["sigma-0"]];
    this.why.textContent =
      "Why log \u03c3\u00b2? A network\u2019s output can be any real number, but \u03c3 must be positive: " +
      `exp(\u00bd \u00b7 ${formatNumber(logvar, 2)}) = ${formatSmall(sigma, 3)} is, whatever ` +
      `the number. A step of 1 up gives ${formatSmall(sigma * Math.exp(0.5), 3)}, a step of 1 ` +
      `down ${formatSmall(sigma * Math.exp(-0.5), 3)}: \u03c3 is multiplied or divided by ` +
      `${formatNumber(Math.exp(0.5), 2)}, at every size; and the KL uses log \u03c3\u00b2 directly.`;
  }

  /** Every symbol, then the pixels. */
  numbers() {
    const rows = [];
    for (const name of this.cells.keys()) {
      const value = this.now?.[name];
      if (typeof value === "number") rows.push([name, "", value]);
    }
    for (const name of ["logits", "terms"]) {
      this.now?.[name].forEach((value, i) => rows.push([name, i, value]));
    }
    this.page.image?.forEach((value, i) => rows.push(["x", i, value]));
    return { header: ["symbol", "pixel", "value"], rows };
  }
}
