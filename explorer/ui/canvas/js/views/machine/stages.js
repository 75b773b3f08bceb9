/** The stages of a pass in order: their names and, each in one sentence, what happens there. */
import { formatNumber } from "../../maths/scales.js";

/** Key in the state -> title above the stage. */
export const STAGES = {
  picture: "Digit x",
  encoder: "Encoder",
  posterior: "\u03bc and \u03c3",
  noise: "Noise \u03b5",
  code: "Code z",
  decoder: "Decoder",
  output: "Picture x\u0302",
  loss: "Loss",
};
export const STAGE_KEYS = Object.keys(STAGES);

/** "3 layers of 512 units", "layers of 512 and 256 units". */
function layersSaid(hidden) {
  const sizes = hidden.map((values) => values.length);
  if (sizes.length === 0) return "no hidden layer";
  if (sizes.length === 1) return `a layer of ${sizes[0]} units`;
  const isSame = sizes.every((size) => size === sizes[0]);
  return isSame
    ? `${sizes.length} layers of ${sizes[0]} units`
    : `layers of ${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)} units`;
}

/** The whole pass in one sentence. */
export function passSaid({ dims, height, width }) {
  const pixels = height * width;
  return `${pixels} pixels become ${dims} numbers, and ${dims} numbers become ${pixels} pixels again.`;
}

/**
 * What happens at a stage.
 * @param {Object} pass model, encoded, decoded, loss, isByHand
 */
export function stageSaid(stage, { model, encoded, decoded, loss, isByHand }) {
  const { dims, height, width } = model;
  return {
    picture:
      `A picture goes in: ${height} \u00d7 ${width} = ${height * width} numbers, the brightness ` +
      "of each pixel.",
    encoder:
      `The encoder: ${layersSaid(encoded.hidden)}. Colour marks the units that this picture ` +
      "excites.",
    posterior:
      `It ends in ${dims} means \u03bc and ${dims} deviations \u03c3: not a point, but a small ` +
      "cloud of codes.",
    noise: `The dice draw ${dims} random numbers \u03b5, each from the bell curve around 0.`,
    code: isByHand
      ? "You have put z where you wanted it; the throw of the dice would be \u03bc + \u03c3 \u00b7 \u03b5."
      : "z = \u03bc + \u03c3 \u00b7 \u03b5: one point of the cloud, picked by chance. It is all " +
        "that the decoder gets.",
    decoder:
      `The decoder goes the way back: ${dims} numbers, ${layersSaid(decoded.hidden)}, ` +
      `${height * width} pixels.`,
    output: "Out comes a picture: how bright the decoder expects each pixel to be.",
    loss:
      `\u2212ELBO: ${formatNumber(loss.klSum, 1)} nats of KL, for a cloud unlike the prior, and ` +
      `${formatNumber(loss.reconstruction, 1)} of reconstruction.`,
  }[stage];
}

/**
 * What the loss is of, and what the model was trained on.
 * @param {{reconstruction: boolean, beta: number, sharedEpochs: number}} objective; the shared
 *   epochs of a family's members are at beta 1
 * @param {boolean} isByHand of z
 */
export function lossSaid({ reconstruction, beta, sharedEpochs }, isByHand) {
  const terms = !reconstruction
    ? "the KL alone"
    : beta === 0 ? "the reconstruction alone" : `reconstruction + ${beta} \u00d7 KL`;
  const before = sharedEpochs > 0 ? `, after ${sharedEpochs} epochs at \u03b2 = 1` : "";
  const trained = reconstruction && beta === 1 ? "" : ` Trained on ${terms}${before}.`;
  const sample = isByHand
    ? "What the z put by hand would cost; no throw gave it."
    : "\u2212ELBO of this one sample, an estimate: another throw, another number.";
  return sample + trained;
}
