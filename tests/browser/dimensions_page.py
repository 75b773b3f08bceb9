"""The page 'Dimensions' in a browser's tab, and what Python expects of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from explorer.checkpoints import Checkpoint
from tests.browser.attributes import change, numbers, wait_for_numbers
from tests.browser.canvas import read_with_facts
from tests.browser.live_app import READY_TIMEOUT_MS
from tests.browser.plane import position
from tests.browser.shipped import decoded

THUMB_PX = 16  # of a slider: its values begin and end half a thumb inside the track


def code_of(checkpoint: Checkpoint, digit: int) -> np.ndarray:
    """A test digit's code as the page writes it."""
    return np.floor(1000 * checkpoint.codes.mu[digit].astype(np.float64) + 0.5) / 1000


class DimensionsPage:
    """The page in a browser's tab."""

    def __init__(self, page: Page, url: str, query: str = "") -> None:
        self.page = page
        page.goto(f"{url}/dimensions{query}")
        page.wait_for_selector('.page-dimensions[data-ready="true"]', timeout=READY_TIMEOUT_MS)
        self.digit = page.get_by_test_id("decoded-digit")
        self.map = page.get_by_test_id("latent-canvas")
        self.sliders = page.get_by_test_id("dimension-slider")

    def slider(self, dim: int) -> Locator:
        return self.page.locator(f'[data-testid="dimension-slider"][data-dim="{dim}"]')

    def draw(self, stroke: list[tuple[float, float]]) -> None:
        """One stroke of the pen; places are shares of the pad."""
        box = self.page.get_by_test_id("drawing-pad").bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def track(self, dim: int) -> Locator:
        return self.page.locator(f'[data-testid="posterior-track"][data-dim="{dim}"]')

    def row(self, dim: int) -> Locator:
        return self.page.locator(f'[data-testid="traversal-row"][data-dim="{dim}"]')

    def z(self) -> np.ndarray:
        return numbers(self.digit.get_attribute("data-z"))

    def wait_for_z(self, z: np.ndarray, tolerance: float = 1e-9) -> None:
        """Wait until the large digit shows this code."""
        wait_for_numbers(self.digit, "data-z", z, tolerance)

    def change(self, action: Callable[[], object], canvas: Locator | None = None) -> None:
        """Run an action and wait until it has changed the code that a canvas shows, once."""
        change(canvas or self.digit, "data-z", action)

    def place_on(self, slider: Locator, value: float) -> tuple[float, float]:
        """Where on the page a value of a slider lies."""
        box = slider.bounding_box()
        reach = float(slider.get_attribute("max"))
        share = (value + reach) / (2 * reach)
        x = box["x"] + THUMB_PX / 2 + share * (box["width"] - THUMB_PX)
        return x, box["y"] + box["height"] / 2

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page a point of the map's plane lies."""
        return position(self.map, x, y)

    def wait_for_layout(self, kind: str) -> None:
        expect(self.map).to_have_attribute("data-layout", kind)
        expect(self.map).to_have_attribute("data-ready", "true")

    def assert_decoded(self, checkpoint: Checkpoint) -> None:
        """The large digit is what Python decodes at the code that it names."""
        pixels, facts = read_with_facts(self.digit)
        difference = np.abs(pixels[..., 0] - decoded(checkpoint, numbers(facts["z"]))[0]).max()
        assert difference <= 2, f"{difference} grey levels"
