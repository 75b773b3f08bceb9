/**
 * Why a picture is off the data: how probable "no digit" is, the real digit that is nearest to it,
 * as a small picture where the server has the originals, and whether blur is the reason.
 */
import { shareOf } from "../../maths/judged.js";
import { loadOriginal } from "../../maths/originals.js";
import { DigitView } from "../../parts/digit.js";
import { createElement } from "../../parts/layers.js";

const WHY_NEAREST = "Nearest by the features in which the judge compares pictures";

/** The line below a picture; it keeps its room while it says nothing. */
export class OffReason {
  /** @param {HTMLElement} parent @param {string} title of the model @param {string} view */
  constructor(parent, title, view) {
    this.root = createElement(parent, "div", "off-reason", { "data-testid": `${view}-reason` });
    this.text = createElement(this.root, "p", "");
    this.digit = new DigitView(this.root, {
      "data-testid": `${view}-nearest`,
      "aria-label": `${title}: the nearest real digit`,
      "data-original": "",
      title: WHY_NEAREST,
    });
    this.show(null);
  }

  /**
   * Shows the reason of a picture that is off the data; of another one nothing.
   * @param {?{isOff: boolean, confidence: number, nearest: number, isBlurred: boolean}} verdict as
   *   verdictAt gives it @param {LatentModel} model @param {boolean} hasOriginals
   */
  show(verdict, model, hasOriginals) {
    if (!verdict?.isOff) {
      this.text.textContent = "";
      this.digit.canvas.hidden = true;
      this.nearest = -1;
      return;
    }
    const { confidence, nearest, isBlurred } = verdict;
    const blurred = isBlurred ? ", too blurred for the judge" : "";
    const number = hasOriginals ? "" : `, no. ${nearest}`;
    this.text.textContent =
      `No digit: ${shareOf(confidence)}${blurred}. ` +
      `Nearest real one: a ${model.labels[nearest]}${number}`;
    if (nearest !== this.nearest) this.drawNearest(nearest, model, hasOriginals);
  }

  async drawNearest(nearest, { name, height, width }, hasOriginals) {
    this.nearest = nearest;
    this.digit.canvas.hidden = true; // until the picture of this one is there
    if (!hasOriginals) return;
    const greys = await loadOriginal(name.split("/")[0], nearest).catch(() => null);
    if (!greys || nearest !== this.nearest) return;
    const means = Float32Array.from(greys, (grey) => grey / 255);
    this.digit.draw(means, height, width, { digit: String(nearest) });
    this.digit.canvas.hidden = false;
  }
}
