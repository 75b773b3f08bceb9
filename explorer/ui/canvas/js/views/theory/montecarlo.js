/** Theory, KL: the closed form, its special case, and estimates of it from samples. */
import { meanAndDeviation, roundAbove } from "../../maths/bins.js";
import { elboSamples, meansFromPool } from "../../maths/elbo_samples.js";
import {
  klBetweenGaussians,
  klEstimates,
  klFromStandardNormal,
  klSampleDeviation,
} from "../../maths/gaussian_kl.js";
import { standardNormals } from "../../maths/random.js";
import { formatNumber } from "../../maths/scales.js";
import { AfterFrame } from "../../parts/after_frame.js";
import { Chart, chartLine, chartText } from "../../parts/chart.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";
import { segmentsOf } from "./number_slider.js";
import { pairColours } from "../../parts/pair_colours.js";
import { SpreadRows } from "./spread_rows.js";
import { NumbersSection } from "./numbers.js";

const KL_DEFAULTS = { kof: "kl", kmu: 1, ksigma: 0.5, kmup: 0, ksigmap: 1, kseed: 0 };
const KL_REPEATS = 400;
const KL_COUNTS = [1, 10, 100];
const KL_SEEDS = 1000;
const KL_REACH = 3; // deviations of one sample's estimate: how far the axis reaches
const DENSITY_MARGIN = { left: 8, right: 8, top: 6, bottom: 20 };
const DENSITY_RANGE = [-5, 5];
const DENSITY_STEPS = 200;
const SAME_KL = 5e-4; // to the digits that are written

/** How many of the single samples' estimates are below 0, where any are. */
function negativeWords(count) {
  return count > 0 ? `, and ${count} of ${KL_REPEATS} are even negative, which KL never is` : "";
}

const bell = (z, mu, sigma) => Math.exp(-0.5 * ((z - mu) / sigma) ** 2) / sigma;

/** The section. */
export class MonteCarloSection extends NumbersSection {
  constructor(parent, page) {
    super(parent, page, "montecarlo", KL_DEFAULTS);
    this.rest = new AfterFrame(() => this.writeRest());
    this.spreads = new SpreadRows(this.picture, {
      testId: "kl-spread",
      label: `Histograms of KL estimates from ${KL_COUNTS.join(", ")} samples around the closed form`,
    });
    this.batch = createElement(this.picture, "p", "theory-result", { "data-testid": "kl-batch" });
    const { side } = this;
    const kinds = [["kl", "KL"], ["elbo", "−ELBO of x"]];
    this.controls.kof = segmentsOf(side, "Estimate", "kl-of", kinds, (kof) => this.choose({ kof }));
    this.density = new Chart(
      side,
      { testId: "kl-densities", label: "The densities of q and p" },
      DENSITY_MARGIN,
      { curves: (chart) => chart.drawXAxis(), marks: (chart, ink) => this.drawBells(chart, ink) },
    );
    const place = { low: -3, high: 3, step: 0.05, digits: 2 };
    const width = { low: 0.1, high: 3, step: 0.05, digits: 2 };
    this.addSlider(side, "kmu", "μ₁ of q", "mu of q", place);
    this.addSlider(side, "ksigma", "σ₁ of q", "sigma of q", width);
    this.addSlider(side, "kmup", "μ₂ of p", "mu of p", place);
    this.addSlider(side, "ksigmap", "σ₂ of p", "sigma of p", width);
    const bar = createElement(side, "div", "toolbar");
    this.standard = pushButton(bar, "p = N(0, 1)", "kl-standard", () =>
      this.choose({ kmup: 0, ksigmap: 1 }),
    );
    this.standard.classList.add("is-of-kl");
    pushButton(bar, "New noise", "kl-noise", () =>
      this.choose({ kseed: (this.now.kseed + 1) % KL_SEEDS }),
    );
    this.digit = new DigitView(side, { "data-testid": "kl-image", "aria-label": "x" });
    const sums = createElement(this.root, "div", "theory-sums");
    this.general = createElement(sums, "p", "theory-sum", { "data-testid": "kl-general" });
    this.special = createElement(sums, "p", "theory-sum", { "data-testid": "kl-special" });
  }

  destroy() {
    this.rest.stop();
    this.spreads.destroy();
    this.density.destroy();
  }

  restyle() {
    const { ink } = this.page;
    this.colours = pairColours(ink);
    this.spreads.setStyle(ink);
    this.density.setStyle(ink);
    this.update();
  }

