/**
 * Draws a path on a map: its line, its steps and its ends. Each function keeps nothing; lengths
 * are CSS pixels, places are pixels of the context.
 */
import { haloText } from "./marks.js";

const END_RADIUS_PX = 11;
const STEP_RADIUS_PX = 3.5;
const JUMP_PX = 7; // half the width of the triangle that points at a jump

/** The line through places, with a ring at each of some steps. @param {number[][]} places */
export function drawPathLine(context, places, steps, ink) {
  context.save();
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const [width, colour] of [[6, ink.background], [2.5, ink.accent]]) {
    context.beginPath();
    for (const [px, py] of places) context.lineTo(px, py);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
  for (const [px, py] of steps) {
    context.beginPath();
    context.arc(px, py, STEP_RADIUS_PX, 0, 2 * Math.PI);
    context.fillStyle = ink.background;
    context.fill();
    context.stroke();
  }
  context.restore();
}

/** An end: a disc with its letter. */
export function drawPathEnd(context, [px, py], letter, ink) {
  context.save();
  context.beginPath();
  context.arc(px, py, END_RADIUS_PX, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.fillStyle = ink.background;
  context.fill();
  context.strokeStyle = ink.accent;
  context.stroke();
  haloText(context, letter, px, py + 0.5, 14, ink, 1);
  context.restore();
}

/** The largest change, on a map or a curve: a triangle whose tip is just above the place. */
export function drawJump(context, [px, py], ink) {
  context.save();
  context.beginPath();
  context.moveTo(px, py - 2);
  context.lineTo(px - JUMP_PX, py - 2 - 1.7 * JUMP_PX);
  context.lineTo(px + JUMP_PX, py - 2 - 1.7 * JUMP_PX);
  context.closePath();
  context.lineWidth = 2.5;
  context.strokeStyle = ink.background;
  context.stroke();
  context.fillStyle = ink.warning;
  context.fill();
  context.restore();
}
