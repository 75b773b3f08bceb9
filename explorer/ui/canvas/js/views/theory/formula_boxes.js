/** Formulas, each beside the library function that is its reference; its source unfolds. */
import { createElement } from "../../parts/layers.js";

/** The boxes of one section at a time. */
export class FormulaBoxes {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = createElement(parent, "div", "formulas", { "data-testid": "formulas" });
  }

  /**
   * Shows other formulas, folded.
   * @param {{text: string, words: string, name: string, source: string}[]} formulas
   * @param {number} difference the greatest that a test allows between the page and the functions
   */
  show(formulas, difference) {
    this.root.replaceChildren();
    const note = createElement(this.root, "p", "formula-note", { "data-testid": "formula-note" });
    note.textContent =
      "Each formula unfolds to its reference in Python. This page computes in JavaScript, checked " +
      `against it: tests allow a difference of at most ${difference}.`;
    for (const { text, words, name, source } of formulas) {
      const box = createElement(this.root, "details", "formula", { "data-function": name });
      const head = createElement(box, "summary", "formula-head");
      createElement(head, "span", "formula-text").textContent = text;
      createElement(head, "span", "formula-words").textContent = words;
      createElement(head, "code", "formula-name").textContent = name;
      const code = createElement(box, "pre", "formula-source", { tabindex: "0" });
      code.setAttribute("aria-label", `Source of ${name}`);
      code.textContent = source;
    }
  }
}
