"""Fingers on a tab's glass, by the browser's own input: they scroll what a hand scrolls."""

from __future__ import annotations

from playwright.sync_api import Page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


class Finger:
    """One finger, or several."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)

    def send(self, kind: str, *places: tuple[float, float]) -> None:
        """Start, Move or End, with where the fingers are then."""
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
        event = {"type": f"touch{kind}", "touchPoints": points}
        self.devtools.send("Input.dispatchTouchEvent", event)

    def swipe(self, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
        """One finger in a straight line."""
        self.send("Start", start)
        for n in range(1, steps + 1):
            part = n / steps
            self.send("Move", tuple(a + part * (b - a) for a, b in zip(start, end, strict=True)))
        self.send("End")
