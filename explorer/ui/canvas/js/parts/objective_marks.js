/**
 * Marks that the maps of the page 'Objectives' carry above their points.
 *
 * Each function draws one thing on a context scaled to CSS pixels and keeps nothing. `ink` is
 * {text, background, accent, grey, font}.
 */

const CODE_HALF_PX = 7; // half the side of the chosen code's square
const CODE_EDGE_PX = 22; // from the edge to the middle of that square: the arrow lies between
const SAMPLE_PX = 4; // half the diagonal of a prior sample's diamond
const POINTED_SAMPLE_PX = 10;
const HINT_PX = 9; // length of the arrow at the edge

/**
 * A square around the chosen digit's code: no circle, which would pass for its posterior. Of a code
 * out of view it stands at the edge, behind an arrow towards it.
 */
export function drawChosenCode(context, plane, place, ink) {
  drawEdgeHint(context, plane, place, ink);
  const at = plane.toPixel(...place);
  const [px, py] = plane.isInView(at) ? at : plane.within(at, [CODE_EDGE_PX, CODE_EDGE_PX]);
  const side = 2 * CODE_HALF_PX;
  context.save();
  for (const [width, colour] of [[5, ink.background], [2.5, ink.text]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(px - CODE_HALF_PX, py - CODE_HALF_PX, side, side);
  }
  context.restore();
}

function diamond(context, px, py, reach) {
  context.beginPath();
  context.moveTo(px, py - reach);
  context.lineTo(px + reach, py);
  context.lineTo(px, py + reach);
  context.lineTo(px - reach, py);
  context.closePath();
}

/** Where the prior's samples fall: diamonds, the one that is pointed at larger. */
export function drawPriorSamples(context, plane, places, pointed, ink) {
  context.save();
  context.lineWidth = 2;
  context.strokeStyle = ink.background;
  places.forEach((place, n) => {
    const [px, py] = plane.toPixel(...place);
    context.fillStyle = n === pointed ? ink.accent : ink.text;
    diamond(context, px, py, n === pointed ? POINTED_SAMPLE_PX : SAMPLE_PX);
    context.stroke();
    context.fill();
  });
  context.restore();
}

/** An arrow at the edge towards a point that is out of view; nothing for one in view. */
export function drawEdgeHint(context, plane, place, ink) {
  const [px, py] = plane.toPixel(...place);
  if (plane.isInView([px, py])) return;
  const tip = plane.within([px, py], [0, 0]);
  context.save();
  context.translate(...tip);
  context.rotate(Math.atan2(py - tip[1], px - tip[0]));
  context.beginPath();
  context.moveTo(-1, 0);
  context.lineTo(-1 - HINT_PX, -HINT_PX / 1.5);
  context.lineTo(-1 - HINT_PX, HINT_PX / 1.5);
  context.closePath();
  context.lineWidth = 3;
  context.strokeStyle = ink.background;
  context.fillStyle = ink.text;
  context.stroke();
  context.fill();
  context.restore();
}
