/** Says on a map what fingers do there, until one has done it; a mouse needs no such words. */
import { createElement } from "./layers.js";

/** What a finger does on a map with a cursor; on one that is only looked at. */
export const POINTING_HINT = "Hold to point, pinch to zoom";
export const LOOKING_HINT = "Pinch to zoom";

/** The words upon an element, gone with the first press that was no swipe of the page. */
export function touchHint(parent, pressed, words) {
  const hint = createElement(parent, "p", "touch-hint", { "aria-hidden": "true" });
  hint.textContent = words;
  pressed.addEventListener("pointerup", () => hint.remove(), { once: true });
}
