"""The sentence under the title: what to do, after a few moves what to notice, nothing moving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live_app import MapPage

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def move_about(page: Page, times: int) -> None:
    """The pointer over the first map, so many strides of 60 pixels and more."""
    box = page.get_by_test_id("latent-canvas").first.bounding_box()
    for n in range(times + 1):
        x = box["x"] + box["width"] * (0.3 if n % 2 else 0.7)
        page.mouse.move(x, box["y"] + box["height"] / 2)


def test_first_what_to_do_then_what_to_notice_in_the_same_place(app_url, page):
    MapPage(page, app_url)
    do, notice = page.get_by_test_id("guide-do"), page.get_by_test_id("guide-notice")
    expect(do).to_contain_text("Move the pointer over the plane")
    expect(notice).to_be_hidden()
    before = page.get_by_test_id("latent-canvas").bounding_box()
    room = page.get_by_test_id("guide").bounding_box()
    move_about(page, 3)
    expect(notice).to_be_hidden()
    move_about(page, 12)
    expect(notice).to_be_visible()
    expect(do).to_be_hidden()
    assert page.get_by_test_id("latent-canvas").bounding_box() == before
    assert page.get_by_test_id("guide").bounding_box() == room


def test_a_model_of_one_picture_is_not_said_to_have_digits(app_url, page):
    MapPage(page, app_url, "?model=kl-2d")
    expect(page.get_by_test_id("guide-notice")).to_contain_text("lie on one point")


def test_each_tab_has_its_own_and_counts_its_own_moves(app_url, page):
    page.goto(f"{app_url}/dimensions")
    do, notice = page.get_by_test_id("guide-do"), page.get_by_test_id("guide-notice")
    expect(do).to_contain_text("Drag a slider")
    page.wait_for_selector('[data-page="dimensions"][data-ready="true"]')
    for _ in range(3):
        page.get_by_test_id("tab-grid").click()
        page.get_by_test_id("tab-sliders").click()
    expect(notice).to_be_visible()
    page.get_by_test_id("tab-map").click()
    expect(do).to_contain_text("Point at a dot")
    expect(do).to_be_visible()
    expect(notice).to_be_hidden()


@pytest.mark.parametrize(
    "path", ["", "machine", "objectives", "continuity", "beta", "dimensions", "theory"]
)
def test_on_a_phone_it_asks_for_fingers(app_url, new_page, path):
    page = new_page(**PHONE)
    page.goto(f"{app_url}/{path}")
    touch = page.get_by_test_id("guide-touch")
    expect(touch).to_be_visible()
    expect(page.get_by_test_id("guide-do")).to_be_hidden()
    words = touch.inner_text()
    assert not [word for word in ("pointer", "Point at", "Click", "mouse") if word in words]


def test_a_lesson_has_words_of_its_own(app_url, page):
    page.goto(f"{app_url}/?lesson=latent-space&scene=1")
    page.wait_for_selector('.page[data-turn="1"]')
    expect(page.get_by_test_id("guide")).to_be_hidden()
