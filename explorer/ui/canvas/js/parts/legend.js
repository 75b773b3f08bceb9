/** The ten classes with their colours; pressing one highlights it and greys the others. */
import { createElement } from "./layers.js";

/** The legend of a page's maps. */
export class Legend {
  /** @param {HTMLElement} parent @param {function(Set<number>)} onChange hears of the user's choice */
  constructor(parent, onChange) {
    this.onChange = onChange;
    this.chosen = new Set();
    this.root = createElement(parent, "div", "legend", {
      "data-testid": "legend",
      role: "group",
      "aria-label": "Classes: press one to highlight it",
    });
    this.buttons = [];
  }

  /** One button a class. @param {string[]} palette "#rrggbb" */
  setPalette(palette) {
    if (this.palette === palette.join()) return;
    this.palette = palette.join();
    this.root.replaceChildren();
    this.buttons = palette.map((colour, label) => {
      const button = createElement(this.root, "button", "legend-item", {
        type: "button",
        "data-label": String(label),
        title: `Highlight the ${label}s`,
      });
      const swatch = createElement(button, "span", "legend-swatch", { "data-paint": "" });
      swatch.style.background = colour;
      button.append(String(label));
      button.addEventListener("click", () => this.toggle(label));
      return button;
    });
    this.show();
  }

  /** Takes a choice without telling the listener. @param {Set<number>} chosen */
  setChosen(chosen) {
    this.chosen = chosen;
    this.show();
  }

  toggle(label) {
    if (!this.chosen.delete(label)) this.chosen.add(label);
    this.show();
    this.onChange(this.chosen);
  }

  show() {
    this.buttons.forEach((button, label) => {
      button.setAttribute("aria-pressed", String(this.chosen.has(label)));
      button.classList.toggle("is-greyed", this.chosen.size > 0 && !this.chosen.has(label));
    });
  }
}
