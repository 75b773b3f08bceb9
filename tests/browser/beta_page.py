"""The page 'Beta' in a browser's tab, and what Python expects of it."""

from __future__ import annotations

import math

import numpy as np
from playwright.sync_api import Page, expect
from scipy.stats import norm

from explorer.checkpoints import Checkpoint
from explorer.ui.pages.beta import fixed_digits
from tests.browser.attributes import numbers, wait_for_numbers
from tests.browser.canvas import read_canvas
from tests.browser.frames import wait_for_frame
from tests.browser.plane import ranges
from tests.browser.shipped import decoded, load

MANIFOLD_SIDE = 15
SAMPLES, SAMPLE_SEED = 25, 25
THUMB_PX = 16  # of a slider: its values begin and end half a thumb inside the track
POSITION_TOLERANCE = 0.05  # members: more than a pixel of the slider


class BetaPage:
    """The page in a tab, and what it says of itself."""

    def __init__(self, page: Page, url: str, query: str = "", members: int = 13) -> None:
        self.page = page
        page.goto(f"{url}/beta{query}")
        self.root = page.locator("[data-page=beta]")
        self.map = page.get_by_test_id("latent-canvas")
        self.slider = page.get_by_test_id("beta-slider")
        expect(self.map).to_have_attribute("data-ready", "true")
        expect(self.root).to_have_attribute("data-members", str(members))
        wait_for_frame(page)

    def fact(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}")

    def numbers(self, test_id: str, name: str) -> np.ndarray:
        return numbers(self.page.get_by_test_id(test_id).get_attribute(f"data-{name}"))

    def centre(self) -> np.ndarray:
        return ranges(self.map).mean(axis=1)

    def place(self, position: float, last: int = 12) -> tuple[float, float]:
        """Where on the page the slider has a position."""
        box = self.slider.bounding_box()
        x = box["x"] + THUMB_PX / 2 + position / last * (box["width"] - THUMB_PX)
        return x, box["y"] + box["height"] / 2

    def move_thumb(self, position: float) -> None:
        """Move the held thumb to a position, and wait until all that follows it is painted."""
        self.page.mouse.move(*self.place(position))
        wait_for_numbers(self.root, "data-position", position, POSITION_TOLERANCE)
        wait_for_frame(self.page)

    def wait(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(condition, arg=[self.root.element_handle(), argument])

    def wait_for_pictures(self, beta: str) -> None:
        for test_id in ("manifold", "fixed-digits", "prior-samples"):
            expect(self.page.get_by_test_id(test_id)).to_have_attribute("data-beta", beta)

    def tiles(self, test_id: str, columns: int, gap: int = 1, size: int = 28) -> np.ndarray:
        """A canvas of tiles as grey levels (count, size, size), clear ones left out."""
        rgba = read_canvas(self.page.get_by_test_id(test_id))
        step = size + gap
        rows = (len(rgba) + gap) // step
        parts = [
            rgba[r * step : r * step + size, c * step : c * step + size]
            for r in range(rows)
            for c in range(columns)
        ]
        return np.array([part[..., 0] for part in parts if (part[..., 3] == 255).all()])

    def assert_pictures(self, member: Checkpoint) -> None:
        """All tiles are what Python decodes with the member that they name."""
        self.wait_for_pictures(f"{member.beta:g}")
        turn = member.rotation.T
        quantiles = manifold_quantiles()
        plane = np.array([(x, y) for y in quantiles[::-1] for x in quantiles])
        draws = prior_draws(2 * SAMPLES, SAMPLE_SEED).reshape(-1, 2)
        codes = member.codes.mu[fixed_digits(load(member.name).at(1))]
        for shown, z in (
            (self.tiles("fixed-digits", 8), codes),
            (self.tiles("prior-samples", 13), draws @ turn),
            (self.tiles("manifold", MANIFOLD_SIDE, gap=0), plane @ turn),
        ):
            expected = decoded(member, z)
            assert shown.shape == expected.shape
            assert np.abs(shown - expected).max() <= 2


def displayed(member: Checkpoint) -> np.ndarray:
    return member.codes.mu @ member.rotation


def manifold_quantiles() -> np.ndarray:
    """Coordinates of the manifold's tiles along an axis."""
    return norm.ppf((np.arange(MANIFOLD_SIDE) + 0.5) / MANIFOLD_SIDE)


def prior_draws(count: int, seed: int) -> np.ndarray:
    """The page's fixed draws: mulberry32 and Box and Muller's transform, written anew."""
    state, draws = seed, []

    def uniform() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ (state >> 15)) * (state | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        return (t ^ (t >> 14)) / 2**32

    while len(draws) < count:
        radius = math.sqrt(-2 * math.log(1 - uniform()))
        angle = 2 * math.pi * uniform()
        draws += [radius * math.cos(angle), radius * math.sin(angle)]
    return np.array(draws[:count])


def share_outside(points: np.ndarray, view: np.ndarray) -> float:
    """The share of points (N, 2) that a view [[x low, x high], [y low, y high]] does not hold."""
    low, high = view.T
    return float(((points < low) | (points > high)).any(axis=1).mean())
