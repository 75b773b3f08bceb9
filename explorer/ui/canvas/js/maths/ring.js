/** Points on circles around a code, and the cells of a square ring of pictures. No DOM. */

export const RING_POINTS = 24; // as Python's
export const RING_SIDE = 7; // cells a side: the border of 7 x 7 cells has 24

/**
 * Points on a circle, from the right anticlockwise.
 * @param {ArrayLike<number>} centre [x, y] @returns {Float32Array} (RING_POINTS, 2) flat
 */
export function ringPoints([x, y], radius) {
  return Float32Array.from({ length: 2 * RING_POINTS }, (_, i) => {
    const angle = (2 * Math.PI * Math.floor(i / 2)) / RING_POINTS;
    return i % 2 === 0 ? x + radius * Math.cos(angle) : y + radius * Math.sin(angle);
  });
}

/**
 * The border cells of the square, in the order of the points: from the middle of the right side
 * anticlockwise, so that a picture lies in the direction of its point.
 * @returns {{row: number, column: number}[]}
 */
export function ringCells() {
  const half = (RING_SIDE - 1) / 2;
  return Array.from({ length: RING_POINTS }, (_, n) => {
    const angle = (2 * Math.PI * n) / RING_POINTS;
    const [right, up] = [Math.cos(angle), Math.sin(angle)];
    const reach = half / Math.max(Math.abs(right), Math.abs(up));
    // On the border of a square equal angles are no equal steps: the tangent makes them so.
    const along = (share) => Math.round((4 * half * Math.atan(share)) / Math.PI);
    const isSide = Math.abs(right) >= Math.abs(up) - 1e-9;
    const x = isSide ? Math.sign(right) * half : along((reach * right) / half);
    const y = isSide ? along((reach * up) / half) : Math.sign(up) * half;
    return { row: half - y, column: half + x };
  });
}
