/** A map to look at: it zooms and pans, and has neither cursor nor pin. */
import { MapView } from "./latent_map.js";
import { LOOKING_HINT } from "./touch_hint.js";

const STILL_MAP_HELP =
  "Map of the latent plane. The arrow keys move it, plus and minus zoom, 0 shows all of it again.";

/** A map without a cursor inside a parent element. */
export class StillMap extends MapView {
  /** @param {HTMLElement} parent @param {Object} options @param {Object} listeners as MapView's */
  constructor(parent, options = {}, listeners = {}) {
    super(parent, listeners, { label: STILL_MAP_HELP, hint: LOOKING_HINT, ...options });
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
