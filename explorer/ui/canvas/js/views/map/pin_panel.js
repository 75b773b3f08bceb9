/** What is known of the pinned point: its place, the prior's density there, its nearest digits. */
import { nearestCodes } from "../../maths/nearest.js";
import { PRIOR_PEAK, priorShare } from "../../maths/normal.js";
import { formatNumber } from "../../maths/scales.js";
import { createElement } from "../../parts/layers.js";

const PINNED_NEIGHBOURS = 8;
const LEAST_PINNED_SHARE = 1e-4;
const LIGHT_LUMA = 125; // of 255, Rec. 709: brighter grounds bear dark text

/** Dark or light, whichever can be read on a colour "#rrggbb". */
function inkUpon(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luma > LIGHT_LUMA ? "#14171c" : "#ffffff";
}

/** A line below the picture; without a pin it says how one is set. */
export class PinPanel {
  constructor(parent) {
    this.root = createElement(parent, "div", "pin-line");
  }

  destroy() {
    this.root.remove();
  }

  /**
   * @param {?LatentModel} model @param {?number[]} z the pin
   * @param {{palette: string[], isPathBegun: boolean}} page while a path lacks an end, a click
   *   sets that
   */
  show(model, z, { palette, isPathBegun }) {
    this.root.replaceChildren();
    if (model && z) this.write(model, z, palette);
    else if (!isPathBegun) {
      const words = "Click or tap the map to pin a point and see the test digits nearest to it.";
      createElement(this.root, "p", "hint").textContent = words;
    }
  }

  write(model, z, palette) {
    const panel = createElement(this.root, "div", "pin-panel", { "data-testid": "pin-panel" });
    const fact = (title, text, testId, data) => {
      const part = createElement(panel, "div", "");
      createElement(part, "h3", "").textContent = title;
      const line = createElement(part, "p", "", { "data-testid": testId });
      line.textContent = text;
      Object.assign(line.dataset, data);
      return line;
    };
    const written = z.map((value) => formatNumber(value, 2)).join(", ");
    fact("Pinned point z", `(${written})`, "pinned-z", { z: z.join() });
    const share = priorShare(z);
    const density = share * PRIOR_PEAK;
    const percent = share < LEAST_PINNED_SHARE ? "< 0.01" : Number((100 * share).toPrecision(2));
    const shown = `${Number(density.toPrecision(3))} `;
    const line = fact("Prior density", shown, "prior-density", { density: String(density) });
    createElement(line, "small", "").textContent = `${percent} % of peak`;
    const part = createElement(panel, "div", "");
    createElement(part, "h3", "").textContent = "Nearest test digits and their distance";
    const list = createElement(part, "ol", "");
    for (const { index, distance } of nearestCodes(model.mu, z, PINNED_NEIGHBOURS)) {
      const label = model.labels[index];
      const item = createElement(list, "li", "", { "data-testid": "neighbour" });
      Object.assign(item.dataset, { label: String(label), distance: String(distance) });
      const swatch = createElement(item, "b", "");
      swatch.textContent = String(label);
      Object.assign(swatch.style, { background: palette[label], color: inkUpon(palette[label]) });
      item.append(formatNumber(distance, 3));
    }
  }
}
