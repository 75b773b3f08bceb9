/**
 * One model as the browser needs it: its decoder, its codes, and their rotation.
 *
 * Codes of 2-D models are shown rotated (display = mu @ rotation) where a checkpoint asks for it;
 * decoding happens in the model's own coordinates. No DOM.
 */
import { Encoder } from "./encoder.js";
import { Mlp, decodePixels } from "./mlp.js";
import { RecentMap } from "./recent_map.js";
import { SafetensorsFile } from "./safetensors.js";

// Promises by url, which holds the file's hash: a family's members share their two headers.
const openFiles = new RecentMap(16);

function openFile(url) {
  const known = openFiles.get(url);
  if (known) return known;
  const opening = SafetensorsFile.open(url);
  openFiles.set(url, opening);
  opening.catch(() => openFiles.delete(url)); // so that the next try asks again
  return opening;
}

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
  /**
   * @param {Object} source what Python says of it: name, beta, height, width, dims, modelUrl,
   *   codesUrl, prefix, rotation
   * @param {Mlp} decoder
   * @param {Float32Array} mu (N, dims) flat, in the model's own coordinates
   * @param {Uint8Array} labels a class a code
   */
  constructor(source, decoder, mu, labels) {
    Object.assign(this, source);
    this.decoder = decoder;
    this.mu = mu;
    this.labels = labels;
    this.points = this.dims === 2 ? rotated(mu, this.rotation) : null; // as displayed
    // For caches: the address holds the weights' hash, so a model that is trained again is another.
    this.id = `${this.modelUrl}#${this.prefix}`;
  }

  /** Fetches decoder, codes and labels; of a family only the member's bytes. */
  static async load(source) {
    const { modelUrl, codesUrl, prefix } = source;
    const [weights, codes] = await Promise.all([
      openFile(modelUrl).then((file) => file.read(file.names(`${prefix}decoder.`))),
      openFile(codesUrl).then(async (file) => ({
        ...(await file.read([`${prefix}mu`])),
        ...(await file.read(["labels"])),
      })),
    ]);
    const decoder = Mlp.fromTensors(weights, `${prefix}decoder.`);
    return new LatentModel(source, decoder, codes[`${prefix}mu`].values, codes.labels.values);
  }

  /** Number of codes. */
  get count() {
    return this.labels.length;
  }

  /** The code mu of test digit `index`, in the model's own coordinates (a view, not a copy). */
  code(index) {
    return this.mu.subarray(index * this.dims, (index + 1) * this.dims);
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

  /** A 2-D posterior's standard deviations as displayed: two perpendicular vectors. */
  posteriorAxes([logvar1, logvar2]) {
    const [a, b, c, d] = this.rotation;
    const [s1, s2] = [Math.exp(logvar1 / 2), Math.exp(logvar2 / 2)];
    return [[s1 * a, s1 * b], [s2 * c, s2 * d]];
  }

  /** Pixel means in [0, 1] of the digit at a latent point (any array of dims numbers). */
  decode(z) {
    return decodePixels(this.decoder, Float32Array.from(z));
  }

  /** The posterior's log variances of all codes, (N, dims) flat, fetched when first asked for. */
  async loadLogvar() {
    this.logvarLoading ??= this.readCodes("logvar");
    return this.logvarLoading;
  }

  /** A stored layout of the codes, "umap" or "pca": (N, 2) flat. */
  async loadLayout(kind) {
    return this.readCodes(`layout.${kind}`);
  }

  async readCodes(name) {
    const file = await openFile(this.codesUrl);
    return (await file.read([this.prefix + name]))[this.prefix + name].values;
  }

  /** The encoder, fetched when first asked for: images to posteriors. */
  async loadEncoder() {
    this.encoderLoading ??= openFile(this.modelUrl).then(async (file) => {
      const names = file.names(`${this.prefix}encoder.`);
      return Encoder.fromTensors(await file.read(names), this.prefix);
    });
    return this.encoderLoading;
  }
}
