"""What a hand does on the page 'Machine': dice, z and the digit, each to the painted whole pass."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.probes import Figure, milliseconds, time_clicks, time_drag
from benchmarks.tabs import wait_until_ready

MOVES = 300
CLICKS = 100
SPIRAL_SHARE = 0.4  # of the plane's side


def _open(page: Page, url: str) -> Locator:
    page.goto(f"{url}/machine")
    wait_until_ready(page, "machine")
    return page.locator('[data-page="machine"]')


def _middle(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def machine_drag(page: Page, url: str) -> dict[str, Figure]:
    """z dragged over the plane in a spiral."""
    root = _open(page, url)
    plane = page.get_by_test_id("latent-canvas")
    (x, y), box = _middle(plane), plane.bounding_box()
    angles = np.linspace(0, 12 * np.pi, MOVES + 1)
    reach = SPIRAL_SHARE * min(box["width"], box["height"]) * (0.05 + angles / angles[-1])
    spiral = zip(x + reach * np.cos(angles), y + reach * np.sin(angles), strict=True)
    places = [(float(a), float(b)) for a, b in spiral]
    watched = (plane.element_handle(), "pointermove", root.element_handle(), "z")
    samples = time_drag(page, watched, places)
    return {"drag of z to the painted pass, Machine, p95": milliseconds(samples)}


def machine_dice(page: Page, url: str) -> dict[str, Figure]:
    """Throws of the dice."""
    root = _open(page, url)
    dice = page.get_by_test_id("throw-dice")
    watched = (dice.element_handle(), "click", root.element_handle(), "z")
    samples = time_clicks(page, watched, [_middle(dice)] * CLICKS)
    return {"dice to the painted pass, Machine, p95": milliseconds(samples)}


def machine_digit(page: Page, url: str) -> dict[str, Figure]:
    """The next test digit and back again, once both have been fetched."""
    root = _open(page, url)
    buttons = [page.get_by_test_id(f"{way}-digit") for way in ("next", "previous")]
    for button in buttons:
        before = root.get_attribute("data-z")
        button.click()
        page.wait_for_function(
            "([root, before]) => root.dataset.z !== before", arg=[root.element_handle(), before]
        )
    steps = root.locator(".input-steps").element_handle()
    watched = (steps, "click", root.element_handle(), "z")
    samples = time_clicks(page, watched, [_middle(button) for button in buttons] * (CLICKS // 2))
    return {"another digit to the painted pass, Machine, p95": milliseconds(samples)}
