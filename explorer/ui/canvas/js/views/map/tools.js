/** The Map's tools, of which one is open: neighbours, a path, samples, a drawing. */
import { pushButton } from "../../parts/controls.js";
import { DrawTool } from "./draw_tool.js";
import { createElement } from "../../parts/layers.js";
import { NeighbourTool } from "./neighbour_tool.js";
import { PathTool } from "./path_tool.js";
import { SampleTool } from "./sample_tool.js";
import { readNumbers, writeNumbers } from "../page.js";

const TOOLS = { neighbours: "Neighbours", path: "Path", samples: "Samples", draw: "Draw" };
const [FIRST_TOOL] = Object.keys(TOOLS);
const FIRST_SEED = 1;
const FOLLOW_MS = 150; // a moving pointer is followed this often: each picture costs it a frame

/** A text of the state, undefined at its default. */
function unless(text, standard) {
  return text === standard ? undefined : text;
}

/** The tools with their buttons. */
export class MapTools {
  /** @param {HTMLElement} parent @param {HTMLElement} strip below the map @param {MapPage} page */
  constructor(parent, strip, page) {
    this.page = page;
    this.strip = strip;
    this.open = FIRST_TOOL;
    const bar = createElement(parent, "div", "toolbar segments", {
      role: "group",
      "aria-label": "Tools: one is open",
    });
    this.buttons = {};
    this.panels = {};
    for (const [tool, title] of Object.entries(TOOLS)) {
      this.buttons[tool] = pushButton(bar, title, `tool-${tool}`, () =>
        page.changeAndApply({ tool: unless(tool, FIRST_TOOL) }),
      );
      this.panels[tool] = createElement(parent, "div", `tool-panel tool-panel-${tool}`);
    }
    const host = {
      decode: (...request) => page.worker.decode(...request),
      point: () => readNumbers(writeNumbers(page.z)),
      moveTo: (z) => page.moveTo(z),
      moveBack: () => page.moveBack(),
      redraw: () => page.map.drawOverlay(),
    };
    this.neighbours = new NeighbourTool(this.panels.neighbours, host);
    this.path = new PathTool(this.panels.path, strip, {
      ...host,
      change: ({ a, b }) =>
        page.change({ a: a ? writeNumbers(a) : undefined, b: b ? writeNumbers(b) : undefined }),
    });
    this.samples = new SampleTool(this.panels.samples, {
      ...host,
      change: ({ draws, from, seed }) => {
        const choice = { ...this.sampleChoice(page.values) };
        page.changeAndApply({
          draws: unless(draws ?? choice.draws, "25"),
          from: unless(from ?? choice.from, "prior"),
          seed: unless(String(seed ?? choice.seed), String(FIRST_SEED)),
        });
      },
    });
    this.draw = new DrawTool(this.panels.draw, host);
  }

  destroy() {
    clearTimeout(this.followTimer);
    this.neighbours.destroy();
    this.draw.destroy();
  }

  setPalette(palette) {
    this.neighbours.setPalette(palette);
    this.draw.setPalette(palette);
  }

  setModel(model, logvar, reach, hasOriginals) {
    this.neighbours.setModel(model, hasOriginals);
    this.path.setModel(model, reach);
    this.samples.setModel(model, logvar);
    this.draw.setModel(model, hasOriginals);
  }

  sampleChoice({ draws = "25", from = "prior", seed = String(FIRST_SEED) }) {
    return { draws, from, seed: Number(seed), digit: this.page.digitChosen };
  }

  /** Takes `tool` and what belongs to the open one of the state. */
  apply(values) {
    this.open = values.tool ?? FIRST_TOOL;
    for (const tool of Object.keys(TOOLS)) {
      this.buttons[tool].setAttribute("aria-pressed", String(tool === this.open));
      this.panels[tool].hidden = tool !== this.open;
    }
    this.strip.hidden = this.open !== "path";
    this.page.root.classList.toggle("has-strip", this.open === "path");
    const end = (text) => (text ? readNumbers(text) : null);
    if (this.open === "path") this.path.apply({ a: end(values.a), b: end(values.b) });
    if (this.open === "samples") this.samples.apply(this.sampleChoice(values));
    if (this.open === "draw") this.draw.open();
    if (this.open === "neighbours") this.nearby();
  }

  nearby() {
    clearTimeout(this.followTimer);
    this.followTimer = 0;
    if (this.page.model && this.page.z) this.neighbours.show(this.page.z);
  }

  /** The cursor has moved. */
  follow(z, plane) {
    if (this.open === "neighbours") this.followTimer ||= setTimeout(() => this.nearby(), FOLLOW_MS);
    if (this.open === "samples") {
      this.samples.find(...plane.toPixel(...this.page.model.toDisplay(...z)), plane);
    }
  }

  /** The drawing's code, while it is drawn on. @returns {?Float32Array} */
  get drawn() {
    return this.open === "draw" ? this.draw.posterior?.mu : null;
  }

  tap(z) {
    return this.open === "path" && this.path.tap(readNumbers(writeNumbers(z)));
  }

  untap() {
    this.path.untap();
  }

  grab(px, py, plane) {
    return this.open === "path" && this.path.grab(px, py, plane);
  }

  drag(z) {
    this.path.drag(readNumbers(writeNumbers(z)));
  }

  drop() {
    this.path.drop();
  }

  paint(context, plane, ink) {
    if (this.open !== "neighbours") this[this.open].paint(context, plane, ink);
  }

  /** The open tool's numbers for a CSV file; null where it has none of its own. */
  numbers() {
    const pairs = (points) =>
      Array.from({ length: points.length / 2 }, (_, n) => [n, points[2 * n], points[2 * n + 1]]);
    if (this.open === "path" && this.path.points && this.path.counts) {
      const { points, counts } = this.path;
      const rows = pairs(points).map((row, n) => [...row, counts[n]]);
      return { header: ["step", "z_1", "z_2", "test_digits_near"], rows };
    }
    if (this.open === "samples" && this.samples.points.length > 0) {
      return { header: ["sample", "z_1", "z_2"], rows: pairs(this.samples.points) };
    }
    return null;
  }
}
