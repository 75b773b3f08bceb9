"""What is seen of a page while it loads: its room, a word, and no picture before the true one."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.tabs import PAGES, wait_until_ready
from tests.browser.held import Held
from tests.browser.live_app import MapPage

MOST_SHIFT = 0.1  # what web.dev calls good

# Shifts of what the app draws; Streamlit's own frame makes room for its sidebar as a whole.
WATCH_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const nodes = entry.sources.map(({ node }) => node).filter(Boolean);
      const isFrame = (node) => node.nodeType === Node.ELEMENT_NODE &&
        (node.querySelector('[data-testid="stMainBlockContainer"]') !== null ||
          node.matches('[data-testid="stMainBlockContainer"]') ||
          node.closest('[data-testid="stSidebar"]') !== null);
      if (!entry.hadRecentInput && !nodes.some(isFrame)) {
        window.shifts.push([entry.value, nodes.map((node) => node.className ?? node.data)]);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""


def shown(page: Page, selector: str) -> str:
    """The opacity and visibility of an element."""
    return page.locator(selector).evaluate(
        "e => `${getComputedStyle(e).opacity} ${getComputedStyle(e).visibility}`"
    )


@pytest.mark.parametrize("title", PAGES)
def test_hardly_anything_moves_while_a_page_loads(app_url, new_page, title):
    page = new_page()
    page.add_init_script(f"({WATCH_SHIFTS})()")
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    page.wait_for_load_state("networkidle")
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < MOST_SHIFT, shifts


@pytest.mark.parametrize("title", ["Map", "Objectives", "Theory"])
def test_until_its_weights_are_there_a_page_says_so_and_shows_nothing_else(app_url, page, title):
    held = Held(page, "**/model.safetensors*")
    page.goto(f"{app_url}/{PAGES[title]}")
    room = page.locator('[class*="st-key-room-"]')
    root = page.locator("section[data-page]").first
    expect(root).to_have_class(re.compile("is-opening"))
    assert shown(page, "section[data-page].is-opening").startswith("0 ")
    said = "element => getComputedStyle(element, '::before').content"
    assert "Loading the model" in room.evaluate(said)
    held.let_go()
    wait_until_ready(page, PAGES[title])
    expect(root).not_to_have_class(re.compile("is-opening"))
    assert "Loading" not in room.evaluate(said)
    height = room.evaluate("element => element.getBoundingClientRect().height")
    assert height == pytest.approx(room.evaluate("e => e.firstElementChild.offsetHeight"), abs=2)


def test_another_model_s_pictures_go_while_the_next_is_on_its_way(app_url, page):
    view = MapPage(page, app_url)
    note = page.locator(".loading-note")
    expect(note).to_be_hidden()
    held = Held(page, "**/reconstruction-2d/model.safetensors*")
    page.get_by_test_id("stSidebar").get_by_label("Model").click()
    page.get_by_role("option", name="reconstruction-2d", exact=True).click()
    expect(note).to_be_visible()
    expect(note).to_contain_text("Loading the model")
    expect(view.map).to_be_hidden()
    expect(view.digit_canvas).to_be_hidden()
    held.let_go()
    expect(view.digit_canvas).to_have_attribute("data-model", "mnist/reconstruction-2d")
    expect(view.map).to_be_visible()
    expect(note).to_be_hidden()


def test_a_page_whose_weights_do_not_come_says_so_in_its_place(app_url, new_page):
    page = new_page()
    page.route("**/model.safetensors*", lambda route: route.fulfill(status=204, body=""))
    page.goto(app_url)
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    expect(page.locator('[class*="st-key-room-"]')).to_have_attribute("data-filled", "")
