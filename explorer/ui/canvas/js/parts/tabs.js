/** Tabs: one of several panels is shown; left and right arrow keys go to the next. */
import { createElement } from "./layers.js";

/** A bar of tabs, and a panel for each. */
export class Tabs {
  /**
   * @param {HTMLElement} bar where the tabs go
   * @param {HTMLElement} body where the panels go
   * @param {[string, string][]} kinds name and text of each
   * @param {function(string)} onChoose hears of the user's choice
   */
  constructor(bar, body, kinds, onChoose) {
    this.onChoose = onChoose;
    this.names = kinds.map(([name]) => name);
    this.list = createElement(bar, "div", "tab-list", { role: "tablist" });
    this.tabs = {};
    this.panels = {};
    for (const [name, text] of kinds) {
      const tab = createElement(this.list, "button", "tab", {
        type: "button",
        role: "tab",
        "data-testid": `tab-${name}`,
      });
      tab.textContent = text;
      tab.addEventListener("click", () => this.choose(name));
      tab.addEventListener("keydown", (event) => this.key(event, name));
      this.tabs[name] = tab;
      this.panels[name] = createElement(body, "div", `tab-panel panel-${name}`, {
        role: "tabpanel",
        "aria-label": text,
      });
    }
  }

  /** Shows a panel without telling the listener. */
  show(name) {
    for (const other of this.names) {
      const isShown = other === name;
      this.tabs[other].setAttribute("aria-selected", String(isShown));
      this.tabs[other].tabIndex = isShown ? 0 : -1;
      this.panels[other].hidden = !isShown;
    }
  }

  choose(name) {
    this.show(name);
    this.onChoose(name);
  }

  key(event, name) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // the page has its own shortcuts
    const { length } = this.names;
    const next = this.names[(this.names.indexOf(name) + step + length) % length];
    this.choose(next);
    this.tabs[next].focus();
  }
}
