/**
 * The page 'Map': one model's map beside the digit at its cursor, and tools to look closer.
 *
 * The digit follows the pointer. When the mouse leaves, it goes back to the pinned point; with
 * nothing pinned it stays at the last point, so that it can be talked about. What is slower than a
 * decode (neighbours, tiles, originals) comes after it, from the worker.
 */
import { LatentModel } from "../../maths/model.js";
import { nearestCodes } from "../../maths/nearest.js";
import { openingDigit } from "../../maths/opening.js";
import { priorShare } from "../../maths/normal.js";
import { formatNumber } from "../../maths/scales.js";
import { reachOf } from "../../maths/spacing.js";
import { DigitView } from "../../parts/digit.js";
import { exportButtons } from "../../parts/export.js";
import { MapView } from "../../parts/latent_map.js";
import { foldOf } from "../../parts/fold.js";
import { createElement } from "../../parts/layers.js";
import { Legend } from "../../parts/legend.js";
import { drawPosterior } from "../../parts/marks.js";
import { PinPanel } from "./pin_panel.js";
import { PointFacts } from "./point_facts.js";
import { MapBackdrop } from "./backdrop.js";
import { MapTools } from "./tools.js";
import { Page, readNumbers, writeNumbers } from "../page.js";

/** From the pointer to a code that it means; where codes are pictures, half a picture's side. */
const HOVER_PX = 8;

/** The page, built once inside its parent. */
export class MapPage extends Page {
  constructor(parent) {
    super(parent, "map");
    const mapSide = createElement(this.root, "div", "map-side");
    const side = createElement(this.root, "div", "digit-side");
    const head = createElement(side, "div", "digit-head");
    this.digit = new DigitView(head, { "data-testid": "decoded-digit" });
    this.facts = new PointFacts(createElement(head, "div", "digit-facts"));
    const layers = foldOf(side, "Classes and layers");
    this.legend = new Legend(layers, {
      onClasses: (chosen) => {
        this.highlight(chosen);
        this.changeClasses(chosen);
      },
      onShapes: (hasShapes) => this.changeShapes(hasShapes),
    });
    this.map = new MapView(mapSide, {
      onPoint: (x, y) => this.model && this.showDigit(this.model.toLatent(x, y)),
      onPin: (pin, isUndo) => this.pin(pin, isUndo),
      onView: (plane) => this.followView(plane),
      onTap: (x, y) => this.tools.tap(this.model.toLatent(x, y)),
      onUntap: () => this.tools.untap(),
      onGrab: (px, py) => this.tools.grab(px, py, this.map.plane),
      onDrag: (x, y) => this.tools.drag(this.model.toLatent(x, y)),
      onDrop: () => this.tools.drop(),
      onLeave: () => this.moveBack(),
    });
    this.backdrop = new MapBackdrop(layers, mapSide, this);
    exportButtons(this.backdrop.toolbar, {
      root: this.root,
      name: () => `map-${this.model.name.replace("/", "-")}`,
      ink: () => this.ink,
      models: () => [this.data.model],
      numbers: () => this.tools.numbers() ?? this.backdrop.numbers() ?? this.numbers(),
    });
    const tools = foldOf(side, "Tools: neighbours, path, samples, draw");
    this.tools = new MapTools(tools, createElement(this.root, "div", "strip"), this);
    this.panel = new PinPanel(this.root);
    this.map.setPainters({
      under: (context, plane) => this.backdrop.paintUnder(context, plane),
      upon: (context, plane) => this.backdrop.paintUpon(context, plane),
      over: (context, plane) => this.paintOver(context, plane),
    });
    this.digitChosen = this.digitHovered = -1; // indices of test digits
  }

  destroy() {
    this.facts.destroy();
    this.backdrop.destroy();
    this.tools.destroy();
    this.map.destroy();
    super.destroy();
  }

