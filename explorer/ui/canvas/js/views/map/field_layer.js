/**
 * A field under a map's points: numbers that Python computes for the part of the plane in view.
 *
 * It is asked for when the view has come to rest; until it has come the last picture stays where
 * its own part of the plane lies. One request is on its way at a time, so that what is overtaken
 * by another move is never asked for, and the pointer never waits.
 */
import { answerFrom } from "../../maths/answer.js";
import { LogScale, cellOn, mixRgb, rgbOf, valueOn } from "../../maths/colour_scales.js";

const FIELD_REST_MS = 150;
const FIELD_RETRY_MS = 1000; // where the server is busy with the fields of others
const BUSY = 503;
const CELL_PX = 8; // of a class's cell on its own canvas: room for the hatching
const HATCH_PX = 8; // from stripe to stripe
const STRIPE_PX = 2;
const LEAST_TINT = 0.1; // of a class that the judge is not sure of at all
const MOST_TINT = 0.8;
const OFF_TINT = 0.1;

/** The fields of amounts, each with a scale that is the same for all models and all views. */
export const AMOUNT_SCALES = {
  change: new LogScale([0.5, 100], "viridis"), // pixel change a unit of z
  density: new LogScale([0.1, 100], "cividis"), // per cent of the codes a square unit
};

/** How strongly a class's colour is laid on, for a confidence of 0 to 1. */
export function tintOf(confidence) {
  return LEAST_TINT + (MOST_TINT - LEAST_TINT) * confidence;
}

/** Whether a pixel of a hatched place lies on a stripe. */
export function isStripe(x, y) {
  return (x + y) % HATCH_PX < STRIPE_PX;
}

/** The colours of what is off the data: the ground, tinted by the class it is taken for. */
export function offColours(classRgb, { background, grey }) {
  return { ground: mixRgb(background, classRgb, OFF_TINT), stripe: grey };
}

async function fetchField({ url, kind, beta, x, y }) {
  const query = new URLSearchParams({ x: x.join(), y: y.join() });
  if (beta !== null) query.set("beta", String(beta));
  const response = await answerFrom(`${url}/${kind}?${query}`);
  const field = { kind, ...JSON.parse(response.headers.get("x-field")) };
  const content = await response.arrayBuffer();
  const count = field.rows * field.columns;
  field.values = new Float32Array(content, 0, count);
  if (kind === "class") {
    field.labels = new Uint8Array(content, 4 * count, count);
    field.isOff = new Uint8Array(content, 5 * count, count);
  }
  return field;
}

/** The field of one map. */
export class FieldLayer {
  /**
   * @param {{redraw: function(), tell: function(?Object), fail: function(string)}} host redraw
   *   draws the map again; tell hears of the field that has come, and of null when there is none
   *   for the present view; fail hears why none comes
   */
  constructor(host) {
    this.host = host;
    this.kind = null;
    this.field = null;
    this.wanted = null;
    this.isAsking = false;
  }

  destroy() {
    clearTimeout(this.timer);
    this.kind = this.wanted = null;
  }

  /** @param {{url: string, beta: ?number}} source where the model's fields are found */
  setSource(source) {
    this.source = source;
    this.field = null;
  }

  /** @param {{palette: string[], background: string, grey: string}} colours "#rrggbb" */
  setColours({ palette, background, grey }) {
    const key = [...palette, background, grey].join();
    if (key === this.coloursKey) return;
    this.coloursKey = key;
    const [ground, stripe] = [background, grey].map(rgbOf);
    this.colours = { palette: palette.map(rgbOf), background: ground, grey: stripe };
    if (this.field) this.draw(this.field);
  }

