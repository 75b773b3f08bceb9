/**
 * What is seen of a page while it loads: at first nothing but the room that Python keeps for it
 * (LOADING_CSS in explorer/ui/screen.py), later a word in place of another model's pictures.
 */
import { createElement } from "./layers.js";

const LOADING_WORDS = "Loading the model\u2019s weights\u2026";

/** The loading of one page. */
export class Loading {
  /** @param {HTMLElement} root of the page */
  constructor(root) {
    this.root = root;
    this.note = createElement(root, "p", "loading-note", { role: "status" });
    root.classList.add("is-opening");
  }

  /** Other models are on their way: what is shown is no longer true. */
  begin() {
    if (this.root.classList.contains("is-opening")) return;
    this.root.dataset.loading = "";
    this.note.textContent = LOADING_WORDS;
  }

  /** The picture stands, or a sentence says why it does not. */
  end() {
    this.root.classList.remove("is-opening");
    delete this.root.dataset.loading;
    this.note.textContent = "";
    this.room ??= this.root.getRootNode().host?.closest('[class*="st-key-room-"]');
    this.room?.setAttribute("data-filled", "");
  }

  destroy() {
    this.room?.removeAttribute("data-filled"); // Streamlit gives the element to the next page
  }
}
