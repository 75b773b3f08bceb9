/**
 * What a lesson's scene hides on its page: controls, and pictures that are to be predicted.
 *
 * Pictures come out from behind their question marks at the scene's reveal, which the presenter
 * tells by the scene's name; it may have told it before the page is here.
 */
import { createElement } from "./layers.js";

const revealedScenes = new Set(); // names
const curtains = new Set(); // of the pages in the document

/** Shows or hides again what a scene lets predict. */
export function setRevealed(scene, isRevealed) {
  if (isRevealed) revealedScenes.add(scene);
  else revealedScenes.delete(scene);
  curtains.forEach((curtain) => curtain.lift());
}

/** One page's curtain. */
export class Curtain {
  /** @param {HTMLElement} root the page's */
  constructor(root) {
    this.root = root;
    this.rules = createElement(root, "style", "");
    curtains.add(this);
  }

  destroy() {
    curtains.delete(this);
  }

  /**
   * Takes a scene, or null where no lesson is presented.
   * @param {?{turn: number, scene: string, hidden: string[], hide: string, veil: string}} stage
   *   `turn` counts the scenes that were turned to; `hide` and `veil` are CSS selectors, `hidden`
   *   the names of what is hidden, to which the style sheet gives the room
   * @returns {boolean} whether another scene begins
   */
  take(stage) {
    const turn = stage ? String(stage.turn) : "";
    if (turn === (this.turn ?? "")) return false;
    this.turn = turn;
    this.scene = stage?.scene;
    const { hide = "", veil = "" } = stage ?? {};
    this.rules.textContent = [
      hide && `.is-staged :is(${hide}) { display: none !important; }`,
      // The canvas keeps its size and its ground; its picture is moved out of it.
      // It lies above marks and bars beside it, and what it covers has no tooltip.
      veil && `.is-veiled canvas:is(${veil}) { object-position: -9999px 0; pointer-events: none;
        z-index: 9; border-radius: 0.25rem;
        background: #3b4452 var(--question-mark) center / auto 60% no-repeat !important; }`,
      veil && `:where(.is-veiled canvas:is(${veil})) { position: relative; }`, // for its z-index
      veil && `.is-veiled :is(${veil}):not(canvas) { visibility: hidden; }`, // words that tell it
    ].join("\n");
    this.root.classList.toggle("is-staged", stage !== null);
    this.root.dataset.hidden = stage ? stage.hidden.join(" ") : "";
    this.veil = veil;
    this.lift();
    return stage !== null;
  }

  /** The page shows the scene that it took: says so to whoever waits for it. */
  rise() {
    this.root.dataset.turn = this.turn ?? "";
    this.bringIntoView();
  }

  /** On a small screen the picture that is asked for may lie below or behind the panel. */
  bringIntoView() {
    if (!this.veil) return;
    const [picture] = [...this.root.querySelectorAll(this.veil)].filter(
      (element) => element instanceof HTMLCanvasElement && element.getClientRects().length > 0,
    );
    picture?.scrollIntoView({ block: "nearest" });
  }

  lift() {
    const isVeiled = this.scene !== undefined && !revealedScenes.has(this.scene);
    const isOther = this.root.classList.contains("is-veiled") !== isVeiled;
    this.root.classList.toggle("is-veiled", isVeiled);
    if (isOther && !isVeiled) this.bringIntoView();
  }
}
