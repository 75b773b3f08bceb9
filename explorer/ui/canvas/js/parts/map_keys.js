/** What the keys do on a map that has the focus. */
const KEY_STEP_PX = 6;
const KEY_LEAP_PX = 40; // with shift
const KEY_ZOOM = 1.3;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What a key press does on a map, or null where it is none of the map's. @param {MapView} map */
export function keyAction(map, { key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return null;
  if (ARROWS[key]) return () => map.step(ARROWS[key], shiftKey ? KEY_LEAP_PX : KEY_STEP_PX);
  return {
    Enter: () => map.enter(),
    Escape: () => map.changePin(null),
    "+": () => map.zoomBy(KEY_ZOOM),
    "=": () => map.zoomBy(KEY_ZOOM),
    "-": () => map.zoomBy(1 / KEY_ZOOM),
    0: () => map.showAll(),
  }[key] ?? null;
}
