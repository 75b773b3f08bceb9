/**
 * The page 'Machine': one digit's whole pass through a model, from its pixels to its loss.
 *
 * The state is x (a test digit or a drawing), the noise, and z where it was put by hand; all else
 * follows, in the frame of the move. A stage in the state is where the pass is stopped.
 */
import { decodePass, encodePass, lossOf, noiseOf, sampledCode } from "../../maths/machine_pass.js";
import { LatentModel } from "../../maths/model.js";
import { standardNormals } from "../../maths/random.js";
import { formatNumber, homeOf } from "../../maths/scales.js";
import { orderByKl, sliderReach } from "../../maths/traversal.js";
import { pushButton } from "../../parts/controls.js";
import { DigitView } from "../../parts/digit.js";
import { exportButtons } from "../../parts/export.js";
import { InputDigit } from "../../parts/input_digit.js";
import { createElement } from "../../parts/layers.js";
import { unitPx } from "../../parts/sizes.js";
import { NoiseBell, PosteriorBells } from "./bells.js";
import { CodePlane } from "./code_plane.js";
import { CodeRows } from "./code_rows.js";
import { NetworkStrips } from "./layer_strip.js";
import { LossPanel } from "./loss_panel.js";
import { PartCard } from "./part_card.js";
import { partFacts, passNumbers } from "./part_facts.js";
import { PassControls } from "./pass_controls.js";
import { PassFlow } from "./pass_flow.js";
import { STAGES, STAGE_KEYS, lossSaid, passSaid, stageSaid } from "./stages.js";
import { Page, readNumbers, writeNumbers } from "../page.js";

const FIRST_THROW_SEED = 3; // until the dice are thrown
const THROW_SEEDS = 2 ** 32;
const DROP_MS = 500; // of the thrown numbers, to the eye
const NARROW_PX = 700; // a page so wide has its stages below one another

/** Noise as the state holds it: two decimals. */
function thrown(dims, seed) {
  return Array.from(standardNormals(dims, seed), (value) => Math.round(100 * value) / 100 + 0);
}

/** The page, built once inside its parent. */
export class MachinePage extends Page {
  constructor(parent) {
    super(parent, "machine");
    this.root.dataset.ready = "false";
    const head = createElement(this.root, "div", "machine-head");
    this.controls = new PassControls(head, this.root, {
      onPosition: (position) => this.showPosition(position),
      onRest: (stage) => this.change({ stage: stage ?? undefined }),
    });
    this.said = createElement(head, "p", "machine-said", { "data-testid": "machine-said" });
    exportButtons(createElement(head, "div", "toolbar"), {
      root: this.root,
      name: () => `machine-${this.model.name.replace("/", "-")}`,
      ink: () => this.ink,
      models: () => [this.data.model],
      numbers: () => passNumbers(this),
    });
    this.whole = createElement(this.root, "div", "machine-whole");
    this.flow = new PassFlow(this.whole);
    this.pass = createElement(this.whole, "div", "machine-pass");
    this.buildStages();
    this.lossPanel = new LossPanel(this.whole);
    this.stages.loss = this.lossPanel.root;
    this.card = new PartCard(this.root, (part, place) =>
      this.decoded ? partFacts(part, place, this, this.strips) : null,
    );
    this.sizeObserver = new ResizeObserver(() => this.measure());
    this.sizeObserver.observe(this.whole);
  }

  buildStages() {
    this.stages = {};
    for (const stage of STAGE_KEYS.slice(0, -1)) {
      const section = createElement(this.pass, "section", `machine-stage is-${stage}`, {
        "data-stage": stage,
      });
      const title = pushButton(section, STAGES[stage], `stage-${stage}`, () =>
        this.controls.rest(stage),
      );
      title.className = "stage-title";
      this.stages[stage] = section;
    }
    const { picture, posterior, noise, code, output } = this.stages;
    this.networks = Object.fromEntries(
      ["encoder", "decoder"].map((n) => [n, new NetworkStrips(this.stages[n], n, STAGES[n])]),
    );
    this.input = new InputDigit(picture, {
      onImage: (image) => this.takeImage(image),
      onChange: (texts) => this.change({ ...texts, code: undefined }), // z was put for another x
      onStroke: () => this.values.code && this.change({ code: undefined }),
      onProblem: (message) => this.tellProblem(message),
      standIn: (index) => this.model.decode(this.model.code(index)),
    });
    Object.assign(this.input.picture.canvas, { tabIndex: 0 }).dataset.part = "picture";
    this.bells = new PosteriorBells(posterior);
    this.noiseBell = new NoiseBell(noise);
    this.dice = pushButton(noise, "", "throw-dice", () => this.throwDice());
    createElement(this.dice, "span", "die", { "aria-hidden": "true" });
    this.dice.append("Throw");
    this.dice.title = "Throw another \u03b5";
    this.codePlace = createElement(code, "div", "code-place");
    this.codeWords = createElement(code, "p", "code-said", { "data-testid": "code-said" });
    this.output = new DigitView(output, {
      "data-testid": "decoded-digit",
      "data-part": "output",
      tabindex: "0",
    });
  }

