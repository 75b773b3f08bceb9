/** What the server answers, or in words why there is nothing. No DOM. */

const NO_ANSWER = "The server does not answer. Try again once it runs.";

/**
 * A successful answer; otherwise an error with the server's words and its `status`.
 * @param {string} url @returns {Promise<Response>}
 */
export async function answerFrom(url) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(NO_ANSWER); // the browser's own words differ, and help nobody
  }
  if (response.ok) return response;
  throw Object.assign(new Error(await response.text()), { status: response.status });
}
