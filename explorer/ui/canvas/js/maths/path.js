/** A straight path between two latent points, with a step beyond each. No DOM. */

export const PATH_STEPS = 9; // from A to B, both included
export const PATH_OVERSHOOT = 1; // steps beyond either end

/**
 * Points in equal steps on the line through A and B.
 * @returns {Float32Array} (PATH_STEPS + 2 * PATH_OVERSHOOT, dims) flat
 */
export function pathPoints(a, b) {
  const count = PATH_STEPS + 2 * PATH_OVERSHOOT;
  return Float32Array.from({ length: count * a.length }, (_, i) => {
    const t = (Math.floor(i / a.length) - PATH_OVERSHOOT) / (PATH_STEPS - 1);
    return a[i % a.length] + t * (b[i % a.length] - a[i % a.length]);
  });
}

/** How many codes lie within a radius of each of some points of the plane; all (N, 2) flat. */
export function countsWithin(codes, points, radius) {
  return Array.from({ length: points.length / 2 }, (_, n) => {
    const [x, y] = [points[2 * n], points[2 * n + 1]];
    let count = 0;
    for (let i = 0; i < codes.length; i += 2) {
      if ((codes[i] - x) ** 2 + (codes[i + 1] - y) ** 2 <= radius * radius) count++;
    }
    return count;
  });
}
