/** Thousands of points in their classes' colours, on a canvas of their own. */
import { readableColour } from "../maths/contrast.js";
import { glyphStamp } from "../maths/glyphs.js";
import { parseColour, rasterPoints } from "../maths/raster.js";

const POINT_RADIUS_PX = 1.8; // on a map of this many pixels, or fewer:
const POINT_RADIUS_AT_PX = 550;
const POINT_OPACITY = 0.85;
const MOST_GROWTH = 2.5; // of the radius, by zooming in
const SHAPE_GROWTH = 1.9; // of the radius, for shapes to be told apart

/** The points of a map; its owner says where they are laid. */
export class PointLayer {
  constructor() {
    this.canvas = document.createElement("canvas"); // to be laid translucent as a whole
    this.points = new Float32Array(0);
    this.labels = new Uint8Array(0);
    this.highlighted = new Set();
    this.setOpacity();
  }

  /**
   * @param {string[]} palette a "#rrggbb" a class
   * @param {Object} ink of the plane, with the grey of classes that are not chosen
   * @param {boolean} hasShapes whether each class has a shape of its own
   */
  setStyle(palette, ink, hasShapes) {
    this.classColours = palette.map(parseColour);
    this.numeralColours = palette.map((colour) => readableColour(colour, ink));
    this.ink = ink;
    this.hasShapes = hasShapes;
  }

  isGreyed(label) {
    return this.highlighted.size > 0 && !this.highlighted.has(label);
  }

  /** Of a class's numeral, as its points have it, but to be read. */
  numeralColour(label) {
    return this.isGreyed(label) ? this.ink.grey : this.numeralColours[label];
  }

  /** Their opacity and the share of their radius; without arguments as at first. */
  setOpacity(opacity = POINT_OPACITY, size = 1) {
    this.opacity = opacity;
    this.size = size;
  }

  /** Device pixels. */
  resize(width, height) {
    Object.assign(this.canvas, { width, height });
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Paints them upon a context in CSS pixels. @param {PlaneView} plane in view */
  paint(context, plane, ratio) {
    const { canvas: { width, height }, pixels, points, labels } = this;
    const [left, top] = plane.toPlane(0, 0);
    const transform = { scale: plane.scale * ratio, left, top };
    const growth = Math.min(MOST_GROWTH, Math.max(1, plane.zoom) ** 0.3);
    const size = Math.max(1, Math.min(plane.width, plane.height) / POINT_RADIUS_AT_PX);
    const shape = this.hasShapes ? SHAPE_GROWTH : 1;
    const radius = POINT_RADIUS_PX * ratio * growth * size * this.size * shape;
    const stampOf = this.hasShapes ? glyphStamp : undefined;
    pixels.fill(0);
    for (const colours of this.coats()) {
      rasterPoints(pixels, width, height, points, labels, colours, transform, radius, stampOf);
    }
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    context.globalAlpha = this.opacity;
    context.drawImage(this.canvas, 0, 0, plane.width, plane.height);
    context.globalAlpha = 1;
  }

  /** Colours a class of each coat of points: the greyed ones first, the others upon them. */
  coats() {
    if (this.highlighted.size === 0) return [this.classColours];
    const grey = parseColour(this.ink.grey);
    return [
      this.classColours.map((_, label) => (this.isGreyed(label) ? grey : 0)),
      this.classColours.map((colour, label) => (this.isGreyed(label) ? 0 : colour)),
    ];
  }
}
