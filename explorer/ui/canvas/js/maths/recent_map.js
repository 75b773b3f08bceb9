/** A map that keeps what was used last, and drops what has not been used for longest. No DOM. */

export class RecentMap {
  /** @param {number} most entries that are kept */
  constructor(most) {
    this.most = most;
    this.entries = new Map(); // in the order of their last use
  }

  get size() {
    return this.entries.size;
  }

  /** The value of a key, which counts as a use; undefined where there is none. */
  get(key) {
    if (!this.entries.has(key)) return undefined;
    const value = this.entries.get(key);
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /** Keeps a value. @returns {Array} the keys that were dropped for it */
  set(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    const dropped = [...this.entries.keys()].slice(0, Math.max(0, this.size - this.most));
    dropped.forEach((old) => this.entries.delete(old));
    return dropped;
  }

  delete(key) {
    this.entries.delete(key);
  }
}
