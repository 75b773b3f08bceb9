/**
 * The codes of many dimensions in a plane: UMAP, PCA or two raw dimensions. The chosen code is
 * joined to its true neighbours, wherever the picture has put them.
 */
import {
  meanCode, neighboursOf, principalCode, principalPoints, rawPoints,
} from "../../maths/layouts.js";
import { nearestCodes } from "../../maths/nearest.js";
import { roundedCode } from "../../maths/traversal.js";
import { choiceOf } from "../../parts/controls.js";
import { dimensionName } from "./sliders.js";
import { MapView } from "../../parts/latent_map.js";
import { createElement } from "../../parts/layers.js";
import { Legend } from "../../parts/legend.js";
import { drawNeighbourLines } from "./neighbour_lines.js";
import { NeighbourPanel } from "./neighbour_panel.js";

const TRUE_NEIGHBOURS = 10;
const DRAWING_REST_MS = 150; // a pen that moves on needs no neighbours of where it was
const AVERAGED_CODES = 5; // codes whose mean an empty spot of UMAP shows
const CODE_HOVER_PX = 4; // so near to a point, UMAP shows its code
const CODE_CLICK_PX = 8; // so near to a point, a click chooses it

const CODE_MAP_LABEL =
  "Codes of the test digits in a plane. Move the pointer or press the arrow keys to decode a " +
  "spot; Enter or a click chooses it, plus and minus zoom, 0 resets.";

/** The map of codes with its choices. */
export class CodeMap {
  /**
   * @param {HTMLElement} parent
   * @param {{onPreview: function(number[], string), onLeave: function(), onDigit: function(number),
   *   onCode: function(number[], string), onLayout: function(string),
   *   onAxes: function([number, number]), onClasses: function(Set<number>), onShapes: function(boolean),
   *   decode: function(string, Float32Array): Promise, originals: function(number[]): Promise}}
   *   handlers onPreview(code, words) of a spot, onDigit and onCode of a click
   */
  constructor(parent, handlers) {
    this.handlers = handlers;
    this.place = createElement(parent, "div", "code-plane");
    this.side = createElement(parent, "div", "code-side");
    this.map = new MapView(
      this.place,
      {
        onPoint: (x, y) => this.preview(x, y),
        onPin: (place) => this.click(place),
        onLeave: () => handlers.onLeave(),
      },
      { hasPrior: false, label: CODE_MAP_LABEL },
    );
    this.buildChoices();
    this.legend = new Legend(this.side, {
      onClasses: (chosen) => {
        this.map.setHighlighted(chosen);
        handlers.onClasses(chosen);
      },
      onShapes: handlers.onShapes,
    });
    this.panel = new NeighbourPanel(this.side, handlers.onDigit);
    this.map.setPainters({ over: (context, plane) => this.paint(context, plane) });
  }

  buildChoices() {
    const choices = createElement(this.side, "div", "toolbar code-choices");
    const layouts = [["umap", "UMAP"], ["pca", "PCA"], ["raw", "Raw dimensions"]];
    this.layoutChoice = choiceOf(choices, "Picture", "layout", layouts, this.handlers.onLayout);
    this.axisPlace = createElement(choices, "span", "control-group");
    this.note = createElement(this.side, "p", "code-note", { "data-testid": "layout-note" });
  }

  destroy() {
    clearTimeout(this.resting);
    this.map.destroy();
  }

  /**
   * Takes another model.
   * @param {LatentModel} model
   * @param {{plane: Object, planeShare: number, hasUmap: boolean, order: number[],
   *   hasOriginals: boolean}} facts the principal plane and its share of the variance, whether
   *   UMAP is stored, dimensions by KL, whether the server has the test images
   */
  setModel(model, facts) {
    clearTimeout(this.resting);
    Object.assign(this, { model, facts, drawn: null, clicked: null });
    this.layoutChoice.root.querySelector('[value="umap"]').disabled = !facts.hasUmap;
    this.panel.offerOriginals(facts.hasOriginals);
    this.axisPlace.replaceChildren();
    const options = facts.order.map((dim) => [String(dim), dimensionName(dim)]);
    this.axisChoices = ["across", "up"].map((text, axis) =>
      choiceOf(this.axisPlace, text, `axis-${axis}`, options, (dim) => {
        const axes = [...this.axes];
        if (axes[1 - axis] === Number(dim)) axes.reverse(); // the same twice is a line
        else axes[axis] = Number(dim);
        this.handlers.onAxes(axes);
      }),
    );
  }

