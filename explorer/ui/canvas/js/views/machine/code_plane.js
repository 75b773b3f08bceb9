/** The plane of all codes with one posterior upon it, and a z that can be taken in the hand. */
import { drawPosterior } from "../../parts/marks.js";
import { StillMap } from "../../parts/still_map.js";

const PLANE_HELP =
  "Plane of the codes. The arrow keys move z, plus and minus zoom, 0 shows all of it again.";
const PLANE_HINT = "Drag z, or tap to place it";
const CODE_RADIUS_PX = 9;
const FINGER_REACH_PX = 44;
const PLANE_POINT_OPACITY = 0.4;

/** The plane; places are displayed coordinates. */
export class CodePlane extends StillMap {
  /** @param {HTMLElement} parent @param {{onCode: function(number, number), onRelease: function()}} handlers */
  constructor(parent, handlers) {
    super(parent, { isSmall: true, label: PLANE_HELP, hint: PLANE_HINT }, {
      onGrab: (px, py) => this.grab(px, py),
      onDrag: (x, y) => this.moveCode(x, y),
      onDrop: () => handlers.onRelease(),
    });
    this.handlers = handlers;
    this.code = null; // {z: [x, y], mean: [x, y], axes: [[x, y], [x, y]]}
    this.pointerType = "mouse";
    this.isPointed = false; // by a finger that moves z
    const { canvas } = this.map;
    canvas.dataset.part = "code";
    const note = (event) => (this.pointerType = event.pointerType);
    canvas.addEventListener("pointerdown", note, { capture: true });
    canvas.addEventListener("pointerup", () => this.letGo());
    canvas.addEventListener("pointercancel", () => this.letGo());
    this.setPointOpacity(PLANE_POINT_OPACITY);
  }

  isAtCode(px, py) {
    if (!this.code) return false;
    const [x, y] = this.plane.toPixel(...this.code.z);
    return Math.hypot(x - px, y - py) <= FINGER_REACH_PX;
  }

  /** A mouse takes z wherever it presses, a finger where z is. */
  grab(px, py) {
    if (!this.code || (this.pointerType === "touch" && !this.isAtCode(px, py))) return false;
    if (this.pointerType !== "touch") this.moveCode(...this.plane.toPlane(px, py));
    return true;
  }

  /** A finger that was held still has z under it from then on. */
  movePoint(x, y) {
    if (this.pointerType !== "touch" || !this.isReady || !this.code) return;
    this.isPointed = true;
    this.moveCode(x, y);
  }

  letGo() {
    if (this.isPointed) this.handlers.onRelease();
    this.isPointed = false;
  }

  /** Where the finger has tapped. */
  tap(px, py) {
    if (!this.isReady || !this.code) return;
    this.moveCode(...this.plane.toPlane(px, py));
    this.handlers.onRelease();
  }

  step([right, down], pixels) {
    if (!this.code) return;
    const [px, py] = this.plane.toPixel(...this.code.z);
    this.moveCode(...this.plane.toPlane(px + right * pixels, py + down * pixels));
    this.handlers.onRelease();
  }

  /** z stays in view. */
  moveCode(x, y) {
    const inside = (value, [low, high]) => Math.min(high, Math.max(low, value));
    this.handlers.onCode(inside(x, this.plane.xRange), inside(y, this.plane.yRange));
  }

  /** Shows the whole plane again. */
  showAll() {
    this.changeView(() => this.plane.reset());
  }

  /** @param {?{z: number[], mean: number[], axes: number[][]}} code */
  setCode(code) {
    this.code = code;
    this.drawOverlay();
  }

  drawOverlay() {
    if (!this.size) return;
    const context = this.overlay.clear();
    if (!this.code) return;
    const { ink, plane } = this;
    const { z, mean, axes } = this.code;
    drawPosterior(context, plane, mean, axes, ink);
    const [from, to] = [plane.toPixel(...mean), plane.toPixel(...z)];
    for (const [colour, width] of [[ink.background, 5], [ink.accent, 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    for (const [place, radius, colour] of [[from, 4, ink.text], [to, CODE_RADIUS_PX, ink.accent]]) {
      context.beginPath();
      context.arc(...place, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
      context.lineWidth = 2.5;
      context.strokeStyle = ink.background;
      context.stroke();
    }
  }
}
