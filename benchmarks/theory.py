"""What a hand does on the page 'Theory': q is dragged, and its figures follow."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

from benchmarks.probes import Figure, milliseconds, time_moves

MOVES = 300
SPIRAL_PX = 90  # how far q is dragged


def theory_moves(page: Page, url: str) -> dict[str, Figure]:
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
    page.mouse.move(x, y)
    page.mouse.down()
    root = page.locator(".theory-evidence").element_handle()
    watched = (surface.element_handle(), "pointermove", root, "q")
    samples = time_moves(page, watched, [(float(a), float(b)) for a, b in places])
    page.mouse.up()
    return {"drag of q to updated figures, Theory, p95": milliseconds(samples)}
