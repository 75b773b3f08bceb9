/** Saves a page's picture as PNG and its numbers as CSV, and copies its link. */
import { pushButton } from "./controls.js";
import { createElement } from "./layers.js";
import { SMALL_TEXT, textFont, unitPx, withRatio } from "./sizes.js";

const SAVED_RATIO = 2; // pixels of a saved picture a CSS pixel, whatever the device has
const FRAME = 14; // units around the picture and between its lines of text
const TITLE_TEXT = 20;
const COPY_LINK = "Copy link";
const COPIED_MS = 2000;

function isShown(element, root) {
  if (element.closest(".toolbar, .legend-bar > .control, [hidden]")) return false; // controls mean nothing on paper
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
function drawElement(context, root) {
  const { left, top } = root.getBoundingClientRect();
  for (const canvas of root.querySelectorAll("canvas")) {
    if (!isShown(canvas, root)) continue;
    const box = canvas.getBoundingClientRect();
    context.imageSmoothingEnabled = getComputedStyle(canvas).imageRendering !== "pixelated";
    context.drawImage(canvas, box.left - left, box.top - top, box.width, box.height);
  }
  drawAreas(context, root, left, top);
  drawText(context, root, left, top);
}

/** A text in lines that are no wider than so many pixels; addresses are broken anywhere. */
export function wrappedText(text, room, widthOf) {
  const lines = [""];
  for (const word of text.split(/(?<=[ &,])/)) {
    if (lines.at(-1) && widthOf((lines.at(-1) + word).trimEnd()) > room) lines.push("");
    for (const letter of word) {
      if (lines.at(-1) && widthOf((lines.at(-1) + letter).trimEnd()) > room) lines.push("");
      lines[lines.length - 1] += letter;
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** The page's heading, which Streamlit has written. */
function pageTitle() {
  return document.querySelector('[data-testid="stHeading"]')?.textContent.trim() ?? document.title;
}

/**
 * A page's picture under its title and its models, and above its address.
 * @param {HTMLElement} root
 * @param {Object} ink the page's colours and font
 * @param {string} models what they are and how good
 */
function pictureOf(root, ink, models) {
  const unit = unitPx();
  const { width, height } = root.getBoundingClientRect();
  const frame = FRAME * unit;
  const context = document.createElement("canvas").getContext("2d");
  const linesOf = (text, weight, size) => {
    const font = textFont(ink, weight, size * unit);
    context.font = font;
    const lines = wrappedText(text, width, (line) => context.measureText(line).width);
    return lines.map((line) => ({ line, font, step: 1.35 * size * unit }));
  };
  const head = [...linesOf(pageTitle(), 700, TITLE_TEXT), ...linesOf(models, 400, SMALL_TEXT)];
  const foot = linesOf(window.location.href, 400, SMALL_TEXT);
  const heightOf = (lines) => lines.reduce((sum, { step }) => sum + step, frame);
  const picture = context.canvas;
  picture.width = Math.round((width + 2 * frame) * SAVED_RATIO);
  picture.height = Math.round((heightOf(head) + height + heightOf(foot) + 2 * frame) * SAVED_RATIO);
  context.scale(SAVED_RATIO, SAVED_RATIO);
  context.fillStyle = ink.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.translate(frame, frame);
  const write = (lines, top) => {
    context.fillStyle = ink.text;
    context.textBaseline = "top";
    context.textAlign = "left";
    let y = top;
    for (const { line, font, step } of lines) {
      context.font = font;
      context.fillText(line, 0, y);
      y += step;
    }
  };
  write(head, 0);
  write(foot, heightOf(head) + height + frame);
  context.translate(0, heightOf(head));
  withRatio(SAVED_RATIO, () => drawElement(context, root));
  return picture;
}

/** Puts a text on the clipboard; by the old way where the new one is not allowed. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = createElement(document.body, "textarea", "", { readonly: "" });
    area.value = text;
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    if (!isCopied) throw new Error("The browser does not let the page copy.");
  }
}

/** Copies the page's address, which holds the whole state, and says so on the button itself. */
async function copyLink(button) {
  const said = await copyText(window.location.href).then(
    () => "Link copied",
    () => "Copy it above",
  );
  button.textContent = said;
  setTimeout(() => (button.textContent = COPY_LINK), COPIED_MS);
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
 * The buttons of a page that take something away from it.
 * @param {HTMLElement} parent a toolbar
 * @param {{root: HTMLElement, name: function(): string, ink: function(): Object,
 *   models: function(): Object[], numbers: function(): {header: string[], rows: Array[]}}} page
 *   what to save, asked when pressed; models as Python describes them to `LatentModel.load`
 */
export function exportButtons(parent, page) {
  const group = createElement(parent, "span", "control-group");
  pushButton(group, "PNG", "export-png", () => {
    const models = page.models().map(({ name, score }) => `${name}: ${score}`);
    const picture = pictureOf(page.root, page.ink(), models.join(" \u00b7 "));
    picture.toBlob((blob) => download(blob, `${page.name()}.png`));
  }).title = "Save this picture";
  pushButton(group, "CSV", "export-csv", () => {
    const { header, rows } = page.numbers();
    download(new Blob([csvOf(header, rows)], { type: "text/csv" }), `${page.name()}.csv`);
  }).title = "Save the numbers behind this picture";
  const link = pushButton(group, COPY_LINK, "export-link", () => copyLink(link));
  link.title = "Copy the address of what is shown";
  link.setAttribute("aria-live", "polite");
}
