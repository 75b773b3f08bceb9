/**
 * Turns pointer and wheel events of one element into what they mean on a map.
 *
 * Mouse: moving points, dragging pans, the wheel zooms, a click taps, a double click resets.
 * Touch: one finger points, two fingers zoom and pan, a tap taps. Coordinates are units (see sizes.js).
 * A press that `grab` takes drags what it took until the release, and is none of these.
 */
import { placeOf } from "./sizes.js";

/** A press that moves less than this many pixels is a click, not a drag. */
const DRAG_THRESHOLD_PX = 4;
const TOUCH_DRAG_THRESHOLD_PX = 10; // a finger is never quite still

/** Magnification per pixel of wheel travel; a notch of a mouse wheel is about 100 pixels. */
const WHEEL_ZOOM_RATE = 0.0018;
const PINCH_WHEEL_ZOOM_RATE = 0.01; // a trackpad's pinch arrives as small ctrl+wheel steps
const LINE_HEIGHT_PX = 16; // for wheels that count lines

/** Listens until `stop` is called. */
export class Gestures {
  /**
   * @param {HTMLElement} element
   * @param {{point: Function, leave: Function, tap: Function, doubleTap: Function,
   *   pan: Function, zoom: Function, grab?: Function, drag?: Function, drop?: Function}} handlers
   *   point(x, y), leave(), tap(x, y), doubleTap(), pan(dx, dy), zoom(factor, x, y),
   *   grab(x, y) returns whether it took hold of something, drag(x, y), drop()
   */
  constructor(element, handlers) {
    this.element = element;
    this.handlers = { grab: () => false, ...handlers };
    this.pressed = new Map(); // pointer id -> last position
    this.start = null; // where the first pointer went down
    this.dragged = false;
    this.grabbing = null; // id of the pointer that holds something
    this.listening = new AbortController();
    const on = (type, listener, options = {}) =>
      element.addEventListener(type, listener, { signal: this.listening.signal, ...options });
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", (event) => this.release(event));
    on("pointerleave", (event) => event.pointerType !== "touch" && handlers.leave());
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("click", (event) => {
      // The second click of a double click must not tap again.
      if (event.detail <= 1 && !this.dragged) handlers.tap(...placeOf(event));
    });
    on("dblclick", () => !this.dragged && handlers.doubleTap());
  }

  stop() {
    this.listening.abort();
  }

  down(event) {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    if (this.pressed.size === 0) {
      this.dragged = false;
      this.start = placeOf(event);
    }
    if (this.grabbing !== null) return; // a second finger neither drags nor zooms meanwhile
    if (this.pressed.size === 0 && this.handlers.grab(...placeOf(event))) {
      this.grabbing = event.pointerId;
      this.dragged = true; // its release is no tap
      return;
    }
    this.pressed.set(event.pointerId, placeOf(event));
    if (event.pointerType === "touch" && this.pressed.size === 1) {
      this.handlers.point(...placeOf(event));
    }
  }

  release(event) {
    this.pressed.delete(event.pointerId);
    if (event.pointerId !== this.grabbing) return;
    this.grabbing = null;
    this.handlers.drop();
  }

  move(event) {
    const now = placeOf(event);
    // A release can go astray, into a native menu for one: a mouse without buttons only points.
    if (event.pointerType === "mouse" && event.buttons === 0) {
      this.pressed.clear();
      this.release(event);
    }
    if (event.pointerId === this.grabbing) {
      this.handlers.drag(...now);
      return;
    }
    const before = this.pressed.get(event.pointerId);
    if (!before) {
      this.handlers.point(...now);
      return;
    }
    if (this.pressed.size === 2) {
      this.pinch(event.pointerId, before, now);
      return;
    }
    const travel = Math.hypot(now[0] - this.start[0], now[1] - this.start[1]);
    const isTouch = event.pointerType === "touch";
    if (travel > (isTouch ? TOUCH_DRAG_THRESHOLD_PX : DRAG_THRESHOLD_PX)) this.dragged = true;
    if (isTouch) {
      this.pressed.set(event.pointerId, now);
      this.handlers.point(...now);
    } else if (this.dragged) {
      this.pressed.set(event.pointerId, now);
      this.handlers.pan(now[0] - before[0], now[1] - before[1]);
    }
  }

  pinch(pointerId, before, now) {
    this.dragged = true;
    const [, other] = [...this.pressed].find(([id]) => id !== pointerId);
    const spread = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
    this.pressed.set(pointerId, now);
    this.handlers.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    if (spread(before) > 0) {
      const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      this.handlers.zoom(spread(now) / spread(before), ...middle);
    }
  }

  wheel(event) {
    event.preventDefault(); // the page must not scroll under the map
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_HEIGHT_PX : 1);
    const rate = event.ctrlKey ? PINCH_WHEEL_ZOOM_RATE : WHEEL_ZOOM_RATE;
    this.handlers.zoom(Math.exp(-pixels * rate), ...placeOf(event));
  }
}
