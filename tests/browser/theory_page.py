"""The page 'Theory' in a browser's tab: scikit-learn's digits, which are always here."""

from __future__ import annotations

import csv

import numpy as np
import torch
from playwright.sync_api import Locator, Page

from explorer.checkpoints import load_checkpoint
from explorer.models import VAE
from explorer.originals import load_originals
from explorer.places import checkpoint_root, data_root
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import READY_TIMEOUT_MS
from tests.browser.plane import position

DATASET = "digits"
SETTLED = '.theory-evidence[data-settled="true"]'
FIGURES = ("reconstruction", "kl", "elbo", "evidence", "gap", "toPosterior")


def model() -> VAE:
    return load_checkpoint(f"{DATASET}/vae-2d", checkpoint_root()).model


def image(index: int) -> torch.Tensor:
    """A test digit, (1, 1, H, W) in [0, 1]."""
    grey = load_originals(DATASET, data_root())[index]
    return torch.tensor(grey / 255, dtype=torch.float32)[None, None]


def posterior(index: int) -> tuple[np.ndarray, np.ndarray]:
    """mu and logvar of a test digit by the encoder in Python, (2,) each."""
    with torch.no_grad():
        mu, logvar = model().encode(image(index))
    return mu[0].double().numpy(), logvar[0].double().numpy()


class TheoryPage:
    """The page in a browser's tab."""

    def __init__(self, page: Page, url: str, section: str, query: str = "") -> None:
        self.page = page
        page.goto(f"{url}/theory?dataset={DATASET}&section={section}{query}")
        page.wait_for_selector(
            f'.page-theory[data-ready="true"][data-section="{section}"]', timeout=READY_TIMEOUT_MS
        )

    def get(self, test_id: str) -> Locator:
        return self.page.locator(".page-theory").get_by_test_id(test_id)

    def value(self, test_id: str) -> float:
        """What an element says that it shows."""
        return float(self.get(test_id).get_attribute("data-value"))

    def settle(self) -> None:
        """Wait until the figures are of a q that rests, with all that is needed for them."""
        self.page.locator(SETTLED).wait_for(timeout=READY_TIMEOUT_MS)

    def figures(self) -> dict[str, float]:
        return {name: self.value(f"figure-{name}") for name in FIGURES}

    def q(self) -> np.ndarray:
        """mu and logvar that the section 'posterior' shows, (4,)."""
        root = self.page.locator(".theory-evidence")
        return np.array(root.get_attribute("data-q").split(","), dtype=float)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page a point of the map's plane lies, in CSS pixels."""
        return position(self.page.locator(".theory-evidence").get_by_test_id("latent-canvas"), x, y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*((a + b) / 2 for a, b in zip(start, end, strict=True)))
        self.page.mouse.move(*end)
        self.page.mouse.up()
        wait_for_frame(self.page)

    def slide(self, test_id: str, value: float) -> None:
        """Set a slider as a hand does: it hears of the move and of the release."""
        self.get(test_id).evaluate(
            """(slider, value) => {
              slider.value = String(value);
              slider.dispatchEvent(new Event("input", { bubbles: true }));
              slider.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            value,
        )

    def numbers(self) -> list[dict[str, str]]:
        """The rows of the CSV that the page saves."""
        with self.page.expect_download() as download:
            self.get("export-csv").click()
        with open(download.value.path(), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
