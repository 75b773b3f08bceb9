"""The presenter's keys, its count of raised hands, its reveals, and links to scenes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer.ui.presenter import all_lessons
from tests.browser.canvas import read_grey
from tests.browser.frames import wait_for_frame
from tests.browser.presenter_page import PresenterPage

LESSON = "latent-space"
PREDICT = 4  # a scene that lets predict a digit
PREDICTED_Z = "-1.3,-1.2"
SCENES = len(all_lessons()[0][LESSON].scenes)

VEIL = "canvas => getComputedStyle(canvas).objectPosition"


@pytest.fixture
def shown(app_url, page) -> PresenterPage:
    return PresenterPage(page, app_url, LESSON, PREDICT)


def count(shown: PresenterPage, guess: str) -> str | None:
    return shown.page.locator(f'.guess[data-guess="{guess}"]').get_attribute("data-count")


def test_hands_are_counted_by_key_and_tap_and_the_decode_is_hidden_until_the_reveal(shown):
    digit = shown.part("decoded-digit")
    assert digit.evaluate(VEIL).startswith("-")
    for key in ("7", "7", "7", "2", "Shift+Digit7", "Shift+Digit2", "Shift+Digit2"):
        shown.press(key)
    assert (count(shown, "7"), count(shown, "2"), count(shown, "0")) == ("2", "0", "0")
    nine = shown.page.locator('.guess[data-guess="9"]')
    nine.locator(".guess-add").click()
    nine.locator(".guess-add").click()
    nine.locator(".guess-fewer").click()
    assert count(shown, "9") == "1"
    expect(digit).to_have_attribute("data-z", PREDICTED_Z)  # 0 did not reset the map's view

    shown.press("r")
    expect(shown.part("scene-reveal")).to_be_visible()
    assert not digit.evaluate(VEIL).startswith("-")
    shown.press("7")  # guessing is over
    assert count(shown, "7") == "2"
    shares = shown.page.locator(".guess-bar").evaluate_all(
        "bars => bars.map(bar => bar.style.getPropertyValue('--share'))"
    )
    assert shares == ["0", "0", "0", "0", "0", "0", "0", "1", "0", "0.5"]

    shown.turn(PREDICT + 1)
    shown.turn(PREDICT, "PageUp")
    assert (count(shown, "7"), count(shown, "9")) == ("2", "1")
    expect(shown.part("scene-reveal")).to_be_visible()
    shown.part("presenter-hide").click()
    expect(shown.part("scene-reveal")).to_be_hidden()
    assert digit.evaluate(VEIL).startswith("-")


def test_hands_are_counted_as_hands(shown):
    nine = shown.page.locator('.guess[data-guess="9"]')
    shown.press("9")
    expect(nine.locator(".guess-count")).to_have_text("1 hand")
    shown.press("9")
    expect(nine.locator(".guess-count")).to_have_text("2 hands")
    expect(nine.locator(".guess-add")).to_have_attribute("aria-label", "9: 2 hands. One more")


@pytest.mark.parametrize(
    ("lesson", "scene", "picture", "telling"),
    [
        (LESSON, PREDICT, "decoded-digit", ".digit-facts"),
        ("collapse", 5, "active-units", ".film-note"),
    ],
)
def test_a_curtain_lies_above_its_picture_and_hides_what_would_tell_it(
    app_url, page, lesson, scene, picture, telling
):
    shown = PresenterPage(page, app_url, lesson, scene)
    canvas = shown.part(picture)
    words = shown.page.locator(telling)
    assert canvas.evaluate(VEIL).startswith("-")
    assert canvas.evaluate("canvas => getComputedStyle(canvas).zIndex") == "9"
    expect(words).not_to_be_visible()
    shown.press("r")
    expect(shown.part("scene-reveal")).to_be_visible()
    assert not canvas.evaluate(VEIL).startswith("-")


def test_page_down_reveals_before_it_turns_and_buttons_do_the_same(shown):
    shown.press("PageDown")
    expect(shown.part("scene-reveal")).to_be_visible()
    shown.expect_scene(PREDICT, SCENES)
    shown.turn(PREDICT + 1)
    shown.part("presenter-back").click()
    shown.wait(PREDICT)
    shown.part("presenter-next").click()
    shown.wait(PREDICT + 1)


def test_the_map_s_own_keys_go_on_working(shown):
    shown.part("latent-canvas").focus()
    shown.press("ArrowRight")
    expect(shown.part("decoded-digit")).not_to_have_attribute("data-z", PREDICTED_Z)
    shown.press("PageDown")
    shown.turn(PREDICT + 1)


def test_a_moved_point_is_back_when_its_scene_is(shown):
    digit = shown.part("decoded-digit")
    box = shown.part("latent-canvas").bounding_box()
    shown.page.mouse.click(box["x"] + 60, box["y"] + 60)
    expect(shown.page).not_to_have_url(re.compile(r"z=-1\.3"))
    shown.page.mouse.move(box["x"] + 5, box["y"] + box["height"] + 12)
    shown.turn(PREDICT - 1, "PageUp")
    shown.turn(PREDICT)
    expect(digit).to_have_attribute("data-z", PREDICTED_Z)
    assert shown.query()["z"] == PREDICTED_Z


def test_escape_leads_back_to_the_lessons(shown, app_url):
    shown.press("Escape")
    expect(shown.part("presenter")).to_have_count(0)
    expect(shown.part("stSidebar")).to_be_visible()
    expect(shown.page).to_have_url(f"{app_url}/lessons")


def present(page: Page, lesson: str) -> PresenterPage:
    """Start a lesson on the page of lessons."""
    page.get_by_role("link", name="Lessons").click()
    page.locator(f".st-key-lesson-{lesson}").get_by_role("button", name="Present").click()
    shown = PresenterPage.__new__(PresenterPage)
    shown.page, shown.lesson = page, lesson
    shown.wait(1)
    return shown


def test_after_a_lesson_every_page_is_as_it_was_before(app_url, page):
    page.goto(f"{app_url}/?dataset=digits&model=reconstruction-2d&z=2,-3&classes=1,7")
    expect(page.get_by_test_id("pinned-z")).to_have_attribute("data-z", "2,-3")
    page.get_by_role("link", name="Beta").click()
    beta = page.locator('[data-page="beta"]')
    expect(beta).to_have_attribute("data-beta", "1")
    page.get_by_test_id("beta-step-forward").click()
    expect(page).to_have_url(re.compile("beta=2"))

    shown = present(page, LESSON)
    shown.turn(2)
    shown.press("Escape")
    expect(page).to_have_url(re.compile("/lessons"))
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_test_id("decoded-digit")).to_have_attribute(
        "data-model", "digits/reconstruction-2d"
    )
    expect(page.get_by_test_id("pinned-z")).to_have_attribute("data-z", "2,-3")
    assert set(shown.query()) == {"dataset", "model", "z", "classes"}
    page.get_by_role("link", name="Beta").click()
    expect(beta).to_have_attribute("data-beta", "2")


def test_the_last_scene_s_end_leads_back_as_well(app_url, page):
    shown = PresenterPage(page, app_url, LESSON, SCENES)
    has_answer = bool(all_lessons()[0][LESSON].scenes[-1].reveal)
    for _ in range(1 + has_answer):
        shown.part("presenter-next").click()
    expect(page).to_have_url(re.compile("/lessons$"))


def test_the_browser_s_back_button_turns_back(shown):
    shown.press("PageDown")
    shown.turn(PREDICT + 1)
    for _ in range(4):  # each key of the address is an entry of its own
        if shown.query()["scene"] == str(PREDICT + 1):
            shown.page.go_back()
    shown.wait(PREDICT)
    expect(shown.part("decoded-digit")).to_have_attribute("data-z", PREDICTED_Z)


def test_the_lessons_page_starts_a_lesson(app_url, page):
    page.goto(f"{app_url}/lessons")
    present(page, "collapse")
    expect(page.locator('[data-page="beta"]')).to_have_attribute("data-beta", "1")


SHOWN = """root => ({
  hidden: root.dataset.hidden,
  veiled: root.classList.contains("is-veiled"),
  seen: [...root.querySelectorAll("button, select, input")]
    .filter((e) => e.getClientRects().length)
    .map((e) => [e.dataset.testid, e.disabled, e.getAttribute("aria-pressed"), e.value]),
  ranges: [...root.querySelectorAll("[data-x-range]")]
    .map((e) => [e.dataset.xRange, e.dataset.yRange]),
  points: [...root.querySelectorAll("[data-testid=decoded-digit]")]
    .map((e) => [e.dataset.z, e.dataset.model, e.dataset.beta]),
})"""


@pytest.mark.parametrize("lesson", ["latent-space", "two-terms"])
def test_a_link_to_a_scene_shows_what_playing_to_it_shows(app_url, page, new_page, lesson):
    scenes = all_lessons()[0][lesson].scenes
    played = PresenterPage(page, app_url, lesson)
    for number, scene in enumerate(scenes, 1):
        played.wait(number)
        wait_for_frame(page)  # a tab behind another one draws none
        other = new_page()
        linked = PresenterPage(other, app_url, lesson, number)
        wait_for_frame(other)
        expect_same(played, linked, scene.title)
        assert linked.query() == played.query()
        other.close()
        if scene.reveal:
            played.press("PageDown")
        played.press("PageDown")


def expect_same(played: PresenterPage, linked: PresenterPage, title: str) -> None:
    assert linked.canvas.evaluate(SHOWN) == played.canvas.evaluate(SHOWN), title
    pictures = [
        [read_grey(digit) for digit in shown.part("decoded-digit").all()]
        for shown in (linked, played)
    ]
    np.testing.assert_array_equal(*pictures, title)


@pytest.mark.parametrize("size", [(820, 1180), (390, 844)])
def test_text_and_picture_stand_one_above_the_other_on_a_narrow_screen(app_url, new_page, size):
    page = new_page(viewport={"width": size[0], "height": size[1]}, has_touch=True)
    shown = PresenterPage(page, app_url, LESSON, PREDICT)
    panel = shown.part("presenter").bounding_box()
    assert panel["x"] == 0
    assert panel["width"] == size[0]
    assert panel["y"] > size[1] * 0.4
    digit = shown.part("decoded-digit").bounding_box()
    assert digit["y"] + digit["height"] < panel["y"]
    page.locator('.guess[data-guess="7"] .guess-add').tap()
    assert count(shown, "7") == "1"
    shown.part("presenter-next").tap()
    expect(shown.part("scene-reveal")).to_be_visible()
