/** Saves a page's picture as PNG and its numbers as CSV. */
import { pushButton } from "./controls.js";
import { createElement } from "./layers.js";

const MAX_RATIO = 3; // a picture need not be sharper than that

function isShown(element, root) {
  if (element.closest(".toolbar, [hidden]")) return false; // controls mean nothing on paper
  if (element.closest(".control:not([aria-pressed='true'])")) return false;
  if (element.closest("details:not([open]) > :not(summary)")) return false; // has a box even so
  return root.contains(element) && element.getClientRects().length > 0;
}

/** Text as the browser has broken it into lines: [{text, x, y}] for one text node. */
function linesOf(node) {
  const range = document.createRange();
  const lines = [];
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    const middle = (box.top + box.bottom) / 2;
    if (last && Math.abs(last.y - middle) < 2) last.text += ` ${word}`;
    else lines.push({ text: word, x: box.left, y: middle });
  }
  return lines;
}

function drawText(context, root, left, top) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  context.textBaseline = "middle";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!isShown(node.parentElement, root)) continue;
    const style = getComputedStyle(node.parentElement);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    for (const { text, x, y } of linesOf(node)) context.fillText(text, x - left, y - top);
  }
}

/** Coloured areas that belong to the picture, such as bars and dots: elements with `data-paint`. */
function drawAreas(context, root, left, top) {
  for (const area of root.querySelectorAll("[data-paint]")) {
    if (!isShown(area, root)) continue;
    const { left: x, top: y, width, height } = area.getBoundingClientRect();
    const { backgroundColor, borderTopLeftRadius: radius } = getComputedStyle(area);
    const corner = parseFloat(radius) * (radius.endsWith("%") ? width / 100 : 1);
    context.fillStyle = backgroundColor;
    context.beginPath();
    context.roundRect(x - left, y - top, width, height, corner);
    context.fill();
  }
}

/** All canvases, areas and texts of an element as they stand on the page, without its toolbars. */
export function pictureOf(root, background) {
  const { left, top, width, height } = root.getBoundingClientRect();
  const ratio = Math.min(MAX_RATIO, window.devicePixelRatio || 1);
  const picture = document.createElement("canvas");
  picture.width = Math.round(width * ratio);
  picture.height = Math.round(height * ratio);
  const context = picture.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const canvas of root.querySelectorAll("canvas")) {
    if (!isShown(canvas, root)) continue;
    const box = canvas.getBoundingClientRect();
    context.imageSmoothingEnabled = getComputedStyle(canvas).imageRendering !== "pixelated";
    context.drawImage(canvas, box.left - left, box.top - top, box.width, box.height);
  }
  drawAreas(context, root, left, top);
  drawText(context, root, left, top);
  return picture;
}

/** Rows of numbers and words as CSV (RFC 4180), the header first. */
export function csvOf(header, rows) {
  const field = (value) => {
    const text = String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function download(blob, file) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: file });
  link.click();
  // The browser has taken hold of the blob by the time of the next task.
  setTimeout(() => URL.revokeObjectURL(url));
}

/**
 * The two buttons of a page.
 * @param {HTMLElement} parent a toolbar
 * @param {{root: HTMLElement, name: function(): string, background: function(): string,
 *   numbers: function(): {header: string[], rows: Array[]}}} page what to save, asked when pressed
 */
export function exportButtons(parent, page) {
  const group = createElement(parent, "span", "control-group");
  pushButton(group, "PNG", "export-png", () => {
    const picture = pictureOf(page.root, page.background());
    picture.toBlob((blob) => download(blob, `${page.name()}.png`));
  }).title = "Save this picture";
  pushButton(group, "CSV", "export-csv", () => {
    const { header, rows } = page.numbers();
    download(new Blob([csvOf(header, rows)], { type: "text/csv" }), `${page.name()}.csv`);
  }).title = "Save the numbers behind this picture";
}
