/** Draws followed digits' posteriors upon a map. Lengths are CSS pixels. */

/**
 * The 1 sigma ellipse and the mean of each, in its class's colour with a halo.
 * @param {{centre: [number, number], axes: [number, number][], colour: string}[]} posteriors in
 *   plane units, as `drawPosterior` takes them
 */
export function drawFollowed(context, plane, posteriors, ink) {
  context.save();
  for (const { centre, axes: [[ax, ay], [bx, by]], colour } of posteriors) {
    const [px, py] = plane.toPixel(...centre);
    const [rx, ry] = [Math.hypot(ax, ay), Math.hypot(bx, by)].map((r) => r * plane.scale);
    for (const [width, stroke] of [[4.5, ink.background], [2.5, colour]]) {
      context.strokeStyle = stroke;
      context.fillStyle = stroke;
      context.lineWidth = width;
      context.beginPath();
      context.ellipse(px, py, rx, ry, -Math.atan2(ay, ax), 0, 2 * Math.PI); // y points down
      context.stroke();
      context.beginPath();
      context.arc(px, py, 1 + width / 1.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.restore();
}
