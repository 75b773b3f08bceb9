"""What a hand does in the app for the table's rows: move, drag, draw, and compare with Python."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from playwright.sync_api import Locator, Page

from benchmarks.probes import Figure, frames_a_second, milliseconds, time_drag, time_moves
from benchmarks.tabs import wait_until_ready
from explorer.checkpoints import load_checkpoint
from explorer.places import checkpoint_root
from tests.browser.live_app import MapPage
from tests.browser.modules import serve_modules

MODEL = "mnist/vae-2d"
MOVES = 300
POINTS = 50
DRAWINGS = 10
DRAG_S = 4

# The least that a page can do: one painted pixel a move. What it takes, the browser takes of all.
BARE_PAGE = """<canvas width="600" height="600"></canvas><script>
const canvas = document.querySelector("canvas");
canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
  canvas.getContext("2d").fillRect(offsetX, offsetY, 1, 1);
  canvas.dataset.place = [offsetX, offsetY].join();
});
</script>"""

DIGIT_OF_STROKE = """async stroke => {
  const { digitOfStrokes } = await import("/maths/drawing.js");
  return Array.from(digitOfStrokes([stroke], 28));
}"""


def _spiral(element: Locator, moves: int = MOVES) -> list[tuple[float, float]]:
    """Places on the page that wind outwards over an element."""
    box = element.bounding_box()
    angles = np.linspace(0, 12 * np.pi, moves)
    reach = 0.4 * angles / angles[-1] + 0.04
    x = box["x"] + box["width"] * (0.5 + reach * np.cos(angles))
    y = box["y"] + box["height"] * (0.5 + reach * np.sin(angles))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _sweep(slider: Locator, moves: int = MOVES) -> list[tuple[float, float]]:
    """Places on the page that go to and fro along a slider."""
    box = slider.bounding_box()
    turns = np.linspace(0, 4, moves)  # a triangle wave: no two places are the same slider value
    share = 0.04 + 0.92 * np.abs(1 - np.mod(turns, 2))
    return [(box["x"] + s * box["width"], box["y"] + box["height"] / 2) for s in share.tolist()]


def bare_moves(page: Page, url: str) -> dict[str, Figure]:
    """Pointer over a page that is not the app's: the floor of all times from a move on."""
    page.set_content(BARE_PAGE)
    canvas = page.locator("canvas")
    watched = (canvas.element_handle(), "pointermove", canvas.element_handle(), "place")
    samples = time_moves(page, watched, _spiral(canvas))
    return {"pointer move to a painted pixel, a bare page, p95": milliseconds(samples)}


def map_moves(page: Page, url: str) -> dict[str, Figure]:
    """Pointer over the Map."""
    view = MapPage(page, url)
    watched = (view.map.element_handle(), "pointermove", view.digit_canvas.element_handle(), "z")
    samples = time_moves(page, watched, _spiral(view.map))
    return {"pointer move to painted digit, Map, p95": milliseconds(samples)}


def objectives_moves(page: Page, url: str) -> dict[str, Figure]:
    """Pointer over the third map of Objectives: three decodes a move."""
    page.goto(f"{url}/objectives")
    wait_until_ready(page, "objectives")
    combined = page.get_by_test_id("latent-canvas").last
    last_digit = page.get_by_test_id("decoded-digit").last.element_handle()
    watched = (combined.element_handle(), "pointermove", last_digit, "z")
    samples = time_moves(page, watched, _spiral(combined))
    return {"pointer move to three painted digits, Objectives, p95": milliseconds(samples)}


def _open_beta(page: Page, url: str) -> Locator:
    page.goto(f"{url}/beta")
    wait_until_ready(page, "beta")
    root = page.locator('[data-page="beta"]')
    page.wait_for_function(
        "root => root.dataset.members === '13'", arg=root.element_handle()
    )  # all have streamed in
    return root


def beta_drag(page: Page, url: str) -> dict[str, Figure]:
    """The Beta page's slider, to and fro."""
    root, slider = _open_beta(page, url), page.get_by_test_id("beta-slider")
    places = _sweep(slider)
    watched = (slider.element_handle(), "pointermove", root.element_handle(), "beta")
    samples = time_drag(page, watched, places)
    return {"beta slider drag to painted layout, p95": milliseconds(samples)}