  restyle() {
    const isRotated = this.model && this.model.rotation.join() !== "1,0,0,1";
    const axisNames = ["z\u2081", "z\u2082"].map((name) => name + (isRotated ? " (rotated)" : ""));
    const planeInk = this.backdrop.inkOf(this.ink);
    const palette = this.backdrop.paletteOf(this.palette, this.ink);
    this.map.setStyle({ ink: this.ink, planeInk, palette, axisNames });
    this.legend.setStyle(this.palette, this.ink.hasShapes);
    this.tools.setPalette(this.palette);
    this.backdrop.setColours({ palette: this.palette, grey: planeInk.grey });
  }

  setReady(isReady) {
    if (!isReady) this.model = null; // until the new one is here, there is nothing to decode with
    this.map.setReady(isReady);
  }

  async load({ model: source }) {
    const model = await LatentModel.load(source);
    return { model, logvar: await model.loadLogvar() };
  }

  beginScene() {
    this.show(this);
  }

  show({ model, logvar }) {
    // Another beta of the same family is looked at from the same place, at the same point.
    const isSameFamily = this.shown === model.name && !this.isBeginning;
    this.shown = model.name;
    this.model = model;
    this.logvar = logvar;
    this.nearest = null; // code of the cursor
    this.reach = reachOf(model.mu, logvar);
    const hasOriginals = Boolean(this.data.originals);
    this.backdrop.setModel(model, logvar, hasOriginals);
    this.tools.setModel(model, logvar, this.reach, hasOriginals);
    this.restyle();
    this.map.setPoints(model.points, model.labels, { keepView: isSameFamily });
    this.digitHovered = -1;
    this.applyState(null);
    this.backdrop.follow(this.map.plane);
    const before = isSameFamily ? this.z : this.opening();
    const start = this.values.z ? readNumbers(this.values.z) : before;
    this.map.setPin(this.values.z ? model.toDisplay(...start) : null);
    this.moveTo(start);
  }

  /** Where nothing says where to begin: at the chosen digit's code, or at one that decodes well. */
  opening() {
    const index = this.digitChosen < 0 ? openingDigit(this.model) : this.digitChosen;
    return Array.from(this.model.code(index));
  }

  /** Takes the state's values of these keys; of all where there are none. */
  applyState(keys) {
    const has = (...names) => !keys || names.some((name) => keys.includes(name));
    if (has("classes")) {
      const chosen = this.chosenClasses;
      this.legend.setChosen(chosen);
      this.highlight(chosen);
    }
    if (has("digit")) this.digitChosen = this.values.digit ? Number(this.values.digit) : -1;
    if (has("show", "tiles", "grid", "field")) this.backdrop.apply(this.values);
    this.tools.apply(this.values);
    this.showPanel();
    if (keys?.includes("z")) {
      const z = this.values.z && readNumbers(this.values.z);
      this.map.setPin(z ? this.model.toDisplay(...z) : null);
      if (z) this.moveTo(z);
    }
    this.map.drawOverlay();
  }

  showPanel() {
    const { z, tool, a, b } = this.values;
    const isPathBegun = tool === "path" && !(a && b);
    this.panel.show(this.model, z ? readNumbers(z) : null, { palette: this.palette, isPathBegun });
  }

  /** The user's doing, by key of the state: acted on at once, and reported. */
  changeAndApply(texts) {
    this.change(texts);
    this.applyState(Object.keys(texts).filter((key) => key !== "z"));
  }

  highlight(chosen) {
    this.map.setHighlighted(chosen);
    this.backdrop.setHighlighted(chosen);
  }

  /** The pin is where the state says, to its last digit, so that a link shows the same. */
  pin(place, isUndo) {
    const text = place ? writeNumbers(this.model.toLatent(...place)) : undefined;
    if (text) {
      const z = readNumbers(text);
      this.map.setPin(this.model.toDisplay(...z));
      this.moveTo(z);
    }
    if (isUndo) this.digitChosen = this.digitBefore;
    else this.choose(place);
    this.changeAndApply({
      z: text,
      digit: this.digitChosen < 0 ? undefined : String(this.digitChosen),
    });
  }

