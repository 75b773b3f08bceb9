/**
 * Neighbourhood: a circle around a test digit's code in each model, what it decodes to as its
 * radius is dragged, and how many of the pictures keep the class, as the judge reads them.
 *
 * It opens on a typical digit, which is known once the judge has read around many.
 */
import { loadAround, loadMany } from "../../maths/judged.js";
import { nearestCodes } from "../../maths/nearest.js";
import { ringPoints } from "../../maths/ring.js";
import { formatNumber } from "../../maths/scales.js";
import { averageAround, typicalDigit } from "../../maths/survey.js";
import { chartDot } from "../../parts/chart.js";
import { sliderOf } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { drawEdgeHint } from "../../parts/objective_marks.js";
import { RingPanel } from "./ring_panel.js";
import { ContinuitySection, DigitChoice } from "./section.js";

const ANY_CENTRE = 0; // the test digit to open on where no judge says which is typical
const FIRST_RADIUS = 0.5; // prior sigmas

const AROUND = 1.08; // times the largest circle: what the maps show of the plane

/** The view. */
export class NeighbourhoodSection extends ContinuitySection {
  constructor(page, panel) {
    super(page, panel, "neighbourhood");
    this.isBare = true; // the circle's radius is the scale
    this.panels = this.columns.map(
      (column) => new RingPanel(column.placesFor("neighbourhood"), column),
    );
    const { toolbar } = this;
    this.choice = new DigitChoice(toolbar, {
      label: "Test digit",
      testId: "ring-digit",
      onChange: (index) => this.choose(index),
    });
    const range = { min: 0.125, max: 3, step: 0.125 };
    this.slider = sliderOf(toolbar, "Radius", "ring-radius", range, {
      onInput: (radius) => this.setRadius(radius),
      onRelease: (radius) => {
        page.change({ radius: radius === FIRST_RADIUS ? undefined : String(radius) });
      },
    });
    this.readout = createElement(toolbar, "span", "readout", { "data-testid": "ring-readout" });
    this.addAllCodes("ring-codes", "Shows all test digits' codes, not only those around");
    this.said = createElement(toolbar, "span", "roulette-said", {
      role: "status",
      "data-testid": "ring-said",
    });
  }

  show() {
    const { radii, models } = this.page.data;
    this.radii = radii;
    this.panels.forEach((panel) => panel.setRadii(radii));
    const [wide, , both] = models.map(({ radius }) => radius);
    this.setLead(
      `Codes of reconstruction only lie ${formatNumber(wide / both, 1)} times as far from 0 as ` +
        "with both (medians): there the same circle is a smaller step.",
    );
    this.chosen = null;
    this.surveys = null;
    this.panels.forEach((panel) => panel.clear());
    this.radius = this.wantedRadius;
    if (this.page.view === this.name) this.enter();
  }

  get wantedRadius() {
    return Number(this.page.values.radius ?? FIRST_RADIUS);
  }

  /** The largest circle around the chosen code; around 0 before there is one. */
  homeOf({ model }) {
    const centre = this.chosen === null ? [0, 0] : model.code(this.chosen);
    const [x, y] = model.toDisplay(...centre);
    const span = 2 * AROUND * this.radii.at(-1);
    return { x, y, spanX: span, spanY: span };
  }

  apply(keys) {
    if (this.page.view !== this.name) return;
    if (keys.includes("digit") || keys.includes("radius")) this.enter();
  }

  enter() {
    const { digit } = this.page.values;
    this.setRadius(this.wantedRadius);
    if (digit === undefined) this.openTypical();
    else if (Number(digit) !== this.chosen) this.showCentre(Number(digit));
  }

  /** Shows the typical digit, unless another is chosen before it is known. */
  async openTypical() {
    const isNow = this.watch();
    const surveys = await this.survey(isNow);
    if (!isNow() || this.page.values.digit !== undefined) return;
    const digit = (surveys && typicalDigit(surveys)) ?? ANY_CENTRE;
    if (digit !== this.chosen) this.showCentre(digit);
  }

  /** Whether the models of now are still shown, for what comes later. */
  watch() {
    const models = this.columns.map(({ model }) => model);
    return () => this.columns.every(({ model }, n) => model === models[n]);
  }

