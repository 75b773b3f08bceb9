/** Buttons upon a map for what wheel and pinch do, for those who have neither. */
import { pushButton } from "./controls.js";
import { createElement } from "./layers.js";

const BUTTON_ZOOM = 1.6;

/** The buttons in a corner of a map. */
export class MapButtons {
  /**
   * @param {HTMLElement} parent the map's element
   * @param {HTMLElement} canvas gets the focus when the button that had it goes
   * @param {{onZoom: function(number), onReset: function()}} listeners onZoom(factor)
   */
  constructor(parent, canvas, { onZoom, onReset }) {
    const root = createElement(parent, "div", "map-buttons", {
      role: "group",
      "aria-label": "Zoom of the map",
    });
    const button = (text, testId, label, onPress) => {
      const element = pushButton(root, text, testId, onPress);
      element.setAttribute("aria-label", label);
      element.title = label;
      return element;
    };
    this.reset = button("Reset", "zoom-reset", "Show everything again", () => {
      canvas.focus();
      onReset();
    });
    this.reset.hidden = true;
    button("+", "zoom-in", "Zoom in", () => onZoom(BUTTON_ZOOM));
    button("\u2212", "zoom-out", "Zoom out", () => onZoom(1 / BUTTON_ZOOM));
  }

  /** Whether there is anything to go back from. */
  setMoved(isMoved) {
    this.reset.hidden = !isMoved;
  }
}
