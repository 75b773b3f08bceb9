/**
 * The page 'Continuity and completeness': three models that differ in their loss alone, side by
 * side, in three views: a walk, samples of the prior, and what lies around a code.
 */
import { LatentModel } from "../../maths/model.js";
import { ContinuityColumn } from "./column.js";
import { exportButtons } from "../../parts/export.js";
import { foldOf } from "../../parts/fold.js";
import { createElement } from "../../parts/layers.js";
import { Legend } from "../../parts/legend.js";
import { OBJECTIVES } from "../../parts/objective_column.js";
import { SwipeStrip } from "../../parts/swipe.js";
import { Tabs } from "../../parts/tabs.js";
import { NeighbourhoodSection } from "./neighbourhood.js";
import { RouletteSection } from "./roulette.js";
import { WalkSection } from "./walk.js";
import { Page } from "../page.js";

const CONTINUITY_VIEWS = [
  ["walk", "Walk"],
  ["roulette", "Roulette"],
  ["neighbourhood", "Neighbourhood"],
];

/** The page, built once inside its parent. */
export class ContinuityPage extends Page {
  constructor(parent) {
    super(parent, "continuity");
    this.root.dataset.ready = "false";
    const bar = createElement(this.root, "div", "toolbar continuity-bar");
    this.picture = createElement(this.root, "div", "continuity-picture");
    const fold = foldOf(this.picture, "Choose digits and way");
    const panels = createElement(fold, "div", "continuity-panels");
    this.tabs = new Tabs(bar, panels, CONTINUITY_VIEWS, (name) => {
      this.change({ view: name === "walk" ? undefined : name });
      this.showView();
    });
    const more = foldOf(bar, "Classes, saving");
    this.legend = new Legend(more, {
      onClasses: (chosen) => {
        this.highlight(chosen);
        this.changeClasses(chosen);
      },
      onShapes: (hasShapes) => this.changeShapes(hasShapes),
    });
    exportButtons(more, {
      root: this.picture,
      name: () => `${this.view}-${this.columns[0].model.name.split("/")[0]}`,
      ink: () => this.ink,
      models: () => this.data.models.map(({ source }) => source),
      numbers: () => this.section.numbers(),
    });
    this.buildColumns(createElement(this.picture, "div", "continuity-columns"));
    const { panels: places } = this.tabs;
    this.sections = {
      walk: new WalkSection(this, places.walk),
      roulette: new RouletteSection(this, places.roulette),
      neighbourhood: new NeighbourhoodSection(this, places.neighbourhood),
    };
    this.showView();
  }

  buildColumns(place) {
    this.columns = OBJECTIVES.map(([name, title]) => {
      const toZ = (x, y) => column.model.toLatent(x, y);
      const column = new ContinuityColumn(place, name, title, {
        onTap: (x, y) => {
          this.section.tap(column, toZ(x, y));
          return true;
        },
        onUntap: () => this.section.untap(column),
        onPin: () => this.section.escape(column),
        onGrab: (px, py) => this.section.grab(column, px, py),
        onDrag: (x, y) => this.section.drag(column, toZ(x, y)),
        onDrop: () => this.section.drop(column),
      });
      return column;
    });
    this.swipe = new SwipeStrip(
      place,
      OBJECTIVES.map(([, title], n) => ({ title, root: this.columns[n].root })),
    );
  }

  /** The name of the view that is shown. */
  get view() {
    return this.values.view ?? "walk";
  }

  get section() {
    return this.sections[this.view];
  }

  /** Shows the view that the state names; the one before it ends what it was at. */
  showView() {
    const isOther = this.shown !== this.view;
    if (isOther) this.sections[this.shown]?.leave();
    this.shown = this.view;
    this.root.dataset.view = this.view;
    this.tabs.show(this.view);
    this.guide.choose(this.view);
    this.columns.forEach((column) => column.showPlaces(this.view));
    if (!this.isReady) return;
    this.section.enter();
    this.section.fitMaps(!isOther);
    this.section.redrawMaps();
  }

  destroy() {
    Object.values(this.sections).forEach((section) => section.destroy());
    this.columns.forEach((column) => column.destroy());
    this.swipe.destroy();
    super.destroy();
  }

  restyle() {
    this.ink.warning = getComputedStyle(this.root).getPropertyValue("--st-orange-color").trim();
    this.legend.setStyle(this.palette, this.ink.hasShapes);
    for (const column of this.columns) {
      column.setStyle(this.ink, this.palette);
      column.map.setPainters({
        over: (context) => column.model && this.section.paint(column, context),
      });
    }
    Object.values(this.sections).forEach((section) => section.restyle());
  }

  setReady(isReady) {
    this.columns.forEach((column) => column.setReady(isReady));
    this.root.dataset.ready = String(isReady);
    if (isReady) this.showView();
  }

  load({ models }) {
    return Promise.all(models.map(({ source }) => LatentModel.load(source)));
  }

  show(models) {
    models.forEach((model, n) => this.columns[n].show(model, this.data.models[n]));
    this.showClasses();
    Object.values(this.sections).forEach((section) => section.show());
  }

  applyState(keys) {
    if (keys.includes("classes")) this.showClasses();
    if (keys.includes("view")) this.showView();
    if (keys.includes("codes") && this.isReady) this.section.fitMaps();
    Object.values(this.sections).forEach((section) => section.apply(keys));
  }

  /** What a view was at, and where the maps were moved, is no part of a scene. */
  beginScene(changed) {
    this.sections.roulette.halt(); // it would tell how many have fallen
    this.sections[this.shown].leave();
    super.beginScene(changed);
    this.showView();
    this.section.fitMaps();
  }

  showClasses() {
    this.legend.setChosen(this.chosenClasses);
    this.highlight(this.chosenClasses);
  }

  highlight(chosen) {
    this.columns.forEach(({ map }) => map.setHighlighted(chosen));
    Object.values(this.sections ?? {}).forEach((section) => section.restyle());
  }

  showRest() {
    this.section.showRest();
  }
}
