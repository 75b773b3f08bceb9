/** Which inputs of a linear layer do most for its largest outputs. No DOM. */

/** Indices of the `count` largest values, largest first. */
export function largest(values, count) {
  const found = []; // sorted, at most `count`
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && !(values[i] > values[found[count - 1]])) continue;
    let at = found.length;
    while (at > 0 && values[i] > values[found[at - 1]]) at--;
    found.splice(at, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}

/**
 * The largest contributions input[i] * weight, by size, to each of some outputs.
 * @param {{columns: Float32Array, inputs: number, outputs: number}} layer as an Mlp's
 * @param {ArrayLike<number>} input what the layer was given
 * @param {number[]} targets numbers of outputs
 * @param {number} each links to each target, at most
 * @returns {{from: number, to: number, share: number}[]} share of the largest of all, in (0, 1]
 */
export function strongestLinks({ columns, inputs, outputs }, input, targets, each) {
  const sizes = new Float32Array(inputs);
  const links = targets.flatMap((to) => {
    for (let i = 0; i < inputs; i++) sizes[i] = Math.abs(input[i] * columns[i * outputs + to]);
    const strongest = largest(sizes, each).filter((from) => sizes[from] > 0);
    return strongest.map((from) => ({ from, to, share: sizes[from] }));
  });
  const most = links.reduce((top, { share }) => Math.max(top, share), 0);
  return links.map((link) => ({ ...link, share: link.share / most }));
}
