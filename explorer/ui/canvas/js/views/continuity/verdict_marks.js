/**
 * Marks of judged points on a map: a diamond on the data, a cross off it, so that no colour is
 * needed to tell them apart. Each function keeps nothing; places are pixels of the context.
 */

const VERDICT_PX = 4; // from a mark's middle to its tips
const LEAST_VERDICT_PX = 2.4; // among a thousand
const CROWD = 100; // more marks than these are smaller, so that their ink grows but slowly
const NEWEST_PX = 9;

function traceDiamond(context, [px, py], reach) {
  context.moveTo(px, py - reach);
  context.lineTo(px + reach, py);
  context.lineTo(px, py + reach);
  context.lineTo(px - reach, py);
  context.closePath();
}

function traceCross(context, [px, py], reach) {
  context.moveTo(px - reach, py - reach);
  context.lineTo(px + reach, py + reach);
  context.moveTo(px + reach, py - reach);
  context.lineTo(px - reach, py + reach);
}

function drawDiamonds(context, places, reach, ink) {
  context.beginPath();
  for (const place of places) traceDiamond(context, place, reach);
  context.lineWidth = reach / 2;
  context.strokeStyle = ink.background;
  context.stroke();
  context.fillStyle = ink.text;
  context.fill();
}

function drawCrosses(context, places, reach, ink) {
  context.beginPath();
  for (const place of places) traceCross(context, place, reach);
  const line = Math.max(1.4, Math.min(2, reach / 1.75));
  for (const [width, colour] of [[2.2 * line, ink.background], [line, ink.warning]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** The reach of one of so many marks. */
function reachAmong(count) {
  return Math.max(LEAST_VERDICT_PX, VERDICT_PX * Math.min(1, CROWD / count) ** 0.25);
}

/** Many judged points, small. @param {number[][]} places @param {boolean[]} isOff */
export function drawVerdicts(context, places, isOff, ink) {
  const reach = reachAmong(places.length);
  context.save();
  drawDiamonds(context, places.filter((_, n) => !isOff[n]), reach, ink);
  drawCrosses(context, places.filter((_, n) => isOff[n]), reach - 0.5, ink);
  context.restore();
}

/** The newest judged point, large. */
export function drawNewestVerdict(context, place, isOff, ink) {
  context.save();
  (isOff ? drawCrosses : drawDiamonds)(context, [place], NEWEST_PX, ink);
  context.restore();
}
