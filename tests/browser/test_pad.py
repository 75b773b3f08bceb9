"""The drawing pad alone on a blank page, by mouse, finger and keys."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.canvas import read_grey

FOUR = [[[0.4, 0.2], [0.35, 0.5], [0.7, 0.5]], [[0.62, 0.2], [0.58, 0.8]]]

MOUNT = """async size => {
  document.body.innerHTML = '<div style="width: 400px; margin: 20px"></div>';
  const { DrawingPad } = await import("/parts/pad.js");
  window.heard = [];
  window.pad = new DrawingPad(document.body.firstChild, {
    size,
    onDraw: pixels => heard.push(Array.from(pixels)),
    onClear: () => heard.push(null),
  });
}"""
EXPECTED = """async size => {
  const { digitOfStrokes } = await import("/maths/drawing.js");
  return Array.from(digitOfStrokes(pad.strokes, size));
}"""


class PadPage:
    """The pad alone on a blank page."""

    def __init__(self, page, size: int = 28) -> None:
        page.add_style_tag(
            content=".pad-canvas { width: 320px; height: 320px; touch-action: none }"
        )
        page.evaluate(MOUNT, size)
        self.page = page
        self.canvas = page.get_by_test_id("drawing-pad")
        self.seen = page.get_by_test_id("drawn-digit")

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Of a point of the unit square, on the page."""
        box = self.canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, stroke: list) -> None:
        """One stroke with the mouse; waits until the pad has taken it."""
        before = int(self.canvas.get_attribute("data-strokes"))
        self.page.mouse.move(*self.place(*stroke[0]))
        self.page.mouse.down()
        for point in stroke[1:]:
            self.page.mouse.move(*self.place(*point), steps=4)
        self.page.mouse.up()
        self.expect_strokes(before + 1)

    def expect_strokes(self, count: int) -> None:
        """Waits until this many are drawn, and the model's picture holds all their points."""
        expect(self.canvas).to_have_attribute("data-strokes", str(count))
        points = self.page.evaluate("pad.strokes.reduce((sum, s) => sum + s.length, 0)")
        expect(self.seen).to_have_attribute("data-points", str(points))

    def strokes(self) -> list:
        return self.page.evaluate("pad.strokes")

    def heard(self) -> list:
        return self.page.evaluate("heard")

    def grey(self, test_id: str = "drawn-digit") -> np.ndarray:
        """The grey levels of a canvas."""
        return read_grey(self.page.get_by_test_id(test_id))

    def assert_heard_what_is_drawn(self, size: int = 28) -> None:
        last = self.heard()[-1]
        assert last == self.page.evaluate(EXPECTED, size)
        rounded = np.floor(255 * np.reshape(last, (size, size)) + 0.5)
        np.testing.assert_array_equal(self.grey(), rounded)


@pytest.fixture
def pad(modules) -> PadPage:
    return PadPage(modules)


def test_the_mouse_draws_and_the_pixels_follow(pad):
    for stroke in FOUR:
        pad.draw(stroke)
    drawn = pad.strokes()
    assert len(drawn) == 2
    for points, stroke in zip(drawn, FOUR, strict=True):
        np.testing.assert_allclose(points[0], stroke[0], atol=2 / 320)
        np.testing.assert_allclose(points[-1], stroke[-1], atol=2 / 320)
        assert len(points) > len(stroke)
    assert len(pad.heard()) > 2  # while the pen moved, not at its lifting only
    pad.assert_heard_what_is_drawn()
    ink = pad.grey("drawing-pad")
    assert ink[round(0.5 * 640), round(0.5 * 640)] == 255  # on the bar of the 4
    assert ink[round(0.3 * 640), round(0.5 * 640)] == 0


def test_moving_without_pressing_draws_nothing(pad):
    pad.page.mouse.move(*pad.place(0.2, 0.2))
    pad.page.mouse.move(*pad.place(0.8, 0.8), steps=5)
    pad.page.mouse.move(*pad.place(0.5, 0.5))
    pad.page.mouse.down(button="right")
    pad.page.mouse.move(*pad.place(0.6, 0.5))
    pad.page.mouse.up(button="right")
    pad.draw([[0.5, 0.2], [0.5, 0.7]])
    assert len(pad.strokes()) == 1
    np.testing.assert_allclose([x for x, _ in pad.strokes()[0]], 0.5, atol=2 / 320)


def test_a_click_is_a_dot(pad):
    pad.draw([[0.3, 0.3]])
    assert [len(stroke) for stroke in pad.strokes()] == [1]
    pad.assert_heard_what_is_drawn()
    assert pad.grey("drawing-pad")[round(0.3 * 640), round(0.3 * 640)] == 255


def test_beyond_the_edge_the_pen_goes_along_it(pad):
    pad.draw([[0.5, 0.5], [1.2, 0.6]])
    points = np.array(pad.strokes()[0])
    assert points.max() == 1
    assert points[-1].tolist() == [1, pytest.approx(0.6, abs=2 / 320)]


