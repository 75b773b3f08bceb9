/** Raised hands, counted: a bar an answer; keys and taps count one more or one fewer. */
import { createElement } from "../../parts/layers.js";

const DIGIT_KEY = /^(?:Digit|Numpad)([0-9])$/;

/** The bars of one scene's guesses. */
export class GuessBars {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = createElement(parent, "div", "guesses", {
      "data-testid": "guesses",
      role: "group",
      "aria-label": "Raised hands by answer",
    });
    this.hint = createElement(this.root, "p", "guesses-hint");
    this.list = createElement(this.root, "div", "guesses-bars");
  }

  /**
   * Shows a scene's answers and what was counted.
   * @param {string[]} answers @param {number[]} counts as many, changed in place
   */
  show(answers, counts) {
    this.counts = counts;
    this.keys = answers.map((answer, n) => (isDigitList(answers) ? answer : String(n + 1)));
    this.root.hidden = answers.length === 0;
    this.root.classList.toggle("has-digits", isDigitList(answers));
    this.hint.textContent = "Hands up: press the key, or tap. With shift, or −, one fewer.";
    this.list.replaceChildren();
    this.rows = answers.map((answer, n) => this.addRow(answer, n));
    this.write();
  }

  addRow(answer, n) {
    const row = createElement(this.list, "div", "guess", { "data-guess": answer });
    const add = createElement(row, "button", "guess-add", { type: "button" });
    add.addEventListener("click", () => this.count(n, 1));
    const bar = createElement(add, "span", "guess-bar");
    const label = createElement(add, "span", "guess-label");
    if (!this.root.classList.contains("has-digits")) {
      createElement(label, "kbd", "").textContent = this.keys[n];
    }
    label.append(answer);
    const number = createElement(add, "span", "guess-count");
    const fewer = createElement(row, "button", "guess-fewer", {
      type: "button",
      "aria-label": `One fewer for ${answer}`,
    });
    fewer.textContent = "\u2212";
    fewer.addEventListener("click", () => this.count(n, -1));
    return { row, add, bar, number, fewer, answer };
  }

  /** Takes a key that counts. @returns {boolean} whether it was one */
  key(event) {
    const digit = DIGIT_KEY.exec(event.code)?.[1];
    const n = digit === undefined ? -1 : (this.keys ?? []).indexOf(digit);
    if (n < 0 || this.root.hidden) return false;
    this.count(n, event.shiftKey ? -1 : 1);
    return true;
  }

  count(n, change) {
    this.counts[n] = Math.max(0, this.counts[n] + change);
    this.write();
  }

  write() {
    const most = Math.max(1, ...this.counts);
    this.rows.forEach(({ row, add, bar, number, fewer, answer }, n) => {
      const count = this.counts[n];
      row.dataset.count = String(count);
      bar.style.setProperty("--share", String(count / most));
      number.replaceChildren();
      if (count > 0) writeHands(number, count);
      fewer.disabled = count === 0;
      add.setAttribute("aria-label", `${answer}: ${handsOf(count)}. One more`);
    });
  }
}

function handsOf(count) {
  return count === 1 ? "1 hand" : `${count} hands`;
}

/** A number alone, beside a digit, would be read as one: it says what it counts. */
function writeHands(parent, count) {
  const [number, word] = handsOf(count).split(" ");
  parent.append(`${number} `);
  createElement(parent, "span", "guess-unit").textContent = word;
}

function isDigitList(answers) {
  return answers.every((answer) => /^[0-9]$/.test(answer));
}
