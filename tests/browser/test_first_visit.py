"""Ten tasks of a first visit, without README: on a projector by mouse, on a phone by finger."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.checkpoints import Checkpoint
from tests.browser.canvas import read_grey
from tests.browser.plane import position, ranges, wait_for_ranges
from tests.browser.shipped import decoded

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

# What is written on canvases is no text of the document: kept as it is drawn.
KEEP_WORDS = """
window.written = new Set();
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.add(String(text));
  return fillText.call(this, text, ...rest);
};
"""


@dataclass
class Visit:
    """Somebody on the app's pages, with a mouse or with a finger."""

    page: Page
    url: str
    has_finger: bool

    def open(self, name: str) -> None:
        """Go to a page by the navigation."""
        if self.has_finger:
            self.page.get_by_test_id("stExpandSidebarButton").tap()
        link = self.page.get_by_test_id("stSidebarNavLink").filter(has_text=re.compile(f"^{name}$"))
        self.press(link)
        if self.has_finger:
            close = self.page.get_by_test_id("stSidebarCollapseButton").locator("button")
            if close.is_visible():
                close.tap()

    def press(self, element: Locator) -> None:
        element.tap() if self.has_finger else element.click()

    def unfold(self, name: str) -> None:
        """Open a drawer, which only a phone has."""
        if self.has_finger:
            self.page.get_by_test_id("fold").filter(has_text=name).tap()

    def point(self, place: tuple[float, float]) -> None:
        """Move the pointer to a place on the page, or tap it."""
        if self.has_finger:
            self.page.touchscreen.tap(*place)
        else:
            self.page.mouse.move(*place)

    def draw(self, canvas: Locator, stroke: list[tuple[float, float]]) -> None:
        """One stroke on a pad; places are shares of it."""
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    @property
    def map(self) -> Locator:
        return self.page.get_by_test_id("latent-canvas").first

    @property
    def digit(self) -> Locator:
        return self.page.get_by_test_id("decoded-digit").first

    def wait_for_map(self) -> None:
        expect(self.map).to_have_attribute("data-ready", "true")


@pytest.fixture(params=["projector", "phone"])
def visit(request, app_url, new_page) -> Visit:
    """The app's first page, its map there."""
    has_finger = request.param == "phone"
    page = new_page(**(PHONE if has_finger else PROJECTOR))
    page.add_init_script(KEEP_WORDS)
    page.goto(app_url)
    visit = Visit(page, app_url, has_finger)
    visit.wait_for_map()
    return visit


def looks_like(grey: np.ndarray, vae: Checkpoint) -> int:
    """The class whose decoded codes are nearest to a picture on average."""
    labels = vae.codes.labels
    means = [decoded(vae, vae.codes.mu[labels == n][:60]).mean(axis=0) for n in range(10)]
    return int(np.argmin([np.square(grey - mean).mean() for mean in means]))


def numeral(vae: Checkpoint, label: int) -> np.ndarray:
    """Where a class's numeral stands: the median of its codes."""
    return np.median(vae.codes.mu[vae.codes.labels == label], axis=0)


def test_find_a_7_by_its_numeral_and_see_it_decoded(visit, vae):
    expect(visit.page.locator(".guide")).to_contain_text("decoder paints the digit that lies there")
    before = visit.digit.get_attribute("data-z")
    visit.point(position(visit.map, *numeral(vae, 7)))
    expect(visit.digit).not_to_have_attribute("data-z", before)
    expect(visit.digit).to_be_in_viewport(ratio=0.5)
    assert looks_like(read_grey(visit.digit), vae) == 7


def test_say_what_a_dot_is(visit):
    visit.page.wait_for_function("[...written].some((text) => /dot: a test digit/.test(text))")


def test_see_the_posterior_collapse(visit):
    visit.open("Beta")
    visit.wait_for_map()
    slider = visit.page.get_by_test_id("beta-slider")
    expect(slider).to_be_in_viewport()
    box = slider.bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=20)
    visit.page.mouse.up()
    film = visit.page.locator('[data-page="beta"]')
    expect(film).to_have_attribute("data-nearest", "60")
    expect(visit.page.get_by_test_id("guide-notice")).to_contain_text("codes lie on one point")
    samples = visit.page.get_by_test_id("prior-samples").first
    expect(samples).to_have_attribute("data-beta", "60")
    pictures = read_grey(samples)
    side = 28
    first, second = pictures[:side, :side], pictures[:side, side + 1 : 2 * side + 1]
    assert np.abs(first.astype(int) - second).max() <= 2


