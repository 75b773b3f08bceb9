/**
 * Fills pixel buffers: thousands of points, or one digit. No DOM, no canvas.
 *
 * A pixel is one 32-bit number, 0xAABBGGRR as ImageData stores it on little-endian machines.
 */

/** "#rrggbb" as an opaque pixel. */
export function parseColour(hex) {
  const rgb = parseInt(hex.slice(1), 16);
  const red = rgb >> 16;
  const green = (rgb >> 8) & 0xff;
  const blue = rgb & 0xff;
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The pixels a disc covers: offsets from its centre's pixel and coverage in 0..255. */
export function discStamp(radius) {
  const reach = Math.ceil(radius);
  const stamp = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const coverage = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
      if (coverage > 0) stamp.push({ dx, dy, alpha: Math.round(255 * coverage) });
    }
  }
  return stamp;
}

/** `over` laid upon `under`, of any colour, with an alpha in 0..255. */
function blend(under, over, alpha) {
  const share = alpha + (alpha >>> 7); // in 0..256, so that dividing is shifting
  const rest = 256 - share;
  const redBlue = Math.imul(over & 0xff00ff, share) + Math.imul(under & 0xff00ff, rest);
  const green = Math.imul(over & 0xff00, share) + Math.imul(under & 0xff00, rest);
  const opacity = Math.max(under >>> 24, alpha);
  return (opacity << 24) | ((redBlue >>> 8) & 0xff00ff) | ((green >>> 8) & 0xff00);
}

/** A stamp in a buffer of this width: offsets of the pixels inside, of those at the edge, alphas. */
function printOf(stamp, width) {
  const offsetsOf = (part) => Int32Array.from(part, ({ dx, dy }) => dy * width + dx);
  const edge = stamp.filter(({ alpha }) => alpha < 255);
  return {
    inner: offsetsOf(stamp.filter(({ alpha }) => alpha === 255)),
    edges: offsetsOf(edge),
    alphas: Uint8Array.from(edge, ({ alpha }) => alpha),
  };
}

/**
 * Draws points, as discs unless their classes have shapes, upon what a buffer holds; those off the edge are left out.
 * @param {Uint32Array} pixels width * height device pixels
 * @param {Float32Array} points x0, y0, x1, y1, ... in plane units
 * @param {Uint8Array} labels a class a point
 * @param {number[]} colours a pixel value a class; points of a class whose value is 0 are skipped
 * @param {{scale: number, left: number, top: number}} transform device pixels a unit, and
 *   the plane coordinates of the buffer's top left corner
 * @param {number} radius device pixels
 * @param {function(number, number): Object[]} stampOf the pixels of a class's points of a radius
 */
export function rasterPoints(
  pixels, width, height, points, labels, colours, transform, radius, stampOf,
) {
  const { scale, left, top } = transform;
  const disc = stampOf ? null : printOf(discStamp(radius), width);
  const prints = colours.map((_, label) => disc ?? printOf(stampOf(label, radius), width));
  const reach = Math.ceil(radius);
  for (let n = 0; n < labels.length; n++) {
    const colour = colours[labels[n]];
    if (colour === 0) continue;
    const { inner, edges, alphas } = prints[labels[n]];
    const px = Math.round((points[2 * n] - left) * scale);
    const py = Math.round((top - points[2 * n + 1]) * scale);
    if (px < reach || py < reach || px >= width - reach || py >= height - reach) continue;
    const centre = py * width + px;
    for (let s = 0; s < inner.length; s++) pixels[centre + inner[s]] = colour;
    for (let s = 0; s < edges.length; s++) {
      const at = centre + edges[s];
      const under = pixels[at];
      if (under === 0) pixels[at] = (colour & 0xffffff) | (alphas[s] << 24);
      else pixels[at] = blend(under, colour, alphas[s]); // its own colour stays as it is
    }
  }
}

/** Writes grey levels 0..255 as opaque pixels, a tile of a wider picture. */
export function rasterTile(pixels, stride, left, top, greys, from, height, width) {
  for (let y = 0; y < height; y++) {
    const row = (top + y) * stride + left;
    for (let x = 0; x < width; x++) {
      const grey = greys[from + y * width + x];
      pixels[row + x] = (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;
    }
  }
}

/** Writes pixel means in [0, 1] as opaque grey: round(255 * mean) in all three channels. */
export function rasterDigit(pixels, means) {
  for (let i = 0; i < means.length; i++) {
    const grey = Math.round(255 * means[i]);
    pixels[i] = (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;
  }
}
