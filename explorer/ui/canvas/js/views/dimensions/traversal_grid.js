/** Rows of digits: each dimension in turn goes from -3 to 3 sigma while the others stay. */
import { formatNumber } from "../../maths/scales.js";
import { TRAVERSAL_SIGMA, traversalValues } from "../../maths/traversal.js";
import { dimensionName } from "./sliders.js";
import { createElement } from "../../parts/layers.js";
import { TileGrid } from "../../parts/tiles.js";

const KEY_TEXTS = [
  `Each row moves one dimension of the current code from \u2212${TRAVERSAL_SIGMA}\u03c3 to ` +
    `${TRAVERSAL_SIGMA}\u03c3 of the prior; the others stay.`,
  "Change: how much a pixel differs between the two ends, in grey levels of 255, on average.",
  "Point at a picture to see it large; press it to go on from there.",
];

/** The grid with its labels. */
export class TraversalGrid {
  /**
   * @param {HTMLElement} parent
   * @param {{onPick: function(number, number), onPreview: function(number, number),
   *   onLeave: function()}} handlers onPick(dim, value) hears of a tile that is pressed,
   *   onPreview of one under the pointer
   */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.rows = new Map(); // dim -> {row, change, tiles}
    this.root = createElement(parent, "div", "traversal");
    const header = createElement(this.root, "div", "traversal-line traversal-header");
    createElement(header, "span", "traversal-name");
    createElement(header, "span", "traversal-kl").textContent = "KL, nats";
    createElement(header, "span", "traversal-change").textContent = "change";
    const steps = createElement(header, "span", "traversal-steps");
    traversalValues().forEach((value, n) => {
      // Every other step is named: the tiles can be narrower than the names.
      const text = value === 0 ? "0" : `${formatNumber(value, value % 1 ? 1 : 0)}\u03c3`;
      createElement(steps, "span", "").textContent = n % 2 === 0 ? text : "";
    });
    this.body = createElement(this.root, "div", "traversal-body");
    const key = createElement(parent, "div", "traversal-key");
    for (const text of KEY_TEXTS) createElement(key, "p", "").textContent = text;
  }

  /** Makes the rows. @param {{dim: number, kl: number, isActive: boolean}[]} dimensions in order */
  setDimensions(dimensions) {
    this.rows.clear();
    this.body.replaceChildren();
    const dead = dimensions.filter(({ isActive }) => !isActive).length;
    this.root.style.setProperty("--dead", String(dead));
    this.root.classList.toggle("is-all-dead", dead === dimensions.length);
    this.root.style.setProperty("--active", String(Math.max(1, dimensions.length - dead)));
    for (const { dim, kl, isActive } of dimensions) {
      const row = createElement(this.body, "div", `traversal-line${isActive ? "" : " is-dead"}`, {
        "data-testid": "traversal-row",
        "data-dim": String(dim),
        "data-kl": String(kl),
        "data-active": String(isActive),
      });
      createElement(row, "span", "traversal-name").textContent = dimensionName(dim);
      createElement(row, "span", "traversal-kl").textContent =
        kl.toFixed(2) + (isActive ? "" : " dead");
      const change = createElement(row, "span", "traversal-change");
      const place = createElement(row, "span", "traversal-tiles");
      const tiles = new TileGrid(place, {
        "data-testid": "traversal",
        "aria-label": `Digits along ${dimensionName(dim)}`,
      });
      this.listen(dim, tiles);
      this.rows.set(dim, { row, change, tiles });
    }
  }

  listen(dim, tiles) {
    const { onPick, onPreview, onLeave } = this.handlers;
    const tell = (listener) => (event) => {
      const n = tiles.shape ? tiles.tileAt(event) : -1;
      if (n >= 0) listener(dim, traversalValues()[n]);
    };
    tiles.canvas.addEventListener("click", tell(onPick));
    tiles.canvas.addEventListener("pointermove", tell(onPreview));
    tiles.canvas.addEventListener("pointerleave", onLeave);
  }

  /**
   * @param {Uint8Array} greys (D, steps, pixels), dimensions in the code's own order
   * @param {{height: number, width: number}} shape of a digit
   * @param {number[]} changes grey levels, one a dimension
   * @param {Object} facts data attributes of every row's tiles
   */
  draw(greys, { height, width }, changes, facts) {
    const columns = traversalValues().length;
    const length = columns * height * width;
    for (const [dim, { row, change, tiles }] of this.rows) {
      const own = greys.subarray(dim * length, (dim + 1) * length);
      change.textContent = changes[dim].toFixed(1);
      row.dataset.change = String(changes[dim]);
      tiles.draw(own, { height, width, columns }, facts);
    }
  }
}
