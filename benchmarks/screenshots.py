"""Takes the pictures of README and docs/ from the running app: `python benchmarks/screenshots.py`.

Writes a PNG a page and a GIF of the beta slider to `benchmarks/screenshots/`.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from benchmarks.originals import require_originals
from benchmarks.tabs import chromium, wait_until_ready
from tests.browser.live_app import LiveApp, MapPage, skip_tour

FOLDER = Path(__file__).with_name("screenshots")
PROJECTOR, NARROW = {"width": 1280, "height": 720}, {"width": 390, "height": 844}

GIF_WIDTH = 720  # pixels
GIF_COLOURS = 40
GIF_FRAME_MS = 110
GIF_STEPS = 3  # frames between two members of the family

SET_SLIDER = """(slider, value) => {
  slider.value = String(value);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""
PICTURES_HAVE_COME = """(root) => {
  const shown = ["manifold", "fixed-digits", "prior-samples"].map((name) =>
    root.querySelector(`canvas[data-testid="${name}"]`).dataset.beta);
  return shown.every((beta) => beta === root.dataset.nearest);
}"""


def pin_and_point(page: Page) -> None:
    """The Map with a pin, and the pointer at rest elsewhere."""
    view = MapPage(page, page.url.rstrip("/"))
    view.click(1.1, 1.9)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    view.hover(-2.0, -1.0)


def nothing(page: Page) -> None:
    """The page as it opens."""


def wait_for_the_evidence(page: Page) -> None:
    """Theory once the true posterior is painted."""
    expect(page.locator('.theory-evidence[data-settled="true"]')).to_be_visible()


PICTURES: tuple[tuple[str, str, dict, str, Callable[[Page], None]], ...] = (
    # file, address, viewport, colour scheme, what is done before
    ("map-light.png", "", PROJECTOR, "light", pin_and_point),
    ("map-dark.png", "?show=manifold", PROJECTOR, "dark", nothing),
    ("map-narrow.png", "", NARROW, "light", nothing),
    ("machine.png", "machine", PROJECTOR, "light", nothing),
    ("objectives.png", "objectives?digit=8&z=-1.2,0.4", PROJECTOR, "light", nothing),
    ("continuity.png", "continuity", PROJECTOR, "light", nothing),
    ("beta.png", "beta?beta=5", PROJECTOR, "light", nothing),
    ("dimensions.png", "dimensions?digit=3&tab=grid", PROJECTOR, "light", nothing),
    ("theory.png", "theory", PROJECTOR, "light", wait_for_the_evidence),
    ("lesson.png", "?lesson=completeness&scene=2", PROJECTOR, "light", nothing),
)


def take(browser: Browser, url: str, picture: tuple) -> None:
    """One picture of one page."""
    file, address, viewport, scheme, act = picture
    page = open_page(browser, viewport, scheme)
    page.goto(f"{url}/{address}")
    wait_until_ready(page, address.partition("?")[0])
    act(page)
    page.wait_for_load_state("networkidle")  # pictures that are decoded later have come as well
    page.screenshot(path=FOLDER / file)
    page.context.close()


def open_page(browser: Browser, viewport: dict, scheme: str) -> Page:
    """A tab that was offered the tour before."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=1)
    skip_tour(context)
    return context.new_page()


def film_beta(browser: Browser, url: str) -> None:
    """The Beta page while its slider goes from one end to the other, as a GIF."""
    page = open_page(browser, PROJECTOR, "light")
    page.goto(f"{url}/beta?beta=0")
    wait_until_ready(page, "beta")
    slider = page.get_by_test_id("beta-slider")
    root = page.locator('[data-page="beta"]')
    last = float(slider.get_attribute("max"))
    frames = []
    for n in range(round(last * GIF_STEPS) + 1):
        slider.evaluate(SET_SLIDER, n / GIF_STEPS)
        page.wait_for_function(PICTURES_HAVE_COME, arg=root.element_handle())
        picture = Image.open(io.BytesIO(root.screenshot())).convert("RGB")
        height = round(picture.height * GIF_WIDTH / picture.width)
        small = picture.resize((GIF_WIDTH, height), Image.Resampling.LANCZOS)
        frames.append(small.quantize(GIF_COLOURS, dither=Image.Dither.NONE))
    frames[0].save(
        FOLDER / "beta.gif",
        save_all=True,
        append_images=frames[1:],
        duration=GIF_FRAME_MS,
        loop=0,
        optimize=True,
    )
    page.context.close()


def main() -> None:
    """Take every picture; exit with the fix where there is no browser or no original."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    require_originals()
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser, LiveApp() as app:
        app.wait_until_healthy()
        for picture in PICTURES:
            take(browser, app.url, picture)
        film_beta(browser, app.url)


if __name__ == "__main__":
    main()
