/** Plays, pauses and steps through the stages of a pass, by buttons and keys. */
import { pushButton } from "../../parts/controls.js";
import { createElement } from "../../parts/layers.js";
import { PositionPlayer } from "../../parts/player.js";
import { STAGE_KEYS } from "./stages.js";

const STAGE_SECONDS = 4; // of a stage: its sentence can be read
const TAKES_ARROWS = "input:not([type=button]), select, textarea, [role=application], [role=tab]";
const TAKES_SPACE = `${TAKES_ARROWS}, button, a, summary`;

/** The controls; a position is a stage's number plus the share of it that is over. */
export class PassControls {
  /**
   * @param {HTMLElement} parent @param {HTMLElement} root the page's
   * @param {{onPosition: function(?number), onRest: function(?string)}} handlers onPosition while it
   *   plays and at every step, null for the whole pass; onRest hears of the stage where it stands
   */
  constructor(parent, root, handlers) {
    Object.assign(this, { root, handlers });
    this.position = null;
    const group = createElement(parent, "div", "toolbar pass-controls", {
      role: "group",
      "aria-label": "The pass, stage by stage",
    });
    const button = (text, name, title, act) => {
      const element = pushButton(group, text, `pass-${name}`, act);
      element.title = title;
      element.setAttribute("aria-label", title);
      return element;
    };
    this.back = button("\u2039", "back", "One stage back (left arrow)", () => this.step(-1));
    this.playing = button("", "play", "", () => this.toggle());
    this.playing.classList.add("is-main");
    this.next = button("\u203a", "next", "One stage on (right arrow)", () => this.step(1));
    this.whole = button("All", "whole", "Show the whole pass", () => this.rest(null));
    this.player = new PositionPlayer({
      onPosition: (position) => this.move(Math.min(position, STAGE_KEYS.length - 1e-6)),
      onStop: () => this.rest(this.stage),
    });
    this.listening = new AbortController();
    window.addEventListener("keydown", (event) => this.key(event), {
      signal: this.listening.signal,
    });
    this.show();
  }

  destroy() {
    this.player.halt();
    this.listening.abort();
  }

  /** The stage that is shown, or null for the whole pass. */
  get stage() {
    return this.position === null ? null : STAGE_KEYS[Math.floor(this.position)];
  }

  get isPlaying() {
    return this.player.goal !== null;
  }

  /** Stands at a stage, or at the whole pass, without telling the listener. */
  set(stage) {
    this.player.halt();
    this.position = stage ? STAGE_KEYS.indexOf(stage) + 1 - 1e-6 : null;
    this.show();
  }

  /** Stands at a stage and tells of it. */
  rest(stage) {
    this.set(stage);
    this.handlers.onPosition(this.position);
    this.handlers.onRest(stage);
  }

  move(position) {
    this.position = position;
    this.show();
    this.handlers.onPosition(position);
  }

  toggle() {
    if (this.isPlaying) {
      this.player.pause();
      return;
    }
    const count = STAGE_KEYS.length;
    const next = this.position === null ? 0 : Math.ceil(this.position);
    const start = next >= count ? 0 : next;
    this.player.play(start, count, STAGE_SECONDS);
    this.move(start);
  }

  step(by) {
    const from = this.position === null ? (by > 0 ? -1 : STAGE_KEYS.length) : Math.floor(this.position);
    const to = from + by;
    this.rest(STAGE_KEYS[to] ?? null);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const [target] = event.composedPath();
    const isHere = target === document.body || this.root.contains(target);
    const acts = { " ": () => this.toggle(), ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1) };
    const act = acts[event.key];
    if (!act || !isHere || this.root.inert) return;
    if (target.closest?.(event.key === " " ? TAKES_SPACE : TAKES_ARROWS)) return;
    event.preventDefault();
    act();
  }

  show() {
    const { isPlaying } = this;
    this.playing.textContent = isPlaying ? "\u275a\u275a Pause" : "\u25b6 Play";
    this.playing.title = isPlaying ? "Pause (space)" : "Play the pass (space)";
    this.playing.setAttribute("aria-label", this.playing.title);
    this.whole.disabled = this.position === null;
  }
}
