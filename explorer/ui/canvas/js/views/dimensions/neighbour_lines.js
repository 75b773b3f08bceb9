/** Lines from a code to its true neighbours, over thousands of points of any colour. */

const NEIGHBOUR_LINE_PX = 1.6;
const NEIGHBOUR_HALO_PX = 4;
const NEIGHBOUR_RING_PX = 5;

/**
 * @param {?[number, number]} from null where it has no place: then the ends alone are marked
 * @param {[number, number][]} ends all in CSS pixels
 */
export function drawNeighbourLines(context, from, ends, ink) {
  context.save();
  const coats = [[NEIGHBOUR_HALO_PX, ink.background], [NEIGHBOUR_LINE_PX, ink.text]];
  for (const [width, colour] of coats) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const end of from ? ends : []) {
      context.moveTo(...from);
      context.lineTo(...end);
    }
    context.stroke();
    for (const [px, py] of ends) {
      context.beginPath();
      context.arc(px, py, NEIGHBOUR_RING_PX, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.restore();
}
