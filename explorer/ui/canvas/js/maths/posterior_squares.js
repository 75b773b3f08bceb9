/**
 * The true posterior p(z|x) of a model with 2-D codes: squares over the plane, small where p(x, z)
 * has its mass. The same search as explorer/evidence.py, a level at a time, for it takes seconds.
 *
 * The owner scores `points` by log p(x|z) and gives that to `take`, until `isDone`. No DOM.
 */
const LOG_2PI = Math.log(2 * Math.PI);

/** The search's limits on both axes; outside lies 4e-9 of the prior. */
export const SEARCH_REACH = 6;

const FAR_REACH = 10; // the same for a code that is further than FAR_CODE from 0 on an axis
const FAR_CODE = 5;
const FIRST_SIDE = 0.25; // of a square
const SEARCH_LEVELS = 4; // on which squares are split for what they may hide
const HIDDEN_RANGE = 1.5; // a square may hide a value so many family ranges above its own
const SMOOTH_NATS = 1; // a family whose values vary no more hides nothing
const NEGLIGIBLE_NATS = 12; // below the highest value
const ERROR_SHARE = 1e-3; // of the evidence, that a family may be wrong by without being split
const MAX_LEVELS = 10;
const HEAVY_SHARE = 0.999; // of the evidence, that the squares hold which count
const EDGE_SHARE = 1e-3; // of the evidence close to the limits: more may lie beyond them
const CORNERS = [[-1, -1], [-1, 1], [1, -1], [1, 1]];

/** log N(z; 0, I) of a point of the plane. */
export function logPrior(x, y) {
  return -LOG_2PI - 0.5 * (x * x + y * y);
}

/** log of the sum of exp(values), without overflow. */
export function logSumExp(values) {
  const peak = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return peak + Math.log(values.reduce((sum, value) => sum + Math.exp(value - peak), 0));
}

/** The quarters of squares, family by family, as points (4 n, 2) flat; `part` of the side apart. */
function quarters(centres, sides, part) {
  const points = new Float64Array(4 * centres.length);
  for (let n = 0; n < sides.length; n++) {
    CORNERS.forEach(([right, up], k) => {
      points[2 * (4 * n + k)] = centres[2 * n] + right * part * sides[n];
      points[2 * (4 * n + k) + 1] = centres[2 * n + 1] + up * part * sides[n];
    });
  }
  return points;
}

/** The search for one image. */
export class PosteriorSquares {
  /** @param {{mu: number[], logvar: number[]}} near a q close to the posterior: the encoder's */
  constructor({ mu, logvar }) {
    this.mu = mu;
    this.reach = mu.some((value) => Math.abs(value) > FAR_CODE) ? FAR_REACH : SEARCH_REACH;
    this.smallest = Math.exp(Math.min(...logvar) / 2);
    this.level = 0;
    this.side = FIRST_SIDE;
    this.parents = null; // log joints of the families' parents
    this.levels = []; // {side, points, logLikelihood} of all that was scored
    this.squares = { centres: [], sides: [], logMass: [] }; // that tile the plane, flat
    this.peak = -Infinity; // of log p(x, z)
    this.isDone = false;
    const firsts = [];
    for (let x = FIRST_SIDE - this.reach; x < this.reach; x += 2 * FIRST_SIDE) {
      for (let y = FIRST_SIDE - this.reach; y < this.reach; y += 2 * FIRST_SIDE) {
        firsts.push(x, y);
      }
    }
    const sides = new Array(firsts.length / 2).fill(2 * FIRST_SIDE);
    this.points = quarters(firsts, sides, 0.25);
  }

  /** Whether more may lie where it is not looked for: the code does, or mass at the limits. */
  get isBound() {
    const { centres, logMass } = this.squares;
    const edge = this.reach - FIRST_SIDE;
    const outer = logMass.filter(
      (_, n) => Math.max(Math.abs(centres[2 * n]), Math.abs(centres[2 * n + 1])) > edge,
    );
    return (
      this.mu.some((value) => Math.abs(value) > this.reach) ||
      logSumExp(outer) > this.logEvidence + Math.log(EDGE_SHARE)
    );
  }

  /** Takes log p(x|z) of all `points`, and has others, or is done. */
  take(logLikelihood) {
    const { points, side } = this;
    const logArea = 2 * Math.log(side);
    this.levels.push({ side, points, logLikelihood });
    const joint = Float64Array.from(
      logLikelihood,
      (value, n) => value + logPrior(points[2 * n], points[2 * n + 1]),
    );
    this.peak = joint.reduce((most, value) => Math.max(most, value), this.peak);
    const total = logSumExp([...this.squares.logMass, ...joint.map((value) => value + logArea)]);
    const split = [];
    for (let n = 0; n < joint.length; n++) {
      if (this.mustSplit(joint, n, total)) split.push(n);
      else this.keep(points[2 * n], points[2 * n + 1], side, joint[n] + logArea);
    }
    this.isDone = split.length === 0;
    this.parents = split.map((n) => joint[n]);
    const centres = split.flatMap((n) => [points[2 * n], points[2 * n + 1]]);
    this.points = quarters(centres, new Array(split.length).fill(side), 0.25);
    this.side = side / 2;
    this.level += 1;
  }

