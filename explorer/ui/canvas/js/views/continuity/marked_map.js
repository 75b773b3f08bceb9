/**
 * A map that carries its owner's marks: codes are chosen on it and marks dragged, and it has a
 * cursor of its own only while its owner asks for one, as for drawing.
 */
import { MapView } from "../../parts/latent_map.js";
import { drawCrosshair } from "../../parts/marks.js";

/** A map without a pin inside a parent element. */
export class MarkedMap extends MapView {
  /** @param {HTMLElement} parent @param {Object} listeners @param {Object} options as MapView's */
  constructor(parent, listeners, options) {
    super(parent, listeners, options);
    this.hasCursor = false;
  }

  /** Takes another first view and goes there; `keepView` stays where the user has moved the map. */
  setHome(home, keepView) {
    this.plane.setHome(home, keepView);
    this.requestDraw();
  }

  /** Takes room for the axes' numbers, or none: then the plane fills the element. */
  setMargin(margin) {
    if (this.margin === margin) return;
    this.margin = margin;
    this.size = this.bounds = null; // another room for the plane in an element of the same size
    this.requestDraw();
  }

  /** Shows the cursor, which the pointer and the arrow keys then move, or hides it. */
  setCursor(hasCursor) {
    this.hasCursor = hasCursor;
    this.root.classList.toggle("has-cursor", hasCursor);
    this.drawOverlay();
  }

  movePoint(x, y) {
    this.point = [x, y];
    if (this.hasCursor) this.drawOverlay();
  }

  leave() {}

  /** Escape: there is no pin, but the owner may have something to take back. */
  changePin(pin) {
    if (pin === null) this.listeners.onPin(null);
  }

  /** Without a cursor, Enter means the middle of the map, which the arrow keys move. */
  key(event) {
    if (event.key === "Enter" && !this.hasCursor) this.point = [this.plane.x, this.plane.y];
    super.key(event);
  }

  step(arrow, pixels) {
    if (this.hasCursor) super.step(arrow, pixels);
    else this.changeView(() => this.plane.panBy(-arrow[0] * pixels, -arrow[1] * pixels));
  }

  drawOverlay() {
    if (!this.size) return;
    const context = this.overlay.clear();
    this.painters.over(context, this.plane);
    if (!this.hasCursor) return;
    drawCrosshair(context, this.plane, ...this.plane.toPixel(...this.point), this.planeInk);
  }
}