  /** What the judge reads around many digits, a survey a model; null where it does not answer. */
  async survey(isNow) {
    if (this.surveys) return this.surveys;
    this.say("The judge is reading\u2026");
    try {
      const surveys = await Promise.all(this.columns.map(({ model }) => loadMany(model)));
      if (!isNow()) return null;
      this.surveys = surveys;
      surveys.forEach((survey, n) => this.panels[n].setAverage(averageAround(survey)));
      this.say("");
      return surveys;
    } catch (error) {
      if (isNow()) this.say(error.message);
      return null;
    }
  }

  restyle() {
    this.panels.forEach((panel) => panel.setStyle(this.page.ink));
  }

  destroy() {
    this.panels.forEach((panel) => panel.destroy());
  }

  /** The user chooses another test digit. */
  choose(index) {
    this.page.change({ digit: String(index) });
    this.showCentre(index);
  }

  showCentre(index) {
    this.chosen = index;
    this.choice.set(index, this.columns[0].model.labels);
    const { originals } = this.page.data;
    this.columns.forEach(({ model }, n) => this.panels[n].setCentre(model, index, originals));
    this.fitMaps(true);
    this.drawRings();
    this.askJudge();
  }

  async askJudge() {
    const index = this.chosen;
    const isOfNow = this.watch();
    const isNow = () => index === this.chosen && isOfNow();
    this.say("The judge is reading\u2026");
    try {
      const answers = await Promise.all(
        this.columns.map(({ model }) => loadAround(model, index)),
      );
      if (!isNow()) return;
      answers.forEach((answer, n) => this.panels[n].setVerdicts(answer));
      this.say("");
    } catch (error) {
      if (isNow()) this.say(error.message);
      return;
    }
    await this.survey(isOfNow);
  }

  say(text) {
    this.said.textContent = text;
    this.page.root.dataset.judging = String(text !== "");
  }

  /** The nearest of the radii that the judge has read. */
  setRadius(radius) {
    const gaps = this.radii.map((known) => Math.abs(known - radius));
    this.step = gaps.indexOf(Math.min(...gaps));
    this.radius = this.radii[this.step];
    this.slider.set(this.radius);
    this.readout.textContent = `${formatNumber(this.radius, 3)}\u03c3`;
    if (this.chosen !== null) this.drawRings();
  }

  drawRings() {
    this.columns.forEach(({ model }, n) => {
      const points = ringPoints(model.code(this.chosen), this.radius);
      this.panels[n].draw(model, points, this.step, this.radius);
    });
    this.redrawMaps();
    this.page.rest.ask();
  }

  showRest() {
    this.panels.forEach((panel) => panel.showVerdicts());
  }

  tap(column, z) {
    this.chosenBeforeTap = this.chosen;
    this.choose(nearestCodes(column.model.mu, z, 1)[0].index);
  }

  untap() {
    if (this.chosenBeforeTap !== null) this.choose(this.chosenBeforeTap);
  }

  paint(column, context) {
    if (this.chosen === null) return;
    const { ink } = this.page;
    const { model, map } = column;
    const code = model.code(this.chosen);
    const [px, py] = column.pixelOf(code);
    context.save();
    for (const [width, colour] of [[5, ink.background], [2.5, ink.accent]]) {
      context.beginPath();
      context.arc(px, py, this.radius * map.plane.scale, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    context.restore();
    chartDot(context, [px, py], 3.5, ink.accent, ink);
    drawEdgeHint(context, map.plane, model.toDisplay(...code), ink);
  }

  /** A row a radius and model. */
  numbers() {
    const header = [
      "model", "test_digit", "radius", "share_keeps_class", "share_off_the_data",
      "average_keeps_class", "average_off_the_data",
    ];
    const rows = this.columns.flatMap(({ name }, n) => {
      const { verdicts, average } = this.panels[n];
      const shares = [verdicts?.kept, verdicts?.offShares, average?.kept, average?.off];
      return this.radii.map((radius, step) => [
        name, this.chosen, radius, ...shares.map((share) => share?.[step] ?? ""),
      ]);
    });
    return { header, rows };
  }
}
