/**
 * Decodes what takes longer than a frame in a worker, so that the pointer never waits for it.
 *
 * Requests come in channels (a manifold, some samples). Each channel has one request waiting at
 * most: a newer one replaces it, and the one that was overtaken resolves to null.
 */
import { RecentMap } from "../maths/recent_map.js";

const MAX_DECODERS = 32; // more than a page shows at once; 1 to 4 MB each

/** One worker and the requests that wait for it. */
export class DecodeWorker {
  /** @param {string} url of the worker's script */
  constructor(url) {
    this.worker = new Worker(url);
    this.known = new RecentMap(MAX_DECODERS); // ids of models whose weights the worker has
    this.waiting = new Map(); // channel -> request, in order of arrival
    this.running = null;
    this.worker.onmessage = ({ data }) => {
      const { channel, resolve } = this.running;
      this.running = null;
      // Overtaken while it ran: what is newer will come.
      resolve(this.waiting.has(channel) ? null : data.pictures);
      this.next();
    };
  }

  /** Ends the worker; what still waits never resolves. */
  stop() {
    this.worker.terminate();
  }

  /**
   * Decodes points of a model.
   * @param {string} channel
   * @param {LatentModel} model
   * @param {Float32Array} points (n, dims) flat, in the model's own coordinates
   * @param {{asMeans?: boolean}} options pixel means in [0, 1] as Float32Array, not rounded
   * @returns {Promise<?Uint8Array>} (n, pixels) grey levels 0..255, or null if overtaken
   */
  decode(channel, model, points, { asMeans = false } = {}) {
    return this.ask(channel, { model, points, asMeans });
  }

  /**
   * Scores points of a model by how likely they make an image.
   * @param {string} channel
   * @param {LatentModel} model
   * @param {Float32Array} points (n, dims) flat, in the model's own coordinates
   * @param {Float32Array} image pixels in [0, 1]
   * @returns {Promise<?Float64Array>} n values of log p(x|z) in nats, or null if overtaken
   */
  score(channel, model, points, image) {
    return this.ask(channel, { model, points, image });
  }

  ask(channel, request) {
    return new Promise((resolve) => {
      this.waiting.get(channel)?.resolve(null);
      this.waiting.set(channel, { channel, ...request, resolve });
      this.next();
    });
  }

  next() {
    if (this.running || this.waiting.size === 0) return;
    const [channel, request] = this.waiting.entries().next().value;
    this.waiting.delete(channel);
    this.running = request;
    const { model, points, asMeans, image } = request;
    const isNew = !this.known.get(model.id);
    const forget = isNew ? this.known.set(model.id, true) : [];
    const layers = isNew ? model.decoder.layers : undefined;
    this.worker.postMessage({ model: model.id, layers, forget, points, asMeans, image });
  }
}
