/**
 * From numbers to colours that the eye reads as evenly as the numbers rise. No DOM.
 *
 * The two scales are Viridis (van der Walt, Smith 2015) and Cividis (Nunez, Anderton, Renslow
 * 2018): their lightness rises evenly, also for eyes that tell red from green badly or not at all.
 * A few of their colours are kept, and mixed in OKLab (Ottosson 2020), where equal steps look equal.
 */
const VIRIDIS = [
  "#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58",
  "#b5de2b", "#fde725",
];
const CIVIDIS = [
  "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369",
  "#e1cc55", "#fee838",
];
const TABLE_SIZE = 256; // colours of a scale

/** "#rrggbb" as three numbers 0..255. */
export function rgbOf(hex) {
  const rgb = parseInt(hex.slice(1, 7), 16);
  return [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
}

/** Three numbers 0..255 as "#rrggbb". */
export function hexOf(rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Two colours mixed as light is stored, not as the eye sees it: for translucent paint. */
export function mixRgb(from, to, share) {
  return from.map((value, n) => Math.round(value + (to[n] - value) * share));
}

function linearLight(value) {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function storedLight(part) {
  const value = part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

function toOklab(rgb) {
  const [r, g, b] = rgb.map(linearLight);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    storedLight(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    storedLight(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    storedLight(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function tableOf(anchors) {
  const labs = anchors.map((hex) => toOklab(rgbOf(hex)));
  return Array.from({ length: TABLE_SIZE }, (_, n) => {
    const place = (n / (TABLE_SIZE - 1)) * (labs.length - 1);
    const low = Math.min(Math.floor(place), labs.length - 2);
    const mixed = labs[low].map((value, k) => value + (labs[low + 1][k] - value) * (place - low));
    return fromOklab(mixed);
  });
}

/** Name -> 256 colours [red, green, blue] from low to high. */
export const COLOUR_TABLES = { viridis: tableOf(VIRIDIS), cividis: tableOf(CIVIDIS) };

/** Logarithmic places on a scale: 0 at `low` and below, 1 at `high` and above. */
export class LogScale {
  /** @param {number[]} domain low and high @param {string} table of COLOUR_TABLES */
  constructor([low, high], table) {
    Object.assign(this, { low, high, table: COLOUR_TABLES[table] });
  }

  /** A number's place, 0 to 1. */
  share(value) {
    if (!(value > this.low)) return 0;
    return Math.min(1, Math.log(value / this.low) / Math.log(this.high / this.low));
  }

  /** A number's colour, [red, green, blue]. */
  colour(value) {
    return this.table[Math.round(this.share(value) * (TABLE_SIZE - 1))];
  }

  /** The powers of ten of the domain. */
  get ticks() {
    const first = Math.ceil(Math.log10(this.low) - 1e-9);
    const last = Math.floor(Math.log10(this.high) + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n));
  }
}

/**
 * A number of a grid at a point, linear between the middles of its cells and constant beyond them.
 * @param {{values: Float32Array, rows: number, columns: number, x: number[], y: number[]}} field
 *   row by row from the top; x and y are the region's ranges, low to high
 * @returns {?number} null outside the region
 */
export function valueOn({ values, rows, columns, x, y }, px, py) {
  if (px < x[0] || px > x[1] || py < y[0] || py > y[1]) return null;
  const inside = (place, count) => Math.min(count - 1, Math.max(0, place - 0.5));
  const column = inside(((px - x[0]) / (x[1] - x[0])) * columns, columns);
  const row = inside(((y[1] - py) / (y[1] - y[0])) * rows, rows);
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, top + 1)];
  const at = (r, c) => values[r * columns + c];
  const mixed = (r) => at(r, left) + (at(r, right) - at(r, left)) * (column - left);
  return mixed(top) + (mixed(bottom) - mixed(top)) * (row - top);
}

/** The number of the cell that a point lies in, -1 outside the region. */
export function cellOn({ rows, columns, x, y }, px, py) {
  if (px < x[0] || px > x[1] || py < y[0] || py > y[1]) return -1;
  const column = Math.min(columns - 1, Math.floor(((px - x[0]) / (x[1] - x[0])) * columns));
  const row = Math.min(rows - 1, Math.floor(((y[1] - py) / (y[1] - y[0])) * rows));
  return row * columns + column;
}
