"""Times the map in a real Chromium with the real server: `python benchmarks/browser.py [--json]`.

What is measured, each in a fresh tab on MNIST's `vae-2d` with its 10,000 codes:

- pointer move to painted digit: from the `pointermove` event's own timeStamp (when the browser
  received the move) to the first task after the frame that the digit was drawn in: a
  requestAnimationFrame callback, which runs before that frame is painted, posts a message that
  is handled after it. The digit has been drawn by then, or the sample fails. Moves come at random
  times, as a hand's do, so that they meet the screen's frames at every phase.
- click to Python's panel: from the `click` event's timeStamp to the frame in which the panel
  shows the new point, seen by a MutationObserver.
- start: from launching the server's process to the map's data-ready, in a browser that is
  already running and opens the page once the server answers; the median of three.
- memory: the server's resident set (VmRSS) once the page is open; torch must not be loaded.
- grey levels: the painted digit against `load_checkpoint(...).model.decode(z)`, 50 points.

It does not know how fast the machine is otherwise; run it on an idle one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from explorer.checkpoints import load_checkpoint
from explorer.ui.server import checkpoint_root
from tests.browser.live_app import (
    LiveApp,
    MapPage,
    chromium_flags,
    find_chromium,
)

MODEL = "mnist/vae-2d"
MOVES = 300
MIN_MOVES = 200
CLICKS = 20
STARTS = 3
POINTS = 50

WATCH_MOVES = """([map, digit]) => {
  const samples = window.moveSamples = [];
  const channel = new MessageChannel();
  const pending = [];
  channel.port1.onmessage = () => samples.push(performance.now() - pending.shift());
  map.addEventListener("pointermove", event => requestAnimationFrame(() => {
    // The map's own listener came first, so its digit must be on the canvas by now.
    if (digit.dataset.z === window.lastZ) throw new Error("no digit was drawn for this move");
    window.lastZ = digit.dataset.z;
    pending.push(event.timeStamp);
    channel.port2.postMessage(null);
  }));
}"""

WATCH_CLICKS = """map => {
  const samples = window.clickSamples = [];
  let clickedAt = null;
  let shown = null;
  map.addEventListener("click", event => { clickedAt = event.timeStamp; });
  new MutationObserver(() => {
    const panel = document.querySelector('[data-testid="pinned-z"]');
    if (clickedAt === null || !panel || panel.dataset.z === shown) return;
    shown = panel.dataset.z;
    const start = clickedAt;
    clickedAt = null;
    requestAnimationFrame(() => samples.push(performance.now() - start));
  }).observe(document.body,
    { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def new_page(browser: Browser) -> Page:
    """A tab of a projector's size with an empty cache."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.on("pageerror", fail)
    return page


def fail(error: object) -> None:
    """A move without a digit, or any other error in the page, ends the benchmark."""
    sys.exit(f"The page raised: {error}")


def count_to(page: Page, samples: str, count: int) -> list[float]:
    """The samples in milliseconds, once there are as many as asked for."""
    page.wait_for_function(f"window.{samples}.length >= {count}")
    return page.evaluate(f"window.{samples}")


def time_moves(view: MapPage) -> list[float]:
    """Milliseconds from pointer move to painted digit, for a walk over the map."""
    elements = [view.map.element_handle(), view.digit_canvas.element_handle()]
    view.page.mouse.move(*view.position(0, 0))
    view.page.evaluate(WATCH_MOVES, elements)
    angles = np.linspace(0, 12 * np.pi, MOVES)
    pauses = np.random.default_rng(0).uniform(0.025, 0.06, MOVES)  # more than a frame, in seconds
    for angle, pause in zip(angles, pauses, strict=True):
        radius = 0.3 + 2 * angle / angles[-1]
        view.page.mouse.move(*view.position(radius * np.cos(angle), radius * np.sin(angle)))
        time.sleep(pause)
    # The browser may merge two moves into one event.
    return count_to(view.page, "moveSamples", MIN_MOVES)


def time_clicks(view: MapPage) -> list[float]:
    """Milliseconds from click to the frame of Python's panel."""
    view.page.evaluate(WATCH_CLICKS, view.map.element_handle())
    for n, (x, y) in enumerate(np.random.default_rng(1).uniform(-2, 2, (CLICKS, 2)), start=1):
        view.click(x, y)
        count_to(view.page, "clickSamples", n)
    return view.page.evaluate("window.clickSamples")


def grey_difference(view: MapPage) -> float:
    """Largest difference of a painted pixel from Python's, in grey levels."""
    import torch

    model = load_checkpoint(MODEL, root=checkpoint_root()).model
    worst = 0.0
    for x, y in np.random.default_rng(0).uniform(-2.5, 2.5, size=(POINTS, 2)):
        digit = view.hover(x, y)
        means = model.decode(torch.tensor([digit.z], dtype=torch.float32))[0, 0].numpy()
        worst = max(worst, float(np.abs(digit.grey - 255 * means).max()))
    return worst


def memory_mb(process_id: int) -> float:
    """Resident memory of a process in megabytes (Linux)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def measure(browser: Browser) -> list[dict[str, object]]:
    """All rows of the table, as {what, measured, bar, unit, ok}."""
    starts, memories = [], []
    for _ in range(STARTS):
        page = new_page(browser)
        with LiveApp() as app:
            app.wait_until_healthy()
            MapPage(page, app.url)
            starts.append(app.seconds())
            memories.append(memory_mb(app.process.pid))
        page.context.close()
    with LiveApp() as app:
        app.wait_until_healthy()
        # A tab each: what one measurement listens to must not slow down another.
        moves = time_moves(MapPage(new_page(browser), app.url))
        clicks = time_clicks(MapPage(new_page(browser), app.url))
        difference = grey_difference(MapPage(new_page(browser), app.url))
    quantile = {name: np.quantile(moves, q) for name, q in (("p50", 0.5), ("p95", 0.95))}
    click_p95 = np.quantile(clicks, 0.95)
    return [
        row(f"pointer move to painted digit, p50 of {len(moves)}", quantile["p50"], None, "ms"),
        row("pointer move to painted digit, p95", quantile["p95"], 20, "ms"),
        row("pointer move to painted digit, max", max(moves), None, "ms"),
        row(f"click to Python's panel, p50 of {len(clicks)}", np.median(clicks), None, "ms"),
        row("click to Python's panel, p95", click_p95, None, "ms"),
        row(f"server start to interactive map, median of {STARTS}", np.median(starts), 4, "s"),
        row("server memory with the page open", statistics.median(memories), 200, "MB"),
        row(f"painted digit against Python, worst of {POINTS}", difference, 2, "grey levels"),
    ]


def row(what: str, measured: float, bar: float | None, unit: str) -> dict[str, object]:
    """One line of the table; `bar` is the largest allowed value, None where there is none."""
    ok = None if bar is None else bool(measured <= bar)
    return {"what": what, "measured": round(float(measured), 2), "bar": bar, "unit": unit, "ok": ok}


def as_table(rows: list[dict[str, object]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | bar |", "|---|---|---|"]
    for entry in rows:
        bar = "" if entry["bar"] is None else f"<= {entry['bar']} {entry['unit']}"
        missed = " (missed)" if entry["ok"] is False else ""
        lines.append(f"| {entry['what']} | {entry['measured']} {entry['unit']}{missed} | {bar} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print; exit status 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            sys.exit("No Chromium found: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=path, args=chromium_flags())
        rows = measure(browser)
        browser.close()
    print(json.dumps(rows, indent=1) if arguments.json else as_table(rows))
    sys.exit(any(entry["ok"] is False for entry in rows))


if __name__ == "__main__":
    main()
