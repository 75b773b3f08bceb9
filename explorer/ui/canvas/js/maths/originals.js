/** The original test images, where the server has them. No DOM. */

const originals = new Map(); // "dataset/index" -> promise of grey levels

/**
 * Fetches one test image.
 * @param {string} dataset "mnist" or "digits"
 * @returns {Promise<Uint8Array>} (H, W) grey levels 0..255, row by row
 */
export function loadOriginal(dataset, index) {
  const name = `${dataset}/${index}`;
  if (!originals.has(name)) {
    const loading = fetch(`originals/${name}`).then(async (response) => {
      if (response.status !== 200) throw new Error(`Test image ${index} of ${dataset} could not be fetched.`);
      return new Uint8Array(await response.arrayBuffer());
    });
    originals.set(name, loading);
    loading.catch(() => originals.delete(name));
  }
  return originals.get(name);
}

/**
 * Fetches several test images.
 * @param {number[]} indices
 * @returns {Promise<?Uint8Array>} (count, H, W) grey levels, or null where one cannot be had: the
 *   file may have gone since Python looked
 */
export async function loadOriginalsOf(dataset, indices) {
  const all = indices.map((index) => loadOriginal(dataset, index));
  const images = await Promise.all(all).catch(() => null);
  return images && Uint8Array.from(images.flatMap((image) => [...image]));
}
