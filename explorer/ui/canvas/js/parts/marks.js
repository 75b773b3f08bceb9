/**
 * Draws the map's furniture on a 2-D canvas context: grid, circles, numerals, axes, cursor.
 *
 * Each function draws one thing and keeps nothing. Lengths are units (see sizes.js); the
 * caller has scaled the context to the device. `ink` is {text, background, accent, grey, font}.
 */
import { commonPlace, placeNumerals } from "../maths/numerals.js";
import { formatNumber, niceTicks } from "../maths/scales.js";
import { SMALL_TEXT, textFont } from "./sizes.js";

const TICK_SPACING_PX = 70;
const CLOSE_TICK_PX = 45; // where the usual spacing leaves an axis without a scale
const TICK_GAP_PX = 7; // from a tick's number to the plane
const TICK_HALF_PX = 7; // of a number's height: at the very top of a map it is not cut
export const AXIS_NAME = 15; // size of its text
const AXIS_NAME_PX = 17; // the room of an axis's name beside the numbers
const NUMERAL_SHARE = 0.048; // of the map: to be read from the last row
const ALL_DIGITS = "all digits";
const ALL_DIGITS_LIFT = 1.1; // of a numeral's size: the words stand above the codes
const MIN_SIGMA_PX = 26; // closer circles would have their labels on top of each other
const CURSOR_GAP_PX = 7; // the crosshair leaves the point itself free

/** Ticks of both axes for the part of the plane in view. */
export function planeTicks(plane) {
  return { x: axisTicks(plane.xRange, plane.width), y: axisTicks(plane.yRange, plane.height) };
}

/** One tick alone says nothing of the scale. */
function axisTicks(range, pixels) {
  const ticks = (spacing) => niceTicks(...range, Math.max(2, pixels / spacing));
  const usual = ticks(TICK_SPACING_PX);
  return usual.values.length > 1 ? usual : ticks(CLOSE_TICK_PX);
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
  context.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.stroke();
}

/** Faint lines at the ticks, a little stronger through zero. */
export function drawGrid(context, plane, ticks, ink) {
  context.save();
  context.strokeStyle = ink.text;
  context.lineWidth = 1;
  const strength = (value) => (Math.abs(value) * plane.scale < 0.5 ? 0.22 : 0.08);
  for (const value of ticks.x.values) {
    context.globalAlpha = strength(value);
    const [px] = plane.toPixel(value, 0);
    line(context, px, 0, px, plane.height);
  }
  for (const value of ticks.y.values) {
    context.globalAlpha = strength(value);
    const [, py] = plane.toPixel(0, value);
    line(context, 0, py, plane.width, py);
  }
  context.restore();
}

