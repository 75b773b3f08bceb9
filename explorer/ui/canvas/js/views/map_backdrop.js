/** What lies under and on the Map's points: the manifold, all ellipses, the small pictures. */
import { CodePictures } from "../parts/code_pictures.js";
import { choiceOf, sliderOf, toggleButton } from "../parts/controls.js";
import { EllipseCloud } from "../parts/ellipse_cloud.js";
import { createElement } from "../parts/layers.js";
import { Manifold } from "../parts/manifold.js";
import { readWords } from "./page.js";

const FIRST_COLUMNS = 16;
const FIRST_GRID = "linear";
const TILES_A_ROW = { min: 8, max: 32, step: 1 };
const POINTS_OVER_TILES = 0.35; // opacity

/** Ink that can be read on decoded digits, which are white on black in every theme. */
const TILE_INK = { text: "#ffffff", background: "#000000", grey: "#5a606a" };

/** The layers, and the controls that choose them. */
export class MapBackdrop {
  /** @param {HTMLElement} parent @param {MapPage} page */
  constructor(parent, page) {
    this.page = page;
    this.toolbar = createElement(parent, "div", "toolbar");
    const toggle = (text, word) =>
      toggleButton(this.toolbar, text, `toggle-${word}`, (isOn) => {
        page.changeWord("show", word, isOn);
        this.apply(page.values);
      });
    this.toggles = { manifold: toggle("Manifold", "manifold") };
    this.toggles.ellipses = toggle("Ellipses", "ellipses");
    this.options = createElement(parent, "div", "toolbar manifold-options", { hidden: "" });
    this.slider = sliderOf(this.options, "Tiles", "manifold-tiles", TILES_A_ROW, {
      onInput: (columns) => this.choose({ columns }),
      onRelease: (columns) =>
        page.change({ tiles: columns === FIRST_COLUMNS ? undefined : String(columns) }),
    });
    const grids = [[FIRST_GRID, "evenly spaced"], ["quantiles", "on prior quantiles"]];
    this.grid = choiceOf(this.options, "", "manifold-grid", grids, (grid) => {
      page.change({ grid: grid === FIRST_GRID ? undefined : grid });
      this.apply(page.values);
    });
    this.grid.root.lastChild.setAttribute("aria-label", "Places of the tiles");
    const { dataset } = page.map.map.canvas;
    const redraw = () => page.map.requestDraw();
    const decode = (...request) => page.worker.decode(...request);
    const tell = (name) => (value) => {
      if (value === null) delete dataset[name];
      else dataset[name] = String(value);
    };
    this.manifold = new Manifold({
      decode,
      redraw,
      tell: (painted) => {
        tell("manifold")(painted && painted.columns);
        tell("manifoldX")(painted && painted.xs);
        tell("manifoldY")(painted && painted.ys);
      },
    });
    this.ellipses = new EllipseCloud({ redraw, tell: tell("ellipses") });
    this.pictures = new CodePictures({ decode, redraw, tell: tell("pictures") });
    this.highlighted = new Set();
  }

  destroy() {
    this.ellipses.destroy();
    this.pictures.destroy();
  }

  setModel(model, logvar, hasOriginals) {
    this.manifold.setModel(model);
    this.ellipses.setModel(model, logvar);
    this.pictures.setModel(model, hasOriginals);
  }

  setColours(colours) {
    this.ellipses.setColours(colours);
    this.pictures.setColours(colours);
  }

  /** The plane's ink: the page's, but for the dark tiles. */
  inkOf(ink) {
    return this.manifold.choice.isOn ? { ...ink, ...TILE_INK } : ink;
  }

  setHighlighted(classes) {
    this.highlighted = classes;
    this.pictures.setHighlighted(classes);
    this.ellipses.choose(this.ellipses.isOn, classes, this.page.map.plane);
  }

  /** Takes `show`, `tiles` and `grid` of the state. */
  apply({ show, tiles, grid }) {
    const words = readWords(show);
    for (const [word, toggle] of Object.entries(this.toggles)) toggle.set(words.has(word));
    this.grid.set(grid ?? FIRST_GRID);
    const columns = tiles ? Math.round(Number(tiles)) : FIRST_COLUMNS;
    this.slider.set(columns);
    this.choose({ isOn: words.has("manifold"), columns, grid: grid ?? FIRST_GRID });
    this.ellipses.choose(words.has("ellipses"), this.highlighted, this.page.map.plane);
  }

  choose(choice) {
    this.manifold.choose({ ...this.manifold.choice, ...choice }, this.page.map.plane);
    const { isOn } = this.manifold.choice;
    this.options.hidden = !isOn;
    this.page.map.setPointOpacity(isOn ? POINTS_OVER_TILES : undefined);
    this.page.restyle();
  }

  follow(plane) {
    this.manifold.follow(plane);
    this.ellipses.follow(plane);
    this.pictures.follow(plane);
  }

  paintUnder(context, plane) {
    this.manifold.paint(context, plane);
    this.ellipses.paint(context, plane);
  }

  paintUpon(context, plane) {
    this.pictures.paint(context, plane);
  }
}
