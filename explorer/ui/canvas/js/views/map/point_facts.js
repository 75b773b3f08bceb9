/** What is known of the point under the pointer, in words: its place, its density, its nearest. */
import { loadOriginal } from "../../maths/originals.js";
import { formatNumber } from "../../maths/scales.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";

const ORIGINAL_REST_MS = 80; // a pointer that sweeps over the codes fetches nothing
const LEAST_SHARE = 1e-4;
const FAR_WARNING = "No test digit was encoded near here.";
const EDGE_WARNING = "z stops here: no code lies further out, and hardly any of the prior.";

/** A distance with as many decimals as matter. */
export function formatDistance(distance) {
  return formatNumber(distance, distance < 10 ? 3 : 1);
}

/** A chosen digit stays named while the point is elsewhere: the picture is not its own then. */
function wordsOfDigit({ index, label, isHovered }) {
  return `${isHovered ? "Test digit" : "Chosen: test digit"} ${index}\nclass ${label}`;
}

/** The lines beside the decoded digit. */
export class PointFacts {
  constructor(parent) {
    const line = (testId, className) =>
      createElement(parent, "p", className, { "data-testid": testId });
    this.place = line("z-readout", "readout");
    this.density = line("density-readout", "fact");
    this.distance = line("distance-readout", "fact");
    this.warning = line("off-distribution", "off-distribution");
    this.warning.hidden = true;
    this.hovered = createElement(parent, "div", "hovered-digit", {
      "data-testid": "hovered-digit",
      hidden: "",
    });
    this.original = new DigitView(this.hovered, {
      "data-testid": "hovered-original",
      "aria-label": "Original of this test digit",
    });
    this.words = createElement(this.hovered, "p", "hovered-words");
    this.shown = -1;
  }

  /**
   * @param {{z: number[], share: number, distance: number, isFar: boolean, isAtEdge: boolean}}
   *   facts place, the prior's density as a share of its peak, distance to the nearest code,
   *   whether it is too far, and whether z goes no further
   */
  show({ z, share, distance, isFar, isAtEdge }) {
    this.place.textContent = `z = (${z.map((value) => formatNumber(value, 2)).join(", ")})`;
    const percent = share < LEAST_SHARE ? "< 0.01" : Number((100 * share).toPrecision(2));
    this.density.textContent = `Prior: ${percent} % of peak`;
    this.density.dataset.share = String(share);
    this.distance.textContent = `Nearest code: ${formatDistance(distance)}`;
    this.distance.dataset.distance = String(distance);
    this.warning.hidden = !isFar && !isAtEdge;
    const warning = isAtEdge ? EDGE_WARNING : FAR_WARNING;
    if (this.warning.textContent !== warning) this.warning.textContent = warning;
  }

  /**
   * Names a test digit, or none.
   * @param {?{dataset: string, index: number, label: number, height: number, width: number,
   *   hasOriginal: boolean, isHovered: boolean}} digit isHovered: the point is at its code
   */
  name(digit) {
    const index = digit ? digit.index : -1;
    const words = digit ? wordsOfDigit(digit) : "";
    if (this.words.textContent !== words) this.words.textContent = words; // to write costs a layout
    if (index === this.shown) return;
    this.shown = index;
    clearTimeout(this.timer);
    this.hovered.hidden = !digit;
    this.original.canvas.hidden = true;
    delete this.original.canvas.dataset.index;
    if (!digit) return;
    const { dataset, label, height, width, hasOriginal } = digit;
    this.hovered.dataset.index = String(index);
    this.hovered.dataset.label = String(label);
    if (!hasOriginal) return;
    this.timer = setTimeout(async () => {
      const greys = await loadOriginal(dataset, index).catch(() => null);
      if (!greys || this.shown !== index) return;
      const means = Float32Array.from(greys, (grey) => grey / 255);
      this.original.draw(means, height, width, { index: String(index) });
      this.original.canvas.hidden = false;
    }, ORIGINAL_REST_MS);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
