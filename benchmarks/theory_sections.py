"""What a hand does in the sections of 'Theory' about a few numbers, timed."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.probes import Figure, milliseconds, time_moves

MOVES = 300
HUMP_Z = 1.8  # where hump 2 is at first
AXIS = (-6.0, 6.0)  # of the picture, between margins of 10 CSS pixels
MARGIN_PX = 10


def _places(humps: Locator) -> list[tuple[float, float]]:
    """Places on the page that take hold of hump 2 and swing it to and fro."""
    box = humps.bounding_box()
    swing = 1.9 * np.sin(np.linspace(0, 9 * np.pi, MOVES + 1))
    unit = (box["width"] - 2 * MARGIN_PX) / (AXIS[1] - AXIS[0])
    x = box["x"] + MARGIN_PX + (HUMP_Z + swing - AXIS[0]) * unit
    return [(float(place), box["y"] + box["height"] / 2) for place in x]


def sections_moves(page: Page, url: str) -> dict[str, Figure]:
    """A hump dragged to and fro: both Gaussians are fitted anew at every move."""
    page.goto(f"{url}/theory?section=modes")
    page.wait_for_selector('[data-page="theory"][data-ready="true"][data-section="modes"]')
    humps = page.get_by_test_id("humps")
    places = _places(humps)
    page.mouse.move(*places[0])
    page.mouse.down()
    watched = (humps.element_handle(), "pointermove", humps.element_handle(), "forward")
    samples = time_moves(page, watched, places[1:])
    page.mouse.up()
    return {"hump drag to both fits, Theory, p95": milliseconds(samples)}
