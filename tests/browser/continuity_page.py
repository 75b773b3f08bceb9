"""The page 'Continuity and completeness' in a browser's tab, for its tests."""

from __future__ import annotations

import csv
import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser.attributes import numbers
from tests.browser.canvas import read_grey
from tests.browser.live_app import READY_TIMEOUT_MS
from tests.browser.objectives_page import NAMES
from tests.browser.plane import position

JUDGING_TIMEOUT_MS = 60_000  # the first question imports PyTorch

__all__ = ["NAMES", "ContinuityPage"]


class ContinuityPage:
    """The page in a browser's tab."""

    def __init__(self, page: Page, url: str, query: str = "") -> None:
        self.page = page
        page.goto(f"{url}/continuity{query}")
        page.wait_for_selector('.page-continuity[data-ready="true"]', timeout=READY_TIMEOUT_MS)

    @property
    def root(self) -> Locator:
        return self.page.locator('[data-page="continuity"]')

    def column(self, name: str) -> Locator:
        return self.page.locator(f'article[data-model="{name}"]')

    def part(self, name: str, test_id: str) -> Locator:
        return self.column(name).get_by_test_id(test_id)

    def press(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()

    def grey(self, name: str, test_id: str) -> np.ndarray:
        """The grey levels that a canvas of digits shows, (H, W)."""
        return read_grey(self.part(name, test_id))

    def numbers(self, name: str, test_id: str, attribute: str) -> np.ndarray:
        """Numbers of a data attribute."""
        return numbers(self.part(name, test_id).get_attribute(attribute))

    def position(self, name: str, x: float, y: float) -> tuple[float, float]:
        """Where on the page a point of a map's plane lies, in CSS pixels."""
        return position(self.part(name, "latent-canvas"), x, y)

    def walked(self, key: str | re.Pattern[str]) -> None:
        """Return once a path is decoded in all three models: "A,B", or its coordinates."""
        expect(self.root).to_have_attribute("data-walked", key)

    def fallen(self, count: int) -> None:
        """Return once so many samples have fallen."""
        expect(self.page.get_by_test_id("fallen")).to_have_attribute(
            "data-fallen", str(count), timeout=JUDGING_TIMEOUT_MS
        )

    def judged(self) -> None:
        """Return once the judge has read the rings of all three models, here and around many."""
        for name in NAMES:
            self.page.wait_for_function(
                "chart => Boolean(chart.dataset.off)",
                arg=self.part(name, "kept-chart").element_handle(),
                timeout=JUDGING_TIMEOUT_MS,
            )
            expect(self.part(name, "ring-average")).not_to_be_empty(timeout=JUDGING_TIMEOUT_MS)

    def saved(self) -> list[dict[str, str]]:
        """The rows of the CSV that the page saves."""
        with self.page.expect_download() as download:
            self.press("export-csv")
        with open(download.value.path(), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
