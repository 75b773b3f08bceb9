/**
 * The presenter: a scene's text beside the page's picture, turned by keys, buttons or a clicker.
 *
 * The browser has all scenes' texts, so that a scene's words turn at once; Python puts the page
 * into the scene's state. Hands and reveals are kept here, as long as the lesson is presented.
 */
import { pushButton } from "../../parts/controls.js";
import { setRevealed } from "../../parts/curtain.js";
import { GuessBars } from "./guesses.js";
import { createElement } from "../../parts/layers.js";
import { TermMarks, isExplaining } from "../../parts/term_marks.js";
import { writeMarkdown } from "./markdown.js";

const TYPED_IN = ["text", "number", "search", "email", "url", "password"]; // kinds of inputs

/** Whether keys are being typed into something. */
function isTyping(event) {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) return TYPED_IN.includes(target.type);
  return target instanceof HTMLTextAreaElement || Boolean(target.isContentEditable);
}

/** The panel, and the keys while it is there. */
export class Presenter {
  constructor(parent) {
    this.root = createElement(parent, "aside", "presenter", { "data-testid": "presenter" });
    const head = createElement(this.root, "header", "presenter-head");
    this.lesson = createElement(head, "p", "presenter-lesson");
    this.counter = createElement(head, "p", "presenter-counter", {
      "data-testid": "presenter-counter",
    });
    this.body = createElement(this.root, "div", "presenter-body", { "aria-live": "polite" });
    this.title = createElement(this.body, "h2", "");
    const part = (name) =>
      createElement(this.body, "div", `presenter-${name}`, { "data-testid": `scene-${name}` });
    this.text = part("text");
    this.question = part("question");
    this.guesses = new GuessBars(this.body);
    this.answer = part("reveal");
    this.buildButtons(createElement(this.root, "footer", "presenter-foot"));
    this.terms = new TermMarks(this.body);
    this.revealed = new Set(); // scenes' numbers
    this.hands = new Map(); // scene's number -> counts
    this.listening = new AbortController();
    const options = { capture: true, signal: this.listening.signal }; // before the page's own keys
    window.addEventListener("keydown", (event) => this.key(event), options);
  }

  buildButtons(foot) {
    const button = (text, name, title, onPress) => {
      const element = pushButton(foot, text, `presenter-${name}`, onPress);
      element.title = title;
      element.setAttribute("aria-label", title);
      return element;
    };
    this.back = button("\u2039", "back", "Previous scene (PageUp)", () => this.turn(-1));
    this.next = button("", "next", "", () => (this.isAtEnd ? this.leave() : this.goOn()));
    this.next.classList.add("is-main");
    this.cover = button("Hide", "hide", "Hide the answer again (R)", () => this.toggleReveal());
    this.full = button("", "full", "Full screen (F)", () => this.toggleFullScreen());
    this.leaving = button("\u2715", "leave", "Leave the lesson (Escape)", () => this.leave());
  }

  destroy() {
    this.listening.abort();
    this.terms.destroy();
    this.revealed.forEach((n) => setRevealed(this.sceneName(n), false));
    if (document.fullscreenElement) document.exitFullscreen();
    this.root.remove();
  }

  /**
   * @param {{lesson: string, title: string, scene: number, turn: number, scenes: {title: string,
   *   text: string, question: string, reveal: string, guesses: string[]}[]}} data `scene` from 0
   */
  update(data, send) {
    this.send = send;
    const isOther = this.data?.lesson !== data.lesson;
    this.data = data;
    this.lesson.textContent = data.title;
    if (data.scene === this.wanted) this.wanted = undefined; // Python has followed
    if (this.wanted !== undefined) return; // it is on its way: no step back meanwhile
    this.root.dataset.turn = String(data.turn);
    if (isOther || data.scene !== this.scene) this.show(data.scene);
  }

  sceneName(n) {
    return `${this.data.lesson}/${n}`;
  }

  show(n) {
    this.scene = n;
    const { title, text, question, guesses } = this.data.scenes[n];
    if (!this.hands.has(n)) this.hands.set(n, guesses.map(() => 0));
    this.title.textContent = title;
    writeMarkdown(this.text, text);
    writeMarkdown(this.question, question);
    this.question.hidden = !question;
    this.guesses.show(guesses, this.hands.get(n));
    this.counter.textContent = `Scene ${n + 1} of ${this.data.scenes.length}`;
    this.root.dataset.scene = String(n + 1);
    this.back.disabled = n === 0;
    this.body.scrollTop = 0;
    this.showReveal();
  }

  /** Whether this is the last scene and nothing of it is left to be revealed. */
  get isAtEnd() {
    return this.scene === this.data.scenes.length - 1 && !this.isHolding;
  }

  /** Whether there is still something to reveal. */
  get isHolding() {
    return Boolean(this.data.scenes[this.scene].reveal) && !this.revealed.has(this.scene);
  }

  showReveal() {
    const { reveal } = this.data.scenes[this.scene];
    const isShown = Boolean(reveal) && !this.isHolding;
    setRevealed(this.sceneName(this.scene), isShown);
    writeMarkdown(this.answer, isShown ? reveal : "");
    this.answer.hidden = !isShown;
    this.cover.hidden = !isShown;
    this.root.classList.toggle("is-revealed", isShown);
    const [word, title] = this.isHolding
      ? ["Reveal", "Reveal the answer (PageDown or R)"]
      : this.isAtEnd ? ["End", "End the lesson"] : ["Next \u203a", "Next scene (PageDown)"];
    this.next.textContent = word;
    this.next.title = title;
    this.next.setAttribute("aria-label", title);
    if (isShown) this.answer.scrollIntoView?.({ block: "nearest" });
  }

  toggleReveal() {
    if (!this.data.scenes[this.scene].reveal) return;
    if (!this.revealed.delete(this.scene)) this.revealed.add(this.scene);
    this.showReveal();
  }

  /** What a clicker's one button does: reveals, then turns. */
  goOn() {
    if (this.isHolding) this.toggleReveal();
    else this.turn(1);
  }

  turn(step) {
    const n = this.scene + step;
    if (n < 0 || n >= this.data.scenes.length) return;
    this.wanted = n;
    this.root.dataset.turn = ""; // until the page has followed
    this.show(n);
    this.send({ scene: n });
  }

  leave() {
    this.send({ scene: null });
  }

  toggleFullScreen() {
    // Where a browser refuses, as in a frame, there is nothing to be done.
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === "Escape" && isExplaining()) return; // it closes the explanation
    const actions = {
      PageDown: () => this.goOn(),
      PageUp: () => this.turn(-1),
      Escape: () => this.leave(),
      r: () => this.toggleReveal(),
      f: () => this.toggleFullScreen(),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const isCounted = !action && this.isHolding && !event.repeat && this.guesses.key(event);
    if (!action && !isCounted) return;
    event.preventDefault();
    event.stopPropagation();
    if (action && !event.repeat) action();
  }
}
