/** What the judge says of decoded points, asked of Python in batches. No DOM. */
import { answerFrom } from "./answer.js";

export const BATCH_SIZE = 100; // samples of the prior in an answer, as Python's
export const NO_DIGIT = 10; // the label of a picture that the judge reads as none of the classes
export const MAX_FALLEN = 1000; // samples of one seed

const answers = new Map(); // of a model's weights and a question -> promise
const MAX_ANSWERS = 60; // about 10 kB each

const BUSY_STATUS = 503; // where the server is busy with the questions of others
const ASK_AGAIN_MS = 1000;
const MOST_TRIES = 60;

async function ask(url) {
  for (let tries = 1; ; tries++) {
    try {
      return await (await answerFrom(url)).json();
    } catch (error) {
      if (error.status !== BUSY_STATUS || tries === MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
  }
}

function answerTo({ id, name }, question) {
  const key = `${id} ${question}`; // a model that is trained again has another id
  if (!answers.has(key)) {
    const asking = ask(`judged/${name}/${question}`);
    answers.set(key, asking);
    asking.catch(() => answers.delete(key)); // so that the next try asks again
    if (answers.size > MAX_ANSWERS) answers.delete(answers.keys().next().value);
  }
  return answers.get(key);
}

/**
 * One batch of the prior's samples, judged.
 * @param {LatentModel} model
 * @returns {Promise<{z: number[][], labels: number[], confidence: number[], recognised: boolean[],
 *   off: boolean[], nearest: number[], blurred: boolean[]}>} of what is off the data the nearest
 *   test digit, else -1, and whether it is less sharp than digits are
 */
export function loadPriorBatch(model, seed, batch) {
  return answerTo(model, `prior?seed=${seed}&batch=${batch}`);
}

/**
 * Rings around a test digit's code, judged: circle by circle, each from the right anticlockwise.
 * @returns {Promise<Object>} as a batch of samples, with `centre`, and a share a radius in `kept`
 *   and `offShares`; `kept` is null where the centre is read as no digit
 */
export function loadAround(model, digit) {
  return answerTo(model, `around?digit=${digit}`);
}

/**
 * The rings of many test digits, judged: see averageAround.
 * @returns {Promise<{digits: number[], own: boolean[], kept: ?number[][], offShares: number[][]}>}
 */
export function loadMany(model) {
  return answerTo(model, "many");
}

/** What the judge reads, in words. */
export function readAs(label) {
  return label === NO_DIGIT ? "no digit" : `a ${label}`;
}

/**
 * One picture of an answer.
 * @returns {{label: number, confidence: number, isOff: boolean, isRecognised: boolean,
 *   nearest: number, isBlurred: boolean}} the last two are of what is off the data
 */
export function verdictAt({ labels, confidence, recognised, off, nearest, blurred }, at) {
  return {
    label: labels[at],
    confidence: confidence[at],
    isOff: off[at],
    isRecognised: recognised[at],
    nearest: nearest[at],
    isBlurred: blurred[at],
  };
}

/** A verdict in words. @param {Object} verdict as verdictAt gives it */
export function verdictWords({ label, confidence, isOff, isRecognised }) {
  if (isOff) return "\u2715 off the data";
  return `${isRecognised ? "" : "unclear: "}${readAs(label)}, ${shareOf(confidence)} sure`;
}

/** A probability, never rounded up to the next per cent. */
export function shareOf(probability) {
  return `${Math.floor(100 * probability)}\u00a0%`;
}

/**
 * How many of the first so many samples are recognised as each class, and how many are off the
 * data; the others are unclear.
 * @param {{labels: number[], recognised: boolean[], off: boolean[]}[]} batches
 * @returns {{classes: number[], recognised: number, off: number}}
 */
export function countVerdicts(batches, count, classCount) {
  const classes = new Array(classCount).fill(0);
  let off = 0;
  for (let n = 0; n < count; n++) {
    const { labels, recognised, off: isOff } = batches[Math.floor(n / BATCH_SIZE)];
    const at = n % BATCH_SIZE;
    if (isOff[at]) off++;
    else if (recognised[at]) classes[labels[at]]++;
  }
  return { classes, recognised: classes.reduce((sum, n) => sum + n, 0), off };
}

/**
 * Over how many classes counts spread: exp of their entropy, 1 for one class, 10 for ten equal ones.
 * @param {number[]} counts
 */
export function effectiveClasses(counts) {
  const all = counts.reduce((sum, n) => sum + n, 0);
  const shares = counts.filter((n) => n > 0).map((n) => n / all);
  return all === 0 ? 0 : Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
}
