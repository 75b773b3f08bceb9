/**
 * One 2-D model as the browser needs it: its decoder, its codes, and their rotation.
 *
 * Codes are shown rotated (display = mu @ rotation) where a checkpoint asks for it;
 * decoding happens in the model's own coordinates. No DOM.
 */
import { SafetensorsFile } from "./safetensors.js";
import { Mlp, decodePixels } from "./mlp.js";

/** Rotates rows of (x, y) by a matrix [a, b, c, d], row by row: out = point @ matrix. */
function rotated(points, [a, b, c, d]) {
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    out[i] = points[i] * a + points[i + 1] * c;
    out[i + 1] = points[i] * b + points[i + 1] * d;
  }
  return out;
}

/** A decoder with the codes of its test digits. */
export class LatentModel {
  /** @param {Mlp} decoder @param {Float32Array} mu (N, 2) flat @param {number[]} rotation flat */
  constructor(decoder, mu, labels, rotation) {
    this.decoder = decoder;
    this.rotation = rotation;
    this.points = rotated(mu, rotation); // as displayed
    this.labels = labels;
  }

  /**
   * Fetches decoder, codes and labels; of a family only the member's bytes.
   * @param {{modelUrl: string, codesUrl: string, prefix: string, rotation: number[]}} source
   */
  static async load({ modelUrl, codesUrl, prefix, rotation }) {
    const [weights, codes] = await Promise.all([
      SafetensorsFile.open(modelUrl).then((file) => file.read(file.names(`${prefix}decoder.`))),
      SafetensorsFile.open(codesUrl).then(async (file) => ({
        ...(await file.read([`${prefix}mu`])),
        ...(await file.read(["labels"])),
      })),
    ]);
    const decoder = Mlp.fromTensors(weights, `${prefix}decoder.`);
    return new LatentModel(decoder, codes[`${prefix}mu`].values, codes.labels.values, rotation);
  }

  /** The model's own coordinates of a displayed point: z = display @ rotation^T. */
  toLatent(x, y) {
    const [a, b, c, d] = this.rotation;
    return [x * a + y * b, x * c + y * d];
  }

  /** Where a latent point is displayed: z @ rotation. */
  toDisplay(z1, z2) {
    const [a, b, c, d] = this.rotation;
    return [z1 * a + z2 * c, z1 * b + z2 * d];
  }

  /** Pixel means in [0, 1] of the digit at a latent point. */
  decode(z1, z2) {
    return decodePixels(this.decoder, Float32Array.of(z1, z2));
  }
}
