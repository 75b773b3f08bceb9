/**
 * A little Markdown as elements: paragraphs, lists, emphasis and code; all else is plain text.
 *
 * Built from text nodes only, so that nothing in a lesson's file can become markup.
 */
import { createElement } from "../../parts/layers.js";

const LIST_ITEM = /^\s*(?:[-*]|\d+\.)\s+/;
const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/g;
const INLINE_TAGS = ["strong", "em", "code"]; // by the pattern's groups

function writeInline(parent, text) {
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    parent.append(text.slice(end, match.index));
    const group = match.slice(1).findIndex((part) => part !== undefined);
    const inner = createElement(parent, INLINE_TAGS[group], "");
    if (INLINE_TAGS[group] === "code") inner.textContent = match[1 + group];
    else writeInline(inner, match[1 + group]);
    end = match.index + match[0].length;
  }
  parent.append(text.slice(end));
}

/** A list's items; a line that begins none goes on with the one before. */
function listItems(lines) {
  const items = [];
  for (const line of lines) {
    if (LIST_ITEM.test(line)) items.push(line.replace(LIST_ITEM, ""));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return items;
}

/** Replaces what stands in an element. @param {HTMLElement} parent @param {string} text */
export function writeMarkdown(parent, text) {
  parent.replaceChildren();
  for (const block of text.split(/\n\s*\n/).filter((part) => part.trim())) {
    const lines = block.trim().split("\n");
    if (!LIST_ITEM.test(lines[0])) {
      writeInline(createElement(parent, "p", ""), lines.map((line) => line.trim()).join(" "));
      continue;
    }
    const list = createElement(parent, /^\s*\d/.test(lines[0]) ? "ol" : "ul", "");
    for (const item of listItems(lines)) writeInline(createElement(list, "li", ""), item);
  }
}
