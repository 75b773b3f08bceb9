/**
 * The ten classes with their colours; pressing one highlights it and greys the others. Beside them
 * a button gives each class a shape of its own on all maps.
 */
import { glyphStamp } from "../maths/glyphs.js";
import { parseColour, rasterPoints } from "../maths/raster.js";
import { toggleButton } from "./controls.js";
import { createElement } from "./layers.js";

const SWATCH_PX = 32; // of a swatch's own picture, which is shown smaller

/** A class's mark as it is on the maps. */
function drawSwatch(canvas, colour, label, hasShapes) {
  const image = new ImageData(SWATCH_PX, SWATCH_PX);
  const pixels = new Uint32Array(image.data.buffer);
  const middle = SWATCH_PX / 2;
  const transform = { scale: 1, left: 0, top: SWATCH_PX };
  const stampOf = hasShapes ? () => glyphStamp(label, middle - 1) : undefined;
  rasterPoints(
    pixels, SWATCH_PX, SWATCH_PX, [middle, middle], [0], [parseColour(colour)], transform,
    middle - 2, stampOf,
  );
  Object.assign(canvas, { width: SWATCH_PX, height: SWATCH_PX });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The legend of a page's maps. */
export class Legend {
  /**
   * @param {HTMLElement} parent
   * @param {{onClasses: function(Set<number>), onShapes: function(boolean)}} listeners hear of the
   *   user's choices
   */
  constructor(parent, listeners) {
    this.listeners = listeners;
    this.chosen = new Set();
    const bar = createElement(parent, "div", "legend-bar");
    this.root = createElement(bar, "div", "legend", {
      "data-testid": "legend",
      role: "group",
      "aria-label": "Classes: press one to highlight it",
    });
    this.shapes = toggleButton(bar, "\u25b2\u25cf", "class-shapes", listeners.onShapes);
    this.shapes.root.setAttribute("aria-label", "Shapes for the classes");
    this.shapes.root.title = "A shape for each class, where colours are hard to tell apart";
    this.buttons = [];
  }

  /** One button a class. @param {string[]} palette "#rrggbb" @param {boolean} hasShapes */
  setStyle(palette, hasShapes) {
    const style = [...palette, hasShapes].join();
    if (this.style === style) return;
    this.style = style;
    this.shapes.set(hasShapes);
    this.root.replaceChildren();
    this.buttons = palette.map((colour, label) => {
      const button = createElement(this.root, "button", "legend-item", {
        type: "button",
        "data-label": String(label),
        title: `Highlight the ${label}s`,
      });
      const swatch = createElement(button, "canvas", "legend-swatch", { "aria-hidden": "true" });
      drawSwatch(swatch, colour, label, hasShapes);
      button.append(String(label));
      button.addEventListener("click", () => this.toggle(label));
      return button;
    });
    this.show();
  }

  /** Takes a choice without telling the listener. @param {Set<number>} chosen */
  setChosen(chosen) {
    this.chosen = chosen;
    this.show();
  }

  toggle(label) {
    if (!this.chosen.delete(label)) this.chosen.add(label);
    this.show();
    this.listeners.onClasses(this.chosen);
  }

  show() {
    this.buttons.forEach((button, label) => {
      button.setAttribute("aria-pressed", String(this.chosen.has(label)));
      button.classList.toggle("is-greyed", this.chosen.size > 0 && !this.chosen.has(label));
    });
  }
}
