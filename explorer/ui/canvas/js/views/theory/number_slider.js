/** A slider with its value beside it, on a plain or a logarithmic scale. */
import { formatNumber } from "../../maths/scales.js";
import { createElement } from "../../parts/layers.js";

const LOG_STEPS = 400; // of a logarithmic slider, from end to end

/**
 * @param {HTMLElement} parent
 * @param {{label: string, testId: string, name: string}} words label is short, such as a symbol;
 *   name says what it is to those who hear it
 * @param {{low: number, high: number, step: ?number, digits: number, isLog: ?boolean}} range
 * @param {{onInput: function(number), onRelease: function(number)}} listeners
 * @returns {{root: HTMLElement, input: HTMLInputElement, set: function(number)}} `set` is silent
 */
export function numberSlider(parent, { label, testId, name }, range, { onInput, onRelease }) {
  const { low, high, step, digits, isLog } = range;
  const ratio = Math.log(high / low) / LOG_STEPS;
  const valueOf = (position) =>
    isLog ? Number((low * Math.exp(position * ratio)).toFixed(digits + 1)) : position;
  const positionOf = (value) => (isLog ? Math.log(value / low) / ratio : value);
  const root = createElement(parent, "label", "number-slider");
  createElement(root, "span", "number-name").textContent = label;
  const [min, max, by] = isLog ? [0, LOG_STEPS, 1] : [low, high, step];
  const input = createElement(root, "input", "", {
    type: "range",
    "data-testid": testId,
    "aria-label": name,
    min: String(min),
    max: String(max),
    step: String(by),
  });
  const readout = createElement(root, "output", "number-value");
  const write = (value) => {
    readout.textContent = formatNumber(value, digits);
    input.setAttribute("aria-valuetext", formatNumber(value, digits));
  };
  input.addEventListener("input", () => {
    const value = valueOf(input.valueAsNumber);
    write(value);
    onInput(value);
  });
  input.addEventListener("change", () => onRelease(valueOf(input.valueAsNumber)));
  const set = (value) => {
    input.value = String(positionOf(value));
    write(value);
  };
  return { root, input, set };
}

/**
 * A choice of one of a few as buttons in a row.
 * @param {[string, string][]} options value and text
 * @returns {{root: HTMLElement, set: function(string)}} `set` is silent
 */
export function segmentsOf(parent, label, testId, options, onChange) {
  const root = createElement(parent, "div", "segments", { role: "group", "aria-label": label });
  createElement(root, "span", "control-label").textContent = label;
  const buttons = options.map(([value, text]) => {
    const button = createElement(root, "button", "control", {
      type: "button",
      "data-testid": `${testId}-${value}`,
    });
    button.textContent = text;
    button.addEventListener("click", () => {
      set(value);
      onChange(value);
    });
    return [value, button];
  });
  const set = (chosen) => {
    for (const [value, button] of buttons) {
      button.setAttribute("aria-pressed", String(value === chosen));
    }
  };
  return { root, set };
}
