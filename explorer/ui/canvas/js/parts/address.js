/**
 * The state of a page in the browser's address, so that a link reopens what is seen.
 *
 * Written by the browser at once: Python hears of it later. A browser lets a page change its address
 * a hundred times in thirty seconds; a key that is held down asks for more.
 */

const ADDRESS_REST_MS = 350;

export class Address {
  constructor() {
    this.waiting = {}; // key -> text, or null where the key has its default
  }

  /** @param {Object<string, ?string>} texts by key; null, or nothing, takes the key out */
  write(texts) {
    Object.assign(this.waiting, texts);
    if (!this.timer) this.settle();
  }

  /** Writes what still waits. */
  settle() {
    clearTimeout(this.timer);
    this.timer = null;
    const texts = Object.entries(this.waiting);
    if (texts.length === 0) return;
    this.waiting = {};
    this.timer = setTimeout(() => this.settle(), ADDRESS_REST_MS);
    const query = new URLSearchParams(location.search);
    for (const [key, text] of texts) {
      if (text) query.set(key, text);
      else query.delete(key);
    }
    const search = query.size > 0 ? `?${query}` : "";
    if (search === location.search) return;
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  }

  /** The page goes: from now on the address is another's. */
  stop() {
    clearTimeout(this.timer);
    this.waiting = {};
  }
}
