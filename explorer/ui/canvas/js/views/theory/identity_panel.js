/** log p(x) = ELBO + KL(q || p(z|x)) in numbers, and the gap beside the KL as two bars. */
import { formatNumber } from "../../maths/scales.js";
import { createElement } from "../../parts/layers.js";

const FIGURES = [
  ["reconstruction", "E", "q", "[log p(x|z)]"],
  ["kl", "\u2212 KL(q \u2016 p(z))"],
  ["elbo", "= ELBO"],
  ["evidence", "log p(x)"],
  ["gap", "Gap: log p(x) \u2212 ELBO"],
  ["toPosterior", "KL(q \u2016 p(z|x))"],
]; // key, name, and of some an index below the line and what follows it
const BOUNDED = ["evidence", "gap", "toPosterior"]; // what is more where log p(x) is
const BAR_SCALES = [1, 3, 10, 30, 100, 300, 1000, 3000, 1e4, 1e5, 1e6]; // nats, full width
const BAR_WORDS = { gap: "Gap", toPosterior: "KL" };

/** The panel. */
export class IdentityPanel {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = createElement(parent, "div", "identity", { "data-testid": "identity" });
    const table = createElement(this.root, "dl", "identity-figures");
    this.values = {};
    for (const [key, text, index = "", after = ""] of FIGURES) {
      const row = createElement(table, "div", `identity-row is-${key}`);
      const name = createElement(row, "dt", "");
      name.textContent = text;
      createElement(name, "sub", "").textContent = index;
      name.append(after);
      this.values[key] = createElement(row, "dd", "", { "data-testid": `figure-${key}` });
    }
    const bars = createElement(this.root, "div", "identity-bars", { "aria-hidden": "true" });
    this.bars = {};
    for (const [key, word] of Object.entries(BAR_WORDS)) {
      const row = createElement(bars, "div", "identity-bar");
      createElement(row, "span", "").textContent = word;
      const track = createElement(row, "div", "identity-track", { "data-paint": "" });
      this.bars[key] = createElement(track, "div", `identity-fill is-${key}`, { "data-paint": "" });
    }
    this.scale = createElement(bars, "p", "identity-scale");
  }

  /**
   * Writes figures in nats; null for what is not known yet.
   * @param {Object<string, ?number>} figures
   * @param {{isBound: boolean}} options whether log p(x), and what follows from it, may be more
   */
  write(figures, { isBound = false } = {}) {
    for (const [key] of FIGURES) {
      const value = figures[key];
      const cell = this.values[key];
      const isKnown = value !== null && Number.isFinite(value);
      const shown = key === "kl" ? -value : value;
      const text = isKnown ? formatNumber(shown, 2) : "\u2026";
      cell.textContent = isBound && isKnown && BOUNDED.includes(key) ? `\u2265 ${text}` : text;
      cell.dataset.value = isKnown ? String(value) : "";
    }
    const most = Math.max(figures.gap ?? 0, figures.toPosterior ?? 0);
    const full = BAR_SCALES.find((nats) => most <= nats) ?? BAR_SCALES.at(-1);
    for (const [key, fill] of Object.entries(this.bars)) {
      fill.style.transform = `scaleX(${Math.min(1, Math.max(0, figures[key] ?? 0) / full)})`;
    }
    if (full === this.full) return;
    this.full = full;
    this.scale.textContent = `0 to ${full} nat${full === 1 ? "" : "s"}`;
  }
}
