/**
 * The map: thousands of points of the plane, a cursor and a pin, by mouse, touch and keys.
 *
 * It knows points, labels and colours, and speaks of displayed plane coordinates only; what
 * lies behind a point (a decoder, Python) is its owner's business. The owner may move the
 * cursor of several maps together through `setPoint`.
 */
import { extentOf, nearestWithin } from "../maths/extent.js";
import { Gestures } from "./gestures.js";
import { Layer, createElement } from "./layers.js";
import {
  drawAxes, drawCrosshair, drawGrid, drawNumerals, drawPin, drawPrior, drawPriorLabels, drawRegion,
  planeTicks,
} from "./marks.js";
import { MapButtons } from "./map_buttons.js";
import { drawCaptions } from "./map_captions.js";
import { keyAction } from "./map_keys.js";
import { PointLayer } from "./point_layer.js";
import { deviceRatio, drawForSaving, innerSize, unitPx } from "./sizes.js";
import { POINTING_HINT, touchHint } from "./touch_hint.js";
import { PRIOR_RADIUS_SIGMA, PlaneView, classMedians, homeOf } from "../maths/scales.js";

const MARGIN = { left: 56, right: 6, top: 6, bottom: 48 };
const SMALL_MARGIN = { left: 36, right: 4, top: 4, bottom: 26 }; // without the axes' names
const REGION_SIGMA = 4; // of the prior: the cursor stays within, or among the codes

const MAP_HELP =
  "Map of the latent plane. Move the pointer or press the arrow keys to decode a point; " +
  "Enter or a click pins it, Escape removes the pin, plus and minus zoom, 0 resets.";

/** What the owner draws between and upon the map's own layers, unless it says otherwise. */
const NO_PAINTERS = { under: () => {}, upon: () => {}, over: () => {} };

/** What an owner need not listen to. */
const NO_LISTENERS = {
  onPoint: () => {},
  onPin: () => {},
  onView: () => {},
  onLeave: () => {},
  onTap: () => false,
  onUntap: () => {},
  onGrab: () => false,
  onDrag: () => {},
  onDrop: () => {},
};

/** A map of the latent plane inside a parent element. */
export class MapView {
  /**
   * @param {HTMLElement} parent
   * @param {{onPoint?: function(number, number), onPin?: function(?[number, number], boolean),
   *   onView?: function(PlaneView), onLeave?: function(),
   *   onTap?: function(number, number): boolean, onUntap?: function(), onGrab?: function(number, number): boolean,
   *   onDrag?: function(number, number), onDrop?: function()}} listeners onPin also says whether
   *   it takes back the tap that began a double click; onView hears of every change of the part of
   *   the plane in view, onLeave of the mouse leaving; onTap returns whether it took the tap, which
   *   then pins nothing, and onUntap takes that back; onGrab gets pixels and returns whether
   *   something is held there, which then moves with onDrag, in the plane, until onDrop
   * @param {{isSmall?: boolean, hasPrior?: boolean, label?: string, hint?: string}} options hint
   *   says what fingers do here
   */
  constructor(parent, listeners, options = {}) {
    const { isSmall = false, hasPrior = true, label = MAP_HELP, hint = POINTING_HINT } = options;
    this.listeners = { ...NO_LISTENERS, ...listeners };
    this.painters = NO_PAINTERS;
    this.margin = isSmall ? SMALL_MARGIN : MARGIN;
    this.isSmall = isSmall;
    this.hasPrior = hasPrior;
    this.plane = new PlaneView();
    this.points = new PointLayer();
    this.medians = [];
    this.point = [0, 0];
    this.pin = this.pinBeforeTap = null;
    this.isTapTaken = false;
    this.frameRequest = 0;

    this.root = createElement(parent, "div", "map");
    this.frame = new Layer(this.root, "map-frame", { "aria-hidden": "true" });
    this.map = new Layer(this.root, "map-canvas", {
      "data-testid": "latent-canvas",
      "data-ready": "false",
      role: "application",
      tabindex: "0",
      "aria-label": label,
    });
    this.overlay = new Layer(this.root, "map-overlay", { "aria-hidden": "true" });
    if (!isSmall) {
      this.buttons = new MapButtons(this.root, this.map.canvas, {
        onZoom: (factor) => this.zoomBy(factor),
        onReset: () => this.showAll(),
      });
    }
    touchHint(this.root, this.map.canvas, hint);
    this.gestures = new Gestures(this.map.canvas, {
      point: (px, py) => this.pointAt(px, py),
      leave: () => this.leave(),
      tap: (px, py) => this.tap(px, py),
      doubleTap: () => this.doubleTap(),
      pan: (dx, dy) => this.changeView(() => this.plane.panBy(dx, dy)),
      zoom: (factor, px, py) => this.changeView(() => this.plane.zoomAt(factor, px, py)),
      grab: (px, py) => this.isReady && this.listeners.onGrab(px, py),
      drag: (px, py) => this.listeners.onDrag(...this.placeAt(px, py)),
      drop: () => this.listeners.onDrop(),
    });
    this.map.canvas.addEventListener("keydown", (event) => this.key(event));
    this.sizeObserver = new ResizeObserver(() => {
      this.bounds = null;
      this.requestDraw();
    });
    this.sizeObserver.observe(this.root);
    this.endSaving = drawForSaving(() => this.draw());
  }

