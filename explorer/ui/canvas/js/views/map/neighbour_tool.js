/** The test digits whose codes lie nearest to a point, as pictures. */
import { nearestCodes } from "../../maths/nearest.js";
import { loadOriginalsOf } from "../../maths/originals.js";
import { Arrival } from "../../parts/arrival.js";
import { createElement } from "../../parts/layers.js";
import { formatDistance } from "./point_facts.js";
import { PointedTiles } from "./pointed_tiles.js";

const NEIGHBOUR_COUNT = 6;
const NEIGHBOUR_REST_MS = 120; // originals are fetched when the point has come to rest

/** Two rows of pictures: what the codes decode to, and the originals where there are any. */
export class NeighbourTool {
  /**
   * @param {HTMLElement} parent
   * @param {{decode: function, moveTo: function(ArrayLike<number>), moveBack: function()}} host
   *   decode as DecodeWorker's; moveTo and moveBack move the page's cursor
   */
  constructor(parent, host) {
    this.host = host;
    this.root = createElement(parent, "div", "neighbours");
    // Each row keeps the codes whose pictures it shows: the originals come later than the others.
    const rowOfPictures = (text, testId) => {
      const row = { part: createElement(this.root, "div", "neighbour-row"), near: [] };
      row.title = createElement(row.part, "p", "fact");
      row.title.textContent = text;
      const label = `${text}: the six test digits nearest to the point`;
      const attributes = { "data-testid": testId, "aria-label": label };
      row.tiles = new PointedTiles(row.part, attributes, (n) => this.point(row, n));
      return row;
    };
    this.originals = rowOfPictures("Nearest test digits", "neighbour-originals");
    this.decoded = rowOfPictures("Decoded from their codes", "neighbour-tiles");
    this.arrival = new Arrival(this.originals.title, this.originals.tiles.root);
    this.request = 0;
  }

  setModel(model, hasOriginals) {
    this.model = model;
    this.hasOriginals = hasOriginals;
    this.originals.part.hidden = !hasOriginals;
    this.decoded.tiles.setCaptions([]);
    const { height, width } = model;
    this.originals.tiles.reserve({ height, width, columns: NEIGHBOUR_COUNT });
    this.z = null;
  }

  setPalette(palette) {
    this.palette = palette;
  }

  /** Shows the neighbours of z, unless another z comes before they are decoded. */
  async show(z) {
    if (this.decoded.tiles.pointed >= 0 || this.originals.tiles.pointed >= 0) return;
    if (this.z === z.join()) return;
    this.z = z.join();
    clearTimeout(this.timer);
    const request = ++this.request;
    const { model } = this;
    const near = nearestCodes(model.mu, z, NEIGHBOUR_COUNT);
    const codes = Float32Array.from(near.flatMap(({ index }) => [...model.code(index)]));
    const greys = await this.host.decode("neighbours", model, codes);
    if (!greys || request !== this.request) return;
    this.draw(this.decoded, near, greys, !this.hasOriginals);
    if (!this.hasOriginals) return;
    this.arrival.set("loading");
    this.timer = setTimeout(() => this.showOriginals(near, request), NEIGHBOUR_REST_MS);
  }

  async showOriginals(near, request) {
    const [dataset] = this.model.name.split("/");
    const greys = await loadOriginalsOf(dataset, near.map(({ index }) => index));
    if (request !== this.request) return;
    this.arrival.set(greys ? "ready" : "failed");
    if (greys) this.draw(this.originals, near, greys, true);
  }

  /** The classes stand under the row of which they are the captions, and change with it. */
  draw(row, near, greys, hasCaptions) {
    const { height, width } = this.model;
    const facts = {
      indices: near.map(({ index }) => index).join(),
      distances: near.map(({ distance }) => distance).join(),
    };
    row.near = near;
    row.tiles.draw(greys, { height, width, columns: near.length }, facts);
    if (hasCaptions) row.tiles.setCaptions(near.map((code) => this.caption(code)));
  }

  caption({ index, distance }) {
    const label = this.model.labels[index];
    const caption = document.createElement("span");
    const swatch = createElement(caption, "i", "legend-swatch", { "data-paint": "" });
    swatch.style.background = this.palette[label];
    const numeral = document.createElement("b");
    numeral.textContent = String(label);
    caption.title = `Test digit ${index}, ${formatDistance(distance)} away`;
    caption.append(numeral);
    return caption;
  }

  point({ near }, n) {
    if (n < 0) this.host.moveBack();
    else this.host.moveTo(this.model.code(near[n].index));
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
