/**
 * Roulette: samples of the prior fall one after another on all three maps, each is decoded, and the
 * judge says which class it is taken for, or that it lies off the data.
 *
 * The judge's verdicts come in batches with the points that they belong to; the pictures are
 * decoded here from the same points.
 */
import {
  BATCH_SIZE, MAX_FALLEN, countVerdicts, loadPriorBatch, verdictAt,
} from "../../maths/judged.js";
import { choiceOf, pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { RoulettePanel } from "./roulette_panel.js";
import { drawNewestVerdict, drawVerdicts } from "./verdict_marks.js";
import { ContinuitySection } from "./section.js";

const SPEEDS = { slow: 1200, normal: 300, fast: 40 }; // milliseconds from sample to sample
const FALL_MS = 320; // at most: the fall is over before the next begins
const FALL_PX = 70;
const ROULETTE_SEEDS = 1000;
const AHEAD = 50; // samples before a batch's end: then the next one is asked for
const PRIOR_HOME = { x: 0, y: 0, spanX: 6.6, spanY: 6.6 }; // one sample in 500 falls outside
const SHOWN = 11; // pictures that a jump decodes: those that can be seen

const ROULETTE_LEAD =
  "A classifier, the judge, reads each picture. Recognised: more than 90\u00a0% sure of one digit. " +
  "\u2715 off the data: more than 50\u00a0% sure of none.";

const ALL_FALLEN = "New samples begin again.";

/** The view. */
export class RouletteSection extends ContinuitySection {
  constructor(page, panel) {
    super(page, panel, "roulette");
    this.setLead(ROULETTE_LEAD);
    this.pointOpacity = 0.45; // of the codes, below the marks of what has fallen
    this.fallen = 0;
    this.batches = this.columns.map(() => []); // answers of the judge, by model
    this.run = 0; // grows with every new beginning: what belongs to an older one is dropped
    this.busy = null; // the run for which samples are on their way
    this.timer = 0;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.panels = this.columns.map(
      (column) => new RoulettePanel(column.placesFor("roulette"), column),
    );
    this.buildControls();
  }

  buildControls() {
    const { toolbar, page } = this;
    this.playButton = pushButton(toolbar, "Play", "roulette-play", () => this.toggle());
    this.playButton.classList.add("is-main");
    pushButton(toolbar, "Next", "roulette-step", () => this.stop(() => this.fall(1))).title =
      "One more sample";
    this.moreButton = pushButton(toolbar, "100 more", "roulette-more", () => {
      this.stop(() => this.fall(BATCH_SIZE));
    });
    const speeds = [["slow", "slow"], ["normal", "normal"], ["fast", "fast"]];
    this.speedChoice = choiceOf(toolbar, "Speed", "roulette-speed", speeds, (value) => {
      page.change({ speed: value === "normal" ? undefined : value });
    });
    pushButton(toolbar, "New samples", "roulette-new", () => {
      const seed = (this.seed + 1) % ROULETTE_SEEDS;
      page.change({ seed: seed ? String(seed) : undefined, fallen: undefined });
      this.restart(0);
    }).title = "Begin again with other samples";
    this.addAllCodes("roulette-codes", "Shows all test digits' codes, not only the prior's room");
    this.count = createElement(toolbar, "span", "readout", { "data-testid": "fallen" });
    this.said = createElement(toolbar, "span", "roulette-said", {
      role: "status",
      "data-testid": "roulette-said",
    });
    this.still.addEventListener("change", () => this.showPlaying());
    this.showPlaying();
  }

  get seed() {
    return Number(this.page.values.seed ?? 0);
  }

  get pause() {
    return SPEEDS[this.page.values.speed ?? "normal"];
  }

  /** Where the prior samples; the same in all three, however far their codes lie. */
  homeOf() {
    return PRIOR_HOME;
  }

  get isInSight() {
    return this.page.view === "roulette" && this.page.isReady;
  }

  show() {
    this.batches = this.columns.map(() => []);
    this.fallen = 0;
    const { models, judge } = this.page.data;
    models.forEach(({ recognised }, n) => this.panels[n].setStored(recognised, judge));
    this.apply(["speed"]);
  }

  apply(keys) {
    if (keys.includes("speed")) this.speedChoice.set(this.page.values.speed ?? "normal");
    if (this.isInSight && (keys.includes("seed") || keys.includes("fallen"))) this.enter();
  }

  enter() {
    const wanted = Number(this.page.values.fallen ?? 0);
    if (this.loadedSeed !== this.seed || this.fallen !== wanted || this.batches[0].length === 0) {
      this.restart(wanted);
    }
  }

  leave() {
    this.stop();
  }

  destroy() {
    this.halt();
    this.panels.forEach((panel) => panel.destroy());
  }

  restyle() {
    const { ink, palette } = this.page;
    this.panels.forEach((panel) => panel.setStyle(ink, palette, this.page.legend.chosen));
  }

  /** Begins again, with so many samples already on the maps. */
  async restart(fallen) {
    this.halt();
    this.run++;
    this.loadedSeed = this.seed;
    this.fallen = 0;
    this.batches = this.columns.map(() => []);
    this.columns.forEach(({ model }, n) => this.panels[n].clear(model));
    this.showCounts();
    if (!(await this.need(Math.max(1, fallen)))) return;
    await this.fall(fallen);
    if (this.fallen === 0 && !this.isPlaying) this.hint();
  }

  /** Whether the verdicts of the first so many samples are there, once they have come. */
  async need(count) {
    const wanted = Math.ceil(Math.min(count, MAX_FALLEN) / BATCH_SIZE);
    if (this.batches[0].length >= wanted) return true;
    const { seed, run } = this;
    const models = this.columns.map(({ model }) => model);
    const isNow = () =>
      run === this.run && this.columns.every(({ model }, n) => model === models[n]);
    this.say("The judge is reading\u2026");
    try {
      for (let batch = this.batches[0].length; batch < wanted; batch++) {
        const ask = (model) => loadPriorBatch(model, seed, batch);
        const found = await Promise.all(models.map(ask));
        if (!isNow()) return false;
        found.forEach((answer, n) => (this.batches[n][batch] = answer));
      }
    } catch (error) {
      if (!isNow()) return false;
      this.say(error.message);
      this.halt();
      return false;
    }
    this.say("");
    return true;
  }

  /** How to begin. */
  hint() {
    this.said.textContent = this.still.matches ? "Press Next." : "Press Play, or Next for one.";
  }

  say(text) {
    this.said.textContent = text;
    this.page.root.dataset.judging = String(text !== "");
  }

  /** Sample n of a column: its point and its verdict. */
  sample(column, n) {
    const answer = this.batches[column][Math.floor(n / BATCH_SIZE)];
    const at = n % BATCH_SIZE;
    return { z: answer.z[at], ...verdictAt(answer, at) };
  }

  /** So many more samples fall at once. */
  async fall(more) {
    const { run } = this;
    const goal = Math.min(MAX_FALLEN, this.fallen + more);
    if (goal === this.fallen || this.busy === run) return;
    this.busy = run;
    const isThere = await this.need(goal);
    if (run !== this.run) return;
    this.busy = null;
    if (!isThere) return;
    const first = Math.max(this.fallen, goal - SHOWN);
    this.fallen = goal;
    this.columns.forEach(({ model }, column) => {
      const panel = this.panels[column];
      for (let n = first; n < goal; n++) {
        const sample = this.sample(column, n);
        panel.take(sample, model.decode(sample.z), model, n + 1);
      }
      panel.drawTrail(model);
      panel.explain(model, this.page.data.originals);
    });
    this.fallenAt = performance.now();
    this.showCounts();
    this.said.textContent = goal === MAX_FALLEN ? ALL_FALLEN : "";
    this.redrawMaps();
    if (goal % BATCH_SIZE >= BATCH_SIZE - AHEAD && goal + AHEAD < MAX_FALLEN) this.fetchAhead(goal);
  }

  /** The next batch is asked for before it is needed, without a word. */
  fetchAhead(goal) {
    const batch = Math.floor(goal / BATCH_SIZE) + 1;
    for (const { model } of this.columns) {
      loadPriorBatch(model, this.seed, batch).catch(() => {}); // told when it is needed
    }
  }

  showCounts() {
    const classCount = this.page.palette.length;
    const counts = this.batches.map((batches) => countVerdicts(batches, this.fallen, classCount));
    const highest = Math.max(1, ...counts.flatMap(({ classes, off }) => [...classes, off]));
    this.panels.forEach((panel, n) => panel.setCounts(counts[n], this.fallen, highest));
    this.count.textContent = `${this.fallen.toLocaleString("en-GB")} fallen`;
    this.count.dataset.fallen = String(this.fallen);
    this.page.root.classList.toggle("has-fallen", this.fallen > 0);
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else this.play();
  }

  play() {
    this.isPlaying = true;
    this.showPlaying();
    this.tick();
  }

  async tick() {
    const started = performance.now();
    await this.fall(1);
    if (!this.isPlaying) return;
    if (this.fallen >= MAX_FALLEN) {
      this.stop();
      return;
    }
    this.animate();
    const rest = Math.max(0, this.pause - (performance.now() - started));
    this.timer = setTimeout(() => this.tick(), rest);
  }

  /** The newest sample's fall, frame by frame. */
  animate() {
    if (this.still.matches) return;
    cancelAnimationFrame(this.frame);
    const draw = () => {
      this.redrawMaps();
      if (this.height > 0) this.frame = requestAnimationFrame(draw);
    };
    this.frame = requestAnimationFrame(draw);
  }

  /** How far above its place the newest sample still is, in pixels. */
  get height() {
    if (this.still.matches || !this.isPlaying) return 0;
    const time = Math.min(FALL_MS, this.pause * 0.8);
    const left = Math.max(0, 1 - (performance.now() - this.fallenAt) / time);
    return FALL_PX * (1 - (1 - left) ** 2);
  }

  /** Ends the playing without telling anybody. */
  halt() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.isPlaying = false;
    this.showPlaying();
  }

  /** Ends the playing, does something more, and keeps how many have fallen. */
  async stop(then) {
    const wasPlaying = this.isPlaying;
    this.halt();
    if (then) await then();
    if ((then || wasPlaying) && this.page.isReady) {
      this.page.change({ fallen: this.fallen ? String(this.fallen) : undefined });
      this.redrawMaps();
    }
  }

  showPlaying() {
    this.playButton.textContent = this.isPlaying ? "Pause" : "Play";
    this.playButton.hidden = this.still.matches; // asked for no motion: steps only
    this.speedChoice.root.hidden = this.still.matches;
  }

  paint(column, context) {
    const n = this.columns.indexOf(column);
    if (this.fallen === 0 || this.batches[n].length === 0) return;
    const places = [];
    const isOff = [];
    for (let at = 0; at < this.fallen; at++) {
      const sample = this.sample(n, at);
      places.push(column.pixelOf(sample.z));
      isOff.push(sample.isOff);
    }
    const { ink } = this.page;
    drawVerdicts(context, places.slice(0, -1), isOff, ink);
    const [px, py] = places.at(-1);
    drawNewestVerdict(context, [px, py - this.height], isOff.at(-1), ink);
  }

  /** A row a sample and model. */
  numbers() {
    const header = [
      "model", "sample", "z1", "z2", "class", "confidence", "recognised", "off_the_data",
      "nearest_test_digit", "too_blurred",
    ];
    const rows = this.columns.flatMap(({ name }, column) =>
      Array.from({ length: this.fallen }, (_, n) => {
        const { z, label, confidence, isRecognised, isOff, ...why } = this.sample(column, n);
        const reason = isOff ? [why.nearest, why.isBlurred] : ["", ""];
        return [name, n, ...z, label, confidence, isRecognised, isOff, ...reason];
      }),
    );
    return { header, rows };
  }
}
