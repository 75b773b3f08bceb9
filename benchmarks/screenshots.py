"""Takes README's pictures from the running app: `python benchmarks/screenshots.py`.

Writes PNGs to `benchmarks/screenshots/`. The pointer rests on a point that is pinned elsewhere, so
that the picture shows the digit, the cursor, the pin and Python's panel.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.live_app import LiveApp, MapPage, chromium_flags, find_chromium

FOLDER = Path(__file__).with_name("screenshots")
PROJECTOR, NARROW = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
PICTURES = (
    # file               viewport   colour scheme
    ("map-light.png", PROJECTOR, "light"),
    ("map-dark.png", PROJECTOR, "dark"),
    ("map-narrow.png", NARROW, "light"),
)
PINNED, POINTED_AT = (1.1, 1.9), (-2.0, -1.0)  # latent units


def take(browser: Browser, url: str, file: str, viewport: dict, scheme: str) -> None:
    """One picture of the Map with a pin and the pointer at rest."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=1)
    view = MapPage(context.new_page(), url)
    view.click(*PINNED)
    expect(view.page.get_by_test_id("pin-panel")).to_be_visible()
    view.hover(*POINTED_AT)
    view.page.screenshot(path=FOLDER / file)
    context.close()


def main() -> None:
    """Take every picture; exit with the fix where there is no browser."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, LiveApp() as app:
        path = find_chromium(playwright)
        if path is None:
            sys.exit("No Chromium found: apt-get install chromium")
        app.wait_until_healthy()
        browser = playwright.chromium.launch(executable_path=path, args=chromium_flags())
        for file, viewport, scheme in PICTURES:
            take(browser, app.url, file, viewport, scheme)
        browser.close()


if __name__ == "__main__":
    main()
