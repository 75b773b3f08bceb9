/** Theory, both directions of KL: a Gaussian fitted to a density of two humps. */
import { forwardFit, logTwoHumps, reverseFits } from "../../maths/two_humps.js";
import { formatNumber } from "../../maths/scales.js";
import { AfterFrame } from "../../parts/after_frame.js";
import { Chart, chartLine, chartText } from "../../parts/chart.js";
import { unitPx } from "../../parts/sizes.js";
import { createElement } from "../../parts/layers.js";
import { pairColours } from "../../parts/pair_colours.js";
import { FiguresTable, NumbersSection } from "./numbers.js";

const HUMP_DEFAULTS = {
  hump1: -2,
  hump2: 1.8,
  width1: 0.6,
  width2: 0.8,
  weight: 0.4,
};
const HUMP_LIMIT = 4; // how far from 0 a hump may be dragged
const Z_RANGE = [-6, 6];
const Z_STEPS = 240;
const HUMPS_MARGIN = { left: 10, right: 10, top: 14, bottom: 24 };
const HANDLE_PX = 13;
const COVER_SHARE = 0.15; // of both humps' tops that q must reach to be said to cover them
const NAME_STEP_PX = 22;
const KEY_FROM = 2.8; // the key's place on the axis: from there outwards, left or right

