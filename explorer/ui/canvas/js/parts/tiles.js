/** Many small digits on one canvas, a pixel a pixel of the model. */
import { rasterTile } from "../maths/raster.js";
import { createElement } from "./layers.js";

const GAP = 1; // model pixels between two tiles, unless the caller says otherwise

/** Width and height of so many rows, pixels of the model. */
function gridSize(rows, { height, width, columns, gap = GAP }) {
  return [columns * (width + gap) - gap, rows * (height + gap) - gap];
}

/** A grid of digits inside a parent element. */
export class TileGrid {
  /** @param {HTMLElement} parent @param {Object} attributes such as data-testid and aria-label */
  constructor(parent, attributes) {
    this.canvas = createElement(parent, "canvas", "tiles", { role: "img", ...attributes });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /** Takes the room of so many rows before there is anything to paint. */
  reserve(rows, shape) {
    if (!this.shape) this.canvas.style.aspectRatio = gridSize(rows, shape).join(" / ");
  }

  /**
   * Paints tiles row by row and only then says how many.
   * @param {Uint8Array} greys (count, height, width) grey levels 0..255
   * @param {{height: number, width: number, columns: number, gap?: number}} shape of a tile, tiles
   *   a row, and model pixels between two tiles
   * @param {Object} facts data attributes
   */
  draw(greys, { height, width, columns, gap = GAP }, facts = {}) {
    const count = greys.length / (height * width);
    const rows = Math.ceil(count / columns);
    const [pixelWidth, pixelHeight] = gridSize(rows, { height, width, columns, gap });
    if (this.canvas.width !== pixelWidth || this.canvas.height !== pixelHeight || !this.image) {
      this.canvas.width = Math.max(1, pixelWidth);
      this.canvas.height = Math.max(1, pixelHeight);
      this.canvas.style.aspectRatio = `${this.canvas.width} / ${this.canvas.height}`;
      this.image = new ImageData(this.canvas.width, this.canvas.height);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0); // gaps, and the end of the last row, are clear
    for (let n = 0; n < count; n++) {
      const left = (n % columns) * (width + gap);
      const top = Math.floor(n / columns) * (height + gap);
      const from = n * height * width;
      rasterTile(pixels, this.canvas.width, left, top, greys, from, height, width);
    }
    this.context.putImageData(this.image, 0, 0);
    this.shape = { count, columns, rows };
    Object.assign(this.canvas.dataset, { count: String(count), columns: String(columns) }, facts);
  }

  /** The number of the tile under a pointer event, or -1. */
  tileAt(event) {
    const { count, columns, rows } = this.shape;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const n = row * columns + column;
    return column >= 0 && column < columns && n >= 0 && n < count ? n : -1;
  }
}
