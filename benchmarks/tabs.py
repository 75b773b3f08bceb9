"""Tabs of a browser as a benchmark wants them, and when a page of the app is ready."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.live_app import (
    READY_TIMEOUT_MS,
    chromium_flags,
    find_chromium,
    is_complaint,
    skip_tour,
)

PAGES = {
    "Map": "",
    "Machine": "machine",
    "Objectives": "objectives",
    "Continuity": "continuity",
    "Beta": "beta",
    "Dimensions": "dimensions",
    "Theory": "theory",
}
_MAP = '[data-testid="latent-canvas"][data-ready="true"]'
_READY = {  # address -> what is there, in a shadow root, once the page reacts, and how often
    "": (f'[data-page="map"] {_MAP}', 1),
    "machine": ('[data-page="machine"][data-ready="true"][data-z]', 1),
    "objectives": (f'[data-page="objectives"] {_MAP}', 3),
    "continuity": ('[data-page="continuity"][data-walked]', 1),
    "beta": (f'[data-page="beta"] {_MAP}', 1),
    "dimensions": ('[data-page="dimensions"] [data-testid="decoded-digit"][data-z]', 1),
    "theory": ('[data-page="theory"][data-ready="true"]', 1),
}
# Asked in every frame; Playwright's own waiting for elements asks every half second in the end.
IS_THERE = """([selector, count]) => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  return roots.flatMap((root) => [...root.querySelectorAll(selector)]).length === count;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """An installed Chromium; ends the program with the fix where there is none."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            sys.exit("No Chromium found: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=path, args=chromium_flags())
        yield browser
        browser.close()


class Tabs:
    """Opens tabs of a projector's size, each with an empty cache, and hears their consoles."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []

    def open(self) -> Page:
        """A tab of its own."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 720})
        skip_tour(context)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: object) -> None:
        if is_complaint(message):
            self.complaints.append(message.text)


def wait_until_ready(page: Page, path: str) -> None:
    """Return with the frame from which on the page at an address reacts."""
    page.wait_for_function(IS_THERE, arg=_READY[path], timeout=READY_TIMEOUT_MS)
