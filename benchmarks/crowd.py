"""Other visitors, as the server sees them: sessions that choose another model now and then.

Tabs of a browser would draw their pages on the very processor cores that the server needs. So one
real tab's messages are recorded, and the others send the same bytes over websockets of their own,
read every answer, and make sure that it names the model's files. Clicks are not among the messages:
the browser answers them itself.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType

from playwright.sync_api import Browser, expect
from websockets.sync.client import ClientConnection, connect

from benchmarks.tabs import Tabs
from tests.browser.live_app import MapPage

ANSWER = b"codes.safetensors"  # what an answer to the choice of a model holds
MODELS = ("kl-2d", "vae-2d")
SETTLE_MS = 1500  # until a recorded tab has said all that it has to say
CHOICE_S = 10.0
OPEN_S = 5.0  # until pages that were opened all at once stand


def record(browser: Browser, url: str) -> tuple[list[bytes], list[bytes]]:
    """What a tab sends when it opens the Map, and what it sends when it chooses two models."""
    page, sent = Tabs(browser).open(), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    view = MapPage(page, url)
    page.wait_for_timeout(SETTLE_MS)
    opening = list(sent)
    choices = []
    for model in MODELS:
        before = len(sent)
        page.get_by_test_id("stSidebar").get_by_role("combobox", name="Model").click()
        page.get_by_role("option", name=model, exact=True).click()
        expect(view.digit_canvas).to_have_attribute("data-model", f"mnist/{model}")
        page.wait_for_timeout(SETTLE_MS)
        choices.append(sent[before])
    page.context.close()
    return opening, choices


class Crowd:
    """So many sessions that choose a model in their turn, as a context manager."""

    def __init__(self, url: str, count: int, opening: list[bytes], choices: list[bytes]) -> None:
        self.address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self.origin = url
        self.opening, self.choices = opening, choices
        self.leaving = threading.Event()
        self.sent, self.answered = [0] * count, [0] * count
        self.threads = [
            threading.Thread(target=self._visit, args=(n, n / count * CHOICE_S))
            for n in range(count)
        ]

    def __enter__(self) -> Crowd:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leaving.set()
        for thread in self.threads:
            thread.join()

    def _visit(self, n: int, delay_s: float) -> None:
        with connect(
            self.address, subprotocols=["streamlit"], origin=self.origin, max_size=None
        ) as socket:
            for message in self.opening:
                socket.send(message)
            self._read(socket, n, time.monotonic() + OPEN_S + delay_s)
            while not self.leaving.is_set():
                socket.send(self.choices[self.sent[n] % len(self.choices)])
                self.sent[n] += 1
                self._read(socket, n, time.monotonic() + CHOICE_S)

    def _read(self, socket: ClientConnection, n: int, until: float) -> None:
        """Read answers until a time, and count those that name a model's files."""
        while (left := until - time.monotonic()) > 0:
            try:
                self.answered[n] += ANSWER in socket.recv(timeout=left)
            except TimeoutError:
                return
