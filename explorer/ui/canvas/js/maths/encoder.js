/**
 * The encoder: an image to the mean and log-variance of its posterior q(z|x). No DOM.
 *
 * Its last layer gives both at once, means first, as the encoder in Python does.
 */
import { Mlp } from "./mlp.js";

/** The same bounds as in Python, so that a far-off image gets the same ellipse there and here. */
const LOGVAR_RANGE = [-20, 20];

/** Images of one size to posteriors of D dimensions. */
export class Encoder {
  /** @param {Mlp} mlp pixels to 2 * D numbers */
  constructor(mlp) {
    this.mlp = mlp;
    this.pixels = mlp.inputs; // height * width
    this.dimensions = mlp.outputs / 2; // D
  }

  /** Layers `<prefix>encoder.0.weight`, ... of a tensor table; prefix as in "07.", or "". */
  static fromTensors(tensors, prefix) {
    return new Encoder(Mlp.fromTensors(tensors, `${prefix}encoder.`));
  }

  /**
   * @param {Float32Array} pixels height * width values in [0, 1], row by row
   * @returns {{mu: Float32Array, logvar: Float32Array}} D numbers each, in the model's coordinates
   */
  encode(pixels) {
    if (pixels.length !== this.pixels) {
      throw new Error(`This encoder takes ${this.pixels} pixels, not ${pixels.length}.`);
    }
    const [low, high] = LOGVAR_RANGE;
    const out = this.mlp.forward(pixels);
    const logvar = out.slice(this.dimensions);
    logvar.forEach((value, i) => (logvar[i] = Math.min(high, Math.max(low, value))));
    return { mu: out.slice(0, this.dimensions), logvar };
  }
}
