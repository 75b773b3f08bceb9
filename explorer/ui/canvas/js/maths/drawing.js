/**
 * Pen strokes to an image that lies in its frame as the data set's own digits do. No DOM.
 *
 * A stroke is a list of [x, y] in the pad's unit square, y downwards. Images are Float32Arrays,
 * row by row, 0 for paper and 1 for ink.
 */

/**
 * How digits lie in their frame, by the frame's side. All measured on the data sets:
 *
 * 28, MNIST: the larger side of the ink's box is 20 pixels in 9,997 of 10,000 test digits, its
 * aspect is that of the writing, and whole pixels were shifted until the centre of mass fell
 * into pixel 14 (its index has mean 14.0 and the spread of a uniform pixel, 0.29). Strokes of
 * 2.6 pixels have the test set's mean ink, 0.13.
 *
 * 8, scikit-learn's digits: blocks of 4 x 4 of a 32 x 32 bitmap. All 1,797 fill its height; wide
 * digits were squeezed into 5 of the 8 columns, narrow ones left, and the box is centred. Slant was
 * sheared away: the ink begins in the same column at the top as at the bottom (to 0.03 of the
 * height; in MNIST the spread is 0.25). Strokes of 1.5 pixels have the mean ink, 0.31.
 *
 * `widest` is the width that is squeezed into the box, at the box's height: what is flatter yet,
 * such as the first stroke of a 7, does not fill the height. Widths and heights are in pixels.
 */
const DIGIT_LAYOUTS = {
  28: { width: 20, height: 20, widest: 20, pen: 2.6, isUpright: false, centre: "mass" },
  8: { width: 5, height: 8, widest: 16, pen: 1.5, isUpright: true, centre: "box" },
};

/** Where MNIST's centres of mass lie: the index of a row and of a column. */
const MASS_CENTRE = 14;

/** Pixels of the larger side of a rasterised drawing: four for each of MNIST's 20. */
const WORKING_PIXELS = 80;

/** A slow pen's points may lie closer, in working pixels: then some are skipped, for speed. */
const SHORTEST_STEP = 0.5;

/** A drawing smaller than this share of the pad is a dot, which has no size to fit a pen to. */
const DOT_SIZE = 0.1;

/** The layout of frames of this side. */
function layoutOf(size) {
  const layout = DIGIT_LAYOUTS[size];
  if (layout) return layout;
  const known = Object.keys(DIGIT_LAYOUTS).join(" or ");
  throw new Error(`Drawings become ${known} pixels wide, not ${size}.`);
}

/** The box of all points: left, top, and its sides. */
function boxOfPoints(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * The width of pen, as a share of the pad, that gives strokes as wide as the data set's once the
 * drawing is scaled: a digit drawn small gets a finer pen, or its strokes would close its loops.
 */
export function penWidthFor(strokes, size) {
  const { width, height } = boxOfPoints(strokes);
  const { pen, height: box } = layoutOf(size);
  return (pen * Math.max(width, height, DOT_SIZE)) / (box - pen);
}

/** Raises an image to the coverage of one round-ended line; all in pixels. */
function inkLine({ pixels, width, height }, [ax, ay], [bx, by], radius) {
  const reach = radius + 0.5;
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy || 1; // a dot has none: any other number will do
  const firstRow = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const lastRow = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach));
  const firstColumn = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const lastColumn = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach));
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const at = row * width + column;
      if (pixels[at] === 1) continue;
      const px = column + 0.5 - ax;
      const py = row + 0.5 - ay;
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
      const x = px - along * dx;
      const y = py - along * dy;
      const distance2 = x * x + y * y;
      if (distance2 >= reach * reach) continue;
      const coverage = Math.min(1, reach - Math.sqrt(distance2));
      if (coverage > pixels[at]) pixels[at] = coverage;
    }
  }
}

/**
 * Strokes of a round pen as an anti-aliased image that ends where the ink ends.
 * @param {number[][][]} strokes at least one point
 * @param {number} penWidth in the units of the strokes
 * @returns {{pixels: Float32Array, width: number, height: number}} the larger side has about
 *   WORKING_PIXELS pixels
 */
export function rasteriseStrokes(strokes, penWidth) {
  const box = boxOfPoints(strokes);
  const scale = WORKING_PIXELS / (Math.max(box.width, box.height) + penWidth);
  const width = Math.ceil((box.width + penWidth) * scale - 1e-6);
  const height = Math.ceil((box.height + penWidth) * scale - 1e-6);
  const image = { pixels: new Float32Array(width * height), width, height };
  const place = ([x, y]) => [
    (x - box.left + penWidth / 2) * scale,
    (y - box.top + penWidth / 2) * scale,
  ];
  const radius = (penWidth * scale) / 2;
  for (const stroke of strokes) {
    let from = null;
    stroke.map(place).forEach((point, n) => {
      const step = from ? Math.hypot(point[0] - from[0], point[1] - from[1]) : Infinity;
      if (step < SHORTEST_STEP && n < stroke.length - 1) return;
      inkLine(image, from ?? point, point, radius);
      from = point;
    });
  }
  return image;
}

