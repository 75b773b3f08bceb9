"""What is read from afar and what a thumb reaches: sizes on a projector, the phone by touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from benchmarks.tabs import PAGES, wait_until_ready
from explorer.ui.presenter import all_lessons
from tests.browser.canvas import read_grey, wait_for_grey
from tests.browser.finger import PHONE, SCROLLED, Finger
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


EXPLANATIONS = """() => {
  // Streamlit's own elements after the picture, but for the picture's own expanders.
  const picture = [...document.querySelectorAll(".stBidiComponent")].find((element) =>
    element.getBoundingClientRect().height > 200);
  const main = document.querySelector("[data-testid=stMain]");
  return picture.getBoundingClientRect().bottom + main.scrollTop;
}"""


@pytest.mark.parametrize("title", PAGES)
def test_a_phone_needs_three_screens_at_most_before_the_explanations(app_url, phone, title):
    phone.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(phone, PAGES[title])
    for tab in tabs_of(phone):
        if tab is not None:
            tab.tap()
            expect(tab).to_have_attribute("aria-selected", "true")
        wait_for_frame(phone)
        assert phone.evaluate(EXPLANATIONS) <= 3 * 844, tab
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
    canvases = phone.locator(".page canvas:visible")
    assert min(canvas.bounding_box()["y"] for canvas in canvases.all()) < 844 / 2  # first of all
    for fold in phone.get_by_test_id("fold").all():
        if not fold.is_visible():
            continue
        assert fold.get_attribute("aria-expanded") == "false"
        assert fold.inner_text().strip()


def test_a_drawer_opens_by_a_tap_and_its_controls_work(app_url, phone):
    MapPage(phone, app_url)
    manifold = phone.get_by_test_id("toggle-manifold")
    expect(manifold).to_be_hidden()
    phone.get_by_test_id("fold").filter(has_text="layers").tap()
    manifold.tap()
    expect(manifold).to_have_attribute("aria-pressed", "true")
    phone.get_by_test_id("fold").filter(has_text="layers").tap()
    expect(manifold).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "shown"),
    [("", "decoded-digit"), ("dimensions", "decoded-digit"), ("beta", "beta-slider")],
)
def test_digit_and_slider_stay_in_sight_while_the_page_is_scrolled(app_url, phone, path, shown):
    phone.goto(f"{app_url}/{path}")
    wait_until_ready(phone, path)
    part = phone.get_by_test_id(shown)
    before = part.bounding_box()["y"]
    phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTop = 250")
    wait_for_frame(phone)
    scrolled = phone.evaluate(SCROLLED)
    box = part.bounding_box()
    assert scrolled > 150
    assert box["y"] > before - scrolled  # it has not gone with the rest
    assert 40 < box["y"] < 844 / 4


def test_models_are_swiped_under_a_strip_with_the_digits_of_all(app_url, phone):
    phone.goto(f"{app_url}/objectives")
    wait_until_ready(phone, "objectives")
    items, digits = phone.get_by_test_id("swipe-item"), phone.get_by_test_id("decoded-digit")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_have_attribute("aria-current", "true")
    z = digits.first.get_attribute("data-z")
    box = phone.get_by_test_id("latent-canvas").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    Finger(phone).swipe((x + 130, y), (x - 130, y + 4))
    expect(items.nth(1)).to_have_attribute("aria-current", "true")
    assert digits.first.get_attribute("data-z") == z  # the swipe was the row's
    items.nth(2).tap()
    expect(items.nth(2)).to_have_attribute("aria-current", "true")
    last = phone.get_by_test_id("latent-canvas").last
    expect(last).to_be_in_viewport()
    phone.touchscreen.tap(*centre(last, 40))
    expect(digits.first).not_to_have_attribute("data-z", z)
    for n in range(3):
        wait_for_grey(items.nth(n).locator("canvas"), read_grey(digits.nth(n)))


def centre(element, right: float) -> tuple[float, float]:
    box = element.bounding_box()
    return box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2


def test_a_phone_s_presenter_scrolls_what_is_asked_for_into_view(app_url, phone):
    shown = PresenterPage(phone, app_url, "collapse", 4)  # its digits lie below the maps
    panel = shown.part("presenter").bounding_box()
    assert_between(shown.part("fixed-digits"), panel)
    phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTop = 0")
    shown.press("r")
    expect(shown.part("scene-reveal")).to_be_visible()
    assert_between(shown.part("fixed-digits"), panel)


def assert_between(picture, panel: dict[str, float]) -> None:
    """A picture is in sight, above the panel."""
    box = picture.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= panel["y"]


@pytest.mark.parametrize("size", [(820, 1180), (640, 360), (1024, 768)])  # the second: 200 % zoom
@pytest.mark.parametrize("title", PAGES)
def test_no_page_is_wider_than_a_tablet_or_a_zoomed_window(app_url, new_page, title, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    for tab in tabs_of(page):
        if tab is not None:
            tab.click()
        wait_for_frame(page)
        assert page.evaluate(OVERFLOWING) == []


# Elements that reach out of the window to the right, but in a box that scrolls.
OVERFLOWING = """() => {
  const [page] = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)
    .flatMap((root) => [...root.querySelectorAll(".page")]);
  const scrolls = (e) => e && e !== page &&
    (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX) ||
      scrolls(e.parentElement));
  const right = page.getBoundingClientRect().right + 1;
  return [...page.querySelectorAll("*")]
    .filter((e) => e.getClientRects().length && e.getBoundingClientRect().right > right)
    .filter((e) => !scrolls(e)).map((e) => e.className || e.tagName).slice(0, 5);
}"""