  setStyle({ ink, palette }) {
    this.ink = ink;
    this.palette = palette;
    this.legend.setStyle(palette, ink.hasShapes);
    this.applyStyle();
  }

  applyStyle() {
    if (!this.ink) return;
    const raw = this.axes?.map((dim) => `${dimensionName(dim)} (prior sigmas)`);
    const axisNames = {
      umap: ["UMAP 1", "UMAP 2"],
      pca: ["principal axis 1", "principal axis 2"],
      raw,
    }[this.kind] ?? ["", ""];
    this.map.setStyle({ ink: this.ink, palette: this.palette, axisNames });
  }

  setClasses(chosen) {
    this.legend.setChosen(chosen);
    this.map.setHighlighted(chosen);
  }

  setReady(isReady) {
    this.isReady = isReady;
    this.map.setReady(isReady && this.drawn !== null);
  }

  /**
   * Shows a layout; to be called when the map is in sight.
   * @param {string} wanted "umap", "pca" or "raw" @param {[number, number]} axes of "raw"
   */
  async setLayout(wanted, axes) {
    const { model, facts } = this;
    const kind = wanted === "umap" && !facts.hasUmap ? "pca" : wanted;
    const key = [kind, ...(kind === "raw" ? axes : [])].join();
    Object.assign(this, { kind, axes, wantedKey: key });
    this.layoutChoice.set(kind);
    this.axisPlace.hidden = kind !== "raw";
    this.axisChoices.forEach((choice, axis) => choice.set(String(axes[axis])));
    this.describe();
    if (this.drawn === key) return;
    const points = await this.layoutPoints();
    if (this.model !== model || this.wantedKey !== key) return; // overtaken
    Object.assign(this, { points, drawn: key, clicked: null });
    this.map.hasPrior = kind === "raw";
    this.map.setPoints(points, model.labels);
    this.applyStyle();
    const { dataset } = this.map.map.canvas;
    Object.assign(dataset, { layout: kind, axes: kind === "raw" ? axes.join() : "" });
    this.map.setReady(this.isReady);
    this.showNeighbours();
    this.showPlace();
  }

  /** Shows the whole layout again, wherever the map was moved. */
  showAll() {
    this.map.changeView(() => this.map.plane.reset());
  }

  async layoutPoints() {
    const { model, kind, facts } = this;
    if (kind === "umap") return model.loadLayout("umap");
    if (kind === "pca") return principalPoints(model.mu, facts.plane);
    return rawPoints(model.mu, model.dims, this.axes);
  }

  describe() {
    const { kind, axes, facts } = this;
    const share = Math.round(100 * facts.planeShare);
    const missing = facts.hasUmap
      ? ""
      : " UMAP is stored for vae-20d alone: it takes too long to compute while you wait.";
    this.note.textContent = {
      umap:
        `UMAP has no way back: an empty spot shows the mean of the ${AVERAGED_CODES} codes ` +
        "nearest to it in the picture.",
      pca:
        "The plane of the two principal axes, which hold " +
        `${share}\u00a0% of the variance: every spot of it is decoded.${missing}`,
      raw:
        `Every spot decodes the current code with ${axes.map(dimensionName).join(" and ")} ` +
        `replaced. Circles: the prior.${missing}`,
    }[kind];
  }

  /**
   * The current code, and where it began, if it has neighbours.
   * @param {number[]} code @param {?number} index of a test digit
   * @param {?number[]} drawing a drawing's code
   */
  setCode(code, index, drawing = null) {
    const start = [this.model.id, index, drawing].join();
    const isSame = this.start === start;
    Object.assign(this, { code, index, drawing, start });
    if (this.drawn === null) return;
    if (!isSame) this.showNeighbours();
    this.showPlace();
  }

  /** Where any code lies in this picture; UMAP knows of none. */
  placeOf(code) {
    if (this.kind === "raw") return this.axes.map((dim) => code[dim]);
    if (this.kind === "umap") return null;
    return [...principalPoints(Float32Array.from(code), this.facts.plane)];
  }

  /** Where the current code lies in this picture; null where nobody knows. */
  placeOfCode() {
    const { code, index, model } = this;
    const place = this.placeOf(code);
    if (place) return place;
    const isDigit = index !== null && String(roundedCode(model.code(index))) === String(code);
    if (isDigit) return [...this.points.subarray(2 * index, 2 * index + 2)];
    return this.clicked?.code === String(code) ? this.clicked.place : null;
  }

