/**
 * A multilayer perceptron with ReLU between its linear layers, in plain numbers.
 *
 * Computes in float32 from float32 weights. Knows nothing of the DOM or of drawing.
 */

/** (outputs, inputs) row by row to (inputs, outputs): all that one input feeds lies together. */
function transposed(weight, outputs, inputs) {
  const columns = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) columns[i * outputs + o] = weight[o * inputs + i];
  }
  return columns;
}

/**
 * out = bias + weight @ input. ReLU has silenced about half of the inputs: those are skipped, and
 * the others are taken four at a time, which more than halves the time of a decode.
 */
function linear({ columns, bias, inputs, outputs }, input, out) {
  out.set(bias);
  const active = [];
  for (let i = 0; i < inputs; i++) if (input[i] !== 0) active.push(i);
  const whole = active.length - (active.length % 4);
  for (let n = 0; n < whole; n += 4) {
    const [i, j, k, l] = [active[n], active[n + 1], active[n + 2], active[n + 3]];
    const [a, b, c, d] = [input[i], input[j], input[k], input[l]];
    const [p, q, r, s] = [i * outputs, j * outputs, k * outputs, l * outputs];
    for (let o = 0; o < outputs; o++) {
      out[o] += a * columns[p + o] + b * columns[q + o] + c * columns[r + o] + d * columns[s + o];
    }
  }
  for (let n = whole; n < active.length; n++) {
    const a = input[active[n]];
    const p = active[n] * outputs;
    for (let o = 0; o < outputs; o++) out[o] += a * columns[p + o];
  }
}

/** Linear layers with ReLU between them and none after the last. */
export class Mlp {
  /**
   * Layers as another Mlp's `layers` has them, for they can be sent to a worker.
   * @param {{columns: Float32Array, bias: Float32Array, inputs: number, outputs: number}[]} layers
   */
  constructor(layers) {
    this.layers = layers;
    this.inputs = layers[0].inputs;
    this.outputs = layers.at(-1).outputs;
    this.buffers = layers.map((layer) => new Float32Array(layer.outputs));
  }

  /** Layers `<prefix>0.weight`, `<prefix>0.bias`, `<prefix>1.weight`, ... of a tensor table. */
  static fromTensors(tensors, prefix) {
    const layers = [];
    for (let n = 0; tensors[`${prefix}${n}.weight`]; n++) {
      const { shape: [outputs, inputs], values: weight } = tensors[`${prefix}${n}.weight`];
      const columns = transposed(weight, outputs, inputs);
      layers.push({ columns, bias: tensors[`${prefix}${n}.bias`].values, inputs, outputs });
    }
    if (layers.length === 0) throw new Error(`No layers named ${prefix}0.weight and so on.`);
    return new Mlp(layers);
  }

  /** The last layer's output; its buffer is reused by the next call. */
  forward(input) {
    let current = input;
    this.layers.forEach((layer, n) => {
      const out = this.buffers[n];
      linear(layer, current, out);
      if (n < this.layers.length - 1) {
        for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] = 0;
      }
      current = out;
    });
    return current;
  }
}

/** Pixel means in [0, 1] of one latent point: the sigmoid of the decoder's logits. */
export function decodePixels(decoder, z) {
  const logits = decoder.forward(z);
  const means = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i++) means[i] = 1 / (1 + Math.exp(-logits[i]));
  return means;
}
