"""What the Map's canvases show where, and which of the codes a test can point at."""

import numpy as np
from playwright.sync_api import Page
from scipy.spatial import cKDTree

from tests.browser.canvas import read_canvas
from tests.browser.live_app import MapPage


def expected_reach(mu: np.ndarray, logvar: np.ndarray) -> float:
    """The reach as maths/spacing.js defines it."""
    spacing = np.quantile(cKDTree(mu).query(mu, k=2)[0][:, 1], 0.99)
    return max(spacing, 2 * np.exp(np.median(logvar) / 2))


def overlay(page: Page) -> np.ndarray:
    """The canvas that follows the cursor, (H, W, 4)."""
    return read_canvas(page.locator(".map-overlay"))


def pixel(view: MapPage, x: float, y: float) -> tuple[int, int]:
    """Column and row of a displayed point on the map's canvases (device pixel ratio 1)."""
    box, (px, py) = view.map.bounding_box(), view.position(x, y)
    return int(px - box["x"]), int(py - box["y"])


def in_view(view: MapPage, points: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """Which of the points (N, 2) are in view, and not within the margin of its edge."""
    (left, right), (bottom, top) = view.ranges()
    inside = (points > [left + margin, bottom + margin]) & (points < [right - margin, top - margin])
    return inside.all(axis=1)


def loneliest(view: MapPage, mu: np.ndarray, margin: float = 0.5) -> int:
    """The code in view that is furthest from its neighbours."""
    inside = np.flatnonzero(in_view(view, mu, margin))
    gaps = [np.sort(np.linalg.norm(mu - mu[n], axis=1))[1] for n in inside]
    return int(inside[np.argmax(gaps)])
