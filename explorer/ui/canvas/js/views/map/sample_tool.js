/** Draws from the prior or from one digit's posterior: where they fall and what they decode to. */
import { posteriorSamples } from "../../maths/posterior_samples.js";
import { standardNormals } from "../../maths/random.js";
import { choiceOf, pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { PointedTiles } from "./pointed_tiles.js";

const MAP_SAMPLE_COLUMNS = { 25: 7, 100: 13 }; // so that both fit beside a map
const SAMPLE_RADIUS_PX = 4.5;
const SAMPLE_POINTED_RADIUS_PX = 9;
const SAMPLE_FIND_PX = 9; // from the pointer to the place of a sample
const MAX_SEED = 999_999;

/** The choices, the tiles, and the places on the map. */
export class SampleTool {
  /**
   * @param {HTMLElement} parent
   * @param {{decode: function, moveTo: function, moveBack: function(), change: function(Object),
   *   redraw: function()}} host change hears of {draws, from, seed}; redraw has `paint` called
   */
  constructor(parent, host) {
    this.host = host;
    const choices = createElement(parent, "div", "toolbar");
    const counts = [["25", "25"], ["100", "100"]];
    this.count = choiceOf(choices, "", "sample-count", counts, (draws) =>
      this.host.change({ draws }),
    );
    const sources = [["prior", "the prior"], ["posterior", "the posterior"]];
    this.source = choiceOf(choices, "from", "sample-source", sources, (from) =>
      this.host.change({ from }),
    );
    pushButton(choices, "Again", "sample-again", () =>
      this.host.change({ seed: (this.choice.seed % MAX_SEED) + 1 }),
    ).title = "Draw other samples";
    this.count.root.lastChild.setAttribute("aria-label", "Number of samples");
    this.hint = createElement(parent, "p", "hint", { "data-testid": "sample-hint" });
    const label = "Digits decoded from the samples";
    const attributes = { "data-testid": "sample-tiles", "aria-label": label };
    this.tiles = new PointedTiles(parent, attributes, (n) => this.point(n));
    this.points = new Float32Array(0); // (count, 2) flat, latent
  }

  /** @param {Float32Array} logvar (N, 2) flat */
  setModel(model, logvar) {
    this.model = model;
    this.logvar = logvar;
  }

  /** @param {{draws: string, from: string, seed: number, digit: number}} choice digit -1: none */
  apply(choice) {
    this.choice = choice;
    this.count.set(choice.draws);
    this.source.set(choice.from);
    this.refresh();
  }

  /** Draws the points; without the chosen digit that they need, none. */
  sample() {
    const { draws, from, seed, digit } = this.choice;
    const count = Number(draws);
    if (from === "prior") return standardNormals(2 * count, seed);
    if (digit < 0) return new Float32Array(0);
    const repeated = (values) =>
      Float32Array.from({ length: 2 * count }, (_, i) => values[2 * digit + (i % 2)]);
    return posteriorSamples(repeated(this.model.mu), repeated(this.logvar), seed);
  }

  async refresh() {
    const { model } = this;
    const points = this.sample();
    this.points = points;
    this.host.redraw();
    const { from, digit } = this.choice;
    this.hint.hidden = from === "prior";
    this.hint.textContent = digit < 0
      ? "Click a code on the map: samples come from its digit\u2019s posterior."
      : `The posterior of test digit ${digit}, a ${model.labels[digit]}.`;
    this.tiles.root.hidden = points.length === 0;
    if (points.length === 0) return;
    const greys = await this.host.decode("samples", model, points);
    if (!greys || points !== this.points || model !== this.model) return;
    const { height, width } = model;
    const columns = MAP_SAMPLE_COLUMNS[this.choice.draws];
    this.tiles.draw(greys, { height, width, columns }, { z: Array.from(points).join() });
  }

  point(n) {
    if (n < 0) this.host.moveBack();
    else this.host.moveTo(this.points.subarray(2 * n, 2 * n + 2));
    this.host.redraw();
  }

  /** Marks the tile of the sample at a pixel of the map, if there is one. */
  find(px, py, plane) {
    let [nearest, least] = [-1, SAMPLE_FIND_PX];
    for (let n = 0; n < this.points.length / 2; n++) {
      const [x, y] = this.place(n, plane);
      const distance = Math.hypot(x - px, y - py);
      if (distance < least) [nearest, least] = [n, distance];
    }
    if (this.tiles.grid.shape && nearest !== this.tiles.pointed) this.tiles.setPointed(nearest);
  }

  place(n, plane) {
    return plane.toPixel(...this.model.toDisplay(this.points[2 * n], this.points[2 * n + 1]));
  }

  /** Draws where the samples fall. */
  paint(context, plane, ink) {
    context.save();
    for (let n = 0; n < this.points.length / 2; n++) {
      const isPointed = n === this.tiles.pointed;
      context.beginPath();
      const radius = isPointed ? SAMPLE_POINTED_RADIUS_PX : SAMPLE_RADIUS_PX;
      context.arc(...this.place(n, plane), radius, 0, 2 * Math.PI);
      context.fillStyle = isPointed ? ink.accent : ink.text;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = ink.background;
      context.stroke();
    }
    context.restore();
  }
}
