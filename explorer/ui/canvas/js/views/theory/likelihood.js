/** Theory, the likelihood: one digit's reconstruction term under a Bernoulli and a Gaussian. */
import { bernoulliLogLikelihood } from "../../maths/likelihood.js";
import { formatNumber } from "../../maths/scales.js";
import { betaOfSigma, gaussianNats, sigmaOfBeta, squaredErrorOf } from "../../maths/squared_error.js";
import { AfterFrame } from "../../parts/after_frame.js";
import { Chart, chartDot, chartLine, chartText } from "../../parts/chart.js";
import { textFont } from "../../parts/sizes.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";
import { pairColours } from "../../parts/pair_colours.js";
import { FiguresTable, NumbersSection } from "./numbers.js";

const LIKELIHOOD_DEFAULTS = { lsigma: 1 };
const SIGMA_RANGE = { low: 0.02, high: 25, digits: 2, isLog: true }; // Python's limits too
const SIGMA_TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const BALANCE_MARGIN = { left: 8, right: 8, top: 4, bottom: 4 };
const SIGMA_MARGIN = { left: 52, right: 12, top: 26, bottom: 38 };
const SIGMA_STEPS = 160;
const CURVE_HEADROOM = 4; // the curve's axis reaches this many depths above its minimum
const BAR_TEXT_PX = 15;
const BAR_HEAD_PX = 22; // of a row, for its words
const PART_NAME_PX = 74; // a part of a bar that is wide enough for its number

/** The section. */
export class LikelihoodSection extends NumbersSection {
  constructor(parent, page) {
    super(parent, page, "likelihood", LIKELIHOOD_DEFAULTS);
    this.rest = new AfterFrame(() => this.writeRest());
    this.words.textContent =
      "The same x and the same decoder means m. How the error is written decides how much it " +
      "weighs against the KL. Each bar is one loss, split into reconstruction and KL.";
    this.balance = new Chart(
      this.picture,
      { testId: "balance", label: "Each loss divided into reconstruction and KL" },
      BALANCE_MARGIN,
      { curves: () => {}, marks: (chart, ink) => this.drawBalance(chart, ink) },
    );
    this.balance.root.classList.add("balance-chart");
    this.curve = new Chart(
      this.picture,
      { testId: "sigma-curve", label: "Gaussian reconstruction term over sigma" },
      SIGMA_MARGIN,
      {
        curves: (chart, ink) => this.drawAxes(chart, ink),
        marks: (chart, ink) => this.drawCurve(chart, ink),
      },
    );
    this.curve.root.classList.add("sigma-chart");
    const { side } = this;
    this.addSlider(side, "lsigma", "σ", "sigma of the Gaussian", SIGMA_RANGE);
    const bar = createElement(side, "div", "toolbar");
    this.bestButton = pushButton(bar, "Best σ", "best-sigma", () =>
      this.choose({ lsigma: this.bestSigma }),
    );
    this.bestButton.title = "The σ of the least reconstruction term: σ² is the mean squared error";
    this.pictures = createElement(side, "div", "likelihood-pictures");
    this.mean = this.addPicture("likelihood-mean", "means m");
    this.bernoulliMap = this.addPicture("bernoulli-pixels", "Bernoulli’s cost");
    this.gaussianMap = this.addPicture("gaussian-pixels", "Gaussian’s cost");
    this.table = new FiguresTable(
      side,
      "likelihood-figures",
      ["Bernoulli", "Gaussian"],
      [
        ["sum", "−log p(x|z)"],
        ["error", "Σ(x−m)²/(2σ²)"],
        ["constant", "P log(σ√2π)"],
        ["kl", "KL"],
      ],
    );
    this.beta = createElement(side, "p", "theory-result", { "data-testid": "likelihood-beta" });
    this.note = createElement(this.picture, "p", "theory-note", {
      "data-testid": "likelihood-note",
    });
  }

  addPicture(testId, text) {
    const figure = createElement(this.pictures, "figure", "");
    const view = new DigitView(figure, { "data-testid": testId, "aria-label": text });
    view.caption = createElement(figure, "figcaption", "");
    view.caption.textContent = text;
    return view;
  }

  destroy() {
    this.rest.stop();
    this.balance.destroy();
    this.curve.destroy();
  }

  restyle() {
    this.colours = pairColours(this.page.ink);
    this.balance.setStyle(this.page.ink);
    this.curve.setStyle(this.page.ink);
    this.update();
  }

  apply(values, keys) {
    if (keys.includes("image")) this.takeImage();
    super.apply(values);
  }

