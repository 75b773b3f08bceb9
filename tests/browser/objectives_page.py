"""The page 'Objectives' in a browser's tab, for its tests."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page

from tests.browser.attributes import change, numbers, wait_for_numbers
from tests.browser.canvas import read_grey
from tests.browser.live_app import READY_TIMEOUT_MS
from tests.browser.plane import position, ranges

NAMES = ("reconstruction-2d", "kl-2d", "vae-2d")

# A copy is read: reading the page's own canvas time and again would slow it, and warn.
READ_INK = """(canvas, [places, reach]) => {
  const copy = Object.assign(document.createElement("canvas"), {
    width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return places.map(([x, y]) => {
    const side = 2 * reach + 1;
    const corner = [Math.round(x) - reach, Math.round(y) - reach];
    const { data } = context.getImageData(...corner, side, side);
    return Math.max(...data.filter((_, i) => i % 4 === 3));
  });
}"""


class ObjectivesPage:
    """The page in a browser's tab."""

    def __init__(self, page: Page, url: str, query: str = "") -> None:
        self.page = page
        page.goto(f"{url}/objectives{query}")
        page.wait_for_selector('.page-objectives[data-ready="true"]', timeout=READY_TIMEOUT_MS)

    def column(self, name: str) -> Locator:
        return self.page.locator(f'article[data-model="{name}"]')

    def map(self, name: str) -> Locator:
        return self.column(name).get_by_test_id("latent-canvas")

    def canvas(self, name: str, test_id: str = "decoded-digit") -> Locator:
        return self.column(name).get_by_test_id(test_id)

    def grey(self, name: str, test_id: str = "decoded-digit") -> np.ndarray:
        """The grey levels that a canvas of digits shows, (H, W)."""
        return read_grey(self.canvas(name, test_id))

    def z(self, name: str) -> np.ndarray:
        return numbers(self.canvas(name).get_attribute("data-z"))

    def wait_for_z(self, z: np.ndarray, tolerance: float = 1e-6) -> None:
        """Wait until all three show this point."""
        for name in NAMES:
            wait_for_numbers(self.canvas(name), "data-z", z, tolerance)

    def ranges(self, name: str) -> np.ndarray:
        """The part of the plane in view: [[x low, x high], [y low, y high]]."""
        return ranges(self.map(name))

    def position(self, name: str, x: float, y: float) -> tuple[float, float]:
        """Where on the page a point of a map's plane lies, in CSS pixels."""
        return position(self.map(name), x, y)

    def change(self, element: Locator, attribute: str, action: Callable[[], object]) -> None:
        """Run an action and wait until it has changed a data attribute, once."""
        change(element, attribute, action)

    def hover(self, name: str, x: float, y: float) -> None:
        place = self.position(name, x, y)
        self.change(self.canvas(name), "data-z", lambda: self.page.mouse.move(*place))

    def click(self, name: str, x: float, y: float) -> None:
        self.page.mouse.click(*self.position(name, x, y))

    def press(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()

    def ink(self, name: str, points: np.ndarray, layer: str, reach: int) -> np.ndarray:
        """How opaque a layer of a map is at plane points (N, 2).

        (N,) 0 to 255: the highest of the pixels that are at most `reach` away.
        """
        box = self.map(name).bounding_box()
        places = [self.position(name, x, y) for x, y in points]
        offsets = [[x - box["x"], y - box["y"]] for x, y in places]
        canvas = self.column(name).locator(f".map-{layer}")
        return np.array(canvas.evaluate(READ_INK, [offsets, reach]))

    def overlay(self, name: str, points: np.ndarray) -> np.ndarray:
        """`ink` of what is drawn above the codes."""
        return self.ink(name, points, "overlay", 1)

    def numbers(self) -> list[dict[str, str]]:
        """The rows of the CSV that the page saves."""
        with self.page.expect_download() as download:
            self.press("export-csv")
        with open(download.value.path(), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
