/**
 * A shape for each of the ten classes, for eyes to which their colours are alike. No DOM.
 *
 * Each is the distance from a place to the shape's edge, less than 0 inside, in units of the
 * shape's reach: from it follow the pixels that the shape covers at any size.
 */

const box = (x, y, halfWidth, halfHeight) =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
const triangle = (x, y) => Math.max(0.87 * Math.abs(x) - 0.5 * y - 0.45, y - 0.75); // tip at the top
const turned = (x, y) => [(x + y) * Math.SQRT1_2, (y - x) * Math.SQRT1_2];
const plus = (x, y) => Math.min(box(x, y, 0.3, 1), box(x, y, 1, 0.3));

/** By class: shapes that are easily taken for each other belong to colours that are not. */
const GLYPHS = [
  (x, y) => Math.abs(Math.hypot(x, y) - 0.72) - 0.26, // 0: a ring
  (x, y) => box(x, y, 0.34, 1), // 1: a bar
  (x, y) => box(x, y, 1, 0.34), // 2: a bar that lies
  (x, y) => triangle(x, y), // 3
  (x, y) => box(x, y, 0.8, 0.8), // 4: a square
  (x, y) => plus(x, y), // 5
  (x, y) => plus(...turned(x, y)), // 6: a cross
  (x, y) => triangle(x, -y), // 7: a triangle on its tip
  (x, y) => (Math.abs(x) + Math.abs(y) - 1.05) * Math.SQRT1_2, // 8: a diamond
  (x, y) => Math.hypot(x, y) - 0.62, // 9: a small disc
];

/** The pixels that a class's shape covers, as `discStamp` has them. */
export function glyphStamp(label, radius) {
  const distance = GLYPHS[label % GLYPHS.length];
  const reach = Math.ceil(radius);
  const stamp = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const coverage = Math.min(1, 0.5 - radius * distance(dx / radius, dy / radius));
      const alpha = Math.round(255 * coverage);
      if (alpha > 0) stamp.push({ dx, dy, alpha });
    }
  }
  return stamp;
}
