/** Formulas, each beside the library function that computes it; its source unfolds on demand. */
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
   */
  show(formulas) {
    this.root.replaceChildren();
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
