/**
 * A square to draw a digit on with mouse, finger or pen, and beside it what the model sees of it.
 *
 * Strokes are lists of [x, y] in the square, 0 to 1, y downwards. Knows nothing of models.
 */
import { digitOfStrokes } from "../maths/drawing.js";
import { DigitView } from "./digit.js";
import { createElement } from "./layers.js";

/** Side of the pad's backing store: twice its usual size on the page, for sharp displays. */
const PAD_PIXELS = 640;

/** Width of the ink on the pad, a share of its side: MNIST's, for a digit that fills the pad. */
const PAD_PEN_WIDTH = 0.1;

/** Length of a dot, as a share of the side: not every browser paints a line of none. */
const DOT_LENGTH = 1e-4;

const PAD_LABEL =
  "Drawing pad: draw a digit with the mouse, a finger or a pen; it cannot be drawn with keys. " +
  "Control and Z take back the last stroke.";

/** The pad with its buttons and the small picture. */
export class DrawingPad {
  /**
   * @param {HTMLElement} parent
   * @param {{onDraw: function(Float32Array), onClear: Function, size: number}} options
   *   onDraw(pixels) hears of the normalised drawing, size * size values in [0, 1], in every frame
   *   in which it has changed; onClear() when nothing is drawn any more
   */
  constructor(parent, { onDraw, onClear, size }) {
    this.handlers = { onDraw, onClear };
    this.size = size;
    this.drawn = []; // strokes
    this.pointer = null; // id of the pointer whose stroke is the last, while it is down
    this.frame = null; // of the next refresh
    this.listening = new AbortController();
    this.build(parent);
    this.listen();
    this.show(null);
  }

  build(parent) {
    this.root = createElement(parent, "div", "pad");
    const body = createElement(this.root, "div", "pad-body");
    const square = createElement(body, "div", "pad-square");
    this.canvas = createElement(square, "canvas", "pad-canvas", {
      "data-testid": "drawing-pad",
      width: PAD_PIXELS,
      height: PAD_PIXELS,
      tabindex: "0",
      role: "img",
      "aria-label": PAD_LABEL,
    });
    this.context = this.canvas.getContext("2d");
    this.hint = createElement(square, "span", "pad-hint", { "aria-hidden": "true" });
    this.hint.textContent = "Draw a digit here";
    const side = createElement(body, "div", "pad-side");
    const seen = createElement(side, "figure", "pad-seen");
    this.digit = new DigitView(seen, { "data-testid": "drawn-digit" });
    createElement(seen, "figcaption", "pad-caption").textContent = "What the model sees";
    const button = (name, text) => {
      const options = { type: "button", "data-testid": `pad-${name}` };
      const element = createElement(side, "button", "pad-button", options);
      element.textContent = text;
      return element;
    };
    this.undoButton = button("undo", "Undo");
    this.clearButton = button("clear", "Clear");
  }

  listen() {
    const on = (element, type, listener) =>
      element.addEventListener(type, listener, { signal: this.listening.signal });
    on(this.canvas, "pointerdown", (event) => this.down(event));
    on(this.canvas, "pointermove", (event) => this.move(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
      on(this.canvas, type, (event) => {
        if (event.pointerId === this.pointer) this.pointer = null;
      });
    }
    on(this.undoButton, "click", () => this.undo());
    on(this.clearButton, "click", () => this.setStrokes([]));
    on(this.root, "keydown", (event) => {
      if (event.key.toLowerCase() !== "z" || event.shiftKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.undo();
    });
  }

  destroy() {
    this.listening.abort();
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }

  /** The drawing, to be given to `setStrokes` of another pad. */
  get strokes() {
    return this.drawn.map((stroke) => [...stroke]);
  }

  /** Replaces the drawing; the handlers hear of it in the next frame. */
  setStrokes(strokes) {
    this.pointer = null;
    this.drawn = strokes.filter(({ length }) => length > 0).map((stroke) => [...stroke]);
    this.requestRefresh();
  }

  /** Takes back the last stroke, also one that is being drawn. */
  undo() {
    if (this.drawn.length > 0) this.setStrokes(this.drawn.slice(0, -1));
  }

  /** Draws for a data set whose images have this side in pixels: 28 or 8. */
  setSize(size) {
    if (size === this.size) return;
    this.size = size;
    this.requestRefresh();
  }

  down(event) {
    if (event.button !== 0 || this.pointer !== null) return; // a second finger draws nothing
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.drawn.push([]);
    this.addPoints([event]);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    if (event.pointerType === "mouse" && event.buttons === 0) {
      this.pointer = null; // the release went astray, into a native menu for one
      return;
    }
    // All places since the last frame keep a quick curve round; browsers give them over https and
    // on localhost only.
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.addPoints(coalesced.length > 0 ? coalesced : [event]);
  }

  /** Appends events' places to the last stroke; beyond the edge the pen goes along it. */
  addPoints(events) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const share = (distance, side) => Math.min(1, Math.max(0, distance / side));
    const stroke = this.drawn[this.drawn.length - 1];
    for (const { clientX, clientY } of events) {
      const [x, y] = [share(clientX - left, width), share(clientY - top, height)];
      const last = stroke[stroke.length - 1];
      if (!last || last[0] !== x || last[1] !== y) stroke.push([x, y]);
    }
    this.requestRefresh();
  }

  requestRefresh() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const pixels = digitOfStrokes(this.drawn, this.size);
      this.show(pixels);
      if (pixels) this.handlers.onDraw(pixels);
      else this.handlers.onClear();
    });
  }

  /** Paints the strokes, and the model's picture of them, if any. */
  show(pixels) {
    this.paintStrokes();
    const { size } = this;
    const points = this.drawn.reduce((sum, stroke) => sum + stroke.length, 0);
    this.digit.draw(pixels ?? new Float32Array(size * size), size, size, { points });
    const isEmpty = pixels === null;
    const label = isEmpty ? "Nothing is drawn yet" : "The drawing as the model sees it";
    this.digit.canvas.setAttribute("aria-label", label);
    this.canvas.dataset.strokes = this.drawn.length;
    this.hint.hidden = !isEmpty;
    // A disabled button loses the focus, and with it the place of who goes by keyboard.
    if (isEmpty && this.root.contains(this.root.getRootNode().activeElement)) {
      this.canvas.focus({ preventScroll: true });
    }
    this.undoButton.disabled = this.clearButton.disabled = isEmpty;
  }

  paintStrokes() {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, PAD_PIXELS, PAD_PIXELS);
    context.setTransform(PAD_PIXELS, 0, 0, PAD_PIXELS, 0, 0);
    context.lineWidth = PAD_PEN_WIDTH;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = "#fff";
    for (const stroke of this.drawn) {
      context.beginPath();
      context.moveTo(stroke[0][0] - DOT_LENGTH, stroke[0][1]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
  }
}
