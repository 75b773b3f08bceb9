/** The true neighbours of the chosen digit as pictures, and how many of them the map has kept. */
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
    const caption = createElement(figure, "figcaption", "");
    caption.textContent = text;
    const grid = new TileGrid(figure, {
      "data-testid": `neighbour-${kind}`,
      "aria-label": `The nearest codes' ${kind}`,
    });
    grid.canvas.addEventListener("click", (event) => {
      const n = grid.shape ? grid.tileAt(event) : -1;
      if (n >= 0) onDigit(this.indices[n]);
    });
    return { figure, caption, grid };
  }

  clear() {
    this.root.hidden = true;
    delete this.lines.dataset.neighbours;
  }

  /** @param {number} index of the digit @param {number[]} indices of its neighbours */
  setNeighbours(index, indices, kept, { dims, labels }) {
    this.indices = indices;
    this.root.hidden = false;
    this.lines.textContent =
      `Lines: from test digit ${index} to its ${indices.length} nearest codes in ${dims}-D`;
    Object.assign(this.lines.dataset, { neighbours: indices.join(), digit: index });
    this.kept.textContent = `${kept} of ${indices.length} are neighbours in the picture too`;
    this.kept.dataset.kept = String(kept);
    const classes = indices.map((n) => labels[n]).join(" ");
    this.reconstructions.caption.textContent = `Nearest first: ${classes}`;
  }

  drawReconstructions(greys, { height, width }) {
    this.reconstructions.grid.draw(greys, { height, width, columns: NEIGHBOUR_COLUMNS });
  }

  /** @param {?Uint8Array} greys null where there are no originals */
  drawOriginals(greys, { height, width }) {
    this.originals.figure.hidden = greys === null;
    if (greys) this.originals.grid.draw(greys, { height, width, columns: NEIGHBOUR_COLUMNS });
  }
}
