/**
 * A family of models as a film: its members stream in, and between two of them all is mixed.
 *
 * Knows no DOM but the clock that gives way to drawing.
 */
import {
  bracketOf, ellipseAxes, mixInto, mixObjects, rotatedCovariance,
} from "../../maths/interpolation.js";
import { rawPoints } from "../../maths/layouts.js";
import { LatentModel } from "../../maths/model.js";
import { classMedians } from "../../maths/scales.js";

/** Lets a frame be drawn and events be heard between two pieces of work. */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** The members, those that have come, and what a map shows at any position between them. */
export class FamilyFilm {
  /**
   * @param {Object[]} members as Python sends them, with rising betas
   * @param {number[]} digits indices of the test digits whose posteriors are followed
   */
  constructor(members, digits) {
    this.members = members;
    this.digits = digits;
    this.betas = members.map(({ source }) => source.beta);
    this.dims = members[0].source.dims;
    this.models = members.map(() => null);
    this.views = members.map(() => null);
    this.axes = [0, 1];
  }

  /** Ends the streaming. */
  stop() {
    this.isStopped = true;
  }

  /** Which two dimensions are shown; what was computed for others is forgotten. */
  setAxes(axes) {
    if (axes.join() === this.axes.join()) return;
    this.axes = axes;
    this.views.fill(null);
  }

  /** Number of members that have come. */
  get loaded() {
    return this.models.filter(Boolean).length;
  }

  /** Fetches one member. */
  async loadMember(n) {
    this.models[n] = await LatentModel.load(this.members[n].source);
  }

  /**
   * Fetches the members that are missing, always the one nearest to the film's position.
   * @param {{position: function(): number, onMember: function(number),
   *   onFailure: function(number, Error)}} listeners
   */
  async stream({ position, onMember, onFailure }) {
    const missing = new Set(this.models.keys());
    this.models.forEach((model, n) => model && missing.delete(n));
    while (missing.size > 0 && !this.isStopped) {
      const next = nearestOf(missing, position());
      missing.delete(next);
      try {
        await this.loadMember(next);
      } catch (error) {
        if (!this.isStopped) onFailure(next, error);
        continue;
      }
      if (this.isStopped) return;
      onMember(next);
      await nextTask();
      this.viewOf(next); // sorting takes a few milliseconds: not in the frame that needs it
      await nextTask();
    }
  }

  /** The number of the loaded member nearest to a position. */
  nearestLoaded(position) {
    return nearestOf([...this.models.keys()].filter((n) => this.models[n]), position);
  }

  /** What the map shows of one member, computed once for the axes that are shown. */
  viewOf(n) {
    const model = this.models[n];
    this.views[n] ??= this.makeView(model, this.members[n].variances);
    return this.views[n];
  }

  makeView(model, variances) {
    const points = model.points ?? rawPoints(model.mu, this.dims, this.axes);
    const rotation = model.points ? model.rotation : [1, 0, 0, 1];
    const posteriors = this.digits.map((digit, n) => {
      const [xx, xy, yy] = rotatedCovariance(this.axes.map((axis) => variances[n][axis]), rotation);
      return { x: points[2 * digit], y: points[2 * digit + 1], xx, xy, yy };
    });
    const medians = classMedians(points, model.labels);
    return { points, posteriors, medians };
  }

  /**
   * What the map shows at a position: points (N, 2) in a buffer that the next call reuses,
   * medians, and each followed digit's posterior. Where a neighbour is missing, it is what the
   * nearest loaded member shows; `low` and `high` say which members it is made of.
   */
  frameAt(position) {
    const { low, high, share } = bracketOf(position, this.members.length);
    const isWhole = share === 0 || !this.models[low] || !this.models[high];
    if (isWhole) {
      const only = this.models[low] && share === 0 ? low : this.nearestLoaded(position);
      return { ...withEllipses(this.viewOf(only)), low: only, high: only };
    }
    const [from, to] = [this.viewOf(low), this.viewOf(high)];
    this.buffer ??= new Float32Array(from.points.length);
    const mixed = {
      points: mixInto(this.buffer, from.points, to.points, share),
      medians: from.medians.map((median, n) => mixObjects(median, to.medians[n], share)),
      posteriors: from.posteriors.map((one, n) => mixObjects(one, to.posteriors[n], share)),
    };
    return { ...withEllipses(mixed), low, high };
  }
}

function withEllipses(view) {
  const posteriors = view.posteriors.map(({ x, y, xx, xy, yy }) => ({
    centre: [x, y],
    axes: ellipseAxes([xx, xy, yy]),
  }));
  return { ...view, posteriors };
}

/** Of some member numbers the one nearest to a position; of two equally near the first. */
function nearestOf(numbers, position) {
  return [...numbers].sort((a, b) => Math.abs(a - position) - Math.abs(b - position) || a - b)[0];
}
