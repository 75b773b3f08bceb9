/**
 * Reads tensors of a safetensors file over HTTP, only the bytes that are asked for.
 *
 * The format: 8 bytes (little endian) give the header's length, the JSON header gives
 * each tensor's dtype, shape and byte range, and the bytes follow. Free of the DOM.
 */

/** First request: long enough for the header of a family of thirteen models. */
const HEADER_GUESS_BYTES = 32768;

let halfTable = null;

/** The value of each of the 65,536 half-precision bit patterns, made when first needed. */
function halfValues() {
  if (halfTable) return halfTable;
  halfTable = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    let value;
    if (exponent === 0) value = fraction * 2 ** -24; // subnormal
    else if (exponent === 31) value = fraction ? NaN : Infinity;
    else value = (1 + fraction / 1024) * 2 ** (exponent - 15);
    halfTable[bits] = sign * value;
  }
  return halfTable;
}

/** Half-precision bit patterns (Uint16Array) as a Float32Array of the same length. */
export function halfToFloat(bits) {
  const table = halfValues();
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = table[bits[i]];
  return floats;
}

/** Bytes of one tensor as numbers: F16 and F32 become a Float32Array, U8 a Uint8Array. */
export function numbersOf(bytes, dtype) {
  const own = bytes.slice(); // a view may start at an odd byte, typed arrays may not
  if (dtype === "F16") return halfToFloat(new Uint16Array(own.buffer));
  if (dtype === "F32") return new Float32Array(own.buffer);
  if (dtype === "U8") return own;
  throw new Error(`Tensors of type ${dtype} are not read here: F16, F32 and U8 are.`);
}

async function fetchRange(url, start, end) {
  const response = await fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` } });
  if (!response.ok) throw new Error(`${url.split("?")[0]}: HTTP ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A server or proxy without ranges sends the whole file: cut what was asked for.
  return response.status === 206 ? bytes : bytes.subarray(start, end);
}

/** For what must be there: fewer bytes than asked for are an error. */
async function fetchAll(url, start, end) {
  const bytes = await fetchRange(url, start, end);
  if (bytes.length < end - start) throw new Error(`${url.split("?")[0]} came incomplete.`);
  return bytes;
}

/** One remote file, opened by its header; its tensors are fetched on demand. */
export class SafetensorsFile {
  /** @param {string} url @param {Object} header @param {number} dataStart byte of tensor 0 */
  constructor(url, header, dataStart) {
    this.url = url;
    this.header = header;
    this.dataStart = dataStart;
  }

  /** Fetches the header. @returns {Promise<SafetensorsFile>} */
  static async open(url) {
    let bytes = await fetchRange(url, 0, HEADER_GUESS_BYTES);
    if (bytes.length < 8) throw new Error(`${url.split("?")[0]} came incomplete.`);
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    if (8 + length > bytes.length) bytes = await fetchAll(url, 0, 8 + length);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    return new SafetensorsFile(url, header, 8 + length);
  }

  /** Names of the tensors that begin with `prefix`. */
  names(prefix) {
    return Object.keys(this.header).filter((n) => n !== "__metadata__" && n.startsWith(prefix));
  }

  /**
   * Fetches the tensors of these names by one range that spans them all.
   * @returns {Promise<Object>} name -> {shape, values}
   */
  async read(names) {
    const entries = names.map((name) => {
      const entry = this.header[name];
      if (!entry) throw new Error(`${this.url.split("?")[0]} has no tensor ${name}.`);
      return [name, entry];
    });
    const start = Math.min(...entries.map(([, e]) => e.data_offsets[0]));
    const end = Math.max(...entries.map(([, e]) => e.data_offsets[1]));
    const bytes = await fetchAll(this.url, this.dataStart + start, this.dataStart + end);
    const tensors = {};
    for (const [name, { dtype, shape, data_offsets: [from, to] }] of entries) {
      tensors[name] = { shape, values: numbersOf(bytes.subarray(from - start, to - start), dtype) };
    }
    return tensors;
  }
}
