/** The controls of the page 'Beta': play, step, speed, and the slider over the family. */
import { choiceOf, pushButton, sliderOf } from "../../parts/controls.js";
import { foldOf } from "../../parts/fold.js";
import { createElement } from "../../parts/layers.js";

const POSITION_STEP = 0.02; // members: finer than a pixel of a drag across the page
const SECONDS_A_MEMBER = { slow: 2.5, normal: 1.2, fast: 0.5 };

/** Buttons and slider inside a parent element. */
export class FilmControls {
  /**
   * @param {{onPlay: function(), onStep: function(number), onSpeed: function(string),
   *   onInput: function(number), onRelease: function()}} listeners onStep hears -1 or 1
   */
  constructor(parent, listeners) {
    this.root = createElement(parent, "div", "toolbar film-controls");
    const buttons = createElement(this.root, "span", "control-group");
    const step = (text, testId, label, direction) => {
      const button = pushButton(buttons, text, testId, () => listeners.onStep(direction));
      button.setAttribute("aria-label", label);
      button.title = label;
      return button;
    };
    this.back = step("\u2039", "beta-step-back", "Back to the previous trained \u03b2", -1);
    this.play = pushButton(buttons, "Play", "beta-play", listeners.onPlay);
    this.forward = step("\u203a", "beta-step-forward", "On to the next trained \u03b2", 1);
    const range = { min: 0, max: 1, step: POSITION_STEP };
    this.slider = sliderOf(this.root, "\u03b2", "beta-slider", range, {
      onInput: listeners.onInput,
      onRelease: () => this.isKeyDown || listeners.onRelease(),
    });
    this.ticks = createElement(this.slider.root, "span", "film-ticks", { "aria-hidden": "true" });
    // A key that is held down repeats: Python hears of it once, when it is let go.
    const { input } = this.slider;
    const letGo = () => {
      if (this.isKeyDown) listeners.onRelease();
      this.isKeyDown = false;
    };
    input.addEventListener("keydown", () => (this.isKeyDown = true));
    input.addEventListener("keyup", letGo);
    input.addEventListener("blur", letGo);
    const speeds = Object.keys(SECONDS_A_MEMBER).map((speed) => [speed, speed]);
    this.more = foldOf(this.root, "Speed, saving");
    this.speed = choiceOf(this.more, "Speed", "beta-speed", speeds, listeners.onSpeed);
  }

  /** Writes a family's betas under the slider, in even steps. */
  setBetas(betas) {
    this.slider.input.max = String(betas.length - 1);
    this.ticks.replaceChildren();
    this.marks = betas.map((beta, n) => {
      const mark = createElement(this.ticks, "span", "film-tick");
      mark.style.left = `${(100 * n) / (betas.length - 1)}%`;
      mark.textContent = String(beta);
      return mark;
    });
  }

  /** Says that a member has come. */
  setLoaded(n) {
    this.marks[n].classList.add("is-loaded");
  }

  /** Shows a position and says it in words. */
  setPosition(position, words) {
    this.slider.set(position);
    this.slider.input.setAttribute("aria-valuetext", words);
  }

  setPlaying(isPlaying) {
    this.play.textContent = isPlaying ? "Pause" : "Play";
    this.play.setAttribute("aria-pressed", String(isPlaying));
  }

  setReady(isReady) {
    const controls = [this.back, this.play, this.forward, this.slider.input];
    for (const control of controls) control.disabled = !isReady;
  }
}

/** Seconds from member to member at a speed; normal where none is chosen. */
export function secondsAt(speed = "normal") {
  return SECONDS_A_MEMBER[speed];
}
