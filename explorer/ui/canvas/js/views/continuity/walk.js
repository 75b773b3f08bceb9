/**
 * Walk: one path in all three models at once, what it decodes to, and where the picture jumps.
 *
 * The path leads from one test digit to another, in each model from code to code, or along a line
 * drawn by hand through the plane, which is the same in all three.
 */
import { viewWith } from "../../maths/extent.js";
import { nearestCodes } from "../../maths/nearest.js";
import { formatNumber } from "../../maths/scales.js";
import {
  WALK_STEPS, pathLength, placeOnPath, placesOnPath, simplifiedPath, verticesOf,
} from "../../maths/walk.js";
import { choiceOf, pushButton, toggleButton } from "../../parts/controls.js";
import { drawCrosshair } from "../../parts/marks.js";
import { drawEdgeHint } from "../../parts/objective_marks.js";
import { drawJump, drawPathEnd, drawPathLine } from "../../parts/path_marks.js";
import { WalkPanel } from "./walk_panel.js";
import { ContinuitySection, DigitChoice } from "./section.js";
import { readNumbers, writeNumbers } from "../page.js";

const HALF_WAY = 0.5;
const WALK_GRAB_PX = 18; // a finger's tip finds an end as well
const MAX_VERTICES = 24; // as Python's
const VERTEX_DECIMALS = 3;
const WALK_HEADROOM = 1.12; // above the highest peak, for its mark
const END_ROOM = 0.1; // of the map's side, between an end and the edge

const DRAWING_LEAD =
  "Draw a line on any map with the mouse or a finger, or set corners with clicks, or with " +
  "the arrow keys and Enter. Escape takes it back.";
const DRAWN_LEAD = "The same line through the plane in all three models.";

/** The view. */
export class WalkSection extends ContinuitySection {
  constructor(page, panel) {
    super(page, panel, "walk");
    this.firstEnds = { from: 0, to: 0 }; // a typical pair, as Python finds it
    this.ends = { ...this.firstEnds };
    this.drawn = null; // vertices of a path drawn by hand
    this.held = null; // "from" or "to" while it is dragged, "line" while one is drawn
    this.isDrawing = false;
    this.corners = []; // of a line in the making
    this.nextEnd = "from"; // which end a click sets
    this.share = HALF_WAY;
    this.buildControls();
    this.panels = this.columns.map(
      (column) =>
        new WalkPanel(column.placesFor("walk"), column, {
          onMove: (share) => this.moveTo(share),
          onRelease: (share) => page.change({ at: writeNumbers([share]) }),
        }),
    );
  }

  buildControls() {
    const { toolbar, page } = this;
    const end = (key, letter) => {
      const toggle = toggleButton(toolbar, letter, `click-sets-${key}`, () => this.setNext(key));
      toggle.root.title = `A click on a map chooses ${letter}; it can be dragged as well`;
      const onChange = (index) => this.chooseEnd(key, index);
      const choice = new DigitChoice(toolbar, { label: letter, testId: `walk-${key}`, onChange });
      return { toggle, choice };
    };
    this.endControls = { from: end("from", "A"), to: end("to", "B") };
    this.drawToggle = toggleButton(toolbar, "Draw a path", "walk-draw", (isOn) => {
      this.setDrawing(isOn);
    });
    this.clearButton = pushButton(toolbar, "Two digits", "walk-clear", () => this.keepPath(null));
    this.clearButton.title = "Back to the way from digit A to digit B";
    const units = [["share", "per 1\u00a0% of the way"], ["unit", "per unit of z"]];
    this.unitChoice = choiceOf(toolbar, "Change", "walk-per", units, (value) => {
      page.change({ per: value === "unit" ? value : undefined });
      this.fitScale();
    });
    this.unitChoice.root.title =
      "Euclidean distance between the pixel means of neighbouring steps. Per share of the way it " +
      "compares models whose codes have another scale; per unit of z it is the decoder's slope.";
  }

  setNext(key) {
    this.nextEnd = key;
    for (const name of ["from", "to"]) {
      this.endControls[name].toggle.set(name === key && !this.drawn && !this.isDrawing);
    }
  }

  show() {
    const { ends, models } = this.page.data;
    [this.firstEnds.from, this.firstEnds.to] = ends;
    models.forEach(({ walks }, n) => this.panels[n].setMeasured(walks));
    this.apply(["from", "to", "path", "at", "per"]);
  }

