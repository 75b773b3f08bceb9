/**
 * A drawer for what need not be in sight on a phone: there it opens by a tap on its name.
 *
 * Elsewhere, and while a lesson is presented, its content stands as if there were no drawer.
 */
import { createElement } from "./layers.js";

/**
 * @param {HTMLElement} parent
 * @param {string} name says what is in it
 * @returns {HTMLElement} where the content goes
 */
export function foldOf(parent, name) {
  const root = createElement(parent, "div", "fold");
  const head = createElement(root, "button", "fold-head", {
    type: "button",
    "aria-expanded": "false",
    "data-testid": "fold",
  });
  head.textContent = name;
  const body = createElement(root, "div", "fold-body");
  head.addEventListener("click", () => {
    const isOpen = root.classList.toggle("is-open");
    head.setAttribute("aria-expanded", String(isOpen));
  });
  return body;
}