/** The box of an image's ink in whole pixels; null without ink. */
function boxOfInk({ pixels, width, height }) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!(pixels[row * width + column] > 0)) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Shears an image, by whole pixels a row, until its top and bottom ink begin in one column. */
function uprighted({ pixels, width }, box) {
  const firstInk = (row) => {
    const start = row * width;
    // The faint edge of a stroke is no place to measure at, unless the row has nothing else.
    const inked = pixels.subarray(start, start + width);
    const darkest = inked.reduce((most, ink) => Math.max(most, ink), 0);
    return inked.findIndex((ink) => ink >= darkest / 2);
  };
  const lean = firstInk(box.top) - firstInk(box.top + box.height - 1); // of the top, to the right
  const side = box.width + Math.abs(lean);
  const sheared = new Float32Array(side * box.height);
  for (let row = 0; row < box.height; row++) {
    const depth = row / Math.max(1, box.height - 1);
    const shift = Math.round(lean > 0 ? lean * depth : -lean * (1 - depth));
    const start = (box.top + row) * width + box.left;
    sheared.set(pixels.subarray(start, start + box.width), row * side + shift);
  }
  return { pixels: sheared, width: side, height: box.height };
}

/**
 * How much each of `count` cells, scaled and laid from `offset` on, covers of each unit pixel.
 * @returns {{pixel: number, share: number}[][]} for each cell, the pixels it touches
 */
function overlaps(count, scale, offset) {
  return Array.from({ length: count }, (_, cell) => {
    const [start, end] = [offset + cell * scale, offset + (cell + 1) * scale];
    const touched = [];
    for (let pixel = Math.floor(start + 1e-9); pixel < end - 1e-9; pixel++) {
      touched.push({ pixel, share: Math.min(end, pixel + 1) - Math.max(start, pixel) });
    }
    return touched;
  });
}

/** A box of an image averaged over areas into a size x size frame, its corner at (x, y). */
function resampled({ pixels, width }, box, size, { scaleX, scaleY, x, y }) {
  const columns = overlaps(box.width, scaleX, x);
  const rows = overlaps(box.height, scaleY, y);
  const frame = new Float32Array(size * size);
  const line = new Float32Array(size);
  rows.forEach((touchedRows, row) => {
    line.fill(0);
    const start = (box.top + row) * width + box.left;
    columns.forEach((touchedColumns, column) => {
      const ink = pixels[start + column];
      if (ink === 0) return;
      for (const { pixel, share } of touchedColumns) line[pixel] += ink * share;
    });
    for (const { pixel, share } of touchedRows) {
      for (let i = 0; i < size; i++) frame[pixel * size + i] += line[i] * share;
    }
  });
  for (let i = 0; i < frame.length; i++) frame[i] = Math.min(1, frame[i]); // rounding only
  return frame;
}

/** The shift by whole pixels that brings the centre of mass to its place, the ink kept inside. */
function massShift(frame, size, boxWidth, boxHeight) {
  let [mass, momentX, momentY] = [0, 0, 0];
  frame.forEach((ink, i) => {
    mass += ink;
    momentX += ink * (i % size);
    momentY += ink * Math.floor(i / size);
  });
  const shift = (moment, side) =>
    Math.min(size - Math.ceil(side - 1e-9), Math.max(0, Math.round(MASS_CENTRE - moment / mass)));
  return [shift(momentX, boxWidth), shift(momentY, boxHeight)];
}

/**
 * The ink of an image in the place and size that the data set's digits have.
 * @param {Float32Array} pixels width * height values in [0, 1]
 * @param {number} size side of the frame: 28 as MNIST, 8 as scikit-learn's digits
 * @returns {?Float32Array} size * size values in [0, 1]; null where there is no ink
 */
export function normaliseDigit(pixels, width, height, size) {
  const layout = layoutOf(size);
  let image = { pixels, width, height };
  let box = boxOfInk(image);
  if (!box) return null;
  if (layout.isUpright) {
    image = uprighted(image, box);
    box = boxOfInk(image);
  }
  const scaleY = Math.min(layout.height / box.height, layout.widest / box.width);
  const scaleX = Math.min(scaleY, layout.width / box.width);
  const [fullWidth, fullHeight] = [scaleX * box.width, scaleY * box.height];
  if (layout.centre === "box") {
    const [x, y] = [(size - fullWidth) / 2, (size - fullHeight) / 2];
    return resampled(image, box, size, { scaleX, scaleY, x, y });
  }
  const corner = resampled(image, box, size, { scaleX, scaleY, x: 0, y: 0 });
  const [x, y] = massShift(corner, size, fullWidth, fullHeight);
  const frame = new Float32Array(size * size);
  for (let row = y; row < size; row++) {
    const from = (row - y) * size;
    frame.set(corner.subarray(from, from + size - x), row * size + x);
  }
  return frame;
}

/**
 * What the model sees of a drawing.
 * @returns {?Float32Array} size * size values in [0, 1]; null for an empty drawing
 */
export function digitOfStrokes(strokes, size) {
  if (!strokes.some((stroke) => stroke.length > 0)) return null;
  const { pixels, width, height } = rasteriseStrokes(strokes, penWidthFor(strokes, size));
  return normaliseDigit(pixels, width, height, size);
}
