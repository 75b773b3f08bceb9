/**
 * The worker's glue: keeps the decoders it was given, and decodes latent points in batches or says
 * how likely they make an image.
 */
import { logLikelihoods } from "./maths/likelihood.js";
import { Mlp, decodePixels } from "./maths/mlp.js";

const decoders = new Map(); // model id -> Mlp

/** @param {Float32Array} points (n, dims) flat @returns {Uint8Array} (n, pixels) grey levels */
function decodeAll(decoder, points) {
  const dims = decoder.inputs;
  const count = points.length / dims;
  const greys = new Uint8Array(count * decoder.outputs);
  for (let n = 0; n < count; n++) {
    const means = decodePixels(decoder, points.subarray(n * dims, (n + 1) * dims));
    for (let i = 0; i < means.length; i++) {
      greys[n * means.length + i] = Math.round(255 * means[i]);
    }
  }
  return greys;
}

/** The same as pixel means, not rounded. @returns {Float32Array} (n, pixels) in [0, 1] */
function decodeMeans(decoder, points) {
  const { inputs, outputs } = decoder;
  const count = points.length / inputs;
  const means = new Float32Array(count * outputs);
  for (let n = 0; n < count; n++) {
    means.set(decodePixels(decoder, points.subarray(n * inputs, (n + 1) * inputs)), n * outputs);
  }
  return means;
}

self.onmessage = ({ data }) => {
  data.forget.forEach((id) => decoders.delete(id));
  if (data.layers) decoders.set(data.model, new Mlp(data.layers));
  const decoder = decoders.get(data.model);
  const decode = data.asMeans ? decodeMeans : decodeAll;
  const pictures = data.image
    ? logLikelihoods(decoder, data.points, data.image)
    : decode(decoder, data.points);
  self.postMessage({ pictures }, [pictures.buffer]);
};
