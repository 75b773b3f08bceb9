/** The charts beside the film: how the family collapses, or what it measures; one of both shown. */
import { toggleButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { ActiveUnits, KlBars, RateDistortion } from "./charts.js";
import { lastUnit } from "./facts.js";
import { MeasureBands } from "./measures.js";

/** A captioned block. */
export function filmBlock(parent, name, caption) {
  const root = createElement(parent, "div", `film-block film-${name}`);
  const head = createElement(root, "div", "film-caption");
  createElement(head, "h3", "").textContent = caption;
  return { root, head, title: head.firstChild };
}

/** All charts of the page. */
export class FilmCharts {
  /** @param {HTMLElement} parent @param {function(boolean)} onMeasures hears of a user's choice */
  constructor(parent, onMeasures) {
    const root = createElement(parent, "div", "film-column");
    this.toggle = toggleButton(root, "Measures", "toggle-measures", (isOn) => {
      onMeasures(isOn);
      this.choose(isOn);
    });
    this.toggle.root.title = "Completeness, continuity and information against \u03b2";
    this.charts = createElement(root, "div", "film-charts");
    const block = (name, caption) => filmBlock(this.charts, name, caption).root;
    this.bars = new KlBars(block("bars", "KL per dimension, nats"));
    this.curve = new RateDistortion(block("rate", "Reconstruction by KL, nats"));
    this.units = new ActiveUnits(block("units", "Active units by \u03b2"));
    this.unitsNote = createElement(this.charts, "div", "film-note", {
      "data-testid": "units-note",
    });
    const measures = filmBlock(root, "measures", "Measures by \u03b2");
    this.measures = measures.root;
    this.bands = new MeasureBands(measures.root);
    this.conclusion = createElement(measures.root, "p", "film-conclusion", {
      "data-testid": "measures-conclusion",
    });
    this.unmeasured = createElement(measures.root, "p", "film-unmeasured", {
      "data-testid": "unmeasured",
    });
    this.choose(false);
  }

  get parts() {
    return [this.bars, this.curve, this.units, this.bands];
  }

  destroy() {
    for (const part of this.parts) part.chart.destroy();
  }

  setStyle(ink) {
    for (const part of this.parts) part.chart.setStyle(ink);
  }

  /** Takes a family: its members, what the data predict, and whether it has been measured. */
  setFamily({ members, prediction, activeVariance, unmeasured, ...measured }) {
    this.bars.setFamily(members, activeVariance);
    this.curve.setFamily(members, prediction?.collapsed ?? null);
    this.units.setFamily(members, prediction?.thresholds ?? null);
    this.position = undefined; // of the last family
    this.isMeasured = !unmeasured;
    this.unmeasured.hidden = this.isMeasured;
    // As in Markdown, every other piece between backticks is a command.
    const pieces = (unmeasured ?? "").split("`");
    this.unmeasured.replaceChildren();
    pieces.forEach((piece, n) => {
      createElement(this.unmeasured, n % 2 ? "code" : "span", "").textContent = piece;
    });
    this.bands.chart.root.hidden = !this.isMeasured;
    this.conclusion.textContent = measured.conclusion ?? "";
    if (this.isMeasured) this.bands.setFamily(members, measured);
    this.writeUnitsNote(members, prediction);
  }

  /** The key of the units' chart, and where by measurement and by theory the last one dies. */
  writeUnitsNote(members, prediction) {
    this.unitsNote.replaceChildren();
    const { measured, predicted } = lastUnit(members, prediction);
    createElement(this.unitsNote, "p", "").textContent = `\u25cf measured: ${measured}`;
    if (!predicted) return;
    createElement(this.unitsNote, "p", "film-predicted").textContent =
      `\u254c predicted: ${predicted}`;
  }

  /** Shows the measures, or how the family collapses. */
  choose(isMeasures) {
    this.isMeasures = isMeasures;
    this.toggle.set(isMeasures);
    this.charts.hidden = isMeasures;
    this.measures.hidden = !isMeasures;
    if (this.position !== undefined) this.move(this.position);
  }

  /** Takes the film's position. Marks that are hidden wait, but the bars' values are also words. */
  move(position) {
    this.position = position;
    this.bars.move(position);
    if (!this.isMeasures) {
      this.curve.move(position);
      this.units.move(position);
    } else if (this.isMeasured) this.bands.move(position);
  }
}
