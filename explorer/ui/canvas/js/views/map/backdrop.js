/** What lies under and on the Map's points: manifold or field, all ellipses, small pictures. */
import { hexOf, mixRgb, rgbOf } from "../../maths/colour_scales.js";
import { CodePictures } from "./code_pictures.js";
import { choiceOf, sliderOf, toggleButton } from "../../parts/controls.js";
import { EllipseCloud } from "./ellipse_cloud.js";
import { FIELD_NAMES, FieldBar } from "./field_bar.js";
import { FieldLayer } from "./field_layer.js";
import { createElement } from "../../parts/layers.js";
import { Manifold } from "./manifold.js";
import { readWords } from "../page.js";

const FIRST_COLUMNS = 16;
const FIRST_GRID = "linear";
const TILES_A_ROW = { min: 8, max: 32, step: 1 };
const POINTS_OVER_TILES = 0.35; // opacity
const POINTS_OVER_FIELD = { change: 0.2, class: 0.6, density: 0.12 };
const SMALL_POINTS = 0.6; // of their radius, over a field, whose colours are what is to be read
const POINT_INK = 0.45; // share of the ink's colour in points upon their own class's region
const NO_FIELD = "none";

/** Ink that can be read on decoded digits, which are white on black in every theme. */
const TILE_INK = { text: "#ffffff", background: "#000000", grey: "#5a606a" };

/** The layers, and the controls that choose them. */
export class MapBackdrop {
  /** @param {HTMLElement} parent @param {HTMLElement} foot below the map @param {MapPage} page */
  constructor(parent, foot, page) {
    this.page = page;
    this.toolbar = createElement(parent, "div", "toolbar");
    const toggle = (text, word) =>
      toggleButton(this.toolbar, text, `toggle-${word}`, (isOn) => {
        if (word === "manifold" && isOn) page.change({ field: undefined });
        page.changeWord("show", word, isOn);
        this.apply(page.values);
      });
    this.toggles = { manifold: toggle("Manifold", "manifold") };
    this.toggles.ellipses = toggle("Ellipses", "ellipses");
    const kinds = [[NO_FIELD, "No field"], ...Object.entries(FIELD_NAMES)];
    this.fieldChoice = choiceOf(this.toolbar, "", "map-field", kinds, (kind) => {
      page.changeWord("show", "manifold", false);
      page.change({ field: kind === NO_FIELD ? undefined : kind });
      this.apply(page.values);
    });
    this.fieldChoice.root.lastChild.setAttribute("aria-label", "Field under the points");
    this.bar = new FieldBar(foot);
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
    this.field = new FieldLayer({
      redraw,
      tell: (field) => {
        tell("field")(field && field.kind);
        tell("fieldX")(field && field.x);
        tell("fieldY")(field && field.y);
        if (!field) return;
        this.bar.tell(field);
        this.mark();
      },
      fail: (problem) => this.bar.fail(problem),
    });
    this.ellipses = new EllipseCloud({ redraw, tell: tell("ellipses") });
    this.pictures = new CodePictures({ decode, redraw, tell: tell("pictures") });
    this.highlighted = new Set();
  }

  destroy() {
    this.field.destroy();
    this.bar.destroy();
    this.ellipses.destroy();
    this.pictures.destroy();
  }

  setModel(model, logvar, hasOriginals) {
    this.manifold.setModel(model);
    const { url, ...facts } = this.page.data.fields;
    this.field.setSource({ url, beta: model.beta });
    this.bar.setModel(facts);
    this.ellipses.setModel(model, logvar);
    this.pictures.setModel(model, hasOriginals);
  }

  setColours(colours) {
    this.field.setColours({ ...colours, ...this.page.ink });
    this.bar.setStyle(this.page.ink, colours.palette);
    this.ellipses.setColours(colours);
    this.pictures.setColours(colours);
  }

  /** The plane's ink: the page's, but for dark tiles and fields. */
  inkOf(ink) {
    const isDark = this.manifold.choice.isOn || (this.field.kind && this.field.kind !== "class");
    return isDark ? { ...ink, ...TILE_INK } : ink;
  }

  /** The points' colours: upon their own class's region they need some of the ink's. */
  paletteOf(palette, ink) {
    if (this.field.kind !== "class") return palette;
    return palette.map((colour) => hexOf(mixRgb(rgbOf(colour), rgbOf(ink.text), POINT_INK)));
  }

  setHighlighted(classes) {
    this.highlighted = classes;
    this.pictures.setHighlighted(classes);
    this.ellipses.choose(this.ellipses.isOn, classes, this.page.map.plane);
  }

  /** Takes `show`, `tiles`, `grid` and `field` of the state; a field goes before the manifold. */
  apply({ show, tiles, grid, field }) {
    const words = readWords(show);
    if (field) words.delete("manifold");
    for (const [word, toggle] of Object.entries(this.toggles)) toggle.set(words.has(word));
    this.grid.set(grid ?? FIRST_GRID);
    const columns = tiles ? Math.round(Number(tiles)) : FIRST_COLUMNS;
    this.slider.set(columns);
    this.fieldChoice.set(field ?? NO_FIELD);
    this.page.root.classList.toggle("has-field", Boolean(field));
    this.bar.choose(field ?? null);
    this.field.choose(field ?? null, this.page.map.plane);
    this.choose({ isOn: words.has("manifold"), columns, grid: grid ?? FIRST_GRID });
    this.ellipses.choose(words.has("ellipses"), this.highlighted, this.page.map.plane);
  }

  choose(choice) {
    this.manifold.choose({ ...this.manifold.choice, ...choice }, this.page.map.plane);
    const { isOn } = this.manifold.choice;
    this.options.hidden = !isOn;
    const opacity = isOn ? POINTS_OVER_TILES : POINTS_OVER_FIELD[this.field.kind];
    this.page.map.setPointOpacity(opacity, this.field.kind ? SMALL_POINTS : undefined);
    this.page.restyle();
  }

  follow(plane) {
    this.manifold.follow(plane);
    this.field.follow(plane);
    this.ellipses.follow(plane);
    this.pictures.follow(plane);
  }

  /** Marks on the field's bar what it says at the cursor. */
  mark() {
    if (this.field.kind) this.bar.mark(this.field.at(...this.page.map.point));
  }

  /** The numbers of the field, where one is shown. */
  numbers() {
    const toLatent = (x, y) => this.page.model.toLatent(x, y);
    return this.field.field && this.field.numbers(toLatent);
  }

  paintUnder(context, plane) {
    this.field.paint(context, plane);
    this.manifold.paint(context, plane);
    this.ellipses.paint(context, plane);
  }

  paintUpon(context, plane) {
    this.pictures.paint(context, plane);
  }
}
