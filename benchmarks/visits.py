"""Visits to the app: its start, first paints, switching pages, and clicks."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks.crowd import OPEN_S, Crowd, record
from benchmarks.probes import Figure, milliseconds
from benchmarks.tabs import PAGES, Tabs, wait_until_ready
from tests.browser.live_app import LiveApp, MapPage

CLICKS = 20
SESSIONS = 20
STARTS = 3

WATCH_CLICKS = """map => {
  const samples = window.clickSamples = [];
  let clickedAt = null;
  const root = map.getRootNode(); // the component's shadow root
  let shown = root.querySelector('[data-testid="pinned-z"]')?.dataset.z ?? null;
  map.addEventListener("click", event => { clickedAt = event.timeStamp; });
  new MutationObserver(() => {
    const panel = root.querySelector('[data-testid="pinned-z"]');
    if (clickedAt === null || !panel || panel.dataset.z === shown) return;
    shown = panel.dataset.z;
    const start = clickedAt;
    clickedAt = null;
    requestAnimationFrame(() => samples.push(performance.now() - start));
  }).observe(root,
    { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def starts(tabs: Tabs) -> dict[str, Figure]:
    """Three cold servers: until the Map reacts, and what they then take of the memory."""
    seconds, memories = [], []
    for _ in range(STARTS):
        page = tabs.open()
        with LiveApp() as app:
            app.wait_until_healthy()
            MapPage(page, app.url)
            seconds.append(app.seconds())
            memories.append(memory_mb(app.process.pid))
            page.context.close()
    return {
        f"server start to interactive map, median of {STARTS}": Figure(statistics.median(seconds)),
        "server memory with the page open": Figure(statistics.median(memories)),
    }


def memory_mb(process_id: int) -> float:
    """Resident memory of a process in megabytes (Linux)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def first_paints(tabs: Tabs, url: str) -> dict[str, Figure]:
    """Each page in a browser that has never seen it, by a server that runs."""
    seconds = {}
    for title, path in PAGES.items():
        page = tabs.open()
        started = time.monotonic()
        page.goto(f"{url}/{path}")
        wait_until_ready(page, path)
        seconds[title] = time.monotonic() - started
        page.context.close()
    return {"first paint of a page, slowest": _slowest(seconds)}


def switches(tabs: Tabs, url: str) -> dict[str, Figure]:
    """From page to page by the sidebar: each anew, and once again."""
    page = tabs.open()
    page.goto(url)
    wait_until_ready(page, "")
    seconds = {}
    for title in [*PAGES, *PAGES][1:]:  # each page once anew and, but for the Map, once again
        started = time.monotonic()
        page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
        wait_until_ready(page, PAGES[title])
        seconds[title] = max(seconds.get(title, 0), time.monotonic() - started)
    page.context.close()
    return {"switching a page, slowest": _slowest(seconds)}


def _slowest(seconds: dict[str, float]) -> Figure:
    detail = ", ".join(f"{title} {value:.2f}" for title, value in seconds.items())
    return Figure(max(seconds.values()), detail)


def clicks(page: Page, url: str) -> dict[str, Figure]:
    """One visitor, who has the server for himself."""
    view = MapPage(page, url)
    return {"click to the panel, alone, p95": milliseconds(_time_clicks(view))}


def _time_clicks(view: MapPage) -> list[float]:
    """Milliseconds from click to the frame of the panel, one click a second."""
    view.page.evaluate(WATCH_CLICKS, view.map.element_handle())
    for n, (x, y) in enumerate(np.random.default_rng(1).uniform(-2, 2, (CLICKS, 2)), start=1):
        view.click(x, y)
        view.page.wait_for_function(f"window.clickSamples.length >= {n}")
        view.page.wait_for_timeout(1000)
    return view.page.evaluate("window.clickSamples")


def click_cost(tabs: Tabs, app: LiveApp) -> dict[str, Figure]:
    """What the server's process takes for a click of one visitor, originals among it."""
    page = tabs.open()
    view = MapPage(page, app.url)
    page.wait_for_timeout(2000)  # until the page has said all that it has to say
    before = _processor_ms(app.process.pid)
    _time_clicks(view)
    spent = (_processor_ms(app.process.pid) - before) / CLICKS
    page.context.close()
    return {"processor time of the server a click": Figure(spent, f"{CLICKS} clicks, one a second")}


def _processor_ms(process_id: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def crowd(tabs: Tabs, url: str) -> dict[str, Figure]:
    """Twenty visitors: one is a tab, whose clicks are timed; the others choose models."""
    opening, messages = record(tabs.browser, url)
    page = tabs.open()
    view = MapPage(page, url)
    with Crowd(url, SESSIONS - 1, opening, messages) as others:
        time.sleep(OPEN_S + 2)  # all have opened their page
        samples = _time_clicks(view)
    page.context.close()
    sent, answered = sum(others.sent), sum(others.answered)
    if answered < 0.95 * sent:
        raise RuntimeError(f"Of {sent} choices of the others {answered} were answered.")
    figure = milliseconds(samples)
    detail = f"{figure.detail}; the others: {sent} choices of a model, {answered} answered"
    return {f"click to the panel, {SESSIONS} sessions, p95": Figure(figure.value, detail)}
