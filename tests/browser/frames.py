"""The frames of a page: waiting for one, and making their clock independent of the machine's."""

from __future__ import annotations

from playwright.sync_api import Page

# A frame may ask for another, and words are written in a task after their frame; timers of the
# same length keep their order, so that this one comes last.
AFTER_FRAMES = """new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"""

STEADY_FRAMES = """milliseconds => {
  const request = window.requestAnimationFrame.bind(window);
  let now = 0;
  const count = () => {
    now += milliseconds;
    request(count);
  };
  request(count);
  window.requestAnimationFrame = (callback) => request(() => callback(now));
}"""


def wait_for_frame(page: Page) -> None:
    """Return when what was asked for before is painted, and the words that follow are written.

    What comes from a worker, a server or a timer is not waited for.
    """
    page.evaluate(AFTER_FRAMES)


def steady_frames(page: Page, milliseconds: float) -> None:
    """From now on let every frame last so long by the time that animations are told."""
    page.evaluate(STEADY_FRAMES, milliseconds)
