/**
 * The one scale of what is drawn: its unit grows with the stage as the style sheets' rem does.
 *
 * A canvas is drawn in units; one unit is a sixteenth of the root's text size, which is a CSS pixel
 * on a screen of 1280 pixels and more on a larger one (explorer/ui/screen.py).
 */

/** The smallest text, units: the same as the style sheets' smallest, 0.84375rem. */
export const SMALL_TEXT = 13.5;

const REM_UNITS = 16;

let currentUnit = 0; // CSS pixels; 0 until it is first asked for

/** CSS pixels a unit. */
export function unitPx() {
  if (!currentUnit) measureUnit();
  return currentUnit;
}

/** Takes over the root's text size. @returns {boolean} whether it is another one */
export function measureUnit() {
  const before = currentUnit;
  const { fontSize } = getComputedStyle(document.documentElement);
  currentUnit = parseFloat(fontSize) / REM_UNITS;
  return currentUnit !== before;
}

const drawers = new Set(); // of canvases that follow the device's pixels

let savedRatio = 0; // device pixels a CSS pixel while a picture is saved, else 0

/** Device pixels a unit. */
export function deviceRatio() {
  return (savedRatio || window.devicePixelRatio || 1) * unitPx();
}

/** Draws anew while a picture is saved. @param {function()} draw @returns {function()} ends it */
export function drawForSaving(draw) {
  drawers.add(draw);
  return () => drawers.delete(draw);
}

/** Does something while all canvases have so many pixels a CSS pixel, whatever the device has. */
export function withRatio(ratio, act) {
  savedRatio = ratio;
  drawers.forEach((draw) => draw());
  try {
    return act();
  } finally {
    savedRatio = 0;
    drawers.forEach((draw) => draw());
  }
}

/** The size of an element's inside in units. @returns {[number, number]} */
export function innerSize({ clientWidth, clientHeight }) {
  return [clientWidth / unitPx(), clientHeight / unitPx()];
}

/** Where on its target a pointer or wheel event happens, units. @returns {[number, number]} */
export function placeOf({ offsetX, offsetY }) {
  return [offsetX / unitPx(), offsetY / unitPx()];
}

/** A canvas's font. @param {{font: string}} ink @param {number} size units, never below the smallest */
export function textFont(ink, weight, size = SMALL_TEXT) {
  return `${weight} ${Math.max(SMALL_TEXT, size)}px ${ink.font}`;
}
