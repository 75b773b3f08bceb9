/** Colours that can be read upon others, by the contrast that WCAG 2 defines. No DOM. */
import { hexOf, mixRgb, rgbOf } from "./colour_scales.js";

/** WCAG 2 asks for 4.5, and for 3 of large text; numerals stand upon dots of their own hue. */
const READABLE_CONTRAST = 5;
const CONTRAST_STEP = 0.04; // share of the ink that is mixed in at a time

/** Relative luminance of "#rrggbb", 0 to 1. */
function luminanceOf(hex) {
  const [r, g, b] = rgbOf(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours, 1 to 21. */
export function contrastOf(one, other) {
  const [low, high] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** A colour with as little of the ink's mixed in as makes it readable upon the background. */
export function readableColour(colour, { text, background }) {
  for (let share = 0; share < 1; share += CONTRAST_STEP) {
    const mixed = hexOf(mixRgb(rgbOf(colour), rgbOf(text), share));
    if (contrastOf(mixed, background) >= READABLE_CONTRAST) return mixed;
  }
  return text;
}
