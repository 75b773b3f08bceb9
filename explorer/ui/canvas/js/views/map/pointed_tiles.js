/** Tiles with captions, one of which can be pointed at: by mouse, finger or arrow keys. */
import { createElement } from "../../parts/layers.js";
import { TileGrid } from "../../parts/tiles.js";

/** Rows of tiles in a parent element. */
export class PointedTiles {
  /**
   * @param {HTMLElement} parent
   * @param {Object} attributes of the canvas
   * @param {function(number)} onPoint hears of the tile that is pointed at, -1 when of none
   */
  constructor(parent, attributes, onPoint) {
    this.root = createElement(parent, "div", "pointed-tiles");
    const frame = createElement(this.root, "div", "pointed-frame");
    this.grid = new TileGrid(frame, { tabindex: "0", ...attributes });
    this.mark = createElement(frame, "div", "pointed-mark", { hidden: "" });
    this.captions = createElement(this.root, "div", "pointed-captions");
    this.onPoint = onPoint;
    this.pointed = -1;
    const on = (type, listener) => this.grid.canvas.addEventListener(type, listener);
    on("pointermove", (event) => this.point(this.tileAt(event)));
    on("pointerdown", (event) => this.point(this.tileAt(event)));
    on("pointerleave", (event) => event.pointerType !== "touch" && this.point(-1));
    on("blur", () => this.point(-1));
    on("keydown", (event) => this.key(event));
  }

  /** Paints (count, H, W) grey levels; see TileGrid. */
  draw(greys, shape, facts) {
    this.grid.draw(greys, shape, facts);
    this.root.style.setProperty("--columns", String(shape.columns));
    this.setPointed(this.pointed < this.grid.shape.count ? this.pointed : -1);
  }

  /** Takes the room of one row of tiles and their captions before there are any. */
  reserve(shape) {
    if (this.grid.shape) return;
    this.grid.reserve(1, shape);
    this.root.style.setProperty("--columns", String(shape.columns));
    this.setCaptions(["\u00a0"]);
  }

  /** Writes under the tiles of one row. @param {(string|Node)[]} captions */
  setCaptions(captions) {
    this.captions.replaceChildren(
      ...captions.map((caption) => {
        const cell = document.createElement("span");
        cell.append(caption);
        return cell;
      }),
    );
  }

  /** Marks a tile without telling the listener; -1 for none. */
  setPointed(n) {
    this.pointed = n;
    this.mark.hidden = n < 0;
    if (n < 0) return;
    const { columns, rows } = this.grid.shape;
    this.mark.style.left = `${(100 / columns) * (n % columns)}%`;
    this.mark.style.top = `${(100 / rows) * Math.floor(n / columns)}%`;
    this.mark.style.width = `${100 / columns}%`;
    this.mark.style.height = `${100 / rows}%`;
  }

  tileAt(event) {
    return this.grid.shape ? this.grid.tileAt(event) : -1;
  }

  point(n) {
    if (n === this.pointed) return;
    this.setPointed(n);
    this.onPoint(n);
  }

  key(event) {
    if (!this.grid.shape || event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns, count } = this.grid.shape;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = this.pointed < 0 ? 0 : this.pointed + step;
    if (next >= 0 && next < count) this.point(next);
  }
}
