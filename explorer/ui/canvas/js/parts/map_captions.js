/** What a map's dots and circles are, said in the margin beside the horizontal axis's name. */
import { AXIS_NAME } from "./marks.js";
import { textFont } from "./sizes.js";

const CAPTION_GAP_PX = 12; // to the axis's name

/** Wordings, the longest first. */
const DOT_CAPTION = ["each dot: a test digit\u2019s code \u03bc", "dot: a test digit"];
const PRIOR_CAPTION = ["dashed: the prior\u2019s 1, 2, 3\u03c3", "dashed: the prior"];

/**
 * Writes what the picture shows, as long as there is room.
 * @param {PlaneView} plane
 * @param {Object} margin around the plane
 * @param {string} name the axis's @param {boolean} hasPrior whether circles are drawn
 */
export function drawCaptions(context, plane, margin, name, hasPrior, ink) {
  const row = margin.top + plane.height + margin.bottom;
  context.save();
  context.font = textFont(ink, 600, AXIS_NAME);
  const room = plane.width / 2 - context.measureText(name).width / 2 - CAPTION_GAP_PX;
  context.font = textFont(ink, 400);
  context.fillStyle = ink.text;
  context.globalAlpha = 0.8;
  context.textBaseline = "bottom";
  const write = (wordings, align, px) => {
    const text = wordings.find((words) => context.measureText(words).width <= room);
    if (!text) return;
    context.textAlign = align;
    context.fillText(text, px, row);
  };
  write(DOT_CAPTION, "left", margin.left);
  if (hasPrior) write(PRIOR_CAPTION, "right", margin.left + plane.width);
  context.restore();
}
