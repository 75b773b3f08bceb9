/**
 * What all pages share: their state as text, their loading, their colours and their notice.
 *
 * A page builds its elements once. Python's data come again at every rerun and theme change; only
 * what differs is acted on. The state is text by key, as in the URL; a page changes it on release
 * and writes it into the address. Python hears the whole of it when the visitor turns to something
 * else than the picture, or at once where it has something to say of what has changed.
 */
import { Address } from "../parts/address.js";
import { AfterFrame } from "../parts/after_frame.js";
import { Curtain } from "../parts/curtain.js";
import { DecodeWorker } from "../parts/decode_worker.js";
import { Guide } from "../parts/guide.js";
import { createElement } from "../parts/layers.js";
import { Loading } from "../parts/loading.js";
import { addPageRoot, removePageRoot } from "../parts/page_roots.js";
import { keepState } from "./keeper.js";
import { measureUnit } from "../parts/sizes.js";
import { TermMarks } from "../parts/term_marks.js";

/** What comes before anything by which Streamlit runs Python: then Python must know the state. */
const TURNINGS = ["pointerdown", "focusin"];
const openPages = new Set();
let isTelling = false; // a report has not left the browser yet

/**
 * Tells Python what it has not heard yet, before it is asked for something else.
 * @returns {boolean} whether a report is on its way
 */
export function reportAll() {
  openPages.forEach((page) => page.report());
  return isTelling;
}

/**
 * A click that could turn the page waits until a report has left: one that comes after the turn
 * would be run for the page before.
 */
function holdClick(event) {
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!isTelling || !event.isTrusted || !isPlain) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [target] = event.composedPath();
  const again = new MouseEvent("click", { bubbles: true, cancelable: true, composed: true });
  setTimeout(() => target.dispatchEvent(again));
}

const DECIMALS = 1e6; // of a coordinate in the state, as Python's

/** Colours of the interface, read from the page's theme variables. */
function themeInk(element) {
  const style = getComputedStyle(element);
  const variable = (name) => style.getPropertyValue(name).trim();
  const background = variable("--st-background-color");
  const isDark = parseInt(background.slice(1, 3), 16) < 128;
  return {
    text: variable("--st-text-color"),
    background,
    accent: variable("--st-primary-color"),
    isDark,
    grey: isDark ? "#4a505a" : "#c9cdd4", // points that are not highlighted
    font: variable("--st-font") || "sans-serif",
  };
}

/** Numbers as the state holds them. */
export function writeNumbers(numbers) {
  return Array.from(numbers, (n) => String(Math.round(n * DECIMALS) / DECIMALS)).join();
}

/** The numbers of a state's text, which Python has checked. */
export function readNumbers(text) {
  return text.split(",").map(Number);
}

/** The words of a state's text, such as classes or toggles, as a set. */
export function readWords(text) {
  return new Set(text ? text.split(",") : []);
}

/** A set of words as the state holds it: undefined, the default, where there is none. */
function writeWords(words) {
  return [...words].sort().join() || undefined;
}

/**
 * A page inside its parent. A kind of page has `restyle()` for new colours, `load(data)` for what
 * must be fetched, `show(loaded)` for what then is drawn, `applyState(keys)` for a state that
 * Python has changed, and `setReady(isReady)`; what need not be there in the very frame of a move,
 * such as words, it does in `showRest()`, for which it asks by `this.rest.ask()`. A lesson's scene
 * begins with `beginScene(keys)`, which also shows what is no part of the state, such as the map's
 * zoom, as a link to that state does.
 */
export class Page {
  constructor(parent, kind) {
    this.guide = new Guide(parent);
    this.root = createElement(parent, "section", `page page-${kind}`, { "data-page": kind });
    this.notice = createElement(this.root, "p", "notice", { role: "alert", hidden: "" });
    this.loading = new Loading(this.root);
    this.curtain = new Curtain(this.root);
    this.watchUnit();
    this.guide.watch(this.root);
    addPageRoot(this.root);
    this.terms = new TermMarks(parent);
    this.values = {}; // the state: key -> text; a key that is absent has its default
    this.rest = new AfterFrame(() => this.showRest());
    this.told = new Map(); // key -> every text that this page has reported
    this.unheard = null; // the report that Python has not heard yet
    this.address = new Address();
    this.listening = new AbortController();
    const options = { capture: true, signal: this.listening.signal };
    const outside = (act) => (event) => event.composedPath().includes(this.root) || act(event);
    TURNINGS.forEach((type) => window.addEventListener(type, outside(() => this.report()), options));
    window.addEventListener("click", outside(holdClick), options);
    openPages.add(this);
  }

