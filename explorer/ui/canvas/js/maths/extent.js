/** Where codes lie on a plane, and how far a view may leave them. No DOM. */

/** A view keeps a code at least so far from its edge, pixels. */
const CODE_MARGIN_PX = 10;

/**
 * The rectangle that holds all points and the square of so many units around 0.
 * @param {Float32Array} points (N, 2) flat
 * @returns {{left: number, right: number, bottom: number, top: number}}
 */
export function extentOf(points, radius) {
  const extent = { left: -radius, right: radius, bottom: -radius, top: radius };
  for (let i = 0; i < points.length; i += 2) {
    extent.left = Math.min(extent.left, points[i]);
    extent.right = Math.max(extent.right, points[i]);
    extent.bottom = Math.min(extent.bottom, points[i + 1]);
    extent.top = Math.max(extent.top, points[i + 1]);
  }
  return extent;
}

/** The place in a rectangle that is nearest to a place. @returns {[number, number]} */
export function nearestWithin({ left, right, bottom, top }, x, y) {
  return [Math.min(right, Math.max(left, x)), Math.min(top, Math.max(bottom, y))];
}

/**
 * By how much a view can be magnified about one of its pixels with a code still in it.
 * @param {Float32Array} points (N, 2) flat @param {PlaneView} plane
 * @returns {number} 1 or more; without points there is no limit
 */
export function mostMagnification(points, plane, px, py) {
  if (points.length === 0) return Infinity;
  const room = (away, before, behind) =>
    away > 0 ? behind / away : away < 0 ? before / -away : Infinity;
  const [left, up] = [px - CODE_MARGIN_PX, py - CODE_MARGIN_PX];
  const [right, down] = [plane.width - px - CODE_MARGIN_PX, plane.height - py - CODE_MARGIN_PX];
  const [x, y] = plane.toPlane(px, py);
  let most = 1;
  for (let i = 0; i < points.length; i += 2) {
    const across = room((points[i] - x) * plane.scale, left, right);
    const along = room((y - points[i + 1]) * plane.scale, up, down);
    most = Math.max(most, Math.min(across, along));
  }
  return most;
}

/**
 * By how many pixels a view without any code must move for the nearest to come into it.
 * @returns {[number, number]} to be panned by; zeros where a code is in view
 */
export function wayBack(points, plane) {
  const half = [plane.width / 2 - CODE_MARGIN_PX, plane.height / 2 - CODE_MARGIN_PX];
  let [best, way] = [Infinity, [0, 0]];
  for (let i = 0; i < points.length; i += 2) {
    const away = [(points[i] - plane.x) * plane.scale, (plane.y - points[i + 1]) * plane.scale];
    const beyond = away.map((pixels, axis) => Math.max(0, Math.abs(pixels) - half[axis]));
    const far = Math.hypot(...beyond);
    if (far >= best) continue;
    best = far;
    way = beyond.map((pixels, axis) => -Math.sign(away[axis]) * pixels);
    if (far === 0) break;
  }
  return way;
}

/**
 * A view that shows some places as well, with room between them and its edge.
 * @param {{x: number, y: number, spanX: number, spanY: number}} view
 * @param {[number, number][]} places @param {number} room as a share of the view's sides
 * @returns {{x: number, y: number, spanX: number, spanY: number}} as large or larger
 */
export function viewWith({ x, y, spanX, spanY }, places, room) {
  const along = (middle, span, axis) => {
    const values = places.map((place) => place[axis]);
    const low = Math.min(middle - span / 2, Math.min(...values) - room * span);
    const high = Math.max(middle + span / 2, Math.max(...values) + room * span);
    return [(low + high) / 2, high - low];
  };
  const [[middleX, width], [middleY, height]] = [along(x, spanX, 0), along(y, spanY, 1)];
  return { x: middleX, y: middleY, spanX: width, spanY: height };
}