  /** All codes but strays, and both ends of the way. */
  homeOf(column) {
    const places = this.verticesIn(column).map((z) => column.model.toDisplay(...z));
    return viewWith(column.ownHome, places, END_ROOM);
  }

  apply(keys) {
    const { values } = this.page;
    if (["from", "to", "path"].some((key) => keys.includes(key))) {
      for (const key of ["from", "to"]) this.ends[key] = Number(values[key] ?? this.firstEnds[key]);
      const numbers = values.path ? readNumbers(values.path) : null;
      this.drawn = numbers && verticesOf(numbers);
      this.setDrawing(false);
      this.refresh();
      if (this.page.view === this.name) this.fitMaps();
    }
    if (keys.includes("per")) this.fitScale();
    if (keys.includes("at")) this.moveTo(Number(values.at ?? HALF_WAY));
  }

  get isPerUnit() {
    return this.page.values.per === "unit";
  }

  /** The user chooses a test digit for an end; a drawn path gives way. */
  chooseEnd(key, index) {
    this.ends[key] = index;
    this.keepEnds();
  }

  keepEnds() {
    const text = (key) => (this.ends[key] === this.firstEnds[key] ? undefined : String(this.ends[key]));
    this.page.change({ from: text("from"), to: text("to"), path: undefined });
    this.drawn = null;
    this.setDrawing(false);
    this.refresh();
    this.fitMaps(true);
  }

  /** Keeps a drawn path, as the state can hold it; null for none. */
  keepPath(vertices) {
    const unit = 10 ** VERTEX_DECIMALS;
    const rounded = vertices?.map((place) => place.map((v) => Math.round(v * unit) / unit));
    this.drawn = rounded && pathLength(rounded) > 0 ? rounded : null;
    this.page.change({ path: this.drawn ? writeNumbers(this.drawn.flat()) : undefined });
    this.setDrawing(false);
    this.refresh();
  }

  setDrawing(isOn) {
    this.isDrawing = isOn;
    this.corners = [];
    this.drawToggle.set(isOn);
    this.columns.forEach(({ map }) => map.setCursor(isOn));
    this.describe();
  }

  describe() {
    const drawn = this.drawn ? DRAWN_LEAD : "";
    this.setLead(this.isDrawing ? DRAWING_LEAD : drawn);
    this.clearButton.hidden = !this.drawn;
    this.setNext(this.nextEnd);
  }

  /** The path in a model's own coordinates. */
  verticesIn({ model }) {
    return this.drawn ?? [this.ends.from, this.ends.to].map((n) => Array.from(model.code(n)));
  }

  /** Another path: decodes it in all three. */
  refresh() {
    const { labels } = this.columns[0].model;
    for (const key of ["from", "to"]) this.endControls[key].choice.set(this.ends[key], labels);
    const key = this.drawn ? this.drawn.join() : `${this.ends.from},${this.ends.to}`;
    this.wanted = key;
    delete this.page.root.dataset.walked;
    this.moveTo(this.share);
    this.columns.forEach((column, n) => {
      this.panels[n].walked = null;
      this.decodeWalk(column, this.panels[n], key);
    });
  }

  async decodeWalk(column, panel, key) {
    const { model } = column;
    const vertices = this.verticesIn(column);
    const places = placesOnPath(vertices, WALK_STEPS);
    const means = await this.page.worker.decode(`walk-${column.name}`, model, places, {
      asMeans: true,
    });
    if (!means || column.model !== model || key !== this.wanted) return; // newer ones will come
    panel.setWalk(means, pathLength(vertices), model);
    panel.walked = key;
    this.fitScale();
  }

  /** All three on the scale of the highest, once all are there. */
  fitScale() {
    if (!this.panels.every((panel) => panel.walked === this.wanted)) return;
    const peaks = this.panels.map((panel) => Math.max(0, ...(panel.values(this.isPerUnit) ?? [])));
    const highest = WALK_HEADROOM * Math.max(...peaks, Number.MIN_VALUE);
    this.panels.forEach((panel) => panel.setCurve(this.isPerUnit, highest));
    this.unitChoice.set(this.isPerUnit ? "unit" : "share");
    this.page.root.dataset.walked = this.wanted;
    this.redrawMaps();
    this.page.rest.ask();
  }

  /** The one cursor: three pictures at once, the marks on the maps with the next frame. */
  moveTo(share) {
    this.share = share;
    this.columns.forEach((column, n) => {
      const z = placeOnPath(this.verticesIn(column), share);
      this.panels[n].pointTo(share, z, column.model, column.model.decode(z));
    });
    this.page.rest.ask();
  }

