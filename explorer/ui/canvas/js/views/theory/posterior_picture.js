/** The true posterior over the part of the plane in view, as bands that hold shares of its mass. */
import { mixRgb, rgbOf } from "../../maths/colour_scales.js";
import { logPrior } from "../../maths/posterior_squares.js";

/** Shares of the posterior's mass within each band's edge, from the inside out. */
export const MASS_SHARES = [0.5, 0.9, 0.99];

const POSTERIOR_COLOUR = "#e08214";
const BAND_STRENGTHS = [0.85, 0.5, 0.22]; // of that colour on the background
const PICTURE_CELL_PX = 2; // the picture is smoothed when it is enlarged
const REFRESH_MS = 80; // after the last change of the view

/** The bands' colours on a background, from the inside out, as [red, green, blue]. */
export function bandColours(background) {
  const [from, to] = [rgbOf(background), rgbOf(POSTERIOR_COLOUR)];
  return BAND_STRENGTHS.map((strength) => mixRgb(from, to, strength));
}

/** Keeps a picture of the last view, and makes another when the view has come to rest. */
export class PosteriorPicture {
  /** @param {function()} redraw the owner's drawing, when another picture is there */
  constructor(redraw) {
    this.redraw = redraw;
    this.canvas = document.createElement("canvas");
    this.source = null;
    this.timer = 0;
    this.drawn = null; // {x, y} ranges that the picture covers
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /**
   * Takes another posterior, or null.
   * @param {?{field: LikelihoodField, levels: number[], model: LatentModel}} source levels are
   *   log densities log p(x, z), one a share of MASS_SHARES
   */
  setSource(source) {
    this.source = source;
    this.drawn = null;
  }

  /** Draws the picture under the map, as well as it is known for this view. */
  paint(context, plane, ink) {
    if (!this.source) return;
    const view = [...plane.xRange, ...plane.yRange, plane.width, ink.background].join();
    if (!this.drawn) this.make(plane, ink, view);
    else if (this.drawn.view !== view) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.drawn = null;
        this.redraw();
      }, REFRESH_MS);
    }
    const [left, top] = plane.toPixel(this.drawn.x[0], this.drawn.y[1]);
    const [right, bottom] = plane.toPixel(this.drawn.x[1], this.drawn.y[0]);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.canvas, left, top, right - left, bottom - top);
  }

  make(plane, ink, view) {
    const columns = Math.ceil(plane.width / PICTURE_CELL_PX);
    const rows = Math.ceil(plane.height / PICTURE_CELL_PX);
    const { field, levels, model } = this.source;
    const values = new Float64Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const place = plane.toPlane(
          ((column + 0.5) / columns) * plane.width,
          ((row + 0.5) / rows) * plane.height,
        );
        const [x, y] = model.toLatent(...place);
        values[row * columns + column] = field.at(x, y) + logPrior(x, y);
      }
    }
    this.canvas.width = columns;
    this.canvas.height = rows;
    const image = new ImageData(columns, rows);
    const colours = bandColours(ink.background);
    for (let n = 0; n < values.length; n++) {
      const slope = Math.hypot(
        values[Math.min(n + 1, values.length - 1)] - values[Math.max(n - 1, 0)],
        values[Math.min(n + columns, values.length - 1)] - values[Math.max(n - columns, 0)],
      ) / 2;
      // How much of the cell lies within each band's edge, if the density is a slope in it.
      const within = levels.map((level) =>
        Math.min(1, Math.max(0, 0.5 + (values[n] - level) / (slope || 1))),
      );
      if (within[2] === 0) continue;
      let colour = colours[2];
      colour = mixRgb(colour, colours[1], within[1]);
      colour = mixRgb(colour, colours[0], within[0]);
      image.data.set([...colour, Math.round(255 * within[2])], 4 * n);
    }
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.drawn = { view, x: [...plane.xRange], y: [...plane.yRange] };
  }
}
