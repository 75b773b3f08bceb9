/** The worker's glue: keeps the decoders it was given and decodes latent points in batches. */
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

self.onmessage = ({ data }) => {
  if (data.layers) decoders.set(data.model, new Mlp(data.layers));
  const greys = decodeAll(decoders.get(data.model), data.points);
  self.postMessage({ greys }, [greys.buffer]);
};