  get noise() {
    if (this.noiseSeed !== this.now.kseed) {
      this.noiseSeed = this.now.kseed;
      this.draws = standardNormals(KL_REPEATS * Math.max(...KL_COUNTS), this.noiseSeed);
    }
    return this.draws;
  }

  /** Another x or model: its samples are decoded when they are next asked for. */
  apply(values, keys) {
    if (keys.includes("image")) this.pool = null;
    super.apply(values);
  }

  get isElbo() {
    return this.now.kof === "elbo";
  }

  update() {
    this.root.classList.toggle("is-elbo", this.isElbo);
    if (this.isElbo) this.updateElbo();
    else this.updateKl();
    this.rest.ask();
  }

  /** The same for the ELBO of the page's image, whose reconstruction has no closed form. */
  updateElbo() {
    const { image, encoded, model } = this.page;
    if (!image) {
      this.pool = null;
      this.estimates = [];
      this.spreads.setRows([], { truth: 0, words: "", half: 1 });
      return;
    }
    const seed = this.now.kseed;
    if (this.pool?.seed !== seed) {
      const noise = standardNormals(KL_REPEATS * model.dims, seed);
      this.pool = { seed, ...elboSamples(model.decoder, encoded, image, noise) };
    }
    this.digit.draw(image, model.height, model.width, {});
    const { closed, sampled } = this.pool;
    const truth = meanAndDeviation(closed).mean;
    const one = (name, values) => ({ name, samples: 1, values, ...meanAndDeviation(values) });
    const several = KL_COUNTS.slice(1).map((samples) => {
      const values = meansFromPool(closed, samples, KL_REPEATS, seed);
      return { ...one(`L = ${samples}`, values), samples };
    });
    const single = one("L = 1", closed);
    this.estimates = [single, ...several, one("L = 1, KL from it too", sampled)];
    const rows = this.estimates.map((row, n) => ({
      ...row,
      figures: `SD ${formatNumber(row.deviation, 2)}`,
      colour: n < KL_COUNTS.length ? this.colours.first : this.colours.second,
    }));
    this.spreads.setRows(rows, {
      truth,
      words: `mean ${formatNumber(truth, 1)} nats`,
      half: roundAbove(Math.max(0.01, KL_REACH * single.deviation)),
    });
    const { dataset } = this.spreads.chart.layer.canvas;
    dataset.elbo = String(truth);
    dataset.deviations = this.estimates.map(({ deviation }) => deviation).join();
  }

  updateKl() {
    const { kmu, ksigma, kmup, ksigmap } = this.now;
    const numbers = [kmu, ksigma, kmup, ksigmap];
    this.kl = klBetweenGaussians(...numbers);
    this.alone = klFromStandardNormal(kmu, ksigma);
    const one = klSampleDeviation(...numbers);
    this.estimates = KL_COUNTS.map((samples) => {
      const values = klEstimates(numbers, samples, KL_REPEATS, this.noise);
      return { samples, values, theory: one / Math.sqrt(samples), ...meanAndDeviation(values) };
    });
    const rows = this.estimates.map(({ samples, values, mean, deviation, theory }) => ({
      name: samples === 1 ? "L = 1 sample" : `L = ${samples} samples`,
      figures:
        `SD ${formatNumber(deviation, 3)}, in theory ${formatNumber(theory, 3)}`,
      colour: this.colours.first,
      values,
      mean,
      deviation,
    }));
    this.spreads.setRows(rows, {
      truth: this.kl,
      words: `closed form ${formatNumber(this.kl, 3)}`,
      half: roundAbove(Math.max(0.01, KL_REACH * one)),
    });
    this.density.setDomain({ x: DENSITY_RANGE, y: [0, 1.06 / Math.min(ksigma, ksigmap)] });
    const { dataset } = this.spreads.chart.layer.canvas;
    dataset.kl = String(this.kl);
    dataset.special = String(this.alone);
    delete dataset.elbo;
    dataset.deviations = this.estimates.map(({ deviation }) => deviation).join();
  }

  writeRest() {
    if (this.isElbo) this.writeElbo();
    else this.writeKl();
  }

