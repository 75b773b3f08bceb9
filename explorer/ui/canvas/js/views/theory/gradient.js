/** Theory, reparameterisation: one gradient, two estimators, and how far each spreads. */
import { meanAndDeviation, roundAbove } from "../../maths/bins.js";
import {
  GRADIENT_FUNCTIONS,
  exactGradient,
  gradientEstimates,
} from "../../maths/gradient_estimates.js";
import { standardNormals } from "../../maths/random.js";
import { formatNumber } from "../../maths/scales.js";
import { AfterFrame } from "../../parts/after_frame.js";
import { Chart, chartLine, chartText } from "../../parts/chart.js";
import { pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { segmentsOf } from "./number_slider.js";
import { pairColours } from "../../parts/pair_colours.js";
import { SpreadRows } from "./spread_rows.js";
import { FiguresTable, NumbersSection } from "./numbers.js";

const GRADIENT_DEFAULTS = {
  gf: "square",
  gby: "mu", // what is differentiated by
  gmu: 1.5,
  gsigma: 0.5,
  gsamples: "1",
  gseed: 0,
};
const GRADIENT_ESTIMATES = 400;
const GRADIENT_SAMPLES = ["1", "10", "100"];
const NOISE_SEEDS = 1000;
const HALF_DEVIATIONS = 3.2; // of the wider estimator: how far the axis reaches
const CURVE_MARGIN_PX = { left: 8, right: 8, top: 6, bottom: 20 };
const CURVE_STEPS = 160;
const CURVE_RANGE = [-6, 6]; // of z
const NAME_AT = -2; // where all the functions are low
const TRUTHS = {
  square: { mu: "2μ", sigma: "2σ" },
  raised: { mu: "2μ", sigma: "2σ" },
  sine: { mu: "cos μ · exp(−σ²/2)", sigma: "−σ sin μ · exp(−σ²/2)" },
};
const WAYS = {
  score: { name: "Score function", mu: "f(z) ε/σ", sigma: "f(z) (ε² − 1)/σ" },
  path: { name: "Reparameterised", mu: "f′(μ + σε)", sigma: "f′(μ + σε) ε" },
};

/** The section. */
export class GradientSection extends NumbersSection {
  constructor(parent, page) {
    super(parent, page, "gradient", GRADIENT_DEFAULTS);
    this.rest = new AfterFrame(() => this.writeRest());
    this.spreads = new SpreadRows(this.picture, {
      testId: "gradient-spread",
      label: "Histograms of both estimators around the true gradient",
    });
    this.buildControls(this.side);
    this.curve = new Chart(
      this.side,
      { testId: "gradient-function", label: "f(z) with the density of z" },
      CURVE_MARGIN_PX,
      {
        curves: (chart) => chart.drawXAxis(),
        marks: (chart, ink) => this.drawFunction(chart, ink),
      },
    );
    this.table = new FiguresTable(
      this.picture,
      "gradient-figures",
      ["one sample", `mean of ${GRADIENT_ESTIMATES}`, "SD seen", "SD in theory"],
      Object.entries(WAYS).map(([key, { name }]) => [key, name]),
    );
    this.ratio = createElement(this.picture, "p", "theory-result", {
      "data-testid": "gradient-ratio",
    });
  }

  buildControls(parent) {
    const functions = Object.entries(GRADIENT_FUNCTIONS).map(([key, { name }]) => [key, name]);
    this.controls.gf = segmentsOf(parent, "f(z)", "gradient-f", functions, (gf) =>
      this.choose({ gf }),
    );
    const by = [["mu", "∂/∂μ"], ["sigma", "∂/∂σ"]];
    this.controls.gby = segmentsOf(parent, "Gradient", "gradient-by", by, (gby) =>
      this.choose({ gby }),
    );
    const samples = GRADIENT_SAMPLES.map((count) => [count, count]);
    this.controls.gsamples = segmentsOf(
      parent,
      "Samples each",
      "gradient-samples",
      samples,
      (gsamples) => this.choose({ gsamples }),
    );
    this.addSlider(parent, "gmu", "μ", "mu of z", { low: -3, high: 3, step: 0.05, digits: 2 });
    this.addSlider(parent, "gsigma", "σ", "sigma of z", {
      low: 0.1,
      high: 3,
      step: 0.05,
      digits: 2,
    });
    const bar = createElement(parent, "div", "toolbar");
    pushButton(bar, "New noise", "gradient-noise", () =>
      this.choose({ gseed: (this.now.gseed + 1) % NOISE_SEEDS }),
    );
  }

  destroy() {
    this.rest.stop();
    this.spreads.destroy();
    this.curve.destroy();
  }

  restyle() {
    const { ink } = this.page;
    this.colours = pairColours(ink);
    this.spreads.setStyle(ink);
    this.curve.setStyle(ink);
    this.table.colour("score", this.colours.second);
    this.table.colour("path", this.colours.first);
    this.update();
  }

  /** The same noise for both, and for every place of the sliders. */
  get noise() {
    if (this.noiseSeed !== this.now.gseed) {
      this.noiseSeed = this.now.gseed;
      this.draws = standardNormals(GRADIENT_ESTIMATES * 100, this.noiseSeed);
    }
    return this.draws;
  }

  update() {
    const { gf, gby, gmu: mu, gsigma: sigma, gsamples } = this.now;
    const samples = Number(gsamples);
    const known = exactGradient(gf, mu, sigma, samples);
    const options = { mu, sigma, by: gby, samples, estimates: GRADIENT_ESTIMATES };
    const found = gradientEstimates(gf, options, this.noise);
    this.truth = known.exact[gby];
    this.facts = {};
    const rows = ["score", "path"].map((way) => {
      const theory = known[way][gby];
      const { mean, deviation } = meanAndDeviation(found[way]);
      this.facts[way] = { mean, deviation, theory, values: found[way] };
      const colour = way === "score" ? this.colours.second : this.colours.first;
      const figures = `SD ${formatNumber(deviation, 2)}`;
      return { name: WAYS[way].name, figures, colour, values: found[way], mean, deviation };
    });
    const widest = Math.max(this.facts.score.theory, this.facts.path.theory, 1e-3);
    this.spreads.setRows(rows, {
      truth: this.truth,
      words: `true gradient ${formatNumber(this.truth, 2)}`,
      half: roundAbove(HALF_DEVIATIONS * widest),
    });
    this.curve.setDomain({ x: CURVE_RANGE, y: [0, 1] });
    Object.assign(this.spreads.chart.layer.canvas.dataset, {
      truth: String(this.truth),
      score: String(this.facts.score.deviation),
      path: String(this.facts.path.deviation),
    });
    this.rest.ask();
  }

  writeRest() {
    const { gf, gby } = this.now;
    for (const [way, words] of Object.entries(WAYS)) {
      const { mean, deviation, theory } = this.facts[way];
      const numbers = [mean, deviation, theory].map((value) => formatNumber(value, 3));
      this.table.write(way, [words[gby], ...numbers]);
    }
    const symbol = gby === "mu" ? "μ" : "σ";
    this.words.textContent =
      "Training an encoder needs the gradient of an average over z ~ N(μ, σ²), and has " +
      "only samples. Both ways are right on average; see how far one estimate may be from it.";
    const { score, path } = this.facts;
    const ratio = (score.theory / path.theory) ** 2;
    this.ratio.textContent =
      `∂E[f(z)]/∂${symbol} = ${TRUTHS[gf][gby]} = ${formatNumber(this.truth, 3)}. ` +
      ratioWords(ratio);
  }

  /** f over z, and the density that z is drawn from. */
  drawFunction(chart, ink) {
    const { gf, gmu: mu, gsigma: sigma } = this.now;
    const { value } = GRADIENT_FUNCTIONS[gf];
    const [low, high] = CURVE_RANGE;
    const step = (high - low) / CURVE_STEPS;
    const zs = Array.from({ length: CURVE_STEPS + 1 }, (_, i) => low + i * step);
    const heights = zs.map(value);
    const [least, most] = [Math.min(...heights), Math.max(...heights)];
    const place = (z, share) => [chart.x(z), chart.y(0.03 + 0.9 * share)];
    const { context } = chart;
    context.fillStyle = ink.grey;
    context.beginPath();
    context.moveTo(...place(low, 0));
    for (const z of zs) context.lineTo(...place(z, Math.exp(-0.5 * ((z - mu) / sigma) ** 2)));
    context.lineTo(...place(high, 0));
    context.fill();
    const curve = zs.map((z, i) => place(z, (heights[i] - least) / (most - least)));
    chartLine(context, curve, ink.text, { width: 2 });
    chartText(context, "q(z)", chart.x(mu + 1.2 * sigma) + 4, chart.y(0.6), ink, { align: "left" });
    const { name } = GRADIENT_FUNCTIONS[gf];
    chartText(context, `f = ${name}`, chart.x(NAME_AT), chart.y(0.85), ink);
  }

  numbers() {
    const rows = [];
    for (const way of ["score", "path"]) {
      const { values, theory } = this.facts[way];
      values.forEach((value, n) => rows.push([WAYS[way].name, n, value, this.truth, theory]));
    }
    return { header: ["estimator", "number", "estimate", "truth", "deviation in theory"], rows };
  }
}

/** How many times the samples the score function needs to spread no further. */
function ratioWords(ratio) {
  if (ratio >= 1.005) {
    const times = ratio >= 100 ? Math.round(ratio).toLocaleString("en") : formatNumber(ratio, 1);
    return `To be as steady, the score function needs ${times} times as many samples.`;
  }
  const times = formatNumber(ratio, 2);
  return `Here the score function is the steadier: ${times} times the samples do.`;
}