  showPlace() {
    const place = this.placeOfCode();
    this.map.setPin(place);
    if (place) this.map.setPoint(...place);
  }

  /** What a spot decodes to: a code, in words where it comes from, and a digit if it is one. */
  codeAt(x, y, reach) {
    const { kind, model } = this;
    const nearest = nearestCodes(this.points, [x, y], AVERAGED_CODES);
    const isOnCode = nearest[0].distance * this.map.plane.scale <= reach;
    const [{ index }] = nearest;
    const digit = isOnCode ? index : null;
    if (kind === "raw") {
      const code = [...this.code];
      this.axes.forEach((dim, n) => (code[dim] = [x, y][n]));
      const words = `Moved along ${this.axes.map(dimensionName).join(" and ")}`;
      return { code: roundedCode(code), words, digit };
    }
    if (kind === "pca") {
      const code = principalCode(this.facts.plane, x, y);
      return { code: roundedCode(code), words: "A point of the principal plane", digit };
    }
    if (isOnCode) {
      const words = `Test digit ${index}, a ${model.labels[index]}`;
      return { code: roundedCode(model.code(index)), words, digit };
    }
    const indices = nearest.map((found) => found.index);
    const code = roundedCode(meanCode(model.mu, model.dims, indices));
    return { code, words: `Mean of the ${AVERAGED_CODES} nearest codes`, digit };
  }

  preview(x, y) {
    if (!this.isReady || this.drawn === null) return;
    const { code, words } = this.codeAt(x, y, CODE_HOVER_PX);
    this.handlers.onPreview(code, words);
  }

  /** A click near a point chooses its digit, elsewhere the code of the spot. */
  click(place) {
    if (!place) {
      this.showPlace(); // the current code stays marked
      return;
    }
    const { code, words, digit } = this.codeAt(...place, CODE_CLICK_PX);
    this.clicked = { code: String(code), place };
    if (digit === null) this.handlers.onCode(code, words);
    else this.handlers.onDigit(digit);
  }

  /** Those of a digit at once, those of a drawing when the pen rests. */
  showNeighbours() {
    clearTimeout(this.resting);
    this.neighbours = [];
    if (this.index !== null) this.showNeighboursOfDigit();
    else if (this.drawing) {
      this.panel.wait();
      this.resting = setTimeout(() => this.showNeighboursOfDrawing(), DRAWING_REST_MS);
    } else this.panel.clear();
  }

  showNeighboursOfDigit() {
    const { model, index, points } = this;
    const found = neighboursOf(model.mu, model.dims, index, TRUE_NEIGHBOURS);
    const seen = new Set(neighboursOf(points, 2, index, TRUE_NEIGHBOURS));
    const kept = found.filter((n) => seen.has(n)).length;
    this.panel.setNeighbours(index, found, kept, model);
    this.showPictures(found);
  }

  showNeighboursOfDrawing() {
    const { model, drawing } = this;
    const found = nearestCodes(model.mu, drawing, TRUE_NEIGHBOURS).map(({ index }) => index);
    this.panel.setNeighboursOfDrawing(found, this.placeOf(drawing) !== null, model);
    this.showPictures(found);
    this.map.drawOverlay();
  }

  async showPictures(found) {
    const { model } = this;
    this.neighbours = found;
    const codes = new Float32Array(found.length * model.dims);
    found.forEach((n, at) => codes.set(model.code(n), at * model.dims));
    const isNow = () => this.model === model && this.neighbours === found;
    const greys = await this.handlers.decode("neighbours", codes);
    if (greys && isNow()) this.panel.drawReconstructions(greys, model);
    if (!this.facts.hasOriginals) return;
    const originals = await this.handlers.originals(found);
    if (isNow()) this.panel.drawOriginals(originals, model);
  }

  paint(context, plane) {
    if (this.drawn === null || !this.neighbours?.length) return;
    const at = (n) => plane.toPixel(this.points[2 * n], this.points[2 * n + 1]);
    const place = this.index === null && this.placeOf(this.drawing);
    const from = this.index !== null ? at(this.index) : place && plane.toPixel(...place);
    drawNeighbourLines(context, from, this.neighbours.map(at), this.ink);
  }
}
