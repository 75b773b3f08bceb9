"""What a hand does on the page 'Theory': it drags q, and a hump; the figures follow."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.probes import Figure, milliseconds, time_drag

MOVES = 300
SPIRAL_PX = 90  # how far q is dragged
HUMP_Z = 1.8  # where hump 2 is at first
AXIS = (-6.0, 6.0)  # of the picture of the humps, between margins of 10 CSS pixels
MARGIN_PX = 10


def posterior_drag(page: Page, url: str) -> dict[str, Figure]:
    """Drags q over the plane in a spiral: pointer move to ellipse and figures."""
    page.goto(f"{url}/theory")
    section = page.locator('.theory-evidence[data-settled="true"]')
    section.wait_for(timeout=60_000)
    surface = page.locator(".theory-evidence").get_by_test_id("latent-canvas")
    box = surface.bounding_box()
    place = surface.evaluate(
        """canvas => {
          const root = canvas.closest(".theory-evidence");
          const [x, y] = root.dataset.q.split(",").map(Number);
          const [left, right] = canvas.dataset.xRange.split(",").map(Number);
          const [bottom, top] = canvas.dataset.yRange.split(",").map(Number);
          return [(x - left) / (right - left), (top - y) / (top - bottom)];
        }"""
    )
    x, y = box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]
    angles = np.linspace(0, 12 * np.pi, MOVES)
    reach = SPIRAL_PX * (0.05 + angles / angles[-1])
    places = zip(x + reach * np.cos(angles), y + reach * np.sin(angles), strict=True)
    elbo = page.get_by_test_id("figure-elbo").element_handle()
    watched = (surface.element_handle(), "pointermove", elbo, "value")
    samples = time_drag(page, watched, [(x, y), *((float(a), float(b)) for a, b in places)])
    return {"drag of q to updated figures, Theory, p95": milliseconds(samples)}


def _swing(humps: Locator) -> list[tuple[float, float]]:
    """Places on the page that take hold of hump 2 and swing it to and fro."""
    box = humps.bounding_box()
    swing = 1.9 * np.sin(np.linspace(0, 9 * np.pi, MOVES + 1))
    unit = (box["width"] - 2 * MARGIN_PX) / (AXIS[1] - AXIS[0])
    x = box["x"] + MARGIN_PX + (HUMP_Z + swing - AXIS[0]) * unit
    return [(float(place), box["y"] + box["height"] / 2) for place in x]


def hump_drag(page: Page, url: str) -> dict[str, Figure]:
    """A hump dragged to and fro: both Gaussians are fitted anew at every move."""
    page.goto(f"{url}/theory?section=modes")
    page.wait_for_selector('[data-page="theory"][data-ready="true"][data-section="modes"]')
    humps = page.get_by_test_id("humps")
    places = _swing(humps)
    watched = (humps.element_handle(), "pointermove", humps.element_handle(), "forward")
    samples = time_drag(page, watched, places)
    return {"hump drag to both fits, Theory, p95": milliseconds(samples)}
