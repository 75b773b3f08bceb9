/** Streamlit's entry: keeps one explorer for each place on the page, across reruns. */
import { Explorer } from "./explorer.js";

const explorers = new WeakMap();

/**
 * Streamlit calls this when the component appears and when its data or the theme change.
 * Python hears `pin` as {z: [z1, z2]} or {z: null}, on a click or a key, never on a move.
 */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!explorers.has(parentElement)) explorers.set(parentElement, new Explorer(parentElement));
  const explorer = explorers.get(parentElement);
  explorer.update(data, (z) => setTriggerValue("pin", { z }));
  return () => {
    explorer.destroy();
    explorers.delete(parentElement);
  };
}
