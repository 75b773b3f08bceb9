/**
 * The tour's card: offers it once to a browser, then says what to do at each stop.
 *
 * Python turns the pages; the browser remembers that the offer was made.
 */
import { pushButton } from "../parts/controls.js";
import { createElement } from "../parts/layers.js";

const MEMORY = "latent-space-explorer.tour"; // key in the browser's own storage
const OFFER = {
  title: "New here?",
  text: "Three pictures in 60 seconds show what a variational autoencoder needs both its terms for.",
};

/** Without storage, as in a private window that forbids it, the offer is made again. */
function isKnown() {
  try {
    return localStorage.getItem(MEMORY) !== null;
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(MEMORY, "offered");
  } catch {
    // Nothing to remember it with.
  }
}

/** The card, shown upon the page's lower edge. */
export class TourCard {
  constructor(parent) {
    this.root = createElement(parent, "aside", "tour", {
      "data-testid": "tour",
      "aria-live": "polite",
      hidden: "",
    });
    this.title = createElement(this.root, "h3", "tour-title");
    this.text = createElement(this.root, "p", "tour-text");
    this.buttons = createElement(this.root, "div", "toolbar");
  }

  destroy() {
    this.root.remove();
  }

  /** @param {{step: ?number, steps: {title: string, text: string}[]}} data */
  update({ step, steps }, send) {
    const isRunning = step !== null;
    this.root.hidden = !isRunning && isKnown();
    const { title, text } = isRunning ? steps[step] : OFFER;
    this.root.dataset.step = isRunning ? String(step + 1) : "offer";
    this.title.textContent = isRunning ? `${step + 1} of ${steps.length}: ${title}` : title;
    this.text.textContent = text;
    this.buttons.replaceChildren();
    const go = (to) => () => {
      remember();
      if (to === null) this.root.hidden = true; // at once: Python may be busy
      send({ step: to });
    };
    const isLast = step === steps.length - 1;
    if (!isRunning) pushButton(this.buttons, "Show me", "tour-next", go(0));
    else if (!isLast) pushButton(this.buttons, "Next", "tour-next", go(step + 1));
    const leave = isLast ? "Done" : isRunning ? "Skip the rest" : "No, thanks";
    pushButton(this.buttons, leave, "tour-leave", go(null));
    this.buttons.firstChild.classList.add("is-main");
  }
}
