/** A map on which an ellipse, a Gaussian's, can be taken in the hand: its centre and its axes. */
import { drawPosterior } from "../../parts/marks.js";
import { StillMap } from "../../parts/still_map.js";

const ELLIPSE_MAP_HELP =
  "Map of the latent plane with the ellipse of q. The arrow keys move its centre, plus and minus " +
  "zoom, 0 shows all of it again. The sliders set its centre and its width.";
const HANDLE_SIGMA = 2; // where the handles lie on the axes
const HANDLE_RADIUS_PX = 6;
const HANDLE_REACH_PX = 14; // a finger's or a mouse's aim
const HANDLE_LEAST_PX = 16; // from the centre, however small the ellipse

/** The map; `ellipse` is {centre: [x, y], axes: [[x, y], [x, y]]}, axes one sigma long. */
export class EllipseMap extends StillMap {
  /**
   * @param {HTMLElement} parent
   * @param {{onCentre: function([number, number]), onStretch: function(number, number),
   *   onRelease: function()}} handlers onStretch gets an axis' number and the factor by which its
   *   sigma has changed since the ellipse was taken hold of
   */
  constructor(parent, handlers) {
    const drag = {
      onGrab: (px, py) => this.grab(px, py),
      onDrag: (x, y) => this.drag(x, y),
      onDrop: () => this.drop(),
    };
    super(parent, { label: ELLIPSE_MAP_HELP }, drag);
    this.handlers = handlers;
    this.ellipse = null;
    this.ghost = null; // an ellipse to compare with
    this.held = null;
    this.root.classList.add("map-ellipse");
  }

  /** Shows an ellipse and, faint, another; null for none. */
  setEllipse(ellipse, ghost) {
    this.ellipse = ellipse;
    this.ghost = ghost;
    this.drawOverlay();
  }

  /** The four handles as {axis, place}, pixels. */
  handles() {
    const { centre, axes } = this.ellipse;
    const [cx, cy] = this.plane.toPixel(...centre);
    return axes.flatMap(([ax, ay], axis) => {
      const length = Math.hypot(ax, ay);
      const reach = Math.max(HANDLE_LEAST_PX, HANDLE_SIGMA * length * this.plane.scale);
      return [1, -1].map((side) => ({
        axis,
        place: [cx + (side * reach * ax) / length, cy - (side * reach * ay) / length],
      }));
    });
  }

  grab(px, py) {
    if (!this.ellipse) return false;
    const away = ([x, y]) => Math.hypot(x - px, y - py);
    const [nearest] = this.handles().sort((a, b) => away(a.place) - away(b.place));
    const centre = this.plane.toPixel(...this.ellipse.centre);
    const from = this.plane.toPlane(px, py);
    if (away(nearest.place) <= HANDLE_REACH_PX && away(nearest.place) < away(centre)) {
      const axis = this.ellipse.axes[nearest.axis];
      const length = Math.hypot(...axis);
      const held = this.along(from, axis, length);
      this.held = { axis: nearest.axis, direction: axis.map((part) => part / length), held };
      return true;
    }
    if (away(centre) > Math.max(HANDLE_REACH_PX, this.reachOf(px, py))) return false;
    this.held = { offset: from.map((value, i) => this.ellipse.centre[i] - value) };
    return true;
  }

  /** How far from the centre, in the direction of a pixel, the outer ellipse lies, in pixels. */
  reachOf(px, py) {
    const [x, y] = this.plane.toPlane(px, py).map((value, i) => value - this.ellipse.centre[i]);
    const sigmas = Math.hypot(
      ...this.ellipse.axes.map(([ax, ay]) => (x * ax + y * ay) / (ax * ax + ay * ay)),
    );
    return (Math.hypot(x, y) * this.plane.scale * HANDLE_SIGMA) / sigmas;
  }

  along([x, y], [ax, ay], length) {
    const { centre } = this.ellipse;
    return Math.abs(((x - centre[0]) * ax + (y - centre[1]) * ay) / length);
  }

  drag(x, y) {
    if (this.held.offset) {
      this.handlers.onCentre([x + this.held.offset[0], y + this.held.offset[1]]);
      return;
    }
    const { axis, direction, held } = this.held;
    this.handlers.onStretch(axis, this.along([x, y], direction, 1) / held);
  }

  drop() {
    this.held = null;
    this.handlers.onRelease();
  }

  step([right, down], pixels) {
    if (!this.ellipse) return;
    const [px, py] = this.plane.toPixel(...this.ellipse.centre);
    this.handlers.onCentre(this.plane.toPlane(px + right * pixels, py + down * pixels));
    this.handlers.onRelease();
  }

  drawOverlay() {
    if (!this.size) return;
    const context = this.overlay.clear();
    this.painters.over(context, this.plane);
    const { ink } = this;
    if (this.ghost) {
      context.save();
      context.globalAlpha = 0.45;
      context.setLineDash([4, 4]);
      drawPosterior(context, this.plane, this.ghost.centre, this.ghost.axes, ink);
      context.restore();
    }
    if (!this.ellipse) return;
    const own = { ...ink, text: ink.accent };
    drawPosterior(context, this.plane, this.ellipse.centre, this.ellipse.axes, own);
    const dots = [...this.handles().map(({ place }) => place)];
    dots.push(this.plane.toPixel(...this.ellipse.centre));
    for (const [x, y] of dots) {
      context.beginPath();
      context.arc(x, y, HANDLE_RADIUS_PX, 0, 2 * Math.PI);
      context.fillStyle = ink.accent;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = ink.background;
      context.stroke();
    }
  }
}
