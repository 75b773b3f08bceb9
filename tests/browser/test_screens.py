"""What is read from afar and what a thumb reaches: sizes on a projector, the phone by touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from benchmarks.tabs import PAGES, wait_until_ready
from explorer.ui.presenter import all_lessons
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import MapPage
from tests.browser.presenter_page import PresenterPage
from tests.browser.text_sizes import record_canvas_text, texts_below

LARGE = {"width": 1920, "height": 1080}
LEAST_ON_A_PAGE, LEAST_ON_A_STAGE = 16, 20  # CSS pixels


@pytest.fixture
def large_page(new_page) -> Page:
    page = new_page(viewport=LARGE)
    record_canvas_text(page)
    return page


def tabs_of(page: Page) -> list:
    return page.get_by_role("tab").all() or [None]


@pytest.mark.parametrize("title", PAGES)
def test_a_large_screen_s_page_has_no_small_text(app_url, large_page, title):
    page = large_page
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    for tab in tabs_of(page):
        if tab is not None:
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
        wait_for_frame(page)
        assert texts_below(page, LEAST_ON_A_PAGE) == [], tab
    assert page.evaluate("window.canvasTexts.size") > 0


def scenes_of_all_pages() -> list[tuple[str, int]]:
    """A scene of each page that the lessons show, and where they differ, of each of its tabs."""
    found = {}
    for lesson in all_lessons()[0].values():
        for number, scene in enumerate(lesson.scenes, 1):
            kind = (scene.page, scene.state.get("view"), scene.state.get("tab"))
            found.setdefault(kind, (lesson.name, number))
    return list(found.values())


@pytest.mark.parametrize(("lesson", "scene"), scenes_of_all_pages())
def test_a_stage_has_no_small_text(app_url, large_page, lesson, scene):
    shown = PresenterPage(large_page, app_url, lesson, scene)
    wait_for_frame(large_page)
    assert texts_below(large_page, LEAST_ON_A_STAGE) == []
    shown.press("r")
    wait_for_frame(large_page)
    assert texts_below(large_page, LEAST_ON_A_STAGE) == []


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


class Finger:
    """One finger, or two, on a tab's glass."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)

    def send(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
        event = {"type": f"touch{kind}", "touchPoints": points}
        self.devtools.send("Input.dispatchTouchEvent", event)

    def swipe(self, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
        self.send("Start", start)
        for n in range(1, steps + 1):
            part = n / steps
            self.send("Move", tuple(a + part * (b - a) for a, b in zip(start, end, strict=True)))
        self.send("End")


@pytest.fixture
def phone(new_page) -> Page:
    return new_page(**PHONE)


def test_a_vertical_swipe_on_the_map_scrolls_the_page_and_leaves_z(app_url, phone):
    view = MapPage(phone, app_url)
    z = view.digit().z
    x, y = view.position(1, 0.5)
    Finger(phone).swipe((x, y), (x + 4, y - 200))
    phone.wait_for_function(f"{SCROLLED} > 100")
    assert view.digit().z == z
    expect(phone.get_by_test_id("pin-panel")).to_have_count(0)


def test_a_finger_that_is_held_points_in_all_directions_and_never_off_the_map(app_url, phone):
    view = MapPage(phone, app_url)
    finger = Finger(phone)
    x, y = view.position(0.5, 0.5)
    view.change(lambda: finger.send("Start", (x, y)))  # once it has been still for a moment
    finger.send("Move", (x + 2, y + 40))
    view.change(lambda: finger.send("Move", (x + 2, y + 2000)))
    (low_x, high_x), (low_y, high_y) = view.ranges()
    at_x, at_y = view.digit().z
    finger.send("End")
    assert low_x < at_x < high_x
    assert at_y == pytest.approx(low_y, abs=1e-6) or at_y == pytest.approx(high_y, abs=1e-6)
    assert phone.evaluate(SCROLLED) == 0
    expect(phone.get_by_test_id("pin-panel")).to_have_count(0)  # no tap