  /** Ends all listening; the element itself is its owner's to remove. */
  destroy() {
    this.gestures.stop();
    this.sizeObserver.disconnect();
    this.endSaving();
    cancelAnimationFrame(this.frameRequest);
  }

  /**
   * Colours: text, background, accent and grey as CSS, a "#rrggbb" a class; axis names. `planeInk`
   * is for the plane itself, where its owner lays a picture of other brightness under it.
   */
  setStyle({ ink, planeInk = ink, palette, axisNames }) {
    this.ink = ink;
    this.planeInk = planeInk;
    this.points.setStyle(palette, planeInk, ink.hasShapes);
    this.axisNames = this.isSmall ? ["", ""] : axisNames;
    this.bounds = null; // the unit may be another one as well
    this.requestDraw();
  }

  /**
   * What the owner draws: `under(context, plane)` below the points and `upon(context, plane)` upon
   * them whenever the map is drawn, `over(context, plane)` above all, whenever the cursor moves.
   */
  setPainters(painters) {
    this.painters = { ...NO_PAINTERS, ...painters };
    this.requestDraw();
  }

  /** Shows what lies under the points: their opacity, share of their radius; else as at first. */
  setPointOpacity(opacity, size) {
    this.points.setOpacity(opacity, size);
    this.requestDraw();
  }

  /** Greys the points of all classes but these; none at all means that all have their colours. */
  setHighlighted(classes) {
    this.points.highlighted = classes;
    this.requestDraw();
  }

  /**
   * Shows other points: (N, 2) flat in display coordinates, N labels.
   * @param {{keepView?: boolean, home?: Object, medians?: Object[]}} options keepView stays where
   *   the user has zoomed or panned to; home (see homeOf) and medians (see classMedians) are
   *   computed here where the owner does not have them already
   */
  setPoints(points, labels, { keepView = false, home, medians } = {}) {
    Object.assign(this.points, { points, labels });
    this.medians = medians ?? classMedians(points, labels);
    this.region = this.hasPrior ? extentOf(points, REGION_SIGMA) : null;
    this.plane.setCodes(points, this.hasPrior ? PRIOR_RADIUS_SIGMA : 0);
    this.plane.setHome(home ?? homeOf(points, this.hasPrior ? {} : { radius: 0 }), keepView);
    this.draw();
  }

  /** Moves the cursor without telling the listener. */
  setPoint(x, y) {
    this.point = [x, y];
    this.drawOverlay();
  }

  /** Sets or, by null, removes the pin without telling the listener. */
  setPin(pin) {
    this.pin = pin;
    this.drawOverlay();
  }

  /** Says to assistive technology and to tests whether the map reacts. */
  setReady(ready) {
    this.map.canvas.dataset.ready = String(ready);
  }

  leave() {
    if (this.pin) this.movePoint(...this.pin);
    this.listeners.onLeave();
  }

  movePoint(x, y) {
    this.listeners.onPoint(x, y); // the digit first: it is what the eye waits for
    this.setPoint(x, y);
  }

  pointAt(px, py) {
    this.movePoint(...this.placeAt(px, py));
  }

  /** The place under a pixel, or the nearest to it where the model may have seen data. */
  placeAt(px, py) {
    const place = this.plane.toPlane(px, py);
    return this.region ? nearestWithin(this.region, ...place) : place;
  }

  /** Whether the cursor can go no further. */
  get isAtEdge() {
    const { left, right, bottom, top } = this.region ?? { left: -Infinity, right: Infinity };
    const [x, y] = this.point;
    return x <= left || x >= right || y <= bottom || y >= top;
  }

  /** Between two models there is nothing to pin: a point means something in one of them only. */
  get isReady() {
    return this.map.canvas.dataset.ready === "true";
  }

  tap(px, py) {
    if (!this.isReady) return;
    this.pinBeforeTap = this.pin;
    this.pointAt(px, py);
    this.isTapTaken = this.listeners.onTap(...this.point);
    if (!this.isTapTaken) this.changePin(this.point);
  }

