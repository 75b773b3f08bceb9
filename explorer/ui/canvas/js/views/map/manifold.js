/**
 * The plane tiled with decoded digits, to lie under a map's points.
 *
 * Tiles are decoded in the worker in batches. What is there moves with the view at once; what a new
 * view shows besides is decoded then, and the rest of a view that is overtaken is given up.
 */
import { manifoldCells } from "../../maths/manifold.js";
import { rasterTile } from "../../maths/raster.js";
import { deviceRatio } from "../../parts/sizes.js";

const BATCH = 96; // tiles: about 40 ms of the worker, which others wait for
const MAX_KEPT = 6000; // tiles of one model that are kept, 784 bytes each
const SMOOTH_BELOW = 2; // screen pixels a tile's pixel: uneven ones would be seen as noise
const GAP_SHARE = 1 / 12; // of a tile, where pictures have no dark border of their own
const GAP_COLOUR = "#5a606a"; // between white strokes and black ground
const FRAMED_SAMPLES = 16; // codes whose pictures tell whether they have
const DARK_BORDER = 0.15; // mean of a pixel at the border, at most

/** Whether a model's pictures end in a dark border, so that tiles side by side stay apart. */
function isFramed(model) {
  const { height, width, count } = model;
  const sums = new Float32Array(height * width);
  for (let n = 0; n < FRAMED_SAMPLES; n++) {
    const means = model.decode(model.code(Math.floor((n * count) / FRAMED_SAMPLES)));
    means.forEach((mean, i) => (sums[i] += mean));
  }
  return sums.every((sum, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isInside = x > 0 && y > 0 && x < width - 1 && y < height - 1;
    return isInside || sum < DARK_BORDER * FRAMED_SAMPLES;
  });
}

/** The tiles of one view, on a canvas with one pixel a pixel of the model. */
class Mosaic {
  constructor({ xs, ys }, { height, width }, hasGaps) {
    Object.assign(this, { xs, ys, height, width, hasGaps });
    this.tiles = ys.flatMap((y, row) => xs.map((x, column) => ({ x, y, row, column })));
    this.canvas = document.createElement("canvas");
    this.canvas.width = Math.max(1, xs.length * width);
    this.canvas.height = Math.max(1, ys.length * height);
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.image = new ImageData(width, height);
    this.drawn = []; // tiles
  }

  add(tile, greys) {
    const { width, height } = this;
    rasterTile(new Uint32Array(this.image.data.buffer), width, 0, 0, greys, 0, height, width);
    this.context.putImageData(this.image, tile.column * width, tile.row * height);
    this.drawn.push(tile);
  }

  /** In whole pixels of the device: a part of one would be seen as a seam. */
  paint(context, plane) {
    const { width, height } = this;
    const ratio = deviceRatio();
    const whole = (units) => Math.round(units * ratio) / ratio;
    context.fillStyle = GAP_COLOUR;
    for (const { x, y, row, column } of this.drawn) {
      const [left, top] = plane.toPixel(x.low, y.high).map(whole);
      const [right, bottom] = plane.toPixel(x.high, y.low).map(whole);
      if (right < 0 || bottom < 0 || left > plane.width || top > plane.height) continue;
      const gap = this.hasGaps ? whole(Math.max(1 / ratio, (right - left) * GAP_SHARE)) : 0;
      if (gap > 0) context.fillRect(left, top, right - left, bottom - top);
      const place = [left, top, right - left - gap, bottom - top - gap];
      context.imageSmoothingEnabled = place[2] * ratio < SMOOTH_BELOW * width;
      context.drawImage(this.canvas, column * width, row * height, width, height, ...place);
    }
  }
}

/** The manifold of one map. */
export class Manifold {
  /**
   * @param {{decode: function(string, LatentModel, Float32Array): Promise, redraw: function(),
   *   tell: function(?Object)}} host decode as DecodeWorker's; redraw draws the map again; tell
   *   hears of {columns, xs, ys} when all tiles of the view are there, and of null before
   */
  constructor(host) {
    this.host = host;
    this.choice = { isOn: false, columns: 16, grid: "quantiles" };
    this.isDecoding = false;
    this.forget();
  }

  forget() {
    this.kept = new Map(); // "x,y" -> grey levels of its tile
    this.shown = null; // Mosaic of the last view whose tiles had all come
    this.coming = null; // Mosaic of the present view
    this.missing = []; // its tiles that are not decoded yet
  }

  setModel(model) {
    this.model = model;
    this.hasGaps = !isFramed(model);
    this.forget();
  }

  /** @param {{isOn: boolean, columns: number, grid: string}} choice */
  choose(choice, plane) {
    if (Object.keys(choice).every((key) => choice[key] === this.choice[key])) return;
    this.choice = choice;
    if (!choice.isOn) this.shown = this.coming = null;
    this.follow(plane);
    this.host.redraw();
  }

  /** Takes another part of the plane in view. */
  follow(plane) {
    const { isOn, columns, grid } = this.choice;
    this.host.tell(null);
    if (!isOn || !this.model) return;
    if (this.coming && this.missing.length === 0) this.shown = this.coming;
    this.coming = new Mosaic(manifoldCells(plane, grid, columns), this.model, this.hasGaps);
    this.missing = [];
    for (const tile of this.coming.tiles) {
      const greys = this.kept.get(`${tile.x.at},${tile.y.at}`);
      if (greys) this.coming.add(tile, greys);
      else this.missing.push(tile);
    }
    if (!this.isDecoding) this.fill();
  }

  /** Decodes what is missing, batch by batch, also of views that come meanwhile. */
  async fill() {
    this.isDecoding = true;
    while (this.coming && this.missing.length > 0) {
      const { model, coming } = this;
      const batch = this.missing.splice(0, BATCH);
      const points = batch.flatMap(({ x, y }) => model.toLatent(x.at, y.at));
      const greys = await this.host.decode("manifold", model, Float32Array.from(points));
      if (model !== this.model) continue;
      const size = model.height * model.width;
      batch.forEach((tile, n) => {
        const own = greys.subarray(n * size, (n + 1) * size);
        this.kept.set(`${tile.x.at},${tile.y.at}`, own);
        if (coming === this.coming) coming.add(tile, own);
      });
      if (coming === this.coming) this.host.redraw();
    }
    this.isDecoding = false;
    if (this.coming) this.finish();
  }

  finish() {
    this.shown = null;
    if (this.kept.size > MAX_KEPT) this.kept.clear();
    this.host.redraw();
    const places = (cells) => cells.map(({ at }) => at);
    const { xs, ys } = this.coming;
    this.host.tell({ columns: this.choice.columns, xs: places(xs), ys: places(ys) });
  }

  /** Draws what there is: the last whole picture, and upon it what has come of the next. */
  paint(context, plane) {
    if (!this.choice.isOn) return;
    context.save();
    context.imageSmoothingQuality = "high";
    this.shown?.paint(context, plane);
    this.coming?.paint(context, plane);
    context.restore();
  }
}
