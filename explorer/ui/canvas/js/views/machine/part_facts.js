/** What each part of the picture is: its name, its shape, its formula, and its numbers now. */
import { formatNumber, formatSmall } from "../../maths/scales.js";
import { indexed } from "./bells.js";

const FEW = 4; // numbers that are written one by one

function listed(symbol, values, digits = 2) {
  if (values.length > FEW) return "";
  const format = symbol === "\u03c3" ? formatSmall : formatNumber;
  return Array.from(values, (v, j) => `${indexed(symbol, j)} = ${format(v, digits)}`).join(", ");
}

/** A hidden layer of "encoder" or "decoder"; n counts from 0. */
function layerFacts(network, n, pass, strips, place) {
  const values = pass[network === "encoder" ? "encoded" : "decoded"].hidden[n];
  const before = n > 0 ? indexed("h", n - 1) : network === "encoder" ? "x" : "z";
  const [layer, weight, bias] = ["h", "W", "b"].map((symbol) => indexed(symbol, n));
  const active = values.reduce((count, value) => count + (value > 0), 0);
  const unit = place && strips[network][n].unitAt(...place);
  return {
    name: network === "encoder" ? "Encoder" : "Decoder",
    shape: `hidden layer ${n + 1}: ${values.length} numbers, ReLU`,
    formula: `${layer} = max(0, ${weight} ${before} + ${bias})`,
    now:
      unit !== null && unit !== undefined
        ? `Unit ${unit + 1}: ${formatNumber(values[unit], 2)}`
        : `${active} of ${values.length} are active now`,
  };
}

/** The value of a picture's pixel under the pointer. */
function pixelSaid(values, place, { width, height }, digits) {
  if (!place) return "";
  const [column, row] = [Math.floor(place[0] * width), Math.floor(place[1] * height)];
  const value = values[row * width + column];
  return value === undefined ? "" : `Row ${row + 1}, column ${column + 1}: ${formatNumber(value, digits)}`;
}

/**
 * @param {string} part its name in the page
 * @param {?number[]} place of a mouse in it, as shares of its sides
 * @param {Object} pass image, encoded, noise, code, decoded, loss, model, words
 * @param {{encoder: LayerStrip[], decoder: LayerStrip[]}} strips
 */
export function partFacts(part, place, pass, strips) {
  const { model, image, encoded, noise, code, decoded, loss } = pass;
  const { dims, width, height } = model;
  const pixels = `${height} \u00d7 ${width} = ${height * width}`;
  const [network, n] = part.split("-");
  if (n !== undefined) return layerFacts(network, Number(n), pass, strips, place);
  const [encoderLast, decoderLast] = [encoded, decoded].map(({ hidden }) => hidden.length);
  const last = (layers, input) => (layers > 0 ? indexed("h", layers - 1) : input);
  return {
    picture: {
      name: "Picture x",
      shape: `${pixels} numbers from 0 (black) to 1 (white)`,
      now: pixelSaid(image, place, model, 2) || pass.words,
    },
    posterior: {
      name: "Posterior q(z|x): \u03bc and \u03c3",
      shape: `${dims} + ${dims} numbers`,
      formula:
        `(\u03bc, log \u03c3\u00b2) = ${indexed("W", encoderLast)} ${last(encoderLast, "x")} + ` +
        `${indexed("b", encoderLast)},  \u03c3 = exp(\u00bd log \u03c3\u00b2)`,
      now: [listed("\u03bc", encoded.mu), listed("\u03c3", encoded.sigma)].filter(Boolean).join("; "),
    },
    noise: {
      name: "Noise \u03b5",
      shape: `${dims} numbers`,
      formula: "\u03b5 ~ N(0, I)",
      now: listed("\u03b5", noise),
    },
    code: {
      name: "Code z",
      shape: `${dims} numbers`,
      formula: "z = \u03bc + \u03c3 \u00b7 \u03b5",
      now: listed("z", code),
    },
    output: {
      name: "Picture x\u0302, the decoder\u2019s means",
      shape: `${pixels} numbers between 0 and 1`,
      formula:
        `x\u0302 = s(${indexed("W", decoderLast)} ${last(decoderLast, "z")} + ` +
        `${indexed("b", decoderLast)}),  s(l) = 1 / (1 + exp(\u2212l))`,
      now: pixelSaid(decoded.means, place, model, 2),
    },
    reconstruction: {
      name: "Reconstruction, \u2212log p(x|z)",
      shape: `${height * width} numbers, one a pixel, in nats`,
      formula: "\u2212\u03a3\u1d62 [x\u1d62 log x\u0302\u1d62 + (1 \u2212 x\u1d62) log(1 \u2212 x\u0302\u1d62)]",
      now: pixelSaid(loss.terms, place, model, 3),
    },
    kl: {
      name: "KL(q(z|x) \u2016 N(0, I))",
      shape: `${dims} numbers, one a dimension, in nats`,
      formula: "\u00bd (\u03bc\u2c7c\u00b2 + \u03c3\u2c7c\u00b2 \u2212 1 \u2212 log \u03c3\u2c7c\u00b2)",
      now: listed("KL", loss.kl),
    },
    loss: {
      name: "Loss, \u2212ELBO of this one sample",
      shape: "1 number, in nats",
      formula: "reconstruction + KL",
      now: pass.lossWords,
    },
  }[part];
}

/** Every number of a pass: header and rows. */
export function passNumbers({ image, encoded, noise, z, decoded, loss }) {
  const rows = [];
  const add = (part, values) => values.forEach((value, i) => rows.push([part, i, value]));
  add("x", image);
  encoded.hidden.forEach((values, n) => add(`encoder.${n}`, values));
  for (const name of ["mu", "logvar", "sigma"]) add(name, encoded[name]);
  add("epsilon", noise);
  add("z", z);
  decoded.hidden.forEach((values, n) => add(`decoder.${n}`, values));
  add("mean", decoded.means);
  add("reconstruction", loss.terms);
  add("kl", loss.kl);
  for (const [name, value] of [
    ["reconstruction.sum", loss.reconstruction],
    ["reconstruction.floor", loss.floor],
    ["kl.sum", loss.klSum],
    ["loss", loss.loss],
  ]) {
    rows.push([name, "", value]);
  }
  return { header: ["part", "index", "value"], rows };
}
