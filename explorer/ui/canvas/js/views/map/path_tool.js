/** A path from A to B on a map, and what its steps decode to. */
import { PATH_OVERSHOOT, PATH_STEPS, countsWithin, pathPoints } from "../../maths/path.js";
import { pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { drawPathEnd, drawPathLine } from "../../parts/path_marks.js";
import { formatDistance } from "./point_facts.js";
import { PointedTiles } from "./pointed_tiles.js";

const END_GRAB_PX = 18; // a finger's tip finds an end as well

/** Both ends, the strip of tiles, and the line on the map; latent coordinates throughout. */
export class PathTool {
  /**
   * @param {HTMLElement} panel for the buttons @param {HTMLElement} strip for the tiles
   * @param {{decode: function, point: function(): number[], moveTo: function, moveBack: function(),
   *   change: function(Object), redraw: function()}} host change hears of {a, b} on release;
   *   redraw draws what `paint` draws
   */
  constructor(panel, strip, host) {
    this.host = host;
    this.ends = { a: null, b: null };
    this.held = null; // the end that is dragged
    this.hint = createElement(panel, "p", "hint");
    const buttons = createElement(panel, "div", "toolbar");
    const setTo = (end) => () => this.set({ ...this.ends, [end]: [...this.host.point()] });
    pushButton(buttons, "A here", "path-a", setTo("a")).title = "Put A at the cursor or pin";
    pushButton(buttons, "B here", "path-b", setTo("b")).title = "Put B at the cursor or pin";
    this.clear = pushButton(buttons, "Clear", "path-clear", () => this.set({ a: null, b: null }));
    const label = "Digits decoded along the path from A to B, with a step beyond each end";
    const attributes = { "data-testid": "path-strip", "aria-label": label };
    this.tiles = new PointedTiles(strip, attributes, (n) => this.point(n));
    this.note = createElement(strip, "p", "fact path-note");
  }

  /** @param {number} reach within which codes are counted at each step */
  setModel(model, reach) {
    this.model = model;
    this.reach = reach;
  }

  /** Takes the ends from the state, each [z1, z2] or null. */
  apply(ends) {
    this.ends = ends;
    this.refresh();
  }

  set(ends) {
    this.apply(ends);
    this.host.change(this.ends);
  }

  get isWhole() {
    return Boolean(this.ends.a && this.ends.b);
  }

  /** A tap sets the end that is missing; returns whether one was. */
  tap(z) {
    if (this.isWhole) return false;
    this.endsBeforeTap = this.ends;
    this.set({ ...this.ends, [this.ends.a ? "b" : "a"]: z });
    return true;
  }

  untap() {
    this.set(this.endsBeforeTap);
  }

  /** Takes hold of the end at a pixel. @returns {boolean} whether there is one */
  grab(px, py, plane) {
    const distance = (end) => {
      if (!this.ends[end]) return Infinity;
      const [x, y] = plane.toPixel(...this.model.toDisplay(...this.ends[end]));
      return Math.hypot(x - px, y - py);
    };
    const nearest = distance("b") <= distance("a") ? "b" : "a";
    this.held = distance(nearest) <= END_GRAB_PX ? nearest : null;
    return this.held !== null;
  }

  drag(z) {
    this.apply({ ...this.ends, [this.held]: z });
  }

  drop() {
    this.held = null;
    this.host.change(this.ends);
  }

  async refresh() {
    const { a, b } = this.ends;
    if (!a) this.hint.textContent = "Click the map where the path begins.";
    else if (!b) this.hint.textContent = "Click the map where the path ends.";
    else this.hint.textContent = "Drag A or B on the map to move the path.";
    this.clear.disabled = !a && !b;
    this.host.redraw();
    this.points = a && b ? pathPoints(a, b) : null;
    if (!this.points) {
      this.tiles.root.hidden = true;
      this.note.textContent = "The digits between A and B appear here.";
      return;
    }
    const { model, points } = this;
    const greys = await this.host.decode("path", model, points);
    if (!greys || !this.points || model !== this.model) return;
    this.draw(greys, points);
  }

  draw(greys, points) {
    const counts = countsWithin(this.model.mu, points, this.reach);
    const { height, width } = this.model;
    this.counts = counts;
    this.tiles.root.hidden = false;
    const facts = { counts: counts.join(), z: Array.from(points).join() };
    this.tiles.draw(greys, { height, width, columns: counts.length }, facts);
    this.tiles.setCaptions(
      counts.map((count, n) => {
        if (n === PATH_OVERSHOOT) return `A \u00b7 ${count}`;
        if (n === PATH_OVERSHOOT + PATH_STEPS - 1) return `B \u00b7 ${count}`;
        return String(count);
      }),
    );
    [...this.tiles.captions.children].forEach((cell, n) =>
      cell.classList.toggle("is-beyond", n < PATH_OVERSHOOT || n >= PATH_OVERSHOOT + PATH_STEPS),
    );
    const radius = formatDistance(this.reach);
    this.note.textContent = `Below each step: test digits encoded within ${radius} of it.`;
  }

  point(n) {
    if (n < 0) this.host.moveBack();
    else this.host.moveTo(this.points.subarray(2 * n, 2 * n + 2));
  }

  /** Draws the line, its steps and its ends. */
  paint(context, plane, ink) {
    const place = (z) => plane.toPixel(...this.model.toDisplay(...z));
    if (this.isWhole) {
      const points = pathPoints(this.ends.a, this.ends.b);
      const steps = Array.from({ length: points.length / 2 }, (_, n) =>
        place(points.subarray(2 * n, 2 * n + 2)),
      );
      drawPathLine(context, [steps[0], steps.at(-1)], steps, ink);
    }
    for (const end of ["a", "b"]) {
      if (this.ends[end]) drawPathEnd(context, place(this.ends[end]), end.toUpperCase(), ink);
    }
  }
}
