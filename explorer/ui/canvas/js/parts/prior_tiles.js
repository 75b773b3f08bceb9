/** Digits decoded from samples of the prior, to be pointed at with mouse, finger or keys. */
import { createElement } from "./layers.js";
import { TileGrid } from "./tiles.js";

const PRIOR_COLUMNS = 5;
const TILE_STEPS = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -PRIOR_COLUMNS,
  ArrowDown: PRIOR_COLUMNS,
};

/** Number of samples of the prior that are shown: a square of tiles. */
export const PRIOR_COUNT = PRIOR_COLUMNS * PRIOR_COLUMNS;

/** A square grid of tiles, one of which can be pointed at. */
export class PriorTiles {
  /**
   * @param {HTMLElement} parent
   * @param {Object} attributes of the canvas
   * @param {{onPoint: function(number), onPick: function(number)}} listeners onPoint hears of the
   *   tile under the pointer, -1 for none; onPick of a click or Enter
   */
  constructor(parent, attributes, listeners) {
    this.root = createElement(parent, "div", "prior-tiles");
    this.grid = new TileGrid(this.root, { tabindex: "0", ...attributes });
    this.mark = createElement(this.root, "div", "prior-tile-mark", { hidden: "" });
    this.listeners = listeners;
    this.pointed = -1;
    this.grid.canvas.addEventListener("pointermove", (event) => this.point(this.tileAt(event)));
    this.grid.canvas.addEventListener("pointerdown", (event) => this.point(this.tileAt(event)));
    this.grid.canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.point(-1); // what a finger has chosen stays
    });
    this.grid.canvas.addEventListener("click", (event) => this.pick(this.tileAt(event)));
    this.grid.canvas.addEventListener("blur", () => this.point(-1));
    this.grid.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Paints (25, H, W) grey levels; see TileGrid. */
  draw(greys, { height, width }, facts) {
    this.grid.draw(greys, { height, width, columns: PRIOR_COLUMNS }, facts);
  }

  /** Marks a tile without telling the listener; -1 for none. */
  setPointed(n) {
    this.pointed = n;
    this.mark.hidden = n < 0;
    this.mark.style.left = `${(100 / PRIOR_COLUMNS) * (n % PRIOR_COLUMNS)}%`;
    this.mark.style.top = `${(100 / PRIOR_COLUMNS) * Math.floor(n / PRIOR_COLUMNS)}%`;
  }

  tileAt(event) {
    return this.grid.shape ? this.grid.tileAt(event) : -1;
  }

  point(n) {
    if (n !== this.pointed) this.listeners.onPoint(n);
  }

  pick(n) {
    if (n >= 0) this.listeners.onPick(n);
  }

  key(event) {
    const step = TILE_STEPS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || event.key === "Enter")) return;
    event.preventDefault();
    if (!step) this.pick(this.pointed);
    else if (this.pointed < 0) this.point(0);
    else if (this.pointed + step >= 0 && this.pointed + step < PRIOR_COUNT) {
      this.point(this.pointed + step);
    }
  }
}
