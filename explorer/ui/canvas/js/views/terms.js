/**
 * Explains the words with dots under them: on hover, on focus, on a tap or a click.
 *
 * One note serves all pages, also for the links of Python's text. It stands below or above its word
 * and goes when something else is pressed, so that it covers nothing that is being dragged.
 */
import { createElement } from "../parts/layers.js";
import { setTermNote, takeGlossary, termNamed } from "../parts/term_marks.js";

const HOVER_MS = 250; // a pointer that only passes opens nothing
const LEAVE_MS = 250; // time to move from the word to its note
const GAP_PX = 6;
const DESCRIPTION = "term-description"; // id, in each word's own tree

/** The word that an event is about, or undefined. */
function wordOf(event, links) {
  return event.composedPath().find(
    (node) => node instanceof Element && (node.matches(".term") || node.matches(links)),
  );
}

/** The note, and what opens and closes it. */
export class TermNote {
  constructor(parent) {
    this.root = createElement(parent, "div", "term-note", {
      "data-testid": "term-note",
      popover: "manual",
      role: "note",
      hidden: "",
    });
    this.title = createElement(this.root, "p", "term-title");
    this.meaning = createElement(this.root, "p", "term-meaning");
    const foot = createElement(this.root, "p", "term-foot");
    foot.append("See it: ");
    this.see = createElement(foot, "a", "", { target: "_self" });
    this.all = createElement(foot, "a", "term-all", { target: "_self" });
    this.all.textContent = "All words";
    this.listening = new AbortController();
    const on = (kind, act) =>
      window.addEventListener(kind, act, { capture: true, signal: this.listening.signal });
    on("pointerover", (event) => this.hover(event));
    on("pointerdown", (event) => this.press(event));
    on("click", (event) => this.click(event));
    on("focusin", (event) => this.focus(event));
    on("focusout", (event) => this.word === wordOf(event, this.links) && this.close());
    on("keydown", (event) => this.key(event));
    on("scroll", (event) => event.target !== this.root && this.close());
    on("resize", () => this.close());
    setTermNote(this);
  }

  destroy() {
    setTermNote(null);
    this.listening.abort();
    this.close();
    this.root.remove();
  }

  /** @param {{pattern: string, page: string, terms: Object[]}} data as Python has it */
  update(data) {
    this.page = data.page;
    this.links = `a[href^="${data.page}"]`;
    takeGlossary(data);
  }

  get isOpen() {
    return this.word !== undefined;
  }

  isInside(event) {
    return event.composedPath().includes(this.root);
  }

  hover(event) {
    if (event.pointerType === "touch" || event.buttons) return;
    clearTimeout(this.timer);
    const word = wordOf(event, this.links);
    if (word && word !== this.word) this.timer = setTimeout(() => this.open(word), HOVER_MS);
    else if (this.isOpen && !word && !this.isInside(event) && !this.isHeld) {
      this.timer = setTimeout(() => this.close(), LEAVE_MS);
    }
  }

  press(event) {
    clearTimeout(this.timer);
    this.isPressing = true;
    setTimeout(() => (this.isPressing = false));
    if (this.isOpen && !this.isInside(event) && wordOf(event, this.links) !== this.word) {
      this.close();
    }
  }

  click(event) {
    const word = wordOf(event, this.links);
    if (!word || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(word);
    this.isHeld = true; // until something else is pressed
  }

  /** By the keyboard; a press has its own way. */
  focus(event) {
    const word = wordOf(event, this.links);
    if (word && !this.isPressing) this.open(word);
  }

  key(event) {
    const word = wordOf(event, this.links);
    const isToggle = word?.matches(".term") && (event.key === "Enter" || event.key === " ");
    if (!isToggle && !(this.isOpen && event.key === "Escape")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isToggle && this.word !== word) this.open(word);
    else this.close();
  }

  open(word) {
    const name = word.dataset.term ?? word.getAttribute("href").slice(this.page.length);
    const term = termNamed(name);
    if (!term) return;
    this.close();
    this.word = word;
    this.title.textContent = term.name;
    this.meaning.textContent = term.meaning;
    this.see.textContent = term.see;
    this.see.setAttribute("href", term.seeAt);
    this.all.setAttribute("href", `${this.page}${term.slug}`);
    this.root.dataset.term = term.slug;
    this.root.hidden = false;
    this.root.showPopover?.();
    this.place(word);
    this.describe(word, term);
  }

  close() {
    clearTimeout(this.timer);
    if (!this.isOpen) return;
    this.word = undefined;
    this.isHeld = false;
    this.root.hidePopover?.();
    this.root.hidden = true;
  }

  /** Below its word, or above where there is more room; within the window. */
  place(word) {
    const box = word.getClientRects()[0] ?? word.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const isBelow = box.bottom + GAP_PX + height <= innerHeight || box.top < innerHeight / 2;
    const top = isBelow ? box.bottom + GAP_PX : box.top - GAP_PX - height;
    const left = Math.min(box.left, document.documentElement.clientWidth - width - GAP_PX);
    this.root.style.left = `${Math.max(GAP_PX, left)}px`;
    this.root.style.top = `${Math.max(GAP_PX, top)}px`;
  }

  /** A screen reader finds the meaning only in the word's own tree. */
  describe(word, { meaning }) {
    const tree = word.getRootNode();
    const description =
      tree.getElementById(DESCRIPTION) ??
      createElement(tree === document ? document.body : tree, "span", "", {
        id: DESCRIPTION,
        hidden: "",
      });
    description.textContent = meaning;
    word.setAttribute("aria-describedby", DESCRIPTION);
  }
}
