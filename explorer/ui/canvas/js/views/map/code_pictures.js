/**
 * Codes as small pictures, once a map is zoomed in so far that they have room.
 *
 * A code's picture is its original test image where the server has them, else what its code decodes
 * to. Pictures are fetched when the view has come to rest, and kept.
 */
import { loadOriginal } from "../../maths/originals.js";
import { rasterTile } from "../../maths/raster.js";

const MAX_PICTURES = 150; // in view: with more they would cover each other
const PICTURE_REST_MS = 120;
const KEPT_PICTURES = 1000;
const ROOM_SHARE = 0.5; // of the mean distance between codes in view, were they spread evenly
const PICTURE_SIDE_PX = { least: 20, most: 56 };
const GREYED_PICTURE_OPACITY = 0.4;
const BORDER_PX = 2;

function pictureCanvas(greys, height, width) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  rasterTile(new Uint32Array(image.data.buffer), width, 0, 0, greys, 0, height, width);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The small pictures of one map. */
export class CodePictures {
  /**
   * @param {{decode: function(string, LatentModel, Float32Array): Promise, redraw: function(),
   *   tell: function(?number)}} host decode as DecodeWorker's; redraw draws the map again; tell
   *   hears how many pictures are painted, and null where there are none
   */
  constructor(host) {
    this.host = host;
    this.kept = new Map(); // index of a code -> canvas
    this.generation = 0;
    this.inView = [];
    this.side = 0; // pixels of a picture in this view; 0 where codes are points
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /** @param {boolean} hasOriginals whether the server has the data set's test images */
  setModel(model, hasOriginals) {
    this.model = model;
    this.hasOriginals = hasOriginals;
    this.kept.clear();
    this.inView = [];
  }

  /** @param {{palette: string[], grey: string}} colours */
  setColours(colours) {
    this.colours = colours;
  }

  setHighlighted(highlighted) {
    this.highlighted = highlighted;
  }

  /** Takes another part of the plane in view. */
  follow(plane) {
    clearTimeout(this.timer);
    const generation = ++this.generation;
    if (!this.model) return;
    this.inView = this.codesIn(plane);
    const spacing = Math.sqrt((plane.width * plane.height) / Math.max(1, this.inView.length));
    const { least, most } = PICTURE_SIDE_PX;
    const side = Math.round(Math.min(most, Math.max(least, ROOM_SHARE * spacing)));
    this.side = this.inView.length > 0 ? side : 0;
    const missing = this.inView.filter((index) => !this.kept.has(index));
    if (missing.length === 0) return;
    this.timer = setTimeout(async () => {
      const { model } = this;
      const pictures = await this.fetch(missing);
      if (!pictures || model !== this.model) return;
      if (this.kept.size > KEPT_PICTURES) this.kept.clear();
      missing.forEach((index, n) => this.kept.set(index, pictures[n]));
      if (generation === this.generation) this.host.redraw();
    }, PICTURE_REST_MS);
  }

  /** The codes in view, or none where they are too many. */
  codesIn({ xRange, yRange }) {
    const { points, count } = this.model;
    const found = [];
    for (let n = 0; n < count && found.length <= MAX_PICTURES; n++) {
      const [x, y] = [points[2 * n], points[2 * n + 1]];
      if (x > xRange[0] && x < xRange[1] && y > yRange[0] && y < yRange[1]) found.push(n);
    }
    return found.length > MAX_PICTURES ? [] : found;
  }

  async fetch(indices) {
    const { height, width, name } = this.model;
    const size = height * width;
    if (this.hasOriginals) {
      const dataset = name.split("/")[0];
      const originals = await Promise.all(
        indices.map((index) => loadOriginal(dataset, index).catch(() => null)),
      );
      if (originals.every(Boolean)) {
        return originals.map((greys) => pictureCanvas(greys, height, width));
      }
    }
    const codes = Float32Array.from(indices.flatMap((index) => [...this.model.code(index)]));
    const greys = await this.host.decode("pictures", this.model, codes);
    return greys && indices.map((_, n) => pictureCanvas(greys.subarray(n * size), height, width));
  }

  /** Draws those pictures that have come, each in a border of its class's colour. */
  paint(context, plane) {
    const { points, labels } = this.model ?? {};
    const { side } = this;
    const ready = this.inView.filter((index) => this.kept.has(index));
    this.host.tell(ready.length > 0 && ready.length === this.inView.length ? ready.length : null);
    if (ready.length === 0) return;
    context.save();
    context.imageSmoothingEnabled = side < 2 * this.model.width;
    for (const index of ready) {
      const isGreyed = this.highlighted?.size > 0 && !this.highlighted.has(labels[index]);
      const middle = plane.toPixel(points[2 * index], points[2 * index + 1]);
      const [left, top] = middle.map((pixel) => Math.round(pixel - side / 2));
      const framed = side + 2 * BORDER_PX;
      context.globalAlpha = isGreyed ? GREYED_PICTURE_OPACITY : 1;
      context.fillStyle = isGreyed ? this.colours.grey : this.colours.palette[labels[index]];
      context.fillRect(left - BORDER_PX, top - BORDER_PX, framed, framed);
      context.drawImage(this.kept.get(index), left, top, side, side);
    }
    context.restore();
  }
}
