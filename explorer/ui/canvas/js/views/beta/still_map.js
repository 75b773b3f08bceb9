/** A map to look at: it zooms and pans, and has neither cursor nor pin. */
import { MapView } from "../../parts/latent_map.js";

const STILL_MAP_HELP =
  "Map of the latent plane. The arrow keys move it, plus and minus zoom, 0 shows all of it again.";

const NOTHING_TO_POINT_AT = { onPoint: () => {}, onPin: () => {} };

/** A map without a cursor inside a parent element. */
export class StillMap extends MapView {
  /** @param {HTMLElement} parent @param {Object} options as MapView's */
  constructor(parent, options = {}) {
    super(parent, NOTHING_TO_POINT_AT, { label: STILL_MAP_HELP, ...options });
    this.root.classList.add("map-still");
  }

  movePoint() {}

  tap() {}

  changePin() {}

  doubleTap() {
    this.changeView(() => this.plane.reset());
  }

  step([right, down], pixels) {
    this.changeView(() => this.plane.panBy(-right * pixels, -down * pixels));
  }

  drawOverlay() {
    if (this.size) this.painters.over(this.overlay.clear(), this.plane);
  }
}
