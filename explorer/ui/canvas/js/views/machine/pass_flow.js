/** The lines between the stages of a pass, where they run, and how bright they are while it plays. */
import { FlowLines } from "./flow_lines.js";
import { codeCurves, decoderCurves, encoderCurves } from "./pass_links.js";
import { STAGE_KEYS } from "./stages.js";

const PULSE_SHARE = 0.45; // of a stage's time in which the light runs into it
const ALPHA = { whole: 0.9, ahead: 0.1, now: 1, over: 0.6 };
const ASIDE_PX = 8;
const STANDING = 1 - 1e-6; // share of a stage that is over where the pass stands

/** How bright a stage's lines are at a position in the pass, and how far their light is. */
function lightOf(position, stage) {
  if (position === null) return { alpha: ALPHA.whole, pulse: null };
  const [now, own] = [Math.floor(position), STAGE_KEYS.indexOf(stage)];
  if (own !== now) return { alpha: own > now ? ALPHA.ahead : ALPHA.over, pulse: null };
  const pulse = (position - now) / PULSE_SHARE;
  return { alpha: ALPHA.now, pulse: pulse < 1 ? pulse : null };
}

/** The curves of a stage's steps one after the other, the light going from step to step. */
function steps(groups, position, stage) {
  const { alpha, pulse } = lightOf(position, stage);
  return groups.map((curves, n) => {
    const share = pulse === null ? -1 : pulse * groups.length - n;
    return { curves, alpha, pulse: share > 0 && share < 1 ? share : null };
  });
}

/** The lines of the page. On a phone they run between the layers only. */
export class PassFlow {
  /** @param {HTMLElement} parent where all stages are */
  constructor(parent) {
    this.before = new FlowLines(parent); // up to mu and sigma: changes with x only
    this.after = new FlowLines(parent);
    this.below = new FlowLines(parent); // into the loss
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.position = null;
    this.groups = {}; // stage -> its steps, a list of curves each
  }

  setStyle(ink) {
    for (const lines of [this.before, this.after, this.below]) lines.setStyle(ink);
  }

  /** @param {Object} places strips, bells, boxes, isNarrow: stages below one another */
  setPlaces(places) {
    this.places = places;
    const { pass, posterior, whole } = places.boxes;
    const region = (left, right) => ({ ...pass, left, width: right - left });
    const middle = posterior.left;
    this.before.setRegion(places.isNarrow ? pass : region(pass.left, middle + 8));
    this.after.setRegion(places.isNarrow ? pass : region(middle, pass.left + pass.width));
    this.below.setRegion(whole);
  }

  /** At this position in the pass; without motion where that is unwelcome. */
  setPosition(position) {
    const isStill = position !== null && this.stillness.matches;
    this.position = isStill ? Math.floor(position) + STANDING : position;
    this.drawBefore();
    this.drawAfter();
    this.drawBelow();
  }

  /** Another x. */
  takeEncoded(pass) {
    const all = encoderCurves(pass, this.sideOf("encoder"));
    const { isNarrow, boxes } = this.places;
    const isLossHidden = boxes.heat.width === 0; // by a lesson
    this.groups.encoder = all.slice(isNarrow ? 1 : 0, -1);
    this.groups.posterior = isNarrow ? [] : all.slice(-1);
    this.groups.loss = isNarrow || isLossHidden ? [] : [this.lossCurves()];
    this.drawBefore();
    this.drawBelow();
  }

  /** Another z. @param {function(number, boolean): number[]} placeOfCode of a dimension */
  takeDecoded(pass, placeOfCode) {
    const all = decoderCurves(pass, this.sideOf("decoder"), placeOfCode);
    const { isNarrow } = this.places;
    const own = codeCurves(pass.model, this.sideOf("encoder"), placeOfCode);
    this.groups.code = isNarrow ? [] : [own];
    this.groups.decoder = all.slice(isNarrow ? 1 : 0, -1);
    this.groups.output = isNarrow ? [] : all.slice(-1);
    this.drawAfter();
  }

  sideOf(network) {
    const { strips, ...rest } = this.places;
    return { strips: strips[network], ...rest };
  }

  /** From mu and sigma to the KL, from the picture to the reconstruction. */
  lossCurves() {
    const { posterior, kl, output, heat } = this.places.boxes;
    const down = (box, to, x, endX) => ({
      from: [x, box.top + box.height],
      to: [endX, to.top],
      share: 0.5,
    });
    const side = posterior.left - ASIDE_PX; // past the noise
    const shares = [0.15, 0.5, 0.85];
    return [
      down(posterior, kl, side, Math.max(side, kl.left)),
      ...shares.map((s) => down(output, heat, output.left + s * output.width, heat.left + s * heat.width)),
    ];
  }

  drawBefore() {
    this.before.draw(this.lit("encoder", "posterior"));
  }

  drawAfter() {
    this.after.draw(this.lit("code", "decoder", "output"));
  }

  drawBelow() {
    this.below.draw(this.lit("loss"));
  }

  lit(...stages) {
    return stages.flatMap((stage) => steps(this.groups[stage] ?? [], this.position, stage));
  }
}
