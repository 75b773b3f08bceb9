"""The real app in the real browser: a server on a free port, Chromium, and the map's hooks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Playwright

from tests.browser.attributes import change
from tests.browser.canvas import read_with_facts
from tests.browser.frames import wait_for_frame
from tests.browser.plane import position, ranges

PROJECT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120  # both are for a machine that has much else to do
READY_TIMEOUT_MS = 60_000

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium(playwright: Playwright) -> str | None:
    """The path of an installed Chromium, or of the one that Playwright has downloaded."""
    found = filter(None, map(shutil.which, CHROMIUM_NAMES))
    bundled = playwright.chromium.executable_path
    return next(found, bundled if Path(bundled).exists() else None)


def chromium_flags() -> list[str]:
    """Flags for a quiet browser; its sandbox does not work for root, as in containers."""
    return [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def skip_tour(context: BrowserContext) -> None:
    """Make a browser's context one that was offered the tour before: no card over the pages."""
    context.add_init_script(
        "try { localStorage.setItem('latent-space-explorer.tour', 'offered') } catch {}"
    )


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether a console message is an error or a warning of the app's own.

    On a page's own address Streamlit's client first looks for its server below that path; the
    404s of these probes are its manner of finding the root.
    """
    is_probe = "/_stcore/" in message.location["url"] and "404" in message.text
    return message.type in ("error", "warning") and not is_probe


class LiveApp:
    """`streamlit run app.py` on a free port, as a context manager.

    Raises RuntimeError with the server's output where it does not answer.
    """

    def __init__(self, **environment: str) -> None:
        self.environment = environment

    def __enter__(self) -> LiveApp:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        base = self.environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
        self.url = f"http://127.0.0.1:{port}/{base}".rstrip("/")
        self.log = tempfile.TemporaryFile("w+")
        self.started = time.monotonic()
        command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
        options = ["--server.headless", "true", "--server.port", str(port)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=PROJECT,
            env={**os.environ, **self.environment},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def wait_until_healthy(self) -> None:
        """Return once the server answers."""
        pause = threading.Event()
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                late = self.seconds() > START_TIMEOUT_S
                if late or self.process.poll() is not None:
                    raise RuntimeError(f"The app did not start:\n{self.output()}") from None
            pause.wait(0.02)  # between two polls

    def seconds(self) -> float:
        """Time since the server's process was launched."""
        return time.monotonic() - self.started

    def output(self) -> str:
        """What the server has printed so far."""
        self.log.seek(0)
        return self.log.read()


@dataclass(frozen=True)
class Digit:
    """What the digit's canvas shows and says that it shows."""

    grey: np.ndarray  # (H, W) uint8
    z: tuple[float, float]
    model: str
    beta: float | None


class MapPage:
    """The page 'Map' in a browser's tab."""

    def __init__(self, page: Page, url: str, query: str = "") -> None:
        self.page = page
        page.goto(f"{url}/{query}")
        page.wait_for_selector(
            '[data-testid="latent-canvas"][data-ready="true"]', timeout=READY_TIMEOUT_MS
        )
        self.map: Locator = page.get_by_test_id("latent-canvas")
        self.digit_canvas: Locator = page.get_by_test_id("decoded-digit")

    def digit(self) -> Digit:
        """Read the digit's canvas."""
        rgba, facts = read_with_facts(self.digit_canvas)
        assert (rgba[..., 3] == 255).all()
        assert (rgba[..., :1] == rgba[..., :3]).all()
        x, y = map(float, facts["z"].split(","))
        beta = float(facts["beta"]) if "beta" in facts else None
        return Digit(rgba[..., 0], (x, y), facts["model"], beta)

    def ranges(self) -> np.ndarray:
        """The part of the plane in view: [[x low, x high], [y low, y high]]."""
        return ranges(self.map)

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page a displayed point of the plane lies, in CSS pixels."""
        return position(self.map, x, y)

    def change(self, action: Callable[[], object], attribute: str = "data-z") -> None:
        """Run an action and wait until it has changed a data attribute, once."""
        change(self.digit_canvas if attribute == "data-z" else self.map, attribute, action)

    def hover(self, x: float, y: float) -> Digit:
        """Move the pointer to a displayed point and read the digit; the words have followed."""
        self.change(lambda: self.page.mouse.move(*self.position(x, y)))
        wait_for_frame(self.page)
        return self.digit()

    def click(self, x: float, y: float) -> None:
        """Click a displayed point."""
        self.page.mouse.click(*self.position(x, y))

    def pinned(self) -> tuple[float, float]:
        """The point that the panel shows."""
        written = self.page.get_by_test_id("pinned-z").get_attribute("data-z")
        x, y = map(float, written.split(","))
        return x, y
