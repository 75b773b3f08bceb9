"""The page 'Dimensions' in a browser's tab, and what Python expects of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from playwright.sync_api import Locator, Page, expect

from explorer.checkpoints import Checkpoint, load_checkpoint
from explorer.ui.server import checkpoint_root
from tests.browser.live_app import READ_DIGIT, READY_TIMEOUT_MS

THUMB_PX = 16  # of a slider: its values begin and end half a thumb inside the track


def load(name: str = "mnist/vae-20d", beta: float | None = None) -> Checkpoint:
    checkpoint = load_checkpoint(name, root=checkpoint_root())
    return checkpoint if beta is None else checkpoint.at(beta)


def decoded(checkpoint: Checkpoint, z: np.ndarray) -> np.ndarray:
    """What Python decodes at points (N, D), as (N, H, W) grey levels."""
    means = checkpoint.model.decode(torch.tensor(np.atleast_2d(z), dtype=torch.float32))
    return 255 * means[:, 0].numpy()


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

    def row(self, dim: int) -> Locator:
        return self.page.locator(f'[data-testid="traversal-row"][data-dim="{dim}"]')

    def z(self) -> np.ndarray:
        return np.array(self.digit.get_attribute("data-z").split(","), dtype=float)

    def grey(self, canvas: Locator) -> np.ndarray:
        """The grey levels that a canvas shows, (H, W); clear pixels are 0."""
        read = canvas.evaluate(READ_DIGIT)
        rgba = np.array(read["pixels"], dtype=np.uint8)
        return rgba.reshape(read["height"], read["width"], 4)[..., 0]

    def tiles(self, canvas: Locator, height: int, width: int) -> np.ndarray:
        """The tiles that a canvas shows, (N, height, width), row by row."""
        grey = self.grey(canvas)
        columns = int(canvas.get_attribute("data-columns"))
        count = int(canvas.get_attribute("data-count"))
        return np.stack(
            [
                grey[top : top + height, left : left + width]
                for top, left in (
                    (n // columns * (height + 1), n % columns * (width + 1)) for n in range(count)
                )
            ]
        )

    def change(self, action: Callable[[], object], canvas: Locator | None = None) -> None:
        """Run an action and wait until it has changed the code that a canvas shows."""
        canvas = canvas or self.digit
        before = canvas.get_attribute("data-z")
        action()
        expect(canvas).not_to_have_attribute("data-z", before)

    def place_on(self, slider: Locator, value: float) -> tuple[float, float]:
        """Where on the page a value of a slider lies."""
        box = slider.bounding_box()
        reach = float(slider.get_attribute("max"))
        share = (value + reach) / (2 * reach)
        x = box["x"] + THUMB_PX / 2 + share * (box["width"] - THUMB_PX)
        return x, box["y"] + box["height"] / 2

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page a point of the map's plane lies."""
        box = self.map.bounding_box()
        names = ("data-x-range", "data-y-range")
        (left, right), (bottom, top) = (
            [float(n) for n in self.map.get_attribute(name).split(",")] for name in names
        )
        return (
            box["x"] + (x - left) / (right - left) * box["width"],
            box["y"] + (top - y) / (top - bottom) * box["height"],
        )

    def wait_for_layout(self, kind: str) -> None:
        expect(self.map).to_have_attribute("data-layout", kind)
        expect(self.map).to_have_attribute("data-ready", "true")

    def assert_decoded(self, checkpoint: Checkpoint) -> None:
        difference = np.abs(self.grey(self.digit) - decoded(checkpoint, self.z())[0]).max()
        assert difference <= 2, f"{difference} grey levels"
