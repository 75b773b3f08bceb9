"""What is read from afar and what a thumb reaches: sizes on a projector, the phone by touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from benchmarks.tabs import PAGES, wait_until_ready
from explorer.ui.presenter import all_lessons
from tests.browser.frames import wait_for_frame
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