  showRest() {
    this.redrawMaps();
    this.panels.forEach((panel) => panel.showRest());
  }

  restyle() {
    this.panels.forEach((panel) => panel.setStyle(this.page.ink));
  }

  destroy() {
    this.panels.forEach((panel) => panel.destroy());
  }

  leave() {
    this.setDrawing(false);
  }

  tap(column, z) {
    this.endsBeforeTap = { ...this.ends };
    if (this.isDrawing) {
      this.addCorner(z);
      return;
    }
    const [{ index }] = nearestCodes(column.model.mu, z, 1);
    const key = this.nextEnd;
    this.nextEnd = key === "from" ? "to" : "from";
    this.chooseEnd(key, index);
  }

  untap() {
    if (this.isDrawing) return;
    this.ends = this.endsBeforeTap;
    this.setNext(this.nextEnd === "from" ? "to" : "from");
    this.keepEnds();
  }

  escape() {
    if (this.isDrawing) this.setDrawing(false);
  }

  /** A further corner of a drawn line. */
  addCorner(z) {
    const corners = [...this.corners, z];
    if (corners.length > 1) {
      this.keepPath(corners.slice(-MAX_VERTICES));
      this.setDrawing(true); // further corners go on from here
    }
    this.corners = corners.slice(-MAX_VERTICES);
    this.redrawMaps();
  }

  grab(column, px, py) {
    if (this.isDrawing) {
      this.held = "line";
      this.line = [column.map.plane.toPlane(px, py)].map((p) => column.model.toLatent(...p));
      return true;
    }
    if (this.drawn) return false;
    const distance = (key) => {
      const [x, y] = column.pixelOf(column.model.code(this.ends[key]));
      return Math.hypot(x - px, y - py);
    };
    const nearest = distance("to") <= distance("from") ? "to" : "from";
    if (distance(nearest) > WALK_GRAB_PX) return false;
    this.held = nearest;
    return true;
  }

  drag(column, z) {
    if (this.held === "line") {
      this.line.push(z);
      this.redrawMaps();
      return;
    }
    const [{ index }] = nearestCodes(column.model.mu, z, 1);
    if (index === this.ends[this.held]) return;
    this.ends[this.held] = index;
    this.refresh();
  }

  drop() {
    const { held, line } = this;
    this.held = null;
    if (held !== "line") this.keepEnds();
    else if (line.length === 1) this.addCorner(line[0]); // a click, not a line
    else this.keepPath(simplifiedPath(line, MAX_VERTICES));
  }

  paint(column, context) {
    const { ink } = this.page;
    const n = this.columns.indexOf(column);
    const pixels = (places) => places.map((z) => column.pixelOf(z));
    if (this.held === "line" || this.corners.length === 1) {
      const line = pixels(this.held === "line" ? this.line : this.corners);
      drawPathLine(context, line, this.held === "line" ? [] : line, ink);
      return;
    }
    const vertices = this.verticesIn(column);
    drawPathLine(context, pixels(vertices), [], ink);
    const { largest, isFlat } = this.panels[n];
    if (largest && !isFlat) {
      const at = placeOnPath(vertices, (largest.step + 0.5) / WALK_STEPS);
      drawJump(context, column.pixelOf(at), ink);
    }
    const { plane } = column.map;
    for (const [letter, z] of [["A", vertices[0]], ["B", vertices.at(-1)]]) {
      drawPathEnd(context, column.pixelOf(z), letter, ink);
      drawEdgeHint(context, plane, column.model.toDisplay(...z), ink);
    }
    const here = column.pixelOf(placeOnPath(vertices, this.share));
    drawCrosshair(context, plane, ...here, ink);
  }

  /** A row a step and model. */
  numbers() {
    const header = [
      "model", "step", "share_of_way", "z1", "z2", "change_per_percent", "change_per_unit",
      "share_of_end_distance",
    ];
    const rows = this.columns.flatMap((column, n) => {
      const { changes, apart } = this.panels[n];
      const perUnit = this.panels[n].values(true);
      const vertices = this.verticesIn(column);
      return Array.from(changes ?? [], (change, step) => {
        const share = (step + 0.5) / WALK_STEPS;
        const z = placeOnPath(vertices, share);
        const ofEnds = apart > 0 ? change / apart : "";
        return [
          column.name, step, formatNumber(share, 3), ...z, change, perUnit?.[step] ?? "", ofEnds,
        ];
      });
    });
    return { header, rows };
  }
}