  /** Draws anew where the root's text size changes: another window, or a lesson begins. */
  watchUnit() {
    const probe = createElement(this.root, "i", "unit-probe", { "aria-hidden": "true" });
    this.unitObserver = new ResizeObserver(() => measureUnit() && this.ink && this.restyle());
    this.unitObserver.observe(probe);
  }

  destroy() {
    this.unitObserver.disconnect();
    openPages.delete(this);
    this.listening.abort();
    this.address.stop();
    this.rest.stop();
    this.worker?.stop();
    this.loading.destroy();
    this.curtain.destroy();
    this.guide.destroy();
    removePageRoot(this.root);
    this.terms.destroy();
    this.root.remove();
  }

  /** Takes what Python sent; runs again when it, or the theme, has changed. */
  async update(data, send) {
    this.send = send;
    this.worker ??= new DecodeWorker(data.worker);
    this.palette = data.palette;
    const { state, stage, guide, hears, ...rest } = data;
    this.guide.show(guide ?? {}, stage !== null);
    this.hears = hears;
    if (this.curtain.take(stage)) {
      this.told.clear(); // a scene's state is no echo of what was done before
      this.unheard = null;
      this.isBeginning = true;
    }
    const changed = this.receive(state);
    this.takeColours();
    const source = JSON.stringify(rest);
    if (source === this.source) {
      if (this.isReady && this.isBeginning) this.beginScene(changed);
      else if (this.isReady && changed.length > 0) this.applyState(changed);
      if (this.isReady) this.haveBegun();
      return;
    }
    this.source = source;
    this.loading.begin();
    this.becomeReady(false);
    try {
      const loaded = await this.load(data);
      if (source !== this.source) return; // a newer choice overtook it
      this.data = data;
      this.notice.hidden = true;
      this.show(loaded);
      this.becomeReady(true);
      this.loading.end();
      this.haveBegun();
    } catch (error) {
      if (source !== this.source) return;
      this.source = null; // so that the next update tries again
      this.notice.textContent = `This model could not be loaded. ${error.message}`;
      this.notice.hidden = false;
      this.loading.end();
    }
  }

  /** Draws in the theme's colours, and in the classes' shapes where the state wants them. */
  takeColours() {
    this.ink = { ...themeInk(this.root), hasShapes: this.values.shapes === "on" };
    this.restyle();
  }

  beginScene(changed) {
    this.applyState(changed);
  }

  haveBegun() {
    this.isBeginning = false;
    this.curtain.rise();
  }

  becomeReady(isReady) {
    this.isReady = isReady;
    this.setReady(isReady);
  }

  /**
   * Takes Python's state, except for what only comes back from here: a report can be on its way
   * while the user has already moved on. Returns the keys that have changed.
   */
  receive(state) {
    const keys = new Set([...Object.keys(state), ...Object.keys(this.values)]);
    return [...keys].filter((key) => {
      const text = state[key];
      if (text === this.values[key] || this.told.get(key)?.has(text)) return false;
      if (text === undefined) delete this.values[key];
      else this.values[key] = text;
      return true;
    });
  }

  /** The user's doing: keeps texts by key (undefined for the default) and reports the state. */
  change(texts) {
    for (const [key, text] of Object.entries(texts)) {
      this.tell(key, this.values[key]);
      this.tell(key, text);
      if (text === undefined) delete this.values[key];
      else this.values[key] = text;
    }
    // A key at its default is null, so that Python forgets what it had.
    this.unheard = Object.fromEntries([...this.told.keys()].map((k) => [k, this.values[k] ?? null]));
    this.address.write(this.unheard);
    if (this.hears.some((key) => key in texts)) this.send(this.unheard);
  }

  /** Tells Python the state, where it has not heard it yet. */
  report() {
    if (!this.unheard) return;
    const state = this.unheard;
    this.unheard = null;
    this.address.settle();
    keepState(this.root.dataset.page, state);
    isTelling = true;
    setTimeout(() => (isTelling = false)); // Streamlit sends it in a task of its own, before this
  }

  tell(key, text) {
    if (!this.told.has(key)) this.told.set(key, new Set());
    this.told.get(key).add(text);
  }

  /** The classes that the state highlights, as a set of numbers; none means all. */
  get chosenClasses() {
    return new Set([...readWords(this.values.classes)].map(Number));
  }

  /** The user highlights other classes. @param {Set<number>} chosen */
  changeClasses(chosen) {
    this.change({ classes: writeWords(chosen) });
  }

  /** The user lets each class have a shape of its own on the maps, or none. */
  changeShapes(hasShapes) {
    this.change({ shapes: hasShapes ? "on" : undefined });
    this.takeColours();
  }

  /** The user turns one of the words of a state, such as a toggle's, on or off. */
  changeWord(key, word, isOn) {
    const words = readWords(this.values[key]);
    if (isOn) words.add(word);
    else words.delete(word);
    this.change({ [key]: writeWords(words) });
  }
}
