/** Pictures that the server sends: while they do not come, a word instead of older ones. */
import { createElement } from "./layers.js";

const ARRIVAL_WORDS = { ready: "", loading: "loading\u2026", failed: "not loaded" };

/**
 * Hides an element, and says why in its title, until what belongs there has come. What comes within
 * a blink (see canvas.css) changes without flicker.
 */
export class Arrival {
  /** @param {HTMLElement} title gets the word @param {HTMLElement} shown is hidden */
  constructor(title, shown) {
    this.shown = shown;
    this.shown.classList.add("arrival");
    this.note = createElement(title, "span", "arrival-note");
  }

  /** @param {"ready"|"loading"|"failed"} state */
  set(state) {
    this.note.textContent = ARRIVAL_WORDS[state];
    for (const { dataset } of [this.shown, this.note]) dataset.arrival = state;
  }
}
