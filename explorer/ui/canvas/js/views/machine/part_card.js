/** A card beside a part of the picture that is pointed at, focused or tapped: what it is. */
import { createElement } from "../../parts/layers.js";

const PART_GAP_PX = 10;

/** The card of one page; parts are elements with `data-part`. */
export class PartCard {
  /**
   * @param {HTMLElement} root the page's
   * @param {function(string, ?number[]): {name: string, shape: string, formula: string,
   *   now: string}} explain of a part's name and, under a mouse, the place in it (shares)
   */
  constructor(root, explain) {
    Object.assign(this, { root, explain });
    this.card = createElement(root, "aside", "part-card", {
      "data-testid": "part-card",
      role: "status",
      hidden: "",
    });
    const line = (name) => createElement(this.card, "p", `part-${name}`);
    this.lines = Object.fromEntries(["name", "shape", "formula", "now"].map((n) => [n, line(n)]));
    const partOf = (event) => event.target.closest?.("[data-part]");
    root.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || event.buttons > 0) return;
      const part = partOf(event);
      if (part) this.show(part, event);
      else this.hide();
    });
    root.addEventListener("pointerleave", () => this.hide());
    root.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch" || !partOf(event)) this.hide(); // what is dragged is seen
    });
    root.addEventListener("click", (event) => partOf(event) && this.show(partOf(event)));
    root.addEventListener("focusin", (event) => {
      if (partOf(event)?.matches(":focus-visible")) this.show(partOf(event));
    });
    root.addEventListener("focusout", () => this.hide());
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.card.hidden) return;
      event.stopPropagation();
      this.hide();
    });
  }

  show(part, event = null) {
    const box = part.getBoundingClientRect();
    const place = event && [
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    ];
    const facts = this.explain(part.dataset.part, place);
    if (!facts) return;
    for (const [name, line] of Object.entries(this.lines)) {
      line.textContent = facts[name] ?? "";
      line.hidden = !facts[name];
    }
    if (this.part === part && !this.card.hidden) return;
    this.part = part;
    this.card.dataset.part = part.dataset.part;
    this.card.hidden = false;
    this.put(box);
  }

  /** Beside the part where there is room, else below or above it; never beyond the page. */
  put(box) {
    const frame = this.root.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const isRight = box.right + PART_GAP_PX + width <= frame.right;
    const isLeft = box.left - PART_GAP_PX - width >= frame.left;
    const inside = (at, least, most) => Math.max(least, Math.min(at, most));
    let [x, y] = [box.left + box.width / 2 - width / 2, box.bottom + PART_GAP_PX];
    if (isRight || isLeft) {
      x = isRight ? box.right + PART_GAP_PX : box.left - GAP_PX - width;
      y = box.top;
    } else if (y + height > window.innerHeight) y = box.top - PART_GAP_PX - height;
    const left = inside(x - frame.left, 0, frame.width - width);
    const top = inside(y - frame.top, 0, frame.height - height);
    this.card.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.card.hidden = true;
    this.part = null;
  }
}
