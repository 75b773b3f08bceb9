/**
 * Marks the words of the trade in a view's text, each once where it can be seen.
 *
 * A view writes its text as it likes; when it has come to rest, words that the glossary knows are
 * wrapped, and `term_note.js` explains them. Controls and text that changes all the time stay as
 * they are.
 */

const WRITTEN_MS = 400; // without a change: the text is no longer being written
const MOST_MARKS = 4; // in one element: one that loses them again and again is left in peace
const LEFT_ALONE =
  "a, button, summary, label, select, code, pre, output, style, .toolbar, .tab-list, .legend, " +
  ".readout, .term, [hidden]";

const termMarks = new Set(); // of the views in the document
let glossary = null; // {pattern, byWord, terms}, once it has come
let termNote = null; // what explains them

/** Takes the glossary. @param {{pattern: string, terms: {slug: string, words: string[]}[]}} data */
export function takeGlossary({ pattern, terms }) {
  const byWord = new Map(terms.flatMap((term) => term.words.map((word) => [word, term])));
  glossary = { pattern: new RegExp(pattern, "g"), byWord, terms };
  termMarks.forEach((marks) => marks.ask());
}

/** Takes what explains the words, or null when it has gone. */
export function setTermNote(note) {
  termNote = note;
}

/** Whether a word is being explained: Escape then means that. */
export function isExplaining() {
  return termNote?.isOpen === true;
}

/** What a word means, or undefined. @param {string} word as it is written, or a term's slug */
export function termNamed(word) {
  const small = word.toLowerCase();
  const { byWord, terms } = glossary ?? { byWord: new Map(), terms: [] };
  return byWord.get(small) ?? byWord.get(small.replace(/s$/, "")) ??
    terms.find(({ slug }) => slug === small);
}

/** The marks in one element. */
export class TermMarks {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.counts = new WeakMap(); // element -> marks that it was given
    this.observer = new MutationObserver(() => this.ask());
    this.observer.observe(root, {
      childList: true,
      characterData: true,
      subtree: true,
      attributeFilter: ["hidden", "open", "class"],
    });
    termMarks.add(this);
    this.ask();
  }

  destroy() {
    termMarks.delete(this);
    this.observer.disconnect();
    clearTimeout(this.timer);
  }

  ask() {
    clearTimeout(this.timer);
    if (glossary) this.timer = setTimeout(() => this.mark(), WRITTEN_MS);
  }

  mark() {
    const marked = [...this.root.querySelectorAll(".term")].filter(isSeen);
    const seen = new Set(marked.map((element) => element.dataset.term));
    const walker = document.createTreeWalker(this.root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest(LEFT_ALONE) || !isSeen(parent)) continue;
      this.markIn(node, seen);
    }
    this.observer.takeRecords(); // our own doing
  }

  markIn(node, seen) {
    const element = node.parentElement;
    for (const match of node.data.matchAll(glossary.pattern)) {
      const term = termNamed(match[0]);
      const count = this.counts.get(element) ?? 0;
      if (seen.has(term.slug) || count >= MOST_MARKS) continue;
      this.counts.set(element, count + 1);
      seen.add(term.slug);
      const word = node.splitText(match.index);
      const rest = word.splitText(match[0].length);
      word.replaceWith(termMark(term, match[0]));
      this.markIn(rest, seen);
      return;
    }
  }
}

function isSeen(element) {
  const hasBox = element.getClientRects().length > 0;
  return hasBox && getComputedStyle(element).visibility === "visible";
}

function termMark(term, text) {
  const mark = document.createElement("span");
  mark.className = "term";
  mark.dataset.term = term.slug;
  mark.tabIndex = 0;
  mark.setAttribute("role", "button");
  mark.textContent = text;
  return mark;
}
