/** The pages in the document: each lies in a shadow root of its own, where no selector reaches. */
const pageRoots = new Set(); // their elements, the newest last

export function addPageRoot(root) {
  pageRoots.add(root);
}

export function removePageRoot(root) {
  pageRoots.delete(root);
}

/** The newest page's element, or undefined. @returns {HTMLElement} */
export function newestPageRoot() {
  return [...pageRoots].at(-1);
}
