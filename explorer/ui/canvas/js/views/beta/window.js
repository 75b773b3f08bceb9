/** The part of the plane that the film's map shows, and how many codes lie outside it. */
import { shareOutside } from "../../maths/scales.js";
import { createElement } from "../../parts/layers.js";

/**
 * One window for the whole family: the prior's circles keep their size, so that the codes are seen
 * to draw together. 4 sigma to each side; the codes of a loss without KL reach further.
 */
export const FILM_HOME = { x: 0, y: 0, spanX: 8, spanY: 8 };

/** The words upon a map that say what it leaves out. */
export class OutsideNote {
  /** @param {MapView} map */
  constructor(map) {
    this.map = map;
    this.root = createElement(map.root, "p", "film-outside", { "data-testid": "codes-outside" });
  }

  /** @param {Float32Array} points (N, 2) flat, as displayed */
  tell(points) {
    const share = shareOutside(points, this.map.plane);
    const percent = share < 0.01 ? "< 1" : Math.round(100 * share);
    this.root.textContent = share > 0 ? `${percent}\u00a0% outside` : "";
    this.root.dataset.share = String(share);
  }
}
