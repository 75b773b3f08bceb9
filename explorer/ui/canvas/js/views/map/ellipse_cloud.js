/**
 * The posteriors of all codes, each as its 1 sigma ellipse to scale, on a map.
 *
 * Ten thousand ellipses take longer than a frame: they are painted in the browser's idle time once
 * the view has come to rest. Until then the last picture moves with the view.
 */
import { deviceRatio } from "../../parts/sizes.js";

const CLOUD_REST_MS = 120;
const SLICE_MS = 6; // a pointer that moves meanwhile waits no longer
const CHECK_EVERY = 32; // ellipses between two looks at the clock
const ELLIPSE_OPACITY = 0.4;
const GREYED_OPACITY = 0.15;
const IDLE_AT_LATEST = { timeout: 100 }; // ms; a browser may think itself busy for minutes

const whenIdle = window.requestIdleCallback
  ? (work) => window.requestIdleCallback(work, IDLE_AT_LATEST)
  : window.requestAnimationFrame;
const stopWaiting = window.cancelIdleCallback ?? window.cancelAnimationFrame;

/** The ellipses of one map. */
export class EllipseCloud {
  /**
   * @param {{redraw: function(), tell: function(?number)}} host redraw draws the map again; tell
   *   hears how many ellipses are painted for the view, and null before
   */
  constructor(host) {
    this.host = host;
    this.isOn = false;
    this.shown = null; // {canvas, x, y, scale, width, height}: a picture and its view
    this.highlighted = new Set();
  }

  destroy() {
    clearTimeout(this.timer);
    stopWaiting(this.idle);
  }

  /** @param {Float32Array} logvar (N, 2) flat, in the model's own coordinates */
  setModel(model, logvar) {
    this.model = model;
    this.logvar = logvar;
    this.shown = null;
  }

  /** @param {{palette: string[], grey: string}} colours */
  setColours(colours) {
    this.colours = colours;
  }

  /** Shows or hides them, or greys all classes but the highlighted ones. */
  choose(isOn, highlighted, plane) {
    this.isOn = isOn;
    this.highlighted = highlighted;
    if (!isOn) this.shown = null;
    this.follow(plane);
    this.host.redraw();
  }

  /** Takes another part of the plane in view. */
  follow(plane) {
    this.destroy();
    this.host.tell(null);
    if (!this.isOn || !this.model) return;
    const { x, y, scale, width, height } = plane;
    const view = { x, y, scale, width, height };
    this.timer = setTimeout(() => this.begin(plane, view), CLOUD_REST_MS);
  }

  begin(plane, view) {
    const ratio = deviceRatio();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
    // Painted at once and not later in one go, so that the clock tells what a slice takes.
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.scale(ratio, ratio);
    context.lineWidth = 1;
    const order = this.order();
    let painted = 0;
    const slice = (from) => {
      const end = performance.now() + SLICE_MS;
      let n = from;
      for (; n < order.length; n++) {
        if ((n - from) % CHECK_EVERY === CHECK_EVERY - 1 && performance.now() > end) break;
        if (this.stroke(context, plane, order[n])) painted++;
      }
      if (n < order.length) {
        this.idle = whenIdle(() => slice(n));
        return;
      }
      this.shown = { canvas, ...view };
      this.host.redraw();
      this.host.tell(painted);
    };
    slice(0);
  }

  isGreyed(index) {
    return this.highlighted.size > 0 && !this.highlighted.has(this.model.labels[index]);
  }

  /** Greyed ones first, the others upon them. */
  order() {
    const all = Array.from({ length: this.model.count }, (_, n) => n);
    if (this.highlighted.size === 0) return all;
    return [...all.filter((n) => this.isGreyed(n)), ...all.filter((n) => !this.isGreyed(n))];
  }

  /** Draws one ellipse, if any of it can be in view. */
  stroke(context, plane, index) {
    const { points, labels } = this.model;
    const [px, py] = plane.toPixel(points[2 * index], points[2 * index + 1]);
    const logvar = this.logvar.subarray(2 * index, 2 * index + 2);
    const [[ax, ay], [bx, by]] = this.model.posteriorAxes(logvar);
    const [along, across] = [Math.hypot(ax, ay) * plane.scale, Math.hypot(bx, by) * plane.scale];
    const reach = Math.max(along, across);
    if (px < -reach || py < -reach || px > plane.width + reach || py > plane.height + reach) {
      return false;
    }
    const isGreyed = this.isGreyed(index);
    context.strokeStyle = isGreyed ? this.colours.grey : this.colours.palette[labels[index]];
    context.globalAlpha = isGreyed ? GREYED_OPACITY : ELLIPSE_OPACITY;
    context.beginPath();
    context.ellipse(px, py, along, across, -Math.atan2(ay, ax), 0, 2 * Math.PI); // y points down
    context.stroke();
    return true;
  }

  /** Draws the last picture where its part of the plane lies now. */
  paint(context, plane) {
    if (!this.isOn || !this.shown) return;
    const { canvas, x, y, scale, width, height } = this.shown;
    const [left, top] = plane.toPixel(x - width / 2 / scale, y + height / 2 / scale);
    const growth = plane.scale / scale;
    context.drawImage(canvas, left, top, width * growth, height * growth);
  }
}
