/**
 * One model's map beside the digit at its cursor, with a readout of z and the classes' legend.
 *
 * The digit follows the pointer. When the mouse leaves, it goes back to the pinned point; with
 * nothing pinned it stays at the last point, so that it can be talked about.
 */
import { DigitView } from "./digit.js";
import { createElement } from "./layers.js";
import { MapView } from "./map.js";
import { LatentModel } from "./model.js";
import { parseColour } from "./raster.js";
import { formatNumber } from "./scales.js";

/** Colours of the interface, read from the page's theme variables. */
function themeInk(element) {
  const style = getComputedStyle(element);
  const variable = (name) => style.getPropertyValue(name).trim();
  return {
    text: variable("--st-text-color"),
    background: variable("--st-background-color"),
    accent: variable("--st-primary-color"),
    font: variable("--st-font") || "sans-serif",
  };
}

/** The whole component, built once inside its parent. */
export class Explorer {
  constructor(parent) {
    this.root = createElement(parent, "section", "explorer");
    const mapSide = createElement(this.root, "div", "explorer-map");
    const digitSide = createElement(this.root, "div", "explorer-digit");
    this.digit = new DigitView(digitSide, { "data-testid": "decoded-digit" });
    const text = createElement(digitSide, "div", "explorer-text");
    this.readout = createElement(text, "p", "readout", { "data-testid": "z-readout" });
    this.legend = createElement(text, "ul", "legend", {
      "data-testid": "legend",
      "aria-label": "Colours of the classes",
    });
    this.notice = createElement(this.root, "p", "notice", { role: "alert", hidden: "" });
    this.map = new MapView(mapSide, {
      onPoint: (x, y) => this.showDigit(x, y),
      onPin: (pin) => this.onPin(pin && this.model.toLatent(...pin)),
    });
  }

  destroy() {
    this.map.destroy();
    this.root.remove();
  }

  /**
   * Takes what Python sent; runs again when it, or the theme, has changed.
   * @param {Object} data see the Python wrapper
   * @param {function(?[number, number])} onPin hears of a new pin in the model's coordinates
   */
  async update(data, onPin) {
    this.onPin = onPin;
    const isRotated = data.rotation.join() !== "1,0,0,1";
    this.map.setStyle({
      ink: themeInk(this.root),
      classColours: data.palette.map(parseColour),
      axisNames: ["z\u2081", "z\u2082"].map((name) => name + (isRotated ? " (rotated)" : "")),
    });
    const { pin, ...rest } = data;
    const source = JSON.stringify(rest);
    const isSamePin = String(pin) === String(this.pinFromPython);
    this.pinFromPython = pin;
    if (source === this.source) {
      // A theme's change brings the old pin again; only a new one overrides the user's.
      if (this.model && !isSamePin) this.map.setPin(pin && this.model.toDisplay(...pin));
      return;
    }
    this.source = source;
    this.model = null; // until the new one is here, there is nothing to decode with
    this.map.setReady(false);
    try {
      const model = await LatentModel.load(data);
      if (source === this.source) this.show(model, data); // else a newer choice overtook it
    } catch (error) {
      if (source !== this.source) return;
      this.source = null; // so that the next update tries again
      this.notice.textContent = `This model could not be loaded. ${error.message}`;
      this.notice.hidden = false;
    }
  }

  show(model, data) {
    // Another beta of the same family is looked at from the same place, at the same point.
    const isSameFamily = this.data?.name === data.name;
    this.notice.hidden = true;
    this.model = model;
    this.data = data;
    this.fillLegend(data.palette);
    this.map.setPoints(model.points, model.labels, isSameFamily);
    const pin = this.pinFromPython && model.toDisplay(...this.pinFromPython);
    this.map.setPin(pin);
    const start = isSameFamily ? model.toDisplay(...this.z) : [0, 0];
    this.map.movePoint(...(pin ?? start));
    this.map.setReady(true);
  }

  showDigit(x, y) {
    if (!this.model) return;
    const z = (this.z = this.model.toLatent(x, y));
    const { height, width, name, beta } = this.data;
    const written = z.map((value) => formatNumber(value, 2)).join(", ");
    this.digit.draw(this.model.decode(...z), height, width, {
      z: z.join(),
      model: name,
      beta: beta === null ? undefined : String(beta),
    });
    this.digit.canvas.setAttribute("aria-label", `Digit decoded at z = (${written})`);
    this.readout.textContent = `z = (${written})`;
  }

  fillLegend(palette) {
    this.legend.replaceChildren();
    palette.forEach((colour, label) => {
      const item = createElement(this.legend, "li", "legend-item");
      createElement(item, "span", "legend-swatch").style.background = colour;
      item.append(String(label));
    });
  }
}
