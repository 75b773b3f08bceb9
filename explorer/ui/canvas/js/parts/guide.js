/**
 * The sentence above a picture: what to do, and after the first moves what to notice.
 *
 * Both sentences keep their room, so that nothing moves when one gives way to the other.
 */
import { createElement } from "./layers.js";

const ENOUGH = 10; // moves after which the eye is ready for more
const POINTER_PX = 40; // of the pointer's way over a picture: one move
const CLICK_MOVES = 4; // a press says more than a pixel

/** The line of one page. */
export class Guide {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = createElement(parent, "div", "guide", { "data-testid": "guide", hidden: "" });
    const line = (name) =>
      createElement(this.root, "p", `guide-${name}`, { "data-testid": `guide-${name}` });
    this.doing = line("do");
    this.touching = line("touch"); // in its place where there is no mouse
    this.noticing = line("notice");
    this.noticing.setAttribute("aria-live", "polite");
    this.moves = new Map(); // name of what is shown -> moves
    this.texts = {};
    this.name = "";
    this.listening = new AbortController();
  }

  destroy() {
    this.listening.abort();
    this.root.remove();
  }

  /** Counts what is done inside an element. @param {HTMLElement} element */
  watch(element) {
    const on = (kind, act) =>
      element.addEventListener(kind, act, { signal: this.listening.signal, passive: true });
    on("pointermove", (event) => this.follow(event));
    on("input", () => this.count(1));
    on("click", () => this.count(CLICK_MOVES));
    on("keydown", () => this.count(1));
  }

  /** One move for each stretch of the pointer's way over a picture. */
  follow({ target, clientX, clientY }) {
    if (!(target instanceof HTMLCanvasElement)) return;
    this.last ??= [clientX, clientY];
    if (Math.hypot(clientX - this.last[0], clientY - this.last[1]) < POINTER_PX) return;
    this.last = [clientX, clientY];
    this.count(1);
  }

  count(moves) {
    this.moves.set(this.name, (this.moves.get(this.name) ?? 0) + moves);
    this.showNotice();
  }

  /**
   * Takes the sentences. @param {Object<string, {do: string, touch: string, notice: string}>} texts
   *   by the name of what is shown; "" where a page shows one thing
   */
  show(texts, isStaged) {
    this.texts = texts;
    this.isStaged = isStaged; // a lesson has words of its own
    this.write();
  }

  /** Another tab is shown. */
  choose(name) {
    if (name === this.name) return;
    this.name = name;
    this.write();
  }

  write() {
    const text = this.texts[this.name];
    this.root.hidden = this.isStaged || !text;
    if (!text) return;
    const put = (line, words) => line.textContent !== words && (line.textContent = words);
    put(this.doing, text.do);
    put(this.touching, text.touch || text.do);
    put(this.noticing, text.notice);
    this.showNotice();
  }

  showNotice() {
    const isDone = (this.moves.get(this.name) ?? 0) >= ENOUGH;
    this.root.classList.toggle("is-noticing", isDone && Boolean(this.texts[this.name]?.notice));
  }
}
