/**
 * What one trained member decodes: a manifold, the followed digits, samples of the prior.
 *
 * All of a member is decoded once, in the worker: first the member that is asked for, then, while
 * nothing is asked for, the others that have come, so that a drag finds them ready.
 */
import { loadOriginalsOf } from "../../maths/originals.js";
import { normalQuantile } from "../../maths/normal.js";
import { standardNormals } from "../../maths/random.js";
import { Arrival } from "../../parts/arrival.js";
import { TileGrid } from "../../parts/tiles.js";

const MANIFOLD_SIDE = 15; // tiles; odd, so that the one in the middle is decoded at 0
const SEAMLESS_PIXELS = 16; // smaller pictures have no dark edge and would run into each other
const FILM_SAMPLES = 25;
const SAMPLE_COLUMNS = 13; // two rows beside the followed digits
const SAMPLE_SEED = 25; // the same draws for every member: what changes is the decoder

/** The pictures of a family's members inside their parents. */
export class MemberPictures {
  /**
   * @param {{manifold, originals, digits, samples}} parents an element each
   * @param {HTMLElement} title of the followed digits
   */
  constructor(parents, title) {
    const grid = (name, testId, label) =>
      new TileGrid(parents[name], { "data-testid": testId, "aria-label": label });
    this.manifold = grid("manifold", "manifold", "Digits decoded over the plane of the map");
    this.originals = grid("originals", "fixed-originals", "Eight test digits as they were drawn");
    this.digits = grid("digits", "fixed-digits", "The same test digits, reconstructed");
    this.samples = grid("samples", "prior-samples", "Digits decoded from samples of the prior");
    this.arrival = new Arrival(title, this.originals.canvas);
  }

  /** Takes another family, or other axes of it: nothing of it has been decoded yet. */
  setFamily(film, worker) {
    this.film = film;
    this.worker = worker;
    this.decoded = new Map(); // member -> grey levels of all its tiles
    this.asked = -1;
    this.painted = -1;
    this.isBusy = false;
    this.generation = (this.generation ?? 0) + 1; // answers for an older one are dropped
  }

  /** Shows a member's pictures as soon as they are there. */
  show(n) {
    this.asked = n;
    if (this.painted === n) return;
    if (this.decoded.has(n)) this.paint(n);
    else this.decodeNext();
  }

  /** Decodes what is asked for, or else the nearest member that has come. */
  async decodeNext() {
    if (this.isBusy) return;
    const { film, generation } = this;
    const waiting = [...film.models.keys()].filter((n) => film.models[n] && !this.decoded.has(n));
    if (waiting.length === 0) return;
    const next = waiting.sort((a, b) => Math.abs(a - this.asked) - Math.abs(b - this.asked))[0];
    this.isBusy = true;
    const model = film.models[next];
    const greys = await this.worker.decode("film", model, this.pointsOf(model));
    if (generation !== this.generation) return;
    this.isBusy = false;
    this.decoded.set(next, greys);
    if (next === this.asked) this.paint(next);
    this.decodeNext();
  }

  /** Latent points of all tiles: the followed digits, the samples, the manifold row by row. */
  pointsOf(model) {
    const { dims } = model;
    const codes = this.film.digits.flatMap((digit) => [...model.code(digit)]);
    const draws = standardNormals(FILM_SAMPLES * dims, SAMPLE_SEED);
    const samples = dims === 2 ? unrotated(model, draws) : draws;
    return Float32Array.from([...codes, ...samples, ...this.manifoldPoints(model)]);
  }

  /** The plane in view at the prior's quantiles, each tile as likely as any other. */
  manifoldPoints(model) {
    const quantiles = Array.from({ length: MANIFOLD_SIDE }, (_, n) =>
      normalQuantile((n + 0.5) / MANIFOLD_SIDE),
    );
    const [across, up] = this.film.axes;
    return [...quantiles].reverse().flatMap((y) =>
      quantiles.flatMap((x) => {
        if (model.dims === 2) return model.toLatent(x, y);
        const z = Array(model.dims).fill(0); // the other dimensions stay in the prior's middle
        z[across] = x;
        z[up] = y;
        return z;
      }),
    );
  }

  paint(n) {
    this.painted = n;
    const { height, width, beta } = this.film.models[n];
    const greys = this.decoded.get(n);
    const count = this.film.digits.length;
    const tiles = (from, to) => greys.subarray(from * height * width, to * height * width);
    const facts = { beta: String(beta) };
    const shape = (columns) => ({ height, width, columns });
    this.digits.draw(tiles(0, count), shape(count), facts);
    this.samples.draw(tiles(count, count + FILM_SAMPLES), shape(SAMPLE_COLUMNS), facts);
    const first = count + FILM_SAMPLES;
    const rest = tiles(first, first + MANIFOLD_SIDE ** 2);
    const gap = width < SEAMLESS_PIXELS ? 1 : 0;
    this.manifold.draw(rest, { ...shape(MANIFOLD_SIDE), gap }, facts);
    // A picture that is shown smaller than it is would lose whole rows of pixels.
    const { canvas } = this.manifold;
    const isShrunk = canvas.width > canvas.clientWidth * (window.devicePixelRatio || 1);
    canvas.style.imageRendering = isShrunk ? "auto" : "pixelated";
  }

  /** The originals of the followed digits; hidden where the server does not have them. */
  async showOriginals(isThere) {
    const { film } = this;
    this.originals.canvas.parentElement.hidden = !isThere;
    this.arrival.set(isThere ? "loading" : "ready");
    if (!isThere) return;
    const { name, height, width } = film.members[0].source;
    const shape = { height, width, columns: film.digits.length };
    this.originals.reserve(1, shape);
    const [dataset] = name.split("/");
    const greys = await loadOriginalsOf(dataset, film.digits);
    if (film !== this.film) return;
    this.arrival.set(greys ? "ready" : "failed");
    if (greys) this.originals.draw(greys, shape);
  }
}

/** Rows of displayed coordinates in the model's own. */
function unrotated(model, places) {
  const points = [];
  for (let i = 0; i < places.length; i += 2) {
    points.push(...model.toLatent(places[i], places[i + 1]));
  }
  return points;
}
