/**
 * The way by which Python learns a page's state, mounted once for all pages.
 *
 * A page's own component goes with its page, and what it has just said with it. This one stays, and
 * its value goes with whatever Streamlit next asks Python for.
 */

let keep = null; // tells Python
let told = 0; // so that a state that comes back is news again

/** @param {string} view @param {Object<string, ?string>} state text by key */
export function keepState(view, state) {
  keep?.({ view, state, number: ++told });
}

export class StateKeeper {
  update(data, send, setValue) {
    keep = (value) => setValue("state", value);
  }

  destroy() {
    keep = null;
  }
}