  keep(x, y, side, logMass) {
    this.squares.centres.push(x, y);
    this.squares.sides.push(side);
    this.squares.logMass.push(logMass);
  }

  /** Whether square n of a level holds, or hides, more than may be left as it is. */
  mustSplit(joint, n, logTotal) {
    if (this.level === MAX_LEVELS) return false;
    const first = n - (n % 4);
    const family = joint.subarray(first, first + 4);
    if (this.parents) {
      const shift = logTotal - 2 * Math.log(this.side);
      const sum = family.reduce((all, value) => all + Math.exp(value - shift), 0);
      const error = Math.abs(4 * Math.exp(this.parents[first / 4] - shift) - sum);
      if (error > ERROR_SHARE) return true;
    }
    if (this.level < SEARCH_LEVELS) {
      const range = Math.max(...family) - Math.min(...family);
      const bound = joint[n] + HIDDEN_RANGE * range;
      if (range > SMOOTH_NATS && bound > this.peak - NEGLIGIBLE_NATS) return true;
    }
    if (this.side <= this.smallest) return false;
    const [x, y] = [this.points[2 * n], this.points[2 * n + 1]];
    return Math.max(Math.abs(x - this.mu[0]), Math.abs(y - this.mu[1])) <= this.side / 2;
  }

  /** log p(x) by the midpoint rule, in nats. */
  get logEvidence() {
    return logSumExp(this.squares.logMass);
  }

  /** The squares that hold nearly all of the evidence, the heaviest first. */
  heavySquares() {
    const { logMass } = this.squares;
    const total = this.logEvidence;
    const order = [...logMass.keys()].sort((a, b) => logMass[b] - logMass[a]);
    let mass = 0;
    const isNeeded = (n) => {
      const needed = mass < HEAVY_SHARE;
      mass += Math.exp(logMass[n] - total);
      return needed;
    };
    return order.filter(isNeeded);
  }

  /** Other points in the same squares, four each by the Gauss-Legendre rule: (4 M, 2) flat. */
  gaussPoints() {
    const heavy = this.heavySquares();
    const { centres, sides } = this.squares;
    const places = heavy.flatMap((n) => [centres[2 * n], centres[2 * n + 1]]);
    return quarters(places, heavy.map((n) => sides[n]), 1 / Math.sqrt(12));
  }

  /** log p(x) once more, from log p(x|z) at `gaussPoints`: what p(z|x) is normalised by. */
  logNormaliser(points, logLikelihood) {
    const heavy = this.heavySquares();
    const isHeavy = new Set(heavy);
    const rest = this.squares.logMass.filter((_, n) => !isHeavy.has(n));
    const again = Array.from(logLikelihood, (value, n) => {
      const side = this.squares.sides[heavy[n >> 2]] / 2;
      return value + logPrior(points[2 * n], points[2 * n + 1]) + 2 * Math.log(side);
    });
    return logSumExp([...rest, ...again]);
  }

  /**
   * Densities log p(x, z) above which lie so large shares of the posterior.
   * @param {number[]} shares rising @returns {number[]} falling
   */
  massLevels(shares) {
    const { sides, logMass } = this.squares;
    const logDensity = (n) => logMass[n] - 2 * Math.log(sides[n]);
    const order = this.heavySquares().sort((a, b) => logDensity(b) - logDensity(a));
    const total = this.logEvidence;
    let mass = 0;
    let next = 0;
    const found = shares.map(() => logDensity(order.at(-1)));
    for (const n of order) {
      mass += Math.exp(logMass[n] - total);
      while (next < shares.length && mass >= shares[next]) found[next++] = logDensity(n);
    }
    return found;
  }

  /** The box that holds the given share of the posterior. @returns {{x: number[], y: number[]}} */
  boxOf(share) {
    const { centres, sides, logMass } = this.squares;
    const total = this.logEvidence;
    const [x, y] = [[Infinity, -Infinity], [Infinity, -Infinity]];
    let mass = 0;
    for (const n of this.heavySquares()) {
      const half = sides[n] / 2;
      [x, y].forEach((range, axis) => {
        range[0] = Math.min(range[0], centres[2 * n + axis] - half);
        range[1] = Math.max(range[1], centres[2 * n + axis] + half);
      });
      mass += Math.exp(logMass[n] - total);
      if (mass >= share) break;
    }
    return { x, y };
  }
}
