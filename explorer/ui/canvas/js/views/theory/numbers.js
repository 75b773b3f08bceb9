/**
 * What the sections of 'Theory' share that are about a few numbers: sliders that act while they are
 * dragged, and their state as text.
 */
import { numberSlider } from "./number_slider.js";
import { createElement } from "../../parts/layers.js";
import { writeNumbers } from "../page.js";

/** A section over numbers and words by key; a kind of it has `build()` and `update()`. */
export class NumbersSection {
  /**
   * @param {HTMLElement} parent
   * @param {Object} page
   * @param {string} kind names the section in CSS
   * @param {Object} defaults key in the state -> its default, a number or a word
   */
  constructor(parent, page, kind, defaults) {
    this.page = page;
    this.defaults = defaults;
    this.now = { ...defaults }; // what is shown, also while it is dragged
    this.controls = {}; // key -> what has `set(value)`
    this.root = createElement(parent, "div", `theory-numbers theory-${kind}`);
    this.words = createElement(this.root, "p", "theory-says");
    this.picture = createElement(this.root, "div", "theory-picture");
    this.side = createElement(this.root, "div", "theory-controls");
  }

  /** A slider of one of the numbers. */
  addSlider(parent, key, label, name, range) {
    this.controls[key] = numberSlider(parent, { label, testId: `slider-${key}`, name }, range, {
      onInput: (value) => this.set({ [key]: value }),
      onRelease: (value) => {
        this.set({ [key]: value });
        this.keep(key);
      },
    });
  }

  /** Shows other values without keeping them. */
  set(values) {
    Object.assign(this.now, values);
    if (this.page.ink) this.update();
  }

  /** Keeps what is shown in the page's state. */
  keep(...keys) {
    this.page.change(
      Object.fromEntries(
        keys.map((key) => {
          const value = this.now[key];
          const text = typeof value === "number" ? writeNumbers([value]) : value;
          return [key, value === this.defaults[key] ? undefined : text];
        }),
      ),
    );
  }

  /** Shows and keeps, with the controls. */
  choose(values) {
    this.showControls(values);
    this.set(values);
    this.keep(...Object.keys(values));
  }

  showControls(values) {
    for (const [key, value] of Object.entries(values)) this.controls[key]?.set(value);
  }

  show() {}

  /** Takes the state. */
  apply(values) {
    for (const [key, value] of Object.entries(this.defaults)) {
      const text = values[key];
      if (text === undefined) this.now[key] = value;
      else this.now[key] = typeof value === "number" ? Number(text) : text;
    }
    this.showControls(this.now);
    this.set({});
  }
}

/** A table with a row a thing; its cells are written by `write`. */
export class FiguresTable {
  /** @param {string[]} columns headings @param {[string, string][]} rows name and text of each */
  constructor(parent, testId, columns, rows) {
    const table = createElement(parent, "table", "theory-table", { "data-testid": testId });
    const head = createElement(createElement(table, "thead", ""), "tr", "");
    for (const text of ["", ...columns]) {
      createElement(head, "th", "", { scope: "col" }).textContent = text;
    }
    const body = createElement(table, "tbody", "");
    this.rows = {};
    for (const [name, text] of rows) {
      const row = createElement(body, "tr", `is-${name}`, { "data-row": name });
      const title = createElement(row, "th", "", { scope: "row" });
      title.textContent = text;
      const cells = columns.map(() => createElement(row, "td", ""));
      this.rows[name] = { row, title, cells };
    }
  }

  /** Writes a row's cells. @param {string[]} texts */
  write(name, texts) {
    texts.forEach((text, n) => (this.rows[name].cells[n].textContent = text));
  }

  /** Colours a row's title as its curve. */
  colour(name, colour) {
    this.rows[name].title.style.color = colour;
  }
}
