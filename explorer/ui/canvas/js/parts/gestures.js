/**
 * Turns pointer and wheel events of one element into what they mean on a map.
 *
 * Mouse: moving points, dragging pans, the wheel zooms, a click taps, a double click resets.
 * Touch: a vertical swipe is the page's, which scrolls. A finger that is held still for a moment, or
 * that sets out sideways where the element keeps sideways swipes (its `touch-action` has no pan-x),
 * points from then on; two fingers zoom and pan, a tap taps. A finger points to the element's edge
 * at most. Coordinates are units (see sizes.js).
 * A press that `grab` takes drags what it took until the release, and is none of these.
 */
import { innerSize, placeOf } from "./sizes.js";

/** A press that moves less than this many pixels is a click, not a drag. */
const DRAG_THRESHOLD_PX = 4;
const TOUCH_DRAG_THRESHOLD_PX = 10; // a finger is never quite still

/** A finger that is still for so long means the point under it, not the page. */
const HOLD_MS = 300;

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
    this.isPointing = false; // one finger moves the point: the page stays
    this.holdTimer = 0;
    this.listening = new AbortController();
    const on = (type, listener, options = {}) =>
      element.addEventListener(type, listener, { signal: this.listening.signal, ...options });
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", (event) => this.release(event));
    // What the map takes, the page must not scroll by.
    on("touchmove", (event) => this.isTaken && event.cancelable && event.preventDefault(), {
      passive: false,
    });
    on("contextmenu", (event) => this.isTaken && event.preventDefault()); // of a finger held still
    on("pointerleave", (event) => event.pointerType !== "touch" && handlers.leave());
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("click", (event) => {
      // The second click of a double click must not tap again.
      if (event.detail <= 1 && !this.dragged) handlers.tap(...placeOf(event));
    });
    on("dblclick", () => !this.dragged && handlers.doubleTap());
  }

  stop() {
    clearTimeout(this.holdTimer);
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
    clearTimeout(this.holdTimer);
    if (event.pointerType !== "touch") return;
    if (this.pressed.size > 1) this.isPointing = false;
    else this.holdTimer = setTimeout(() => this.beginPointing(event.pointerId), HOLD_MS);
  }

  /** Whether fingers do something to the map, which then is no swipe of the page. */
  get isTaken() {
    return this.isPointing || this.grabbing !== null || this.pressed.size > 1;
  }

  beginPointing(pointerId) {
    clearTimeout(this.holdTimer);
    this.isPointing = this.dragged = true; // its release is no tap
    this.pointWithin(this.pressed.get(pointerId));
  }

  /** A finger may leave the map; what it points to does not. */
  pointWithin([x, y]) {
    const [width, height] = innerSize(this.element);
    const inside = (at, end) => Math.min(end, Math.max(0, at));
    this.handlers.point(inside(x, width), inside(y, height));
  }

  release(event) {
    this.pressed.delete(event.pointerId);
    clearTimeout(this.holdTimer);
    if (this.pressed.size === 0) this.isPointing = false;
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
    if (event.pointerType === "touch") {
      this.moveFinger(event.pointerId, now, travel);
      return;
    }
    if (travel > DRAG_THRESHOLD_PX) this.dragged = true;
    if (!this.dragged) return;
    this.pressed.set(event.pointerId, now);
    this.handlers.pan(now[0] - before[0], now[1] - before[1]);
  }

  moveFinger(pointerId, now, travel) {
    this.pressed.set(pointerId, now);
    if (this.isPointing) {
      this.pointWithin(now);
      return;
    }
    if (this.dragged || travel <= TOUCH_DRAG_THRESHOLD_PX) return;
    clearTimeout(this.holdTimer);
    this.dragged = true; // what it is, is decided once
    const isSideways = Math.abs(now[0] - this.start[0]) > Math.abs(now[1] - this.start[1]);
    if (isSideways && !this.leavesSidewaysSwipes()) this.beginPointing(pointerId);
  }

  /** Whether a sideways swipe is the page's as well, as in a row of maps that is swiped. */
  leavesSidewaysSwipes() {
    return /pan-x|auto|manipulation/.test(getComputedStyle(this.element).touchAction);
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
