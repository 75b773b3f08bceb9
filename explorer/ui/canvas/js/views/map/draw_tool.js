/** A drawn digit: encoded in the browser as it is drawn, with its ellipse on the map. */
import { createElement } from "../../parts/layers.js";
import { drawPin, drawPosterior } from "../../parts/marks.js";
import { NeighbourTool } from "./neighbour_tool.js";
import { DrawingPad } from "../../parts/pad.js";

/** The pad, and what the model makes of the drawing. */
export class DrawTool {
  /**
   * @param {HTMLElement} parent
   * @param {{decode: function, moveTo: function, moveBack: function(), redraw: function()}} host
   *   moveTo shows a point as if it were pointed at; redraw draws what `paint` draws
   */
  constructor(parent, host) {
    this.host = host;
    this.root = createElement(parent, "div", "draw-tool", { "data-testid": "drawn-code" });
    this.near = null;
    this.posterior = null; // {mu, logvar} of the drawing
  }

  /** Makes the pad when it is first needed: only then is the size of a digit known. */
  open() {
    this.pad ??= new DrawingPad(this.root, {
      size: this.model.width,
      onDraw: (pixels) => this.encode(pixels),
      onClear: () => this.empty(),
    });
    this.near ??= new NeighbourTool(this.root, this.host);
    this.near.setPalette(this.palette);
    this.near.setModel(this.model, this.hasOriginals);
    this.near.root.hidden = !this.posterior;
  }

  setPalette(palette) {
    this.palette = palette;
    this.near?.setPalette(palette);
  }

  setModel(model, hasOriginals) {
    this.model = model;
    this.hasOriginals = hasOriginals;
    this.posterior = null;
    if (!this.pad) return;
    this.near.setModel(model, hasOriginals);
    this.pad.setSize(model.width);
    this.pad.setStrokes(this.pad.strokes); // drawn anew for the new model
  }

  async encode(pixels) {
    const { model } = this;
    this.pixels = pixels;
    const encoder = await model.loadEncoder();
    if (pixels !== this.pixels || model !== this.model) return;
    this.posterior = encoder.encode(pixels);
    const { mu, logvar } = this.posterior;
    this.host.moveTo(mu);
    Object.assign(this.root.dataset, { mu: mu.join(), logvar: logvar.join() });
    this.near.root.hidden = false;
    this.near.show(mu);
  }

  empty() {
    this.pixels = null;
    this.posterior = null;
    delete this.root.dataset.mu;
    delete this.root.dataset.logvar;
    this.near.root.hidden = true;
    this.host.redraw();
  }

  /** Draws the drawing's code and its posterior. */
  paint(context, plane, ink) {
    if (!this.posterior) return;
    const { mu, logvar } = this.posterior;
    const centre = this.model.toDisplay(...mu);
    const axes = this.model.posteriorAxes(logvar);
    drawPosterior(context, plane, centre, axes, { ...ink, text: ink.accent });
    drawPin(context, ...plane.toPixel(...centre), ink);
  }

  destroy() {
    this.pad?.destroy();
    this.near?.destroy();
  }
}