def test_go_back_to_the_whole_view_after_zooming(visit):
    whole = ranges(visit.map)
    for _ in range(2):
        visit.press(visit.page.get_by_test_id("zoom-in").first)
    expect(visit.map).not_to_have_attribute("data-x-range", f"{whole[0][0]},{whole[0][1]}")
    visit.press(visit.page.get_by_test_id("zoom-reset").first)
    wait_for_ranges(visit.map, whole, 1e-6)


def test_find_what_posterior_means(visit):
    visit.open("Objectives")
    visit.wait_for_map()
    word = visit.page.locator('.term[data-term="posterior"]').first
    expect(word).to_be_visible()
    word.scroll_into_view_if_needed()
    visit.press(word)
    note = visit.page.get_by_test_id("term-note")
    expect(note).to_contain_text("Which codes could have made this picture")
    expect(note).to_be_in_viewport(ratio=1)
    visit.press(visit.page.locator("h2").first)
    expect(note).to_be_hidden()


def test_walk_from_one_digit_to_another_and_find_the_jump(visit):
    visit.open("Continuity")
    visit.wait_for_map()
    chart = visit.page.get_by_test_id("walk-chart").first
    chart.scroll_into_view_if_needed()
    expect(visit.page.get_by_test_id("walk-step").first).to_contain_text("Largest step: ")
    before = visit.digit.get_attribute("data-z")
    box = chart.bounding_box()
    middle = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + box["width"] / 2, middle)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=10)
    visit.page.mouse.up()
    expect(visit.digit).not_to_have_attribute("data-z", before)


def test_see_which_dimension_matters_most(visit):
    visit.open("Dimensions")
    visit.page.wait_for_selector('.page-dimensions[data-ready="true"]')
    sliders = visit.page.get_by_test_id("dimension-slider")
    seen = sliders.filter(visible=True)
    first, last = seen.first, seen.last
    changes = []
    for slider in (first, last):
        slider.scroll_into_view_if_needed()
        before, z = read_grey(visit.digit), visit.digit.get_attribute("data-z")
        slider.focus()
        visit.page.keyboard.press("End")
        expect(visit.digit).not_to_have_attribute("data-z", z)
        changes.append(np.square(read_grey(visit.digit).astype(float) - before).mean())
        visit.page.keyboard.press("Home")
    assert changes[0] > changes[1]
    kl = visit.page.locator(".slider-row:not(.slider-header) .slider-kl").all_inner_texts()
    assert float(kl[0]) == max(map(float, filter(None, kl)))


def test_draw_a_digit_and_see_its_code(visit):
    visit.unfold("Tools")
    visit.press(visit.page.get_by_role("button", name="Draw", exact=True))
    pad = visit.page.get_by_test_id("drawing-pad")
    expect(pad).to_be_visible()
    before = visit.digit.get_attribute("data-z")
    visit.draw(pad, [(0.5, 0.15), (0.5, 0.85)])
    expect(pad).to_have_attribute("data-strokes", "1")
    expect(visit.digit).not_to_have_attribute("data-z", before)


def test_start_a_lesson_and_leave_it(visit):
    visit.open("Lessons")
    visit.press(visit.page.get_by_role("button", name="Present").first)
    expect(visit.page.get_by_test_id("presenter-counter")).to_contain_text("Scene 1 of")
    visit.press(visit.page.get_by_test_id("presenter-leave"))
    expect(visit.page.get_by_test_id("presenter")).to_have_count(0)
    expect(visit.page).to_have_url(re.compile("/lessons"))
    visit.open("Map")
    visit.wait_for_map()


def test_reopen_a_point_by_its_address(visit, new_page, vae):
    place = position(visit.map, *numeral(vae, 1))
    visit.page.touchscreen.tap(*place) if visit.has_finger else visit.page.mouse.click(*place)
    expect(visit.page).to_have_url(re.compile(r"z="))
    again = new_page(**(PHONE if visit.has_finger else PROJECTOR))
    again.goto(visit.page.url)
    digit = again.get_by_test_id("decoded-digit").first
    expect(digit).to_have_attribute("data-z", visit.digit.get_attribute("data-z"))
