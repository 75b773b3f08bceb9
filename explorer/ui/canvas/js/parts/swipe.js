/**
 * Columns that a phone shows one at a time, swiped sideways, under a strip that shows all of them:
 * each column's digit, small, so that they can be compared. A tap on one goes to its column.
 *
 * On a wide screen the columns stand side by side, and there is no strip (canvas.css).
 */
import { createElement } from "./layers.js";

// Painted ones, of a point or of a test digit's code; a real digit for comparison is none of them.
const DECODED = ":is(canvas.digit[data-z], canvas.digit[data-digit]):not([data-original])";

/** The strip above a row of columns. */
export class SwipeStrip {
  /**
   * @param {HTMLElement} row holds the columns; the strip goes before it
   * @param {{root: HTMLElement, title: string}[]} columns each has a canvas "digit" or more
   */
  constructor(row, columns) {
    this.row = row;
    this.columns = columns;
    this.root = createElement(row.parentElement, "div", "swipe-strip", {
      role: "group",
      "aria-label": "Models: go to one",
    });
    row.before(this.root);
    row.classList.add("swipe-row");
    this.items = columns.map(({ title }, n) => {
      const button = createElement(this.root, "button", "swipe-item", {
        type: "button",
        "data-testid": "swipe-item",
      });
      button.addEventListener("click", () => this.goTo(n));
      const canvas = createElement(button, "canvas", "swipe-digit", { "aria-hidden": "true" });
      createElement(button, "span", "").textContent = title;
      return { button, canvas };
    });
    row.addEventListener("scroll", () => this.showPlace());
    this.digitObserver = new MutationObserver((changes) => this.follow(changes));
    this.sizeObserver = new ResizeObserver(() => this.fit());
    this.sizeObserver.observe(this.root);
  }

  destroy() {
    this.digitObserver.disconnect();
    this.sizeObserver.disconnect();
  }

  /** Follows the columns' digits only where the strip is there. */
  fit() {
    this.digitObserver.disconnect();
    if (this.root.clientWidth === 0) return;
    // A digit's canvas says what it shows once it has been painted: see DigitView.
    const watched = { attributes: true, subtree: true };
    this.columns.forEach(({ root }, n) => {
      this.digitObserver.observe(root, watched);
      this.paint(n);
    });
    this.showPlace();
  }

  follow(changes) {
    const changed = new Set();
    for (const { target, attributeName } of changes) {
      if (attributeName !== "hidden" && !target.matches("canvas.digit")) continue;
      changed.add(this.columns.findIndex(({ root }) => root.contains(target)));
    }
    changed.forEach((n) => this.paint(n));
  }

  /** Copies a column's first digit that the model has decoded and that is shown. */
  paint(n) {
    const digits = [...this.columns[n].root.querySelectorAll(DECODED)];
    const shown = digits.find((digit) => digit.getClientRects().length > 0);
    const { canvas } = this.items[n];
    canvas.classList.toggle("is-empty", !shown);
    canvas.width = shown?.width ?? 1; // which also empties it
    canvas.height = shown?.height ?? 1;
    if (shown) canvas.getContext("2d").drawImage(shown, 0, 0);
  }

  get place() {
    const { scrollLeft, scrollWidth } = this.row;
    return Math.round((scrollLeft / scrollWidth) * this.columns.length);
  }

  showPlace() {
    const { place } = this;
    this.items.forEach(({ button }, n) => button.setAttribute("aria-current", String(n === place)));
  }

  goTo(n) {
    const left = this.columns[n].root.offsetLeft - this.columns[0].root.offsetLeft;
    this.row.scrollTo({ left, behavior: "smooth" });
  }
}