  writeElbo() {
    this.words.textContent =
      `Each row: ${KL_REPEATS} estimates of the −ELBO of one x, each the mean over L of the same ` +
      `${KL_REPEATS} decoded samples of q(z|x). Blue: KL in closed form, reconstruction sampled.`;
    if (this.estimates.length === 0) {
      this.batch.textContent = "Draw a digit in another section, and its ELBO appears.";
      return;
    }
    const [one, , most, both] = this.estimates;
    const share = formatNumber((100 * one.deviation) / Math.abs(one.mean), 1);
    const errors = [one, most].map(({ deviation }) => formatNumber(deviation, 2));
    const steadier =
      both.deviation < one.deviation
        ? ", and steadier: with the true posterior as q it would not vary at all."
        : ".";
    const { textContent: name } = this.page.input.words;
    this.batch.textContent =
      `x: ${name}. One sample errs by ${errors[0]} nats, ${share} % of the −ELBO, ` +
      `${KL_COUNTS.at(-1)} samples by ${errors[1]}. A step averages over many digits anyway, so one ` +
      `sample a digit will do. Orange: the KL from the same sample${steadier}`;
  }

  writeKl() {
    this.words.textContent =
      `Each row: ${KL_REPEATS} estimates of KL(q‖p), each the mean of log q(z) − log p(z) over ` +
      "its samples z ~ q. All are right on average; the spread falls as 1/√L.";
    const { kmu, ksigma, kmup, ksigmap } = this.now;
    const [mu, s, m, t] = [kmu, ksigma, kmup, ksigmap].map((v) => formatNumber(v, 2));
    const shift = kmup < 0 ? `(${mu} + ${formatNumber(-kmup, 2)})` : `(${mu} − ${m})`;
    const written = formatNumber(this.kl, 3);
    this.general.textContent =
      "KL(q‖p) = log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/(2σ₂²) − ½ " +
      `= log(${t}/${s}) + (${s}² + ${shift}²)/(2 · ${t}²) − ½ = ${written}`;
    const isSame = kmup === 0 && ksigmap === 1;
    const squared = kmu < 0 ? `(${mu})²` : `${mu}²`;
    this.special.textContent =
      "KL(q‖N(0, 1)) = ½ (μ₁² + σ₁² − 1 − log σ₁²) " +
      `= ½ (${squared} + ${s}² − 1 − log ${s}²) = ` +
      `${formatNumber(this.alone, 3)}: ` +
      (isSame
        ? "the same, since p is N(0, 1)."
        : Math.abs(this.alone - this.kl) < SAME_KL
          ? "the same by coincidence: p is not N(0, 1)."
          : "not the same, for p is not N(0, 1).");
    this.special.dataset.same = String(isSame);
    this.standard.disabled = isSame;
    const [{ values, deviation }, , most] = this.estimates;
    const below = values.filter((value) => value < 0).length;
    const errors = [formatNumber(deviation, 2), formatNumber(most.deviation, 3)];
    this.batch.textContent =
      `One sample errs by ${errors[0]} nats${negativeWords(below)}. Still, training can take one ` +
      "sample of the ELBO a digit: a step averages over its batch, and one sample for each of " +
      `${KL_COUNTS.at(-1)} such digits errs by ${errors[1]}, like the last row.`;
  }

  drawBells(chart, ink) {
    const { kmu, ksigma, kmup, ksigmap } = this.now;
    const [low, high] = DENSITY_RANGE;
    const { context } = chart;
    const curve = (mu, sigma) =>
      Array.from({ length: DENSITY_STEPS + 1 }, (_, i) => {
        const z = low + ((high - low) * i) / DENSITY_STEPS;
        return [chart.x(z), chart.y(bell(z, mu, sigma))];
      });
    context.fillStyle = ink.grey;
    context.beginPath();
    const ofP = curve(kmup, ksigmap);
    for (const [x, y] of ofP) context.lineTo(x, y);
    context.fill();
    chartLine(context, ofP, ink.text, { width: 1.5, alpha: 0.6 });
    chartLine(context, curve(kmu, ksigma), this.colours.first, { width: 3 });
    const [x, y] = [chart.x(kmu), Math.max(14, chart.y(bell(kmu, kmu, ksigma)) + 14)];
    chartText(context, "q", x, y, ink);
    const side = kmup > kmu ? 1 : -1;
    chartText(context, "p", chart.x(kmup + side * 0.8 * ksigmap), chart.y(0) - 12, ink);
  }

  numbers() {
    const rows = [];
    if (this.isElbo) {
      for (const { name, values } of this.estimates) {
        values.forEach((value, n) => rows.push([name, n, value]));
      }
      return { header: ["samples", "number", "estimate of -ELBO"], rows };
    }
    for (const { samples, values, theory } of this.estimates) {
      values.forEach((value, n) => rows.push([samples, n, value, this.kl, theory]));
    }
    const header = ["samples", "number", "estimate", "closed form", "deviation in theory"];
    return { header, rows };
  }
}
