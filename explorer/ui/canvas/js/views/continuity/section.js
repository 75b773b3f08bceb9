/**
 * One of the views of the page 'Continuity and completeness'.
 *
 * A view has its controls in a panel, its places in the page's three columns, and says what the
 * columns' maps show and take. Latent coordinates throughout; `column.model` decodes them.
 */
import { pushButton, toggleButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";

/** What a view need not do. */
export class ContinuitySection {
  /** @param {ContinuityPage} page @param {HTMLElement} panel for sentence and controls */
  constructor(page, panel, name) {
    this.page = page;
    this.name = name;
    this.lead = createElement(panel, "p", "continuity-lead", { "data-testid": "lead" });
    this.setLead("");
    this.toolbar = createElement(panel, "div", "toolbar");
  }

  /** A sentence above the controls, beside the guide's; "" for none. */
  setLead(text) {
    this.lead.textContent = text;
    this.lead.hidden = text === "";
  }

  get columns() {
    return this.page.columns;
  }

  /** Another model or data set is there: `page.columns` have it. */
  show() {}

  /** Takes what has changed of the page's state. @param {string[]} keys */
  apply() {}

  /** The view has come into sight, or has gone. */
  enter() {}

  leave() {}

  restyle() {}

  showRest() {}

  destroy() {}

  /** A toggle between what the view is about, which its map opens on, and all codes. */
  addAllCodes(testId, title) {
    this.allCodes = toggleButton(this.toolbar, "All codes", testId, (isAll) => {
      this.page.change({ codes: isAll ? "all" : undefined });
      this.fitMaps();
    });
    this.allCodes.root.title = title;
  }

  /** What a column's map shows at first, as displayed; null for all codes. */
  homeOf() {
    return null;
  }

  /** Lets the maps show what they show at first, as this view wants them. */
  fitMaps(keepView = false) {
    const isAll = this.page.values.codes === "all";
    this.allCodes?.set(isAll);
    for (const column of this.columns) {
      column.setBare(this.isBare === true);
      column.map.setPointOpacity(this.pointOpacity);
      column.setHome(isAll ? null : this.homeOf(column), keepView);
    }
  }

  /** The map of a column: what lies above its points, and what a hand does on it. */
  paint() {}

  tap() {}

  untap() {}

  escape() {}

  grab() {
    return false;
  }

  drag() {}

  drop() {}

  redrawMaps() {
    this.columns.forEach(({ map }) => map.drawOverlay());
  }
}

/** Steps through the test digits, with the number to be typed and its class. */
export class DigitChoice {
  /**
   * @param {HTMLElement} parent
   * @param {{label: string, testId: string, onChange: function(number)}} options
   */
  constructor(parent, { label, testId, onChange }) {
    this.onChange = onChange;
    this.root = createElement(parent, "span", "control-group digit-choice", {
      role: "group",
      "aria-label": label,
    });
    const step = (by) => () => this.count && onChange((this.index + by + this.count) % this.count);
    pushButton(this.root, "\u2039", `${testId}-previous`, step(-1)).title = "Previous test digit";
    this.input = createElement(this.root, "input", "control digit-choice-number", {
      type: "number",
      min: "0",
      step: "1",
      "data-testid": `${testId}-number`,
      "aria-label": `${label}: number of the test digit`,
    });
    this.input.addEventListener("change", () => {
      const index = this.input.valueAsNumber;
      if (Number.isInteger(index) && index >= 0 && index < this.count) onChange(index);
      else this.input.value = String(this.index);
    });
    pushButton(this.root, "\u203a", `${testId}-next`, step(1)).title = "Next test digit";
    this.text = createElement(this.root, "span", "digit-name", { "data-testid": `${testId}-name` });
  }

  /** Shows a test digit without telling the listener. @param {Uint8Array} labels */
  set(index, labels) {
    this.index = index;
    this.count = labels.length;
    this.input.max = String(labels.length - 1);
    this.input.value = String(index);
    this.text.textContent = `a ${labels[index]}`;
    this.text.dataset.digit = String(index);
  }
}
