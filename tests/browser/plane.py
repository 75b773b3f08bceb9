"""Where a map's canvas shows a point of its plane."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator

from tests.browser.attributes import numbers, wait_for_numbers

RANGES = ("data-x-range", "data-y-range")


def ranges(canvas: Locator) -> np.ndarray:
    """The part of the plane in view: [[x low, x high], [y low, y high]]."""
    return np.array([numbers(canvas.get_attribute(name)) for name in RANGES])


def wait_for_ranges(canvas: Locator, expected: np.ndarray, tolerance: float) -> None:
    """Wait until this part of the plane is in view."""
    for name, wanted in zip(RANGES, expected, strict=True):
        wait_for_numbers(canvas, name, wanted, tolerance)


def position(canvas: Locator, x: float, y: float) -> tuple[float, float]:
    """Where on the page a displayed point of the plane lies, in CSS pixels."""
    box = canvas.bounding_box()
    (left, right), (bottom, top) = ranges(canvas)
    return (
        float(box["x"] + (x - left) / (right - left) * box["width"]),
        float(box["y"] + (top - y) / (top - bottom) * box["height"]),
    )