  destroy() {
    this.controls.destroy();
    this.input.destroy();
    this.noiseBell.stop();
    this.code?.destroy();
    this.sizeObserver.disconnect();
    super.destroy();
  }

  tellProblem(message) {
    this.notice.textContent = message ?? "";
    this.notice.hidden = !message;
  }

  restyle() {
    const { ink, palette } = this;
    for (const part of [this.flow, this.bells, this.noiseBell, this.lossPanel]) part.setStyle(ink);
    this.code?.setStyle({ ...ink, ink, palette, axisNames: ["", ""] });
    for (const network of Object.values(this.networks)) network.setStyle(ink);
    this.measure(); // the unit may be another one as well
    if (this.isReady) this.flow.setPosition(this.controls.position);
  }

  setReady(isReady) {
    this.root.dataset.ready = String(isReady);
    this.root.inert = !isReady; // a code means something in one model only
    this.code?.setReady(isReady);
  }

  async load({ model: source }) {
    const model = await LatentModel.load(source);
    return { model, encoder: await model.loadEncoder() };
  }

  show({ model, encoder }) {
    // What was put by hand belongs to its model's codes; Python forgets it as well.
    if (this.model && this.model.id !== model.id && !this.isBeginning) delete this.values.code;
    Object.assign(this, { model, encoder, image: null, encoded: null, decoded: null });
    const natural = new Array(model.dims).fill(0);
    this.order = orderByKl(model.dims > 2 ? (this.data.kl ?? natural) : natural);
    const reach = sliderReach(model.mu);
    this.bells.setDimensions(this.order, reach);
    this.lossPanel.setDimensions(this.order);
    for (const [network, { layers }] of [["encoder", encoder.mlp], ["decoder", model.decoder]]) {
      this.networks[network].setLayers(layers);
      this.pass.style.setProperty(`--${network}-layers`, String(layers.length - 1));
    }
    this.buildCode(reach);
    this.restyle();
    this.input.setModel(model, this.data.originals);
    this.applyState(["stage", "digit"]);
  }

  /** The plane of two dimensions, or a row for each of more. */
  buildCode(reach) {
    const { model } = this;
    this.code?.destroy();
    this.codePlace.replaceChildren();
    this.root.classList.toggle("is-plane", model.dims === 2);
    const onRelease = () => this.change({ code: writeNumbers(this.z) });
    if (model.dims === 2) {
      const onCode = (x, y) => this.putCode(model.toLatent(x, y));
      this.code = new CodePlane(this.codePlace, { onCode, onRelease });
      const { ink, palette } = this;
      this.code.setStyle({ ink, palette, axisNames: ["", ""] });
      this.code.setPoints(model.points, model.labels, { home: homeOf(model.points, { outliers: 0.004 }) });
      return;
    }
    const onValue = (dim, value) => this.putCode(this.z.with(dim, value));
    this.code = new CodeRows(this.codePlace, { onValue, onRelease });
    this.code.setDimensions(this.order, reach);
  }