def test_quick_moves_that_the_browser_joined_keep_their_places(pad):
    pad.page.mouse.move(*pad.place(0.2, 0.2))
    pad.page.mouse.down()
    places = [pad.place(x, x**2) for x in (0.3, 0.4, 0.5)]
    pad.canvas.evaluate(
        """(canvas, places) => {
          const common = { pointerId: pad.pointer, pointerType: "mouse", buttons: 1 };
          const event = ([clientX, clientY], more = {}) =>
            new PointerEvent("pointermove", { ...common, clientX, clientY, ...more });
          const coalescedEvents = places.map(place => event(place));
          canvas.dispatchEvent(event(places[2], { coalescedEvents }));
        }""",
        places,
    )
    pad.page.mouse.up()
    expected = [(0.2, 0.2), (0.3, 0.09), (0.4, 0.16), (0.5, 0.25)]
    np.testing.assert_allclose(pad.strokes()[0], expected, atol=1e-3)


def test_draws_where_the_browser_keeps_quick_moves_to_itself(pad):
    """As it does over plain http from another machine."""
    pad.page.evaluate("delete PointerEvent.prototype.getCoalescedEvents")
    pad.draw(FOUR[0])
    np.testing.assert_allclose(pad.strokes()[0][-1], FOUR[0][-1], atol=2 / 320)


def test_a_finger_draws_and_a_second_one_does_not(pad):
    devtools = pad.page.context.new_cdp_session(pad.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [
            {"x": x, "y": y, "id": n} for n, (x, y) in enumerate(pad.place(*p) for p in points)
        ]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (0.3, 0.2))
    for share in np.linspace(0, 1, 12):
        touch("touchMove", (0.3 + 0.4 * share, 0.2 + 0.6 * share))
    touch("touchStart", (0.7, 0.8), (0.1, 0.9))
    touch("touchMove", (0.72, 0.82), (0.2, 0.9))
    touch("touchEnd")
    pad.page.wait_for_function("pad.pointer === null")  # after all of its moves
    pad.expect_strokes(1)
    points = np.array(pad.strokes()[0])
    assert len(points) >= 10
    np.testing.assert_allclose(points[0], (0.3, 0.2), atol=0.01)
    np.testing.assert_allclose(points[-1], (0.72, 0.82), atol=0.01)
    pad.assert_heard_what_is_drawn()


def test_undo_takes_back_a_stroke_and_clear_takes_all(pad):
    undo, clear = (pad.page.get_by_test_id(f"pad-{name}") for name in ("undo", "clear"))
    expect(undo).to_be_disabled()
    expect(clear).to_be_disabled()
    pad.draw(FOUR[0])
    first = pad.heard()[-1]
    pad.draw(FOUR[1])
    undo.click()
    pad.expect_strokes(1)
    assert pad.heard()[-1] == first
    pad.draw(FOUR[1])
    clear.click()
    pad.expect_strokes(0)
    assert pad.heard()[-1] is None
    assert pad.grey().max() == 0
    assert pad.grey("drawing-pad").max() == 0
    expect(undo).to_be_disabled()
    expect(pad.canvas).to_be_focused()


def test_control_z_takes_back_even_the_stroke_in_progress(pad):
    for stroke in FOUR:
        pad.draw(stroke)
    pad.page.mouse.move(*pad.place(0.1, 0.1))
    pad.page.mouse.down()
    pad.expect_strokes(3)
    pad.canvas.press("Control+z")
    pad.page.mouse.move(*pad.place(0.2, 0.2))
    pad.expect_strokes(2)
    pad.page.mouse.up()
    pad.canvas.press("Control+z")
    pad.expect_strokes(1)
    pad.canvas.press("z")
    pad.canvas.press("Control+z")
    pad.expect_strokes(0)
    assert pad.heard()[-1] is None


def test_a_drawing_moves_to_another_pad_and_another_data_set(pad):
    for stroke in FOUR:
        pad.draw(stroke)
    drawn, pixels = pad.strokes(), pad.heard()[-1]
    pad.page.evaluate("pad.destroy()")
    expect(pad.canvas).to_have_count(0)
    again = PadPage(pad.page)
    again.page.evaluate("strokes => pad.setStrokes(strokes)", drawn)
    again.expect_strokes(2)
    assert again.strokes() == drawn
    assert again.heard() == [pixels]
    again.page.evaluate("pad.setSize(8)")
    expect(again.seen).to_have_js_property("width", 8)
    again.assert_heard_what_is_drawn(8)
    again.page.evaluate("pad.setStrokes([[]])")
    again.expect_strokes(0)
    assert again.heard()[-1] is None


def test_the_pad_says_that_it_needs_a_pointer(pad):
    assert "mouse, a finger or a pen" in pad.canvas.get_attribute("aria-label")
    assert pad.canvas.get_attribute("tabindex") == "0"