  /** A pin near a code chooses its digit, one elsewhere leaves the choice, none takes it back. */
  choose(place) {
    this.digitBefore = this.digitChosen;
    if (!place) this.digitChosen = -1;
    else if (this.digitHovered >= 0) this.digitChosen = this.digitHovered;
  }

  moveTo(z) {
    if (!this.model) return; // tiles of the last model can still be pointed at
    this.showDigit(z);
    this.map.setPoint(...this.model.toDisplay(...z));
  }

  /** Nothing is pointed at any more: back to the drawing, or to the pin, if there is one. */
  moveBack() {
    if (!this.model) return;
    const rest = this.tools.drawn ?? (this.values.z && readNumbers(this.values.z));
    if (rest) this.moveTo(rest);
  }

  showDigit(z) {
    this.z = z;
    const { height, width, name, beta, mu } = this.model;
    this.digit.draw(this.model.decode(z), height, width, {
      z: z.join(),
      model: name,
      beta: beta === null ? undefined : String(beta),
    });
    [this.nearest] = nearestCodes(mu, z, 1);
    this.hover();
  }

  /** Another part of the plane is in view: the same cursor may be near a code, or no longer. */
  followView(plane) {
    this.backdrop.follow(plane);
    if (!this.model || !this.nearest) return;
    this.hover();
    this.map.drawOverlay();
  }

  hover() {
    const { index, distance } = this.nearest;
    const reach = Math.max(HOVER_PX, this.backdrop.pictures.side / 2);
    this.digitHovered = distance * this.map.plane.scale <= reach ? index : -1;
    this.rest.ask();
  }

  /** What need not be there in the frame of the move itself. */
  showRest() {
    if (!this.model) return;
    const { name, labels, height, width } = this.model;
    const { distance } = this.nearest;
    const isFar = distance > this.reach;
    const { isAtEdge } = this.map;
    this.facts.show({ z: Array.from(this.z), share: priorShare(this.z), distance, isFar, isAtEdge });
    this.digit.canvas.classList.toggle("is-off", isFar);
    const written = Array.from(this.z, (value) => formatNumber(value, 2)).join(", ");
    this.digit.canvas.setAttribute("aria-label", `Digit decoded at z = (${written})`);
    const index = this.digitHovered >= 0 ? this.digitHovered : this.digitChosen;
    const digit = { dataset: name.split("/")[0], index, label: labels[index], height, width };
    const isHovered = this.digitHovered >= 0;
    this.facts.name(index < 0 ? null : { ...digit, isHovered, hasOriginal: this.data.originals });
    this.tools.follow(this.z, this.map.plane);
    this.backdrop.mark();
  }

  /** The chosen digit's posterior, the hovered one's, and what the tool has to show. */
  paintOver(context, plane) {
    if (!this.model) return;
    const ink = this.map.planeInk;
    const posterior = (index, colours) => {
      const centre = this.model.points.subarray(2 * index, 2 * index + 2);
      const axes = this.model.posteriorAxes(this.logvar.subarray(2 * index, 2 * index + 2));
      drawPosterior(context, plane, centre, axes, colours);
    };
    if (this.digitChosen >= 0) posterior(this.digitChosen, { ...ink, text: ink.accent });
    if (this.digitHovered >= 0 && this.digitHovered !== this.digitChosen) {
      posterior(this.digitHovered, ink);
    }
    this.tools.paint(context, plane, ink);
  }

  /** Every code with its class, in the model's own coordinates. */
  numbers() {
    const { mu, labels } = this.model;
    const rows = Array.from(labels, (label, n) => [n, label, mu[2 * n], mu[2 * n + 1]]);
    return { header: ["test_digit", "class", "mu_1", "mu_2"], rows };
  }
}
