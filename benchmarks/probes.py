"""What a benchmark injects into a page to time it, and how it moves the pointer.

From an event's own timeStamp (when the browser received the hand's move) to the first task after
the frame in which the answer was painted: a requestAnimationFrame callback, which runs before that
frame is painted, posts a message that is handled after it. By then the answer must stand on the
page (its data attribute has changed), or the sample is marked late and fails the run. Moves come at
random times, as a hand's do, so that they meet the screen's frames at every phase.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import ElementHandle, Page

WATCH = """([source, type, target, attribute]) => {
  const watch = window.watch = { samples: [], late: 0 };
  const channel = new MessageChannel();
  const pending = [];
  let last = target.dataset[attribute];
  channel.port1.onmessage = () => {
    const moved = pending.shift();
    if (target.dataset[attribute] === last) watch.late += 1;
    last = target.dataset[attribute];
    watch.samples.push(performance.now() - moved);
  };
  source.addEventListener(type, (event) => requestAnimationFrame(() => {
    pending.push(event.timeStamp);
    channel.port2.postMessage(null);
  }), { capture: true });
}"""

COUNT_FRAMES = """() => {
  const frames = window.frames_seen = [];
  const tick = (now) => { frames.push(now); window.counting = requestAnimationFrame(tick); };
  window.counting = requestAnimationFrame(tick);
}"""

MOVE_PAUSES_S = (0.025, 0.06)  # over a frame
CLICK_PAUSES_S = (0.15, 0.3)  # of a quick hand; Python hears of each
MIN_SHARE = 2 / 3  # the browser may merge two moves into one event
MAX_LATE_SHARE = 0.02  # two moves within one frame have one answer


@dataclass(frozen=True)
class Figure:
    """One measured number and what else is worth knowing of it."""

    value: float
    detail: str = ""


def milliseconds(samples: list[float]) -> Figure:
    """The 95th percentile of some times, with their median and maximum."""
    p50, p95 = np.quantile(samples, [0.5, 0.95])
    return Figure(float(p95), f"p50 {p50:.1f}, max {max(samples):.1f}, n {len(samples)}")


def time_moves(
    page: Page,
    watched: tuple[ElementHandle, str, ElementHandle, str],
    places: Iterable[tuple[float, float]],
) -> list[float]:
    """Milliseconds from each move of the pointer to the painted answer.

    `watched` are the element that hears the event, the event's type, and the element whose data
    attribute (in camel case) tells the answer; `places` are positions on the page, CSS pixels.
    """
    return _time_hand(page, watched, list(places), page.mouse.move, MOVE_PAUSES_S)


def time_clicks(
    page: Page,
    watched: tuple[ElementHandle, str, ElementHandle, str],
    places: Iterable[tuple[float, float]],
) -> list[float]:
    """The same from each click; the type of the event is "click"."""
    return _time_hand(page, watched, list(places), page.mouse.click, CLICK_PAUSES_S)


def _time_hand(
    page: Page,
    watched: tuple[ElementHandle, str, ElementHandle, str],
    places: list[tuple[float, float]],
    act: Callable[[float, float], None],
    pauses_s: tuple[float, float],
) -> list[float]:
    page.evaluate(WATCH, list(watched))
    pauses = np.random.default_rng(0).uniform(*pauses_s, len(places))
    for (x, y), pause in zip(places, pauses, strict=True):
        act(x, y)
        time.sleep(pause)
    page.wait_for_function(f"window.watch.samples.length >= {round(MIN_SHARE * len(places))}")
    watch = page.evaluate("window.watch")
    if watch["late"] > MAX_LATE_SHARE * len(watch["samples"]):
        raise RuntimeError(
            f"{watch['late']} of {len(watch['samples'])} answers were not there in their frame"
        )
    return watch["samples"]


def time_drag(
    page: Page,
    watched: tuple[ElementHandle, str, ElementHandle, str],
    places: Sequence[tuple[float, float]],
) -> list[float]:
    """The same with the button held from the first place on."""
    page.mouse.move(*places[0])
    page.mouse.down()
    samples = time_moves(page, watched, places[1:])
    page.mouse.up()
    return samples


def frames_a_second(page: Page, drag: Callable[[], None]) -> float:
    """Frames that the browser painted a second while `drag` ran."""
    page.evaluate(COUNT_FRAMES)
    drag()
    page.evaluate("cancelAnimationFrame(window.counting)")
    frames = page.evaluate("window.frames_seen")
    return 1000 * (len(frames) - 1) / (frames[-1] - frames[0])
