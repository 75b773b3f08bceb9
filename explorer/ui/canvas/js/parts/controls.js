/** Buttons, toggles, choices and sliders of a page's own toolbar, for mouse, touch and keyboard. */
import { createElement } from "./layers.js";

/** A push button. */
export function pushButton(parent, text, testId, onPress) {
  const button = createElement(parent, "button", "control", {
    type: "button",
    "data-testid": testId,
  });
  button.textContent = text;
  button.addEventListener("click", onPress);
  return button;
}

/** An on-off button. @returns {{root: HTMLElement, set: function(boolean)}} `set` is silent */
export function toggleButton(parent, text, testId, onChange) {
  const set = (isOn) => root.setAttribute("aria-pressed", String(isOn));
  const root = pushButton(parent, text, testId, () => {
    const isOn = root.getAttribute("aria-pressed") !== "true";
    set(isOn);
    onChange(isOn);
  });
  set(false);
  return { root, set };
}

/**
 * A choice of one of a few: a labelled select.
 * @param {[string, string][]} options value and text
 * @returns {{root: HTMLElement, set: function(string)}} `set` is silent
 */
export function choiceOf(parent, label, testId, options, onChange) {
  const root = createElement(parent, "label", "control-choice");
  createElement(root, "span", "control-label").textContent = label;
  const select = createElement(root, "select", "control", { "data-testid": testId });
  for (const [value, text] of options) {
    createElement(select, "option", "", { value }).textContent = text;
  }
  select.addEventListener("change", () => onChange(select.value));
  return { root, set: (value) => (select.value = value) };
}

/**
 * A slider that acts while it is dragged.
 * @param {{min: number, max: number, step: number}} range
 * @param {{onInput: function(number), onRelease: function(number)}} listeners
 * @returns {{root: HTMLElement, input: HTMLInputElement, set: function(number)}} `set` is silent
 */
export function sliderOf(parent, label, testId, range, { onInput, onRelease }) {
  const root = createElement(parent, "label", "control-slider");
  createElement(root, "span", "control-label").textContent = label;
  const input = createElement(root, "input", "", {
    type: "range",
    "data-testid": testId,
    ...Object.fromEntries(Object.entries(range).map(([name, value]) => [name, String(value)])),
  });
  input.addEventListener("input", () => onInput(input.valueAsNumber));
  input.addEventListener("change", () => onRelease(input.valueAsNumber));
  return { root, input, set: (value) => (input.value = String(value)) };
}