  /** The decoder's means at the posterior's own mean, and what of the terms has no sigma. */
  takeImage() {
    const { image, encoded, model } = this.page;
    this.facts = null;
    if (!image) return;
    const mu = Float32Array.from(encoded.mu);
    const means = model.decode(mu);
    const logits = Float32Array.from(model.decoder.forward(mu));
    const pixels = image.length;
    const error = squaredErrorOf(means, image);
    const kl = Array.from(encoded.mu).reduce(
      (sum, m, j) => sum + 0.5 * (m * m + Math.expm1(encoded.logvar[j]) - encoded.logvar[j]),
      0,
    );
    this.facts = {
      pixels,
      means,
      error,
      kl,
      bernoulli: -bernoulliLogLikelihood(logits, image),
      nats: Float32Array.from(image, (x, i) => -bernoulliLogLikelihood([logits[i]], [x])),
      squares: Float32Array.from(image, (x, i) => (x - means[i]) ** 2),
    };
    this.bestSigma = Math.max(SIGMA_RANGE.low, Number(Math.sqrt(error / pixels).toFixed(4)));
    this.showPictures();
  }

  /** m, and which pixels each likelihood charges: as bright as their share of the dearest. */
  showPictures() {
    const { height, width } = this.page.model;
    const { means, nats, squares } = this.facts;
    const shares = (values) => {
      const most = Math.max(...values);
      return values.map((value) => value / most);
    };
    this.mean.draw(means, height, width, {});
    this.bernoulliMap.draw(shares(nats), height, width, {});
    this.gaussianMap.draw(shares(squares), height, width, {});
  }

  update() {
    this.root.classList.toggle("is-empty", !this.facts);
    this.bestButton.disabled = !this.facts;
    if (!this.facts) {
      this.note.textContent = "Draw a digit, and its terms appear.";
      return;
    }
    const { pixels, error, kl, bernoulli } = this.facts;
    const sigma = this.now.lsigma;
    this.gaussian = gaussianNats(error, pixels, sigma);
    const loss = (words, reconstruction, isChosen = false) => ({
      words,
      reconstruction,
      isChosen,
      share: reconstruction / (reconstruction + kl),
    });
    const usual = (factor, averaged) => formatNumber(sigmaOfBeta(1, factor, averaged), 2);
    this.losses = [
      loss("Bernoulli + KL", bernoulli),
      loss(`Gaussian, σ = ${formatNumber(sigma, 2)}, + KL`, this.gaussian.error, true),
      loss(`Σ(x−m)² + KL: as σ = ${usual(1, 1)}`, error),
      loss(`½ Σ(x−m)² + KL: as σ = ${usual(0.5, 1)}`, error / 2),
      loss(`Mean of (x−m)² + KL: as σ = ${usual(1, pixels)}`, error / pixels),
    ];
    const least = gaussianNats(error, pixels, Math.sqrt(error / pixels)).sum;
    const top = gaussianNats(error, pixels, 3).sum; // the slow rise on the right is in view
    const depth = (top - least) / CURVE_HEADROOM;
    const x = [Math.log(SIGMA_RANGE.low), Math.log(SIGMA_RANGE.high)];
    this.curve.setDomain({ x, y: [least - depth, top + 2 * depth] });
    this.balance.draw();
    Object.assign(this.balance.layer.canvas.dataset, {
      sigma: String(sigma),
      bernoulli: String(bernoulli),
      gaussian: String(this.gaussian.sum),
      error: String(this.gaussian.error),
      kl: String(kl),
      best: String(this.bestSigma),
    });
    this.rest.ask();
  }

  drawBalance(chart, ink) {
    if (!this.facts) return;
    const { context, margin } = chart;
    const room = chart.height / this.losses.length;
    const { first, second } = this.colours;
    this.losses.forEach(({ words, reconstruction, share, isChosen }, n) => {
      const top = margin.top + n * room;
      const bar = { y: top + BAR_HEAD_PX, height: room - BAR_HEAD_PX - 6 };
      const split = margin.left + share * chart.width;
      context.fillStyle = first;
      context.fillRect(margin.left, bar.y, split - margin.left, bar.height);
      context.fillStyle = second;
      context.fillRect(split, bar.y, margin.left + chart.width - split, bar.height);
      const digits = reconstruction < 1 ? 3 : 1;
      const figures = `${formatNumber(reconstruction, digits)} : ${formatNumber(this.facts.kl, 1)}`;
      const fontOf = (size) => textFont(ink, isChosen ? 700 : 500, size);
      context.font = fontOf(BAR_TEXT_PX);
      const taken = context.measureText(`${words}  ${figures}`).width;
      context.font = fontOf(BAR_TEXT_PX * Math.min(1, chart.width / taken)); // a phone is narrow
      context.textBaseline = "middle";
      context.fillStyle = ink.text;
      context.textAlign = "left";
      context.fillText(words, margin.left, top + BAR_HEAD_PX / 2);
      context.textAlign = "right";
      context.fillText(figures, margin.left + chart.width, top + BAR_HEAD_PX / 2);
      this.nameParts(chart, split, bar, ink);
    });
  }

