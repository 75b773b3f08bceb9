"""The four pages together: what is carried from one to the next, and what a link reopens."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.tabs import PAGES, wait_until_ready
from tests.browser.live_app import LiveApp


def go(page: Page, title: str) -> None:
    """To another page by the sidebar."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    wait_until_ready(page, PAGES[title])


def test_a_choice_of_the_sidebar_comes_back_with_its_page_and_its_link(app_url, page):
    page.goto(f"{app_url}/dimensions?network=beta-20d&beta=4")
    wait_until_ready(page, "dimensions")
    go(page, "Map")
    go(page, "Dimensions")
    expect(page.get_by_test_id("decoded-digit")).to_have_attribute("data-model", "mnist/beta-20d")
    expect(page.get_by_test_id("decoded-digit")).to_have_attribute("data-beta", "4")
    expect(page).to_have_url(re.compile(r"network=beta-20d"))
    expect(page).to_have_url(re.compile(r"beta=4"))


def test_data_set_point_classes_and_digit_are_the_same_on_all_pages(app_url, page):
    page.goto(f"{app_url}/?dataset=digits&z=0.5,-0.5&classes=3,7&digit=12")
    wait_until_ready(page, "")
    go(page, "Objectives")
    for pattern in (r"dataset=digits", r"z=0\.5", r"classes=3", r"digit=12"):
        expect(page).to_have_url(re.compile(pattern))
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "12")
    digits = page.get_by_test_id("decoded-digit")
    for n in range(3):
        expect(digits.nth(n)).to_have_attribute("data-z", "0.5,-0.5")
    go(page, "Beta")
    expect(page).to_have_url(re.compile(r"classes=3"))
    expect(page).not_to_have_url(re.compile(r"[?&]z="))  # this page has no point
    go(page, "Map")
    expect(page.get_by_test_id("pinned-z")).to_have_attribute("data-z", "0.5,-0.5")
    pressed = page.get_by_test_id("legend").locator('[aria-pressed="true"]')
    expect(pressed).to_have_text(["3", "7"])


def test_a_digit_that_the_other_data_set_lacks_is_left_out_there(app_url, page):
    page.goto(f"{app_url}/?digit=9999")
    wait_until_ready(page, "")
    expect(page).to_have_url(re.compile("digit=9999"))
    page.get_by_test_id("stSidebar").get_by_label("Data set").click()
    page.get_by_role("option", name="digits", exact=True).click()
    expect(page.get_by_test_id("decoded-digit")).to_have_attribute("data-model", "digits/vae-2d")
    expect(page).not_to_have_url(re.compile("digit="))


@pytest.mark.parametrize("title", PAGES)
def test_every_page_saves_its_picture_and_its_numbers(app_url, page, title, tmp_path):
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    with page.expect_download() as png:
        page.get_by_test_id("export-png").click()
    with page.expect_download() as csv:
        page.get_by_test_id("export-csv").click()
    assert png.value.suggested_filename.endswith(".png")
    png.value.save_as(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.png").stat().st_size > 20_000
    with Image.open(tmp_path / "a.png") as picture:
        width, height = picture.size
    box = page.locator("section[data-page]").first.bounding_box()
    assert width == pytest.approx(2 * (box["width"] + 28), abs=4)  # whatever the device has
    assert height > 2 * 300
    csv.value.save_as(tmp_path / "a.csv")
    header, *rows = (tmp_path / "a.csv").read_text().splitlines()
    assert len(rows) > 5
    assert "," in header


@pytest.mark.parametrize("title", PAGES)
def test_every_page_s_link_is_copied_with_its_whole_state(app_url, new_page, title):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{app_url}/{PAGES[title]}?dataset=digits")
    wait_until_ready(page, PAGES[title])
    link = page.get_by_test_id("export-link")
    expect(link).to_have_text("Copy link")
    link.click()
    expect(link).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "dataset=digits" in page.url
    expect(link).to_have_text("Copy link")


def test_a_link_is_copied_where_the_browser_has_no_clipboard_for_pages(app_url, new_page):
    page = new_page(permissions=["clipboard-read"])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{app_url}/?z=0.5,1")
    wait_until_ready(page, "")
    page.get_by_test_id("export-link").click()
    expect(page.get_by_test_id("export-link")).to_have_text("Link copied")


@pytest.mark.parametrize("title", PAGES)
def test_every_page_fits_a_narrow_screen(app_url, new_page, title):
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    widest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"] *')]
             .filter(e => e.getClientRects().length)
             // A wide table is scrolled sideways, inside a frame that fits.
             .filter(e => !e.closest('[data-testid="measures"] *'))
             .map(e => e.getBoundingClientRect().right))"""
    )
    assert widest <= 391


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
@pytest.mark.parametrize("title", PAGES)
def test_every_page_follows_the_theme(app_url, new_page, title, scheme, is_dark):
    page = new_page(color_scheme=scheme)
    page.goto(f"{app_url}/{PAGES[title]}")
    wait_until_ready(page, PAGES[title])
    colour = page.locator("[data-page]").evaluate("root => getComputedStyle(root).color")
    brightness = sum(map(int, re.findall(r"\d+", colour)[:3])) / 3
    assert (brightness > 128) == is_dark


@pytest.fixture(scope="module")
def proxied_url() -> Iterator[str]:
    """An app that is served below a path, as behind a proxy."""
    with LiveApp(STREAMLIT_SERVER_BASE_URL_PATH="class/vae") as app:
        app.wait_until_healthy()
        yield app.url


def test_every_page_works_below_a_path(proxied_url, page):
    """All that comes by the app's own routes: weights, worker, original, field, judged samples."""
    page.goto(f"{proxied_url}/?dataset=digits&field=change")  # its originals are always there
    wait_until_ready(page, "")
    original = page.get_by_test_id("hovered-original")
    expect(original).to_have_attribute("data-index", re.compile(r"\d"))
    expect(page.get_by_test_id("latent-canvas")).to_have_attribute("data-field", "change")
    for title in PAGES:
        go(page, title)
    page.goto(f"{proxied_url}/continuity?view=roulette")
    expect(page.get_by_test_id("roulette-said")).to_contain_text("Press Play")
