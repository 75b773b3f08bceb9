/** Two colours that stay apart for everybody, after Okabe and Ito's blue and orange. */

/** @param {{background: string}} ink @returns {{first: string, second: string}} */
export function pairColours({ background }) {
  const isDark = parseInt(background.slice(1, 3), 16) < 128;
  return isDark
    ? { first: "#56b4e9", second: "#f0a030" }
    : { first: "#0072b2", second: "#c85200" };
}
