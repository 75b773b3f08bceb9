"""The walk's cursor on the page 'Continuity and completeness': drag to three painted decodes."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.probes import Figure, milliseconds, time_drag

MOVES = 300


def _to_and_fro(chart: Locator) -> list[tuple[float, float]]:
    """Places on the page along a curve, all between A and B and no two at the same share."""
    box = chart.bounding_box()
    share = 0.06 + 0.88 * np.abs(1 - np.mod(np.linspace(0, 4, MOVES), 2))
    return [(box["x"] + s * box["width"], box["y"] + box["height"] / 2) for s in share.tolist()]


def walk_cursor(page: Page, url: str) -> dict[str, Figure]:
    """The cursor of the third model's curve, to and fro: three decodes a move."""
    page.goto(f"{url}/continuity")
    page.wait_for_selector('[data-page="continuity"][data-walked]')
    chart = page.get_by_test_id("walk-chart").last
    last_digit = page.get_by_test_id("decoded-digit").last.element_handle()
    places = _to_and_fro(chart)
    watched = (chart.element_handle(), "pointermove", last_digit, "z")
    samples = time_drag(page, watched, places)
    return {"walk cursor to three painted digits, p95": milliseconds(samples)}
