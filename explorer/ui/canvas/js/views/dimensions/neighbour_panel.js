/** The true neighbours of the chosen digit as pictures, and how many of them the map has kept. */
import { Arrival } from "../../parts/arrival.js";
import { createElement } from "../../parts/layers.js";
import { TileGrid } from "../../parts/tiles.js";

const NEIGHBOUR_COLUMNS = 5;

/** The panel beside the map. */
export class NeighbourPanel {
  /** @param {HTMLElement} parent @param {function(number)} onDigit hears of a pressed neighbour */
  constructor(parent, onDigit) {
    this.root = createElement(parent, "div", "neighbours", { hidden: "" });
    this.lines = createElement(this.root, "p", "neighbours-title", {
      "data-testid": "neighbour-lines",
    });
    this.kept = createElement(this.root, "p", "neighbours-kept", {
      "data-testid": "kept-neighbours",
    });
    this.reconstructions = this.tiles("reconstructions", "Nearest first", onDigit);
    this.originals = this.tiles("originals", "Their originals", onDigit);
  }

  tiles(kind, text, onDigit) {
    const figure = createElement(this.root, "figure", "neighbours-tiles");
    const title = createElement(figure, "figcaption", "");
    const caption = createElement(title, "span", "");
    caption.textContent = text;
    const grid = new TileGrid(figure, {
      "data-testid": `neighbour-${kind}`,
      "aria-label": `The nearest codes' ${kind}`,
    });
    grid.canvas.addEventListener("click", (event) => {
      const n = grid.shape ? grid.tileAt(event) : -1;
      if (n >= 0) onDigit(this.indices[n]);
    });
    return { figure, caption, grid, arrival: new Arrival(title, grid.canvas) };
  }

  clear() {
    this.root.hidden = true;
    delete this.lines.dataset.neighbours;
  }

  /** Others are to come: the pictures of those before are not theirs. */
  wait() {
    for (const { arrival } of [this.reconstructions, this.originals]) arrival.set("loading");
  }

  /** @param {number} index of the digit @param {number[]} indices of its neighbours */
  setNeighbours(index, indices, kept, model) {
    this.lines.textContent =
      `Lines: from test digit ${index} to its ${indices.length} nearest codes in ${model.dims}-D`;
    this.kept.textContent = `${kept} of ${indices.length} are neighbours in the picture too`;
    this.kept.dataset.kept = String(kept);
    this.lines.dataset.digit = index;
    this.name(indices, model);
  }

  /** @param {boolean} hasPlace whether the picture has a place for a code of no test digit */
  setNeighboursOfDrawing(indices, hasPlace, model) {
    const count = indices.length;
    this.lines.textContent = hasPlace
      ? `Lines: from your drawing to its ${count} nearest codes in ${model.dims}-D`
      : `Circles: the ${count} codes nearest to your drawing in ${model.dims}-D`;
    this.kept.textContent = hasPlace ? "" : "UMAP has no place for the drawing itself";
    this.lines.dataset.digit = "";
    delete this.kept.dataset.kept;
    this.name(indices, model);
  }

  name(indices, { labels, height, width }) {
    this.indices = indices;
    this.root.hidden = false;
    const rows = indices.length / NEIGHBOUR_COLUMNS;
    for (const { grid } of [this.reconstructions, this.originals]) {
      grid.reserve(rows, { height, width, columns: NEIGHBOUR_COLUMNS });
    }
    this.wait();
    this.lines.dataset.neighbours = indices.join();
    const classes = indices.map((n) => labels[n]).join(" ");
    this.reconstructions.caption.textContent = `Nearest first: ${classes}`;
  }

  drawReconstructions(greys, { height, width }) {
    this.reconstructions.grid.draw(greys, { height, width, columns: NEIGHBOUR_COLUMNS });
    this.reconstructions.arrival.set("ready");
  }

  /** @param {?Uint8Array} greys null where they cannot be had */
  drawOriginals(greys, { height, width }) {
    this.originals.arrival.set(greys ? "ready" : "failed");
    if (greys) this.originals.grid.draw(greys, { height, width, columns: NEIGHBOUR_COLUMNS });
  }

  /** Whether there are originals at all. */
  offerOriginals(areThere) {
    this.originals.figure.hidden = !areThere;
  }
}