const gaussian = (z, { mu, sigma }) =>
  Math.exp(-0.5 * ((z - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));

/** The section. */
export class ModesSection extends NumbersSection {
  constructor(parent, page) {
    super(parent, page, "modes", HUMP_DEFAULTS);
    this.rest = new AfterFrame(() => this.writeRest());
    this.words.textContent =
      "One Gaussian q, fitted to a density p with two humps in two ways. KL(p‖q) is large where " +
      "only p has mass, KL(q‖p) where only q has. The ELBO’s gap is of the second kind.";
    this.chart = new Chart(
      this.picture,
      { testId: "humps", label: "A density of two humps with the Gaussians fitted to it" },
      HUMPS_MARGIN,
      { curves: (chart) => chart.drawXAxis(), marks: (chart, ink) => this.draw(chart, ink) },
    );
    this.chart.root.classList.add("humps-chart");
    this.chart.setDomain({ x: Z_RANGE, y: [0, 1] });
    this.listen(this.chart.layer.canvas);
    this.table = new FiguresTable(
      this.picture,
      "modes-figures",
      ["μ", "σ", "KL(p‖q)", "KL(q‖p)"],
      [
        ["forward", "Least KL(p‖q)"],
        ["reverse", "Least KL(q‖p)"],
      ],
    );
    const { side } = this;
    const place = { low: -HUMP_LIMIT, high: HUMP_LIMIT, step: 0.05, digits: 2 };
    const width = { low: 0.2, high: 2, step: 0.05, digits: 2 };
    const share = { low: 0.05, high: 0.95, step: 0.01, digits: 2 };
    this.addSlider(side, "hump1", "Hump 1 at", "Place of hump 1", place);
    this.addSlider(side, "hump2", "Hump 2 at", "Place of hump 2", place);
    this.addSlider(side, "width1", "σ of hump 1", "Sigma of hump 1", width);
    this.addSlider(side, "width2", "σ of hump 2", "Sigma of hump 2", width);
    this.addSlider(side, "weight", "Weight of 1", "Weight of hump 1", share);
    this.verdict = createElement(side, "p", "theory-result", { "data-testid": "modes-verdict" });
    this.others = createElement(side, "p", "theory-note", { "data-testid": "modes-others" });
  }

  /** Dragging a hump: the nearer of the two follows the pointer sideways. */
  listen(canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const z = this.toZ(event);
      const { hump1, hump2 } = this.now;
      this.held = Math.abs(z - hump1) <= Math.abs(z - hump2) ? "hump1" : "hump2";
      this.offset = this.now[this.held] - z; // the hump does not jump to the pointer
      canvas.setPointerCapture(event.pointerId);
      canvas.classList.add("is-held");
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.held) return;
      const z = Math.min(HUMP_LIMIT, Math.max(-HUMP_LIMIT, this.toZ(event) + this.offset));
      const moved = { [this.held]: Math.round(100 * z) / 100 };
      this.set(moved);
    });
    const drop = () => {
      if (!this.held) return;
      const key = this.held;
      this.showHeld();
      this.held = null;
      canvas.classList.remove("is-held");
      this.keep(key);
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
  }

  /** The slider of the hump that is dragged follows it. */
  showHeld() {
    this.showControls({ [this.held]: this.now[this.held] });
  }

  toZ(event) {
    const { left } = this.chart.layer.canvas.getBoundingClientRect();
    const [low, high] = Z_RANGE;
    const share = ((event.clientX - left) / unitPx() - HUMPS_MARGIN.left) / this.chart.width;
    return low + share * (high - low);
  }

  destroy() {
    this.rest.stop();
    this.chart.destroy();
  }

  restyle() {
    const { ink } = this.page;
    this.colours = pairColours(ink);
    this.table.colour("forward", this.colours.first);
    this.table.colour("reverse", this.colours.second);
    this.chart.setStyle(ink);
    this.update();
  }

  update() {
    const { hump1, hump2, width1, width2, weight } = this.now;
    this.humps = { weight, means: [hump1, hump2], sigmas: [width1, width2] };
    this.forward = forwardFit(this.humps);
    const [best, ...others] = reverseFits(this.humps);
    Object.assign(this, { best, rivals: others });
    const [low, high] = Z_RANGE;
    this.heights = Array.from({ length: Z_STEPS + 1 }, (_, i) => {
      const z = low + ((high - low) * i) / Z_STEPS;
      return [z, Math.exp(logTwoHumps(this.humps, z))];
    });
    const peaks = [this.forward, best, ...others].map((fit) => gaussian(fit.mu, fit));
    const top = Math.max(...this.heights.map(([, p]) => p), ...peaks);
    this.chart.domain.y = [0, 1.08 * top]; // of what moves; the base shows the x axis alone
    this.chart.drawMarks();
    const { dataset } = this.chart.layer.canvas;
    const said = ({ mu, sigma, forward, reverse }) => [mu, sigma, forward, reverse].join();
    dataset.forward = said(this.forward);
    dataset.reverse = said(best);
    dataset.others = others.map(said).join(";");
    this.rest.ask();
  }

  draw(chart, ink) {
    if (!this.humps) return;
    const { context } = chart;
    const place = ([z, height]) => [chart.x(z), chart.y(height)];
    context.fillStyle = ink.grey;
    context.beginPath();
    context.moveTo(...place([Z_RANGE[0], 0]));
    for (const point of this.heights) context.lineTo(...place(point));
    context.lineTo(...place([Z_RANGE[1], 0]));
    context.fill();
    chartLine(context, this.heights.map(place), ink.text, { width: 1.5, alpha: 0.7 });
    const curve = (fit) => this.heights.map(([z]) => place([z, gaussian(z, fit)]));
    const { first, second } = this.colours;
    for (const fit of this.rivals) {
      chartLine(context, curve(fit), second, { width: 1.5, dash: [3, 5] });
    }
    chartLine(context, curve(this.forward), first, { width: 3.5, dash: [10, 4] });
    chartLine(context, curve(this.best), second, { width: 3.5 });
    this.drawHandles(chart, ink);
    this.drawKey(chart, ink);
  }

  /** A numbered handle on the axis below each hump. */
  drawHandles(chart, ink) {
    const { context } = chart;
    this.humps.means.forEach((mean, n) => {
      const [x, y] = [chart.x(mean), chart.y(0) - HANDLE_PX - 4];
      context.beginPath();
      context.arc(x, y, HANDLE_PX, 0, 2 * Math.PI);
      context.fillStyle = ink.background;
      context.fill();
      context.strokeStyle = ink.text;
      context.lineWidth = 2;
      context.stroke();
      chartText(context, String(n + 1), x, y, ink);
    });
  }

  /** Which line is which, on the side where less is drawn. */
  drawKey(chart, ink) {
    const { context } = chart;
    const { first, second } = this.colours;
    const [z0, z1] = Z_RANGE;
    const fits = [this.forward, this.best, ...this.rivals];
    const highest = (isAside) =>
      Math.max(
        ...this.heights
          .filter(([z]) => isAside(z))
          .map(([z, p]) => Math.max(p, ...fits.map((fit) => gaussian(z, fit)))),
      );
    const isLeft = highest((z) => z < -KEY_FROM) <= highest((z) => z > KEY_FROM);
    const x = isLeft ? chart.x(z0) : chart.x(z1) - 150;
    const lines = [
      [first, [10, 4], 3.5, "least KL(p‖q)"],
      [second, [], 3.5, "least KL(q‖p)"],
    ];
    if (this.rivals.length) lines.push([second, [3, 5], 1.5, "its other minima"]);
    lines.forEach(([colour, dash, width, text], n) => {
      const y = chart.margin.top + 8 + n * NAME_STEP_PX;
      chartLine(context, [[x, y], [x + 30, y]], colour, { width, dash });
      chartText(context, text, x + 38, y, ink, { align: "left" });
    });
  }

  writeRest() {
    if (this.held) this.showHeld();
    const write = (name, { mu, sigma, forward, reverse }) =>
      this.table.write(name, [
        formatNumber(mu, 2),
        formatNumber(sigma, 2),
        formatNumber(forward, 3),
        formatNumber(reverse, 3),
      ]);
    write("forward", this.forward);
    write("reverse", this.best);
    this.table.rows.forward.cells[2].style.color = this.colours.first; // what each has least
    this.table.rows.reverse.cells[3].style.color = this.colours.second;
    this.verdict.textContent = this.verdictWords();
    const { rivals } = this;
    this.others.hidden = rivals.length === 0;
    const listed = rivals.map(
      ({ mu, sigma, reverse }) =>
        `N(${formatNumber(mu, 2)}, ${formatNumber(sigma, 2)}²) at ${formatNumber(reverse, 2)}`,
    );
    this.others.textContent =
      `KL(q‖p) has ${rivals.length === 1 ? "another local minimum" : "other local minima"}: ` +
      `${listed.join(" and ")} nats. Which one a search finds depends on its start.`;
  }

  /** Whether a fit is high enough at both humps to be said to cover them. */
  covers(fit) {
    const peak = gaussian(fit.mu, fit);
    return this.humps.means.every((mean) => gaussian(mean, fit) >= COVER_SHARE * peak);
  }

  verdictWords() {
    if (this.covers(this.best)) {
      return "The humps are so near that in both directions q spreads over the two of them.";
    }
    const { means } = this.humps;
    const near = Math.abs(this.best.mu - means[0]) <= Math.abs(this.best.mu - means[1]) ? 1 : 2;
    const sought = `KL(q‖p) seeks one: hump ${near}.`;
    if (this.covers(this.forward)) {
      return `KL(p‖q) covers both humps, and puts mass in the gap where p has little. ${sought}`;
    }
    const { weight } = this.humps;
    const light = weight < 0.5 ? 1 : 2;
    const percent = formatNumber(100 * Math.min(weight, 1 - weight), 0);
    return (
      `KL(p‖q) widens q for hump ${light} as well, which weighs only ${percent} % and so does ` +
      `not draw it all the way. ${sought}`
    );
  }

  numbers() {
    const rows = this.heights.map(([z, p]) => [
      z,
      p,
      gaussian(z, this.forward),
      gaussian(z, this.best),
    ]);
    return { header: ["z", "p", "q of least KL(p||q)", "q of least KL(q||p)"], rows };
  }
}