  /** Shows a kind of field, or by null none. */
  choose(kind, plane) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.field = null;
    this.host.redraw();
    this.follow(plane, 0);
  }

  /** Takes another part of the plane in view. */
  follow(plane, delay = FIELD_REST_MS) {
    clearTimeout(this.timer);
    this.host.tell(null);
    this.wanted = null;
    if (!this.kind || !this.source) return;
    const { kind, source } = this;
    this.timer = setTimeout(() => {
      this.wanted = { kind, source, ...source, x: plane.xRange, y: plane.yRange };
      if (!this.isAsking) this.ask();
    }, delay);
  }

  async ask() {
    this.isAsking = true;
    while (this.wanted) {
      const { wanted } = this;
      this.wanted = null;
      try {
        this.accept(await fetchField(wanted), wanted);
      } catch (error) {
        await this.missed(wanted, error);
      }
    }
    this.isAsking = false;
  }

  isOfNow({ kind, source }) {
    return kind === this.kind && source === this.source;
  }

  /** A field of a view that was left meanwhile is shown in its place until the next has come. */
  accept(field, wanted) {
    if (!this.isOfNow(wanted)) return;
    this.draw(field);
    this.field = field;
    this.host.redraw();
    this.host.tell(field);
  }

  async missed(wanted, error) {
    if (!this.isOfNow(wanted)) return;
    if (error.status !== BUSY) {
      this.host.fail(error.message);
      return;
    }
    await new Promise((done) => setTimeout(done, FIELD_RETRY_MS));
    if (this.isOfNow(wanted)) this.wanted ??= wanted;
  }

  draw(field) {
    const size = field.kind === "class" ? CELL_PX : 1;
    const { rows, columns } = field;
    field.canvas ??= document.createElement("canvas");
    Object.assign(field.canvas, { width: columns * size, height: rows * size });
    const image = new ImageData(columns * size, rows * size);
    if (field.kind === "class") this.drawClasses(image, field);
    else drawAmounts(image, field);
    field.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  drawClasses({ data, width }, { values, labels, isOff, columns }) {
    const { palette, background } = this.colours;
    values.forEach((confidence, n) => {
      const own = palette[labels[n]] ?? this.colours.grey; // "no digit" has no colour
      const off = isOff[n] && offColours(own, this.colours);
      const plain = off ? off.ground : mixRgb(background, own, tintOf(confidence));
      const [left, top] = [(n % columns) * CELL_PX, Math.floor(n / columns) * CELL_PX];
      for (let y = top; y < top + CELL_PX; y++) {
        for (let x = left; x < left + CELL_PX; x++) {
          data.set(off && isStripe(x, y) ? off.stripe : plain, 4 * (y * width + x));
          data[4 * (y * width + x) + 3] = 255;
        }
      }
    });
  }

  /** Draws the last field where its part of the plane lies now. */
  paint(context, plane) {
    if (!this.field) return;
    const { canvas, kind, x, y } = this.field;
    const [left, top] = plane.toPixel(x[0], y[1]);
    const [right, bottom] = plane.toPixel(x[1], y[0]);
    context.save();
    context.imageSmoothingEnabled = kind !== "class"; // between two classes there is no third
    context.imageSmoothingQuality = "high";
    context.drawImage(canvas, left, top, right - left, bottom - top);
    context.restore();
  }

  /** What the field says at a displayed point; null where it says nothing. */
  at(px, py) {
    const { field } = this;
    if (!field) return null;
    if (field.kind !== "class") {
      const value = valueOn(field, px, py);
      return value === null ? null : { kind: field.kind, value };
    }
    const cell = cellOn(field, px, py);
    if (cell < 0) return null;
    const [label, value] = [field.labels[cell], field.values[cell]];
    return { kind: "class", label, value, isOff: field.isOff[cell] === 1 };
  }

  /** The field's numbers, a row a cell, at the cells' middles in the model's own coordinates. */
  numbers(toLatent) {
    const { kind, values, labels, isOff, rows, columns, x, y } = this.field;
    const place = (n) => {
      const across = x[0] + ((n % columns) + 0.5) * ((x[1] - x[0]) / columns);
      return toLatent(across, y[1] - (Math.floor(n / columns) + 0.5) * ((y[1] - y[0]) / rows));
    };
    const facts = (n) => (kind === "class" ? [labels[n], values[n], isOff[n]] : [values[n]]);
    const header = ["z_1", "z_2", ...FIELD_COLUMNS[kind]];
    return { header, rows: Array.from(values, (_, n) => [...place(n), ...facts(n)]) };
  }
}

const FIELD_COLUMNS = {
  change: ["pixel_change_per_unit"],
  class: ["class", "confidence", "is_off_data"],
  density: ["percent_of_codes_per_square_unit"],
};

function drawAmounts({ data }, { kind, values }) {
  const scale = AMOUNT_SCALES[kind];
  values.forEach((value, n) => {
    data.set(scale.colour(value), 4 * n);
    data[4 * n + 3] = 255;
  });
}