  /** The names of both parts, in the bar where they fit. */
  nameParts(chart, split, { y, height }, ink) {
    const { context, margin } = chart;
    const right = margin.left + chart.width;
    context.font = textFont(ink, 600);
    context.fillStyle = ink.background;
    const middle = y + height / 2 + 1;
    context.textAlign = "left";
    if (split - margin.left > 1.6 * PART_NAME_PX) {
      context.fillText("reconstruction", margin.left + 8, middle);
    }
    context.textAlign = "right";
    if (right - split > PART_NAME_PX / 2) context.fillText("KL", right - 8, middle);
  }

  drawAxes(chart, ink) {
    if (!this.facts) return;
    chart.drawYAxis();
    chart.drawXAxis(SIGMA_TICKS.map((sigma) => [Math.log(sigma), String(sigma)]));
    const y = chart.margin.top + chart.height + 29;
    chartText(chart.context, "σ", chart.margin.left + chart.width / 2, y, ink);
    chartText(chart.context, "Gaussian −log p(x|z), nats", 2, 10, ink, { align: "left" });
  }

  drawCurve(chart, ink) {
    if (!this.facts) return;
    const { pixels, error } = this.facts;
    const [low, high] = chart.domain.x;
    const place = (log) => [
      chart.x(log),
      chart.y(gaussianNats(error, pixels, Math.exp(log)).sum),
    ];
    const curve = Array.from({ length: SIGMA_STEPS + 1 }, (_, i) =>
      place(low + ((high - low) * i) / SIGMA_STEPS),
    );
    const best = place(Math.log(this.bestSigma));
    chart.clipped(() => {
      chartLine(chart.context, curve, this.colours.first, { width: 3 });
      const floor = chart.margin.top + chart.height;
      chartLine(chart.context, [best, [best[0], floor]], ink.text, { width: 1.5, dash: [4, 4] });
    });
    const words = `best σ = ${formatNumber(this.bestSigma, 3)}`;
    const isLeft = best[0] > chart.margin.left + 0.6 * chart.width; // where there is room for it
    const at = best[0] + (isLeft ? -12 : 12);
    chartText(chart.context, words, at, best[1] + 6, ink, { align: isLeft ? "right" : "left" });
    const here = place(Math.log(this.now.lsigma));
    const y = Math.max(chart.margin.top, here[1]);
    chartDot(chart.context, [here[0], y], 8, ink.accent, ink);
  }

  writeRest() {
    if (!this.facts) return;
    const { pixels, bernoulli, kl } = this.facts;
    const sigma = this.now.lsigma;
    const { sum, error, constant } = this.gaussian;
    const nats = (value) => formatNumber(value, 1);
    this.table.write("sum", [nats(bernoulli), nats(sum)]);
    this.table.write("error", ["", nats(error)]);
    this.table.write("constant", ["", nats(constant)]);
    this.table.write("kl", [nats(kl), nats(kl)]);
    const beta = (factor, averaged) => {
      const value = betaOfSigma(sigma, factor, averaged);
      return value >= 0.1 ? formatNumber(value, 2) : String(Number(value.toPrecision(2)));
    };
    this.beta.textContent =
      `Times 2σ², this loss is Σ(x−m)² + β KL with β = 2σ² = ${beta(1, 1)}; ` +
      `with ½ before the sum β = σ² = ${beta(0.5, 1)}; ` +
      `with the mean over ${pixels} pixels β = 2σ²/${pixels} = ${beta(1, pixels)}.`;
    this.note.textContent =
      "The best σ is the root of the mean squared error, and the error term there " +
      `P/2 = ${formatNumber(pixels / 2, 0)} nats for every x. The nats of a density may be ` +
      "negative: they are another scale than the Bernoulli’s, neither better nor worse. The " +
      "means m here are a Bernoulli decoder’s.";
  }

  numbers() {
    const rows = (this.losses ?? []).map(({ words, reconstruction, share }) => [
      words,
      reconstruction,
      this.facts?.kl ?? "",
      share,
    ]);
    return { header: ["loss", "reconstruction", "KL", "reconstruction's share"], rows };
  }
}