/** The standard normal prior's 1, 2 and 3 sigma circles. */
export function drawPrior(context, plane, ink) {
  const [px, py] = plane.toPixel(0, 0);
  context.save();
  context.strokeStyle = ink.text;
  context.globalAlpha = 0.4;
  context.setLineDash([3, 5]);
  for (const sigma of [1, 2, 3]) {
    context.beginPath();
    context.arc(px, py, sigma * plane.scale, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
}

/** The words "1 sigma" and so on, at the top of the prior's circles. */
export function drawPriorLabels(context, plane, ink) {
  if (plane.scale < MIN_SIGMA_PX) return;
  context.save();
  for (const sigma of [1, 2, 3]) {
    const [px, py] = plane.toPixel(0, sigma);
    haloText(context, `${sigma}\u03c3`, px, py, SMALL_TEXT, ink, 0.75);
  }
  context.restore();
}

/**
 * One posterior, a Gaussian with these standard deviations along two axes, as its 1 and 2 sigma
 * ellipses.
 * @param {[number, number]} centre plane units
 * @param {[number, number][]} axes two perpendicular vectors, one standard deviation long
 */
export function drawPosterior(context, plane, centre, [[ax, ay], [bx, by]], ink) {
  const [px, py] = plane.toPixel(...centre);
  context.save();
  for (const [width, colour] of [[4, ink.background], [2, ink.text]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (const sigma of [1, 2]) {
      context.beginPath();
      const radii = [Math.hypot(ax, ay), Math.hypot(bx, by)].map((r) => r * sigma * plane.scale);
      context.ellipse(px, py, ...radii, -Math.atan2(ay, ax), 0, 2 * Math.PI); // y points down
      context.stroke();
    }
  }
  context.restore();
}

/** Text that can be read on any points: a halo of the background's colour around it. */
export function haloText(context, text, px, py, size, ink, alpha, halo = size / 4) {
  context.globalAlpha = alpha;
  context.font = textFont(ink, 700, size);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = halo;
  context.strokeStyle = ink.background;
  context.strokeText(text, px, py);
  context.fillStyle = ink.text;
  context.fillText(text, px, py);
}

/**
 * Each class's numeral in its colour at its median, not cut by the edge while that is in view; one
 * that would cover another is left out. Where all medians lie in one place, one label says so.
 * @param {{label: number, x: number, y: number}[]} medians plane units
 * @param {function(number): string} colourOf a class's
 */
export function drawNumerals(context, plane, medians, colourOf, ink) {
  const size = Math.max(20, NUMERAL_SHARE * Math.min(plane.width, plane.height));
  const places = medians.map(({ label, x, y }) => {
    const [px, py] = plane.toPixel(x, y);
    return { label, x: px, y: py };
  });
  context.save();
  const common = commonPlace(places, size);
  if (common) {
    if (plane.isInView(common)) drawAllDigits(context, plane, common, size, ink);
  } else {
    const seen = places
      .filter(({ x, y }) => plane.isInView([x, y]))
      .map(({ label, x, y }) => {
        const [px, py] = plane.within([x, y], [0.42 * size, 0.6 * size]);
        return { label, x: px, y: py };
      });
    for (const { label, x, y } of placeNumerals(seen, size)) {
      haloText(context, String(label), x, y, size, { ...ink, text: colourOf(label) }, 1, size / 3);
    }
  }
  context.restore();
}

function drawAllDigits(context, plane, [px, py], size, ink) {
  context.font = textFont(ink, 700, size);
  const reach = [context.measureText(ALL_DIGITS).width / 2 + size / 8, 0.6 * size];
  const [x, y] = plane.within([px, py - ALL_DIGITS_LIFT * size], reach);
  haloText(context, ALL_DIGITS, x, y, size, ink, 1);
}

/** Tick labels and axis names in the margins left of and below the plane. */
export function drawAxes(context, plane, ticks, margin, names, ink) {
  const bottom = margin.top + plane.height;
  context.save();
  context.font = textFont(ink, 400);
  context.fillStyle = ink.text;
  context.globalAlpha = 0.8;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks.x.values) {
    const px = margin.left + plane.toPixel(value, 0)[0];
    context.fillText(formatNumber(value, ticks.x.digits), px, bottom + TICK_GAP_PX);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks.y.values) {
    const py = Math.max(TICK_HALF_PX, margin.top + plane.toPixel(0, value)[1]);
    const room = margin.left - (names[1] ? AXIS_NAME_PX : 0) - TICK_GAP_PX;
    context.fillText(formatNumber(value, ticks.y.digits), margin.left - TICK_GAP_PX, py, room);
  }
  context.globalAlpha = 1;
  context.font = textFont(ink, 600, AXIS_NAME); // a small map has no names: empty text draws nothing
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(names[0], margin.left + plane.width / 2, bottom + margin.bottom);
  context.translate(0, margin.top + plane.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(names[1], 0, 0);
  context.restore();
}

/** Lines across the plane that meet, but for a gap, at the point. */
export function drawCrosshair(context, plane, px, py, ink) {
  context.save();
  context.strokeStyle = ink.text;
  context.globalAlpha = 0.55;
  line(context, 0, py, px - CURSOR_GAP_PX, py);
  line(context, px + CURSOR_GAP_PX, py, plane.width, py);
  line(context, px, 0, px, py - CURSOR_GAP_PX);
  line(context, px, py + CURSOR_GAP_PX, px, plane.height);
  ring(context, px, py, CURSOR_GAP_PX, 2, ink.text);
  context.restore();
}

/** Where the cursor stops: a dashed rectangle around all codes and the prior. */
export function drawRegion(context, plane, { left, right, bottom, top }, ink) {
  const [px, py] = plane.toPixel(left, top);
  context.save();
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  context.setLineDash([8, 5]);
  context.strokeRect(px, py, (right - left) * plane.scale, (top - bottom) * plane.scale);
  context.restore();
}

/** The pinned point: a ring with a halo. */
export function drawPin(context, px, py, ink) {
  context.save();
  ring(context, px, py, 9, 7, ink.background);
  ring(context, px, py, 9, 3.5, ink.accent);
  context.fillStyle = ink.accent;
  context.beginPath();
  context.arc(px, py, 2.5, 0, 2 * Math.PI);
  context.fill();
  context.restore();
}

function ring(context, px, py, radius, lineWidth, colour) {
  context.strokeStyle = colour;
  context.lineWidth = lineWidth;
  context.beginPath();
  context.arc(px, py, radius, 0, 2 * Math.PI);
  context.stroke();
}
