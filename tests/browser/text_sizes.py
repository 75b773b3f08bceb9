"""How large text is set on a page: in its elements, and on its canvases."""

from __future__ import annotations

from playwright.sync_api import Page

# Every text that a canvas paints is kept with its size on the screen, CSS pixels.
RECORD_CANVAS_TEXT = """
const fillText = CanvasRenderingContext2D.prototype.fillText;
window.canvasTexts = new Map(); // canvas -> text -> size
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  const { a, b } = this.getTransform();
  const shown = this.canvas.getBoundingClientRect().width / this.canvas.width;
  if (shown > 0 && String(text).trim()) {
    if (!window.canvasTexts.has(this.canvas)) window.canvasTexts.set(this.canvas, new Map());
    const size = parseFloat(this.font.match(/([\\d.]+)px/)[1]) * Math.hypot(a, b) * shown;
    window.canvasTexts.get(this.canvas).set(String(text), size);
  }
  return fillText.call(this, text, ...rest);
};
"""

SMALL_TEXTS = """(least) => {
  const found = [];
  const isSeen = (element) => element.checkVisibility({
    opacityProperty: false, visibilityProperty: true, contentVisibilityAuto: true });
  const isIcon = (element) => element.closest("[data-testid=stIconMaterial]");
  const walk = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.shadowRoot) walk(node.shadowRoot);
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      const parent = node.parentElement;
      if (!parent || parent.closest("style, script, noscript, option")) continue;
      if (isIcon(parent) || !isSeen(parent) || !parent.getClientRects().length) continue;
      if (parent.closest("[data-testid=stHeader]")) continue;
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size < least) found.push(`${size}: ${node.data.trim().slice(0, 40)}`);
    }
  };
  walk(document.body);
  for (const [canvas, texts] of window.canvasTexts) {
    if (!canvas.isConnected || !canvas.checkVisibility()) continue;
    for (const [text, size] of texts) {
      if (size < least) found.push(`${size.toFixed(1)} on ${canvas.className}: ${text}`);
    }
  }
  return found;
}"""


def record_canvas_text(page: Page) -> None:
    """Make a tab remember what its canvases write; to be called before it opens a page."""
    page.add_init_script(RECORD_CANVAS_TEXT)


def texts_below(page: Page, least: float) -> list[str]:
    """What is set smaller than so many CSS pixels and can be seen, each with its size."""
    return page.evaluate(SMALL_TEXTS, least)
