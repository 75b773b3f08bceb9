/**
 * Between which places the lines of a pass run: for the most active units of each layer, those
 * numbers before them that do most for them.
 */
import { largest, strongestLinks } from "../../maths/strongest_links.js";

const UNITS = 12; // of a layer that get lines
const EACH = 3; // lines to each
const OUTPUT_LINES = 24; // to mu and log sigma^2, in all

/** A share of a box as a place in the page's picture. */
function within({ left, top, width, height }, [x, y]) {
  return [left + x * width, top + y * height];
}

/** A pixel's place in a picture's box. */
function pixelPlace(box, pixel, { width, height }) {
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  return within(box, [(column + 0.5) / width, (row + 0.5) / height]);
}

function curvesOf(links, placeFrom, placeTo) {
  return links.map(({ from, to, share }) => ({ from: placeFrom(from), to: placeTo(to), share }));
}

function unitPlace(strips, boxes, n) {
  return (unit) => within(boxes[n], strips[n].place(unit));
}

/**
 * From x through the encoder's layers to the rows of mu and sigma: a group of curves a step.
 * @param {Object} pass image, encoded, model, encoder
 * @param {Object} places strips, bells, and boxes {picture, encoder: [], posterior}
 */
export function encoderCurves({ image, encoded, model, encoder }, { strips, bells, boxes }) {
  const { layers } = encoder.mlp;
  const values = [image, ...encoded.hidden];
  return layers.map((layer, n) => {
    const isLast = n === layers.length - 1;
    const placeFrom =
      n === 0
        ? (pixel) => pixelPlace(boxes.picture, pixel, model)
        : unitPlace(strips, boxes.encoder, n - 1);
    if (isLast) {
      const targets = Array.from({ length: layer.outputs }, (_, k) => k);
      const each = Math.max(1, Math.round(OUTPUT_LINES / layer.outputs));
      const placeTo = (k) => within(boxes.posterior, bells.place(k % model.dims, false));
      return curvesOf(strongestLinks(layer, values[n], targets, each), placeFrom, placeTo);
    }
    const targets = largest(encoded.hidden[n], UNITS);
    const links = strongestLinks(layer, values[n], targets, EACH);
    return curvesOf(links, placeFrom, unitPlace(strips, boxes.encoder, n));
  });
}

/** From q and the noise to z. @param {function(number): number[]} placeOfCode of a dimension */
export function codeCurves(model, { bells, boxes }, placeOfCode) {
  const dims = Array.from({ length: model.dims }, (_, dim) => dim);
  const share = model.dims > 4 ? 0.3 : 0.8;
  const start = within(boxes.noise, [1, 0.5]);
  return dims.flatMap((dim) => [
    { from: within(boxes.posterior, bells.place(dim, true)), to: placeOfCode(dim, false), share },
    { from: start, to: placeOfCode(dim, false), share: share / 2 },
  ]);
}

/** From z through the decoder's layers to the picture's brightest pixels: a group a step. */
export function decoderCurves({ code, decoded, model }, { strips, boxes }, placeOfCode) {
  const { layers } = model.decoder;
  const values = [code, ...decoded.hidden, decoded.logits];
  return layers.map((layer, n) => {
    const isLast = n === layers.length - 1;
    const placeFrom =
      n === 0 ? (dim) => placeOfCode(dim, true) : unitPlace(strips, boxes.decoder, n - 1);
    const placeTo = isLast
      ? (pixel) => pixelPlace(boxes.output, pixel, model)
      : unitPlace(strips, boxes.decoder, n);
    const links = strongestLinks(layer, values[n], largest(values[n + 1], UNITS), EACH);
    return curvesOf(links, placeFrom, placeTo);
  });
}
