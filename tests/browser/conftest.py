"""Fixtures of the browser tests; they are skipped, with the fix, where no browser is found."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

sync_api = pytest.importorskip(
    "playwright.sync_api",
    reason="browser tests need Playwright: pip install -r requirements.txt",
)

from explorer.checkpoints import Checkpoint  # noqa: E402
from tests.browser.live_app import (  # noqa: E402
    READY_TIMEOUT_MS,
    LiveApp,
    chromium_flags,
    find_chromium,
    is_complaint,
    skip_tour,
)
from tests.browser.modules import serve_modules  # noqa: E402
from tests.browser.shipped import load  # noqa: E402

PROJECTOR = {"width": 1280, "height": 720}
sync_api.expect.set_options(timeout=READY_TIMEOUT_MS)  # a busy machine is no failure


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The address of the running app; its output is printed where it fails to start."""
    with LiveApp() as app:
        app.wait_until_healthy()
        yield app.url


@pytest.fixture(scope="session")
def vae() -> Checkpoint:
    """The model that the Map opens with."""
    return load("mnist/vae-2d")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """Chromium; EXPLORER_REQUIRE_BROWSER=1 makes its absence a failure."""
    with sync_api.sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            message = "no Chromium found: apt-get install chromium, or playwright install chromium"
            if os.environ.get("EXPLORER_REQUIRE_BROWSER") == "1":
                pytest.fail(message)
            pytest.skip(message)
        browser = playwright.chromium.launch(executable_path=path, args=chromium_flags())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitor(browser: sync_api.Browser) -> Iterator[sync_api.BrowserContext]:
    """A visitor of 1280 x 720 who has been here before: his browser has Streamlit's own files."""
    context = browser.new_context(viewport=PROJECTOR)
    skip_tour(context)
    yield context
    context.close()


@pytest.fixture
def new_page(browser: sync_api.Browser, visitor: sync_api.BrowserContext) -> Iterator:
    """Opens tabs; none may print an error or a warning.

    Without options it is the visitor's; with options, such as another viewport, it is somebody's
    who has never been here, though he knows the tour unless told otherwise.
    """
    opened, complaints = [], []

    def listen(message: sync_api.ConsoleMessage) -> None:
        if is_complaint(message):
            complaints.append(message.text)

    def open_page(knows_the_tour: bool = True, **options: object) -> sync_api.Page:
        context = visitor
        if options or not knows_the_tour:
            context = browser.new_context(**{"viewport": PROJECTOR, **options})
            opened.append(context)
            if knows_the_tour:
                skip_tour(context)
        page = context.new_page()
        page.set_default_timeout(READY_TIMEOUT_MS)
        opened.append(page)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for page_or_context in reversed(opened):
        page_or_context.close()
    assert complaints == []


@pytest.fixture
def page(new_page) -> sync_api.Page:
    """One tab of 1280 x 720."""
    return new_page()


@pytest.fixture
def modules(new_page) -> sync_api.Page:
    """A blank page whose origin serves the modules and the files of its dict `served`.

    In a window of its own: a tab before another one would stop the other's frames.
    """
    return serve_modules(new_page(viewport=PROJECTOR))