  /** A double click has already tapped once: what that tap did is undone. */
  doubleTap() {
    if (!this.isReady) return;
    if (this.isTapTaken) this.listeners.onUntap();
    else this.changePin(this.pinBeforeTap, true);
    this.showAll();
  }

  changePin(pin, isUndo = false) {
    this.setPin(pin);
    this.listeners.onPin(pin, isUndo);
  }

  /** Goes back to the first view. */
  showAll() {
    this.changeView(() => this.plane.reset());
  }

  zoomBy(factor) {
    this.changeView(() => this.plane.zoomAt(factor, this.plane.width / 2, this.plane.height / 2));
  }

  changeView(change) {
    change();
    this.requestDraw();
  }

  key(event) {
    const act = keyAction(this, event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // the page has its own shortcuts
    if (this.isReady) act();
  }

  enter() {
    if (!this.listeners.onTap(...this.point)) this.changePin(this.point);
  }

  step([right, down], pixels) {
    const [px, py] = this.plane.toPixel(...this.point);
    const goal = [px + right * pixels, py + down * pixels];
    const inside = [
      Math.min(this.plane.width, Math.max(0, goal[0])),
      Math.min(this.plane.height, Math.max(0, goal[1])),
    ];
    this.pointAt(...goal);
    if (goal[0] !== inside[0] || goal[1] !== inside[1]) {
      this.changeView(() => this.plane.panBy(inside[0] - goal[0], inside[1] - goal[1]));
    }
  }

  requestDraw() {
    if (!this.frameRequest) this.frameRequest = requestAnimationFrame(() => this.draw());
  }

  /** Takes over the element's size and the screen's resolution where they have changed. */
  fitSize() {
    this.bounds ??= innerSize(this.root); // to ask costs a layout
    const [wholeWidth, wholeHeight] = this.bounds;
    const ratio = deviceRatio();
    const size = [wholeWidth, wholeHeight, ratio, unitPx()].join();
    if (size === this.size) return;
    this.size = size;
    const width = Math.max(1, wholeWidth - this.margin.left - this.margin.right);
    const height = Math.max(1, wholeHeight - this.margin.top - this.margin.bottom);
    this.plane.resize(width, height);
    this.frame.resize(wholeWidth, wholeHeight, ratio);
    this.map.resize(width, height, ratio);
    this.overlay.resize(width, height, ratio);
    for (const { style } of [this.map.canvas, this.overlay.canvas]) {
      style.left = `${this.margin.left * unitPx()}px`;
      style.top = `${this.margin.top * unitPx()}px`;
    }
    this.points.resize(this.map.canvas.width, this.map.canvas.height);
  }

  draw() {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = 0;
    if (!this.ink) return;
    this.fitSize();
    const ticks = planeTicks(this.plane);
    const context = this.map.clear();
    this.painters.under(context, this.plane);
    drawGrid(context, this.plane, ticks, this.planeInk);
    if (this.hasPrior) drawPrior(context, this.plane, this.planeInk);
    this.points.paint(context, this.plane, this.map.ratio);
    this.painters.upon(context, this.plane);
    if (this.hasPrior) drawPriorLabels(context, this.plane, this.planeInk);
    const colourOf = (label) => this.points.numeralColour(label);
    drawNumerals(context, this.plane, this.medians, colourOf, this.planeInk);
    const frame = this.frame.clear();
    drawAxes(frame, this.plane, ticks, this.margin, this.axisNames, this.ink);
    if (!this.isSmall && this.points.labels.length > 0) {
      drawCaptions(frame, this.plane, this.margin, this.axisNames[0], this.hasPrior, this.ink);
    }
    this.drawOverlay();
    this.map.canvas.dataset.xRange = this.plane.xRange.join();
    this.map.canvas.dataset.yRange = this.plane.yRange.join();
    this.tellView();
  }

  /** Tells the listener of another part of the plane in view, once. */
  tellView() {
    const { x, y, scale, width, height } = this.plane;
    const view = [x, y, scale, width, height].join();
    if (view === this.viewTold) return;
    this.viewTold = view;
    this.buttons?.setMoved(this.plane.isMoved);
    this.listeners.onView(this.plane);
  }

  drawOverlay() {
    if (!this.size) return;
    const context = this.overlay.clear();
    this.painters.over(context, this.plane);
    if (this.isAtEdge) drawRegion(context, this.plane, this.region, this.planeInk);
    drawCrosshair(context, this.plane, ...this.plane.toPixel(...this.point), this.planeInk);
    if (this.pin) drawPin(context, ...this.plane.toPixel(...this.pin), this.planeInk);
  }
}