  /** Takes over the places of all stages. */
  measure() {
    if (!this.model || this.whole.clientWidth === 0) return;
    const frame = this.whole.getBoundingClientRect();
    const boxOf = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left: left - frame.left, top: top - frame.top, width, height };
    };
    for (const part of [this.bells, this.noiseBell, this.lossPanel]) part.measure();
    if (this.model.dims !== 2) this.code.measure();
    for (const network of Object.values(this.networks)) network.measure();
    const { encoder, decoder } = this.strips;
    const boxes = {
      whole: { left: 0, top: 0, width: frame.width, height: frame.height },
      pass: boxOf(this.pass),
      picture: boxOf(this.input.picture.canvas),
      encoder: encoder.map(({ canvas }) => boxOf(canvas)),
      posterior: boxOf(this.bells.canvas),
      noise: boxOf(this.noiseBell.canvas),
      code: boxOf(this.model.dims === 2 ? this.code.map.canvas : this.code.root),
      decoder: decoder.map(({ canvas }) => boxOf(canvas)),
      output: boxOf(this.output.canvas),
      kl: boxOf(this.lossPanel.kl.cell),
      heat: boxOf(this.lossPanel.heat.canvas),
    };
    const isNarrow = frame.width <= NARROW_PX;
    this.flow.setPlaces({ strips: this.strips, bells: this.bells, boxes, isNarrow });
    this.boxes = boxes;
    if (this.decoded) this.showFlow();
  }

  showFlow() {
    this.flow.takeEncoded(this);
    this.flow.takeDecoded(this, (dim, isOut) => this.placeOfCode(dim, isOut));
  }

  /** Where a dimension of z is, in the page's picture. */
  placeOfCode(dim, isOut) {
    const { left, top, width, height } = this.boxes.code;
    if (this.model.dims === 2) {
      const place = this.code.plane.toPixel(...this.model.toDisplay(...this.z));
      return [left + place[0] * unitPx(), top + place[1] * unitPx()];
    }
    const row = (this.order.indexOf(dim) + 0.5) / this.order.length;
    return [left + (isOut ? width : 0), top + row * height];
  }

  applyState(keys) {
    if (keys.includes("stage")) {
      this.controls.set(this.values.stage);
      this.showPosition(this.controls.position);
    }
    if (keys.includes("digit") || keys.includes("input")) this.input.apply(this.values);
    if (this.image && (keys.includes("eps") || keys.includes("code"))) this.follow();
  }

  beginScene(changed) {
    super.beginScene(changed);
    this.code.showAll?.(); // of the plane, wherever it was moved
  }

  /** The strips of both networks. */
  get strips() {
    const { encoder, decoder } = this.networks;
    return { encoder: encoder.strips, decoder: decoder.strips };
  }

  get isByHand() {
    return Boolean(this.values.code);
  }

  /** Another x, or none (null): what the encoder makes of it, then all the rest. */
  takeImage(image) {
    const { model, encoder } = this;
    this.image = image;
    this.root.classList.toggle("is-empty", !image);
    if (!image) {
      this.decoded = null;
      this.said.textContent = "Draw a digit, and it goes through the machine.";
      return;
    }
    this.encoded = encodePass(encoder, image);
    this.words = this.input.words.textContent;
    this.usualLoss = lossOf(decodePass(model.decoder, this.encoded.mu).logits, image, this.encoded).loss;
    this.networks.encoder.draw(this.encoded.hidden);
    this.bells.draw(this.encoded);
    if (this.boxes) this.flow.takeEncoded(this);
    this.follow();
  }

  /** z by the state, and all that follows from it. */
  follow() {
    const { values, encoded, model } = this;
    const own = values.eps ? readNumbers(values.eps) : thrown(model.dims, FIRST_THROW_SEED);
    this.z = values.code ? readNumbers(values.code) : sampledCode(encoded, own);
    this.noise = values.code ? noiseOf(encoded, this.z) : own;
    this.decoded = decodePass(model.decoder, this.z);
    this.loss = lossOf(this.decoded.logits, this.image, encoded);
    const { means, hidden } = this.decoded;
    this.output.draw(means, model.height, model.width, { z: this.z.join(), model: model.name });
    this.showCode();
    this.noiseBell.draw(this.noise);
    this.networks.decoder.draw(hidden);
    this.lossPanel.draw(this.loss, this.usualLoss, model);
    if (this.boxes) this.flow.takeDecoded(this, (dim, isOut) => this.placeOfCode(dim, isOut));
    this.root.dataset.z = this.z.join();
    this.root.dataset.eps = this.noise.join();
    this.rest.ask();
  }

  showCode() {
    const { model, encoded, z } = this;
    if (model.dims !== 2) {
      this.code.draw(z, encoded);
      return;
    }
    this.code.setCode({
      z: model.toDisplay(...z),
      mean: model.toDisplay(...encoded.mu),
      axes: model.posteriorAxes(encoded.logvar),
    });
  }

  /** The hand puts z. */
  putCode(z) {
    if (!this.image) return;
    this.values.code = writeNumbers(z);
    this.follow();
  }

  throwDice() {
    const eps = thrown(this.model.dims, Math.floor(Math.random() * THROW_SEEDS));
    this.change({ eps: writeNumbers(eps), code: undefined });
    if (!this.image) return;
    this.follow();
    this.noiseBell.drop(DROP_MS);
    this.dice.classList.remove("is-thrown");
    requestAnimationFrame(() => this.dice.classList.add("is-thrown"));
  }

  /** The pass stands or plays at this position: a stage's number and the share that is over. */
  showPosition(position) {
    const now = position === null ? null : Math.floor(position);
    if (now !== this.shownStage) {
      this.shownStage = now;
      this.root.dataset.stage = now === null ? "" : STAGE_KEYS[now];
      STAGE_KEYS.forEach((stage, n) => {
        this.stages[stage].classList.toggle("is-ahead", now !== null && n > now);
        this.stages[stage].classList.toggle("is-now", n === now);
      });
      this.rest.ask();
    }
    if (this.boxes) this.flow.setPosition(position);
  }

  /** The words, after the frame of the move. */
  showRest() {
    if (!this.decoded) return;
    const { stage } = this.controls;
    const number = `${STAGE_KEYS.indexOf(stage) + 1} of ${STAGE_KEYS.length}. `;
    this.said.textContent = stage ? number + stageSaid(stage, this) : passSaid(this.model);
    const few = (values) => values.map((value) => formatNumber(value, 2)).join(", ");
    this.codeWords.textContent = this.model.dims === 2 ? `z = (${few(this.z)})` : "";
    this.lossWords = lossSaid(this.data.objective, this.isByHand);
    this.lossPanel.write(this.lossWords);
  }
}
