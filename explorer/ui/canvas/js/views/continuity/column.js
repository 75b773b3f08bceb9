/**
 * One model of the page 'Continuity and completeness': its map, and places for what the page's
 * views show beside it and below it. What that is, is the views' business.
 */
import { createElement } from "../../parts/layers.js";
import { LOOKING_HINT } from "../../parts/touch_hint.js";
import { MarkedMap } from "./marked_map.js";
import { ownHomeOf } from "../../parts/objective_column.js";

const CONTINUITY_MAP_HELP =
  "Map of the latent plane. A click chooses the nearest test digit, Enter the one nearest to the " +
  "map's middle; the arrow keys move the map, plus and minus zoom, 0 goes back.";

const NO_MARGIN = { left: 0, right: 0, top: 0, bottom: 0 };

/** A column of the page. */
export class ContinuityColumn {
  /**
   * @param {HTMLElement} parent
   * @param {string} name of the model, as in "vae-2d"
   * @param {string} title
   * @param {Object} listeners of the map, as MapView's
   */
  constructor(parent, name, title, listeners) {
    this.name = name;
    this.title = title;
    this.root = createElement(parent, "article", "continuity-column", {
      "data-model": name,
      "aria-label": title,
    });
    createElement(this.root, "h3", "").textContent = title;
    this.head = createElement(this.root, "div", "continuity-head");
    const label = `${title}. ${CONTINUITY_MAP_HELP}`;
    const options = { isSmall: true, hint: LOOKING_HINT, label };
    this.map = new MarkedMap(this.head, listeners, options);
    this.ownMargin = this.map.margin;
    this.places = [];
  }

  /** Places beside and below the map that are shown with one view only. */
  placesFor(view) {
    const attributes = { "data-view": view };
    const side = createElement(this.head, "div", "continuity-side", attributes);
    const below = createElement(this.root, "div", "continuity-below", attributes);
    this.places.push(side, below);
    return { side, below };
  }

  /** Shows the places of a view alone. */
  showPlaces(view) {
    for (const place of this.places) place.hidden = place.dataset.view !== view;
  }

  destroy() {
    this.map.destroy();
  }

  setReady(isReady) {
    this.map.setReady(isReady);
  }

  setStyle(ink, palette) {
    this.map.setStyle({ ink, palette, axisNames: ["", ""] });
  }

  /** Takes another model. @param {LatentModel} model @param {Object} facts from Python */
  show(model, facts) {
    this.model = model;
    this.facts = facts;
    this.ownHome = ownHomeOf(model.points);
    this.map.setPoints(model.points, model.labels, { home: this.ownHome });
  }

  /**
   * Shows another part of the plane at first.
   * @param {?{x: number, y: number, spanX: number, spanY: number}} home as displayed; null for the
   *   codes' own
   * @param {boolean} keepView stays where the user has moved the map
   */
  setHome(home, keepView) {
    this.map.setHome(home ?? this.ownHome, keepView);
  }

  /** Whether the map is without its axes' numbers. */
  setBare(isBare) {
    this.map.setMargin(isBare ? NO_MARGIN : this.ownMargin);
  }

  /** Pixel of a latent point on the map. @returns {[number, number]} */
  pixelOf(z) {
    return this.map.plane.toPixel(...this.model.toDisplay(...z));
  }
}
