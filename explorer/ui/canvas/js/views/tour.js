/**
 * The tour's card: offers it once to a browser, then says at each stop what to do and what to see.
 *
 * It stands at the left of the page, with a beak towards what it speaks of and a ring around that;
 * where there is no room beside the page it lies on the window's lower edge. Python turns the pages.
 */
import { pushButton } from "../parts/controls.js";
import { createElement } from "../parts/layers.js";
import { newestPageRoot } from "../parts/page_roots.js";

const MEMORY = "latent-space-explorer.tour"; // key in the browser's own storage
const PLACING_MS = 200; // between two looks where the target is
const LEAST_WIDTH = 190; // CSS pixels beside the page: less is no room
const CARD_GAP_PX = 12;
const RING_PX = 4; // around the target
const OFFER = {
  title: "New here?",
  do: "Three gestures in a minute: what a latent space is, and what the KL is for.",
  see: "",
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

/** The card and the ring. */
export class TourCard {
  constructor(parent) {
    this.ring = createElement(parent, "div", "tour-ring", {
      "data-testid": "tour-ring",
      hidden: "",
    });
    this.root = createElement(parent, "aside", "tour", {
      "data-testid": "tour",
      "aria-live": "polite",
      hidden: "",
    });
    this.beak = createElement(this.root, "span", "tour-beak", { "aria-hidden": "true" });
    this.title = createElement(this.root, "h3", "tour-title");
    this.doing = createElement(this.root, "p", "tour-do");
    this.seeing = createElement(this.root, "p", "tour-see");
    this.buttons = createElement(this.root, "div", "toolbar");
    this.placing = setInterval(() => this.root.hidden || this.place(), PLACING_MS);
  }

  destroy() {
    clearInterval(this.placing);
    this.ring.remove();
    this.root.remove();
  }

  /**
   * @param {{step: ?number, steps: {title: string, do: string, touch: string, see: string,
   *   target: string}[]}} data
   */
  update({ step, steps }, send) {
    const isRunning = step !== null;
    this.root.hidden = !isRunning && isKnown();
    this.step = isRunning ? steps[step] : OFFER;
    const isTouched = matchMedia("(pointer: coarse)").matches;
    this.root.dataset.step = isRunning ? String(step + 1) : "offer";
    const { title } = this.step;
    this.title.textContent = isRunning ? `${step + 1} of ${steps.length}: ${title}` : title;
    this.doing.textContent = (isTouched && this.step.touch) || this.step.do;
    this.seeing.textContent = this.step.see;
    this.scrolled = null; // the target that was brought into view
    this.buttons.replaceChildren();
    const go = (to) => () => {
      remember();
      this.root.hidden = to === null || this.root.hidden; // at once: Python may be busy
      this.ring.hidden = true;
      send({ step: to });
    };
    const isLast = step === steps.length - 1;
    if (!isRunning) pushButton(this.buttons, "Show me", "tour-next", go(0));
    else if (!isLast) pushButton(this.buttons, "Next", "tour-next", go(step + 1));
    const leave = isLast ? "Done" : isRunning ? "End" : "No, thanks";
    pushButton(this.buttons, leave, "tour-leave", go(null));
    this.buttons.firstChild.classList.add("is-main");
    this.place();
  }

  /** At the left of the page, its beak towards the target; or on the lower edge. */
  place() {
    const page = newestPageRoot();
    const found = this.step.target ? [...(page?.querySelectorAll(this.step.target) ?? [])] : [];
    const target = found.find(({ clientWidth }) => clientWidth > 0);
    const room = (page?.getBoundingClientRect().left ?? 0) - 2 * CARD_GAP_PX;
    const isBeside = room >= LEAST_WIDTH;
    this.root.classList.toggle("is-beside", isBeside);
    this.root.style.width = isBeside ? `${room}px` : "";
    if (target && this.scrolled !== target) {
      this.scrolled = target;
      target.style.scrollMarginTop = "5.5rem"; // below Streamlit's header
      target.scrollIntoView({ block: isBeside ? "nearest" : "start" });
    }
    this.mark(target);
    this.beak.hidden = !target || !isBeside;
    if (!isBeside || !target) {
      this.root.style.top = "";
      return;
    }
    const { top, height } = target.getBoundingClientRect();
    const middle = top + height / 2;
    const lowest = innerHeight - this.root.offsetHeight - CARD_GAP_PX;
    const own = Math.max(CARD_GAP_PX, Math.min(lowest, middle - this.root.offsetHeight / 2));
    this.root.style.top = `${own}px`;
    const reach = this.root.offsetHeight - 2 * CARD_GAP_PX;
    this.beak.style.top = `${Math.max(2 * CARD_GAP_PX, Math.min(reach, middle - own))}px`;
  }

  /** A ring around the target. */
  mark(target) {
    this.ring.hidden = !target || this.root.hidden;
    if (this.ring.hidden) return;
    const { left, top, width, height } = target.getBoundingClientRect();
    Object.assign(this.ring.style, {
      left: `${left - RING_PX}px`,
      top: `${top - RING_PX}px`,
      width: `${width + 2 * RING_PX}px`,
      height: `${height + 2 * RING_PX}px`,
    });
  }
}
