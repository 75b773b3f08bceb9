"""Times the app in a real Chromium with the real server: `python benchmarks/browser.py [--json]`.

Each row is measured in a fresh tab on MNIST's models with their 10,000 codes; probes.py says how.

- moves, drags and strokes: from the pointer's event to the painted answer; and the same on a page
  that only paints a pixel, so that it is seen how much of a time is the browser's own.
- frames: how many the browser painted a second while a slider was dragged for four seconds.
- click to the panel: from the `click` event's timeStamp to the frame in which the panel shows the
  new point, seen by a MutationObserver; alone, and with nineteen other sessions that choose another
  model every ten seconds (crowd.py): a click itself is not asked of the server.
- processor time of a click: what the server's process took while one visitor clicked.
- start: from launching the server's process to the map's data-ready, in a browser that is already
  running and opens the page once the server answers; the median of three.
- first paint: from the navigation's start to the page's data-ready, in a browser with an empty
  cache; switching: from the click on the page's name, in one that has seen other pages.
- memory: the server's resident set (VmRSS) once the page is open; torch must not be loaded.
- grey levels and mu: what the browser computes against `load_checkpoint(...).model`.
- complaints: errors and warnings on the console over all of this.

It does not know how fast the machine is otherwise; run it on an idle one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser

from benchmarks import scenes, visits
from benchmarks.machine import machine_dice, machine_digit, machine_drag
from benchmarks.probes import Figure
from benchmarks.tabs import Tabs, chromium
from benchmarks.theory import hump_drag, posterior_drag
from benchmarks.walk import walk_cursor
from tests.browser.live_app import LiveApp

ROWS = (
    # what                                                 bar   unit
    ("pointer move to a painted pixel, a bare page, p95", None, "ms"),
    ("pointer move to painted digit, Map, p95", 17, "ms"),
    ("pointer move to three painted digits, Objectives, p95", 20, "ms"),
    ("beta slider drag to painted layout, p95", 20, "ms"),
    ("frames in a 4 s drag of beta, manifold on", 55, "a second"),
    ("dimension slider to painted digit, p95", 20, "ms"),
    ("pen stroke to its code on the map, p95", 33, "ms"),
    ("walk cursor to three painted digits, p95", 20, "ms"),
    ("drag of q to updated figures, Theory, p95", 20, "ms"),
    ("hump drag to both fits, Theory, p95", 20, "ms"),
    ("drag of z to the painted pass, Machine, p95", 20, "ms"),
    ("dice to the painted pass, Machine, p95", 20, "ms"),
    ("another digit to the painted pass, Machine, p95", 20, "ms"),
    ("click to the panel, alone, p95", 150, "ms"),
    ("click to the panel, 20 sessions, p95", 400, "ms"),
    ("processor time of the server a click", 18, "ms"),
    ("switching a page, slowest", 1.5, "s"),
    ("first paint of a page, slowest", 1.5, "s"),
    ("drawn digit's mu against Python, worst of 10", 1e-3, ""),
    ("painted digit against Python, worst of 50", 2, "grey levels"),
    ("server start to interactive map, median of 3", 4, "s"),
    ("server memory with the page open", 200, "MB"),
    ("errors and warnings on the console", 0, ""),
)
SCENES = (
    scenes.bare_moves,
    scenes.map_moves,
    scenes.objectives_moves,
    scenes.beta_drag,
    scenes.beta_frames,
    scenes.dimension_drag,
    scenes.pen,
    walk_cursor,
    posterior_drag,
    hump_drag,
    machine_drag,
    machine_dice,
    machine_digit,
    visits.clicks,
    scenes.grey_levels,
)
UNTAKEN = "figures that could not be taken"  # no row: the reasons
AT_LEAST = {"a second"}  # units of which more is better


def measure(browser: Browser) -> dict[str, Figure]:
    """Every figure of the table, by its row's name; one that cannot be taken is absent, its reason
    under UNTAKEN."""
    tabs = Tabs(browser)
    figures: dict[str, Figure] = {}
    reasons: list[str] = []

    def take(measurement: Callable[..., dict[str, Figure]], *arguments: object) -> None:
        try:
            figures.update(measurement(*arguments))
        except Exception as error:  # whatever it is, the other figures are worth having
            first = (str(error).splitlines() or [type(error).__name__])[0]
            reasons.append(f"{measurement.__name__}: {first[:120]}")

    take(visits.starts, tabs)
    with LiveApp() as app:
        app.wait_until_healthy()
        take(visits.first_paints, tabs, app.url)
        take(visits.switches, tabs, app.url)
        # A tab each: what one measurement listens to must not slow down another.
        for scene in SCENES:
            page = tabs.open()
            take(scene, page, app.url)
            page.context.close()
        take(visits.click_cost, tabs, app)
        take(visits.crowd, tabs, app.url)
    figures[UNTAKEN] = Figure(len(reasons), "; ".join(reasons))
    heard = "; ".join(sorted(set(tabs.complaints)))[:200]
    return figures | {"errors and warnings on the console": Figure(len(tabs.complaints), heard)}


def as_rows(figures: dict[str, Figure]) -> list[dict[str, object]]:
    """The table as {what, measured, bar, unit, ok, detail}."""
    rows = []
    for what, bar, unit in ROWS:
        figure = figures.get(what)
        if figure is None:
            detail = f"not taken ({figures[UNTAKEN].detail})"
            rows.append(dict(what=what, measured=None, bar=bar, unit=unit, ok=False, detail=detail))
            continue
        ok = bar is None or (figure.value >= bar if unit in AT_LEAST else figure.value <= bar)
        value = float(f"{figure.value:.3g}")
        rows.append(
            dict(what=what, measured=value, bar=bar, unit=unit, ok=bool(ok), detail=figure.detail)
        )
    return rows


def as_table(rows: list[dict[str, object]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | bar | more |", "|---|---|---|---|"]
    for row in rows:
        sign = ">=" if row["unit"] in AT_LEAST else "<="
        missed = "" if row["ok"] else " (missed)"
        measured = f"{row['measured']} {row['unit']}".strip() + missed
        if row["measured"] is None:
            measured = "-"
        bar = "" if row["bar"] is None else f"{sign} {row['bar']} {row['unit']}".strip()
        lines.append(f"| {row['what']} | {measured} | {bar} | {row['detail']} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print; exit status 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    arguments = parser.parse_args()
    with chromium() as browser:
        figures = measure(browser)
    rows = as_rows(figures)
    print(json.dumps(rows, indent=1) if arguments.json else as_table(rows))
    sys.exit(not all(row["ok"] for row in rows))


if __name__ == "__main__":
    main()