def beta_frames(page: Page, url: str) -> dict[str, Figure]:
    """The same for four seconds: how many frames were painted."""
    _open_beta(page, url)
    slider = page.get_by_test_id("beta-slider")
    places = _sweep(slider, moves=600)
    page.mouse.move(*places[0])
    page.mouse.down()

    def drag() -> None:
        started = time.monotonic()
        while (elapsed := time.monotonic() - started) < DRAG_S:
            page.mouse.move(*places[int(elapsed / DRAG_S * len(places))])

    rate = frames_a_second(page, drag)
    page.mouse.up()
    return {"frames in a 4 s drag of beta, manifold on": Figure(rate)}


def dimension_drag(page: Page, url: str) -> dict[str, Figure]:
    """The slider of the dimension with the most KL."""
    page.goto(f"{url}/dimensions")
    page.wait_for_selector('[data-page="dimensions"] [data-testid="dimension-slider"]')
    slider = page.get_by_test_id("dimension-slider").first
    digit = page.get_by_test_id("decoded-digit").element_handle()
    places = _sweep(slider)
    watched = (slider.element_handle(), "pointermove", digit, "z")
    samples = time_drag(page, watched, places)
    return {"dimension slider to painted digit, p95": milliseconds(samples)}


def _strokes(pad: Locator) -> list[list[tuple[int, int]]]:
    """Drawings of one stroke each: zigzags and curves over the pad, in pixels of the page."""
    box, random = pad.bounding_box(), np.random.default_rng(3)
    strokes = []
    for _ in range(DRAWINGS):
        corners = random.uniform(0.15, 0.85, (5, 2))
        path = np.concatenate(
            [np.linspace(a, b, 8, endpoint=False) for a, b in pairwise(corners)]
        )  # (32, 2)
        x = box["x"] + path[:, 0] * box["width"]
        y = box["y"] + path[:, 1] * box["height"]
        strokes.append([(round(a), round(b)) for a, b in zip(x, y, strict=True)])
    return strokes


def pen(page: Page, url: str) -> dict[str, Figure]:
    """Draws on the Map's pad; the code is painted on the map, and must be Python's."""
    import torch

    page.goto(f"{url}/?tool=draw")
    wait_until_ready(page, "")
    pad, code = page.get_by_test_id("drawing-pad"), page.get_by_test_id("drawn-code")
    strokes, samples, worst = _strokes(pad), [], 0.0
    box = pad.bounding_box()
    encoder = load_checkpoint(MODEL, root=checkpoint_root()).model
    # In a window of its own: a tab before this one would stop its frames.
    modules = serve_modules(page.context.browser.new_context().new_page())
    # The encoder's weights are fetched when the first stroke is drawn: that one is not timed.
    for n, stroke in enumerate([strokes[0], *strokes]):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        if n == 0:
            page.mouse.move(*stroke[1])
            page.wait_for_function("code => code.dataset.mu", arg=code.element_handle())
        else:
            watched = (pad.element_handle(), "pointermove", code.element_handle(), "mu")
            samples += time_moves(page, watched, stroke[1:])
            # The pad rounds nothing: its own share of the box is what the strokes are made of.
            share = [
                [(x - box["x"]) / box["width"], (y - box["y"]) / box["height"]] for x, y in stroke
            ]
            pixels = modules.evaluate(DIGIT_OF_STROKE, share)
            image = torch.tensor(pixels, dtype=torch.float32).reshape(1, 1, 28, 28)
            mu = np.array(code.get_attribute("data-mu").split(","), dtype=float)
            worst = max(worst, float(np.abs(encoder.encode(image)[0][0].numpy() - mu).max()))
        page.mouse.up()
        page.get_by_test_id("pad-clear").click()
    modules.context.close()
    return {
        "pen stroke to its code on the map, p95": milliseconds(samples),
        f"drawn digit's mu against Python, worst of {DRAWINGS}": Figure(worst),
    }


def grey_levels(page: Page, url: str) -> dict[str, Figure]:
    """Largest difference of a painted pixel from Python's."""
    import torch

    view, worst = MapPage(page, url), 0.0
    model = load_checkpoint(MODEL, root=checkpoint_root()).model
    for x, y in np.random.default_rng(0).uniform(-2.5, 2.5, size=(POINTS, 2)):
        digit = view.hover(x, y)
        means = model.decode(torch.tensor([digit.z], dtype=torch.float32))[0, 0].numpy()
        worst = max(worst, float(np.abs(digit.grey - 255 * means).max()))
    return {f"painted digit against Python, worst of {POINTS}": Figure(worst)}
