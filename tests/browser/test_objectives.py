"""The page 'Objectives' as a user meets it, in a real browser with the real server."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.canvas import read_canvas
from tests.browser.frames import wait_for_frame
from tests.browser.link import wait_for_link
from tests.browser.objectives_page import NAMES, ObjectivesPage
from tests.browser.shipped import decoded, load
from tests.browser.toasts import keep_toasts, wait_for_toast

FIGURES = {"reconstruction": "reconstruction", "kl": "kl", "elbo": "negative_elbo"}


def count_ink(canvas: Locator) -> tuple[int, int]:
    """Pixels of a canvas that have ink, and those of them that have colour."""
    pixels = read_canvas(canvas).astype(int)
    inked = pixels[..., 3] >= 200
    is_coloured = np.ptp(pixels[..., :3], axis=-1) > 40
    return inked.sum(), (inked & is_coloured).sum()


@pytest.fixture
def view(app_url, page) -> ObjectivesPage:
    return ObjectivesPage(page, app_url)


def test_opens_with_three_models_their_figures_and_one_sentence_each(view):
    expect(view.page.get_by_role("heading", name="Objectives: why both terms?")).to_be_visible()
    for name in NAMES:
        metrics = load(f"mnist/{name}").meta["metrics"]
        for key, field in FIGURES.items():
            figure = view.canvas(name, f"metric-{key}")
            assert float(figure.get_attribute("data-value")) == metrics[field]
            assert figure.inner_text() == f"{metrics[field]:.2f}"
        sentence = view.canvas(name, "sentence").inner_text()
        assert sentence.endswith(".")
        assert len(sentence) > 60


def test_one_move_decodes_one_z_three_ways_as_python_does(view):
    checkpoints = {name: load(f"mnist/{name}") for name in NAMES}
    rng = np.random.default_rng(0)
    for moved in (*NAMES, *NAMES, *NAMES, *NAMES):
        view.hover(moved, *rng.uniform(-2, 2, size=2))
        places = [view.z(name) for name in NAMES]
        np.testing.assert_array_equal(places[0], places[1])
        np.testing.assert_array_equal(places[0], places[2])
        for name in NAMES:
            difference = np.abs(view.grey(name) - decoded(checkpoints[name], places[0])[0]).max()
            assert difference <= 2, (name, places[0])


def test_the_cursor_is_drawn_on_all_three_maps(view):
    view.hover("vae-2d", 1.2, -0.7)
    x, y = view.z("kl-2d")
    for name in NAMES:
        (left, _), (_, top) = view.ranges(name)
        assert view.overlay(name, [((left + x) / 2, y), (x, (top + y) / 2)]).min() > 60


def test_each_map_has_its_own_zoom_and_equal_scales_are_equal_also_after_zooming(view):
    spans = [np.ptp(view.ranges(name), axis=1) for name in NAMES]
    assert spans[0][1] > 3 * spans[2][1]
    first = view.map("reconstruction-2d")
    view.change(first, "data-x-range", lambda: view.press("equal-scales"))
    expected = view.ranges("reconstruction-2d")
    assert expected[1] == pytest.approx([-4, 4])  # the plane's shorter side
    for name in NAMES:
        np.testing.assert_allclose(view.ranges(name), expected, atol=1e-9)
    view.page.mouse.move(*view.position("kl-2d", 1, 1))
    view.change(first, "data-x-range", lambda: view.page.mouse.wheel(0, -300))
    for name in NAMES:
        np.testing.assert_allclose(view.ranges(name), view.ranges("kl-2d"), atol=1e-9)
    assert np.ptp(view.ranges("vae-2d")[1]) < 6
    view.change(first, "data-x-range", lambda: view.press("equal-scales"))
    for name, span in zip(NAMES, spans, strict=True):
        np.testing.assert_allclose(np.ptp(view.ranges(name), axis=1), span)


def test_with_equal_scales_any_map_leads_the_others_there_and_back(app_url, page):
    view = ObjectivesPage(page, app_url, "?scales=equal")
    home = view.ranges("kl-2d")
    for leader, follower in (("kl-2d", "vae-2d"), ("vae-2d", "kl-2d"), ("kl-2d", "vae-2d")):
        page.mouse.move(*view.position(leader, 1, 1))
        view.change(view.map(follower), "data-x-range", lambda: page.mouse.wheel(0, -300))
        np.testing.assert_allclose(view.ranges(follower), view.ranges(leader), atol=1e-9)
        middle = view.ranges(leader).mean(axis=1)
        double_click = partial(page.mouse.dblclick, *view.position(leader, *middle))
        view.change(view.map(follower), "data-x-range", double_click)
        for name in NAMES:
            np.testing.assert_allclose(view.ranges(name), home, atol=1e-9)


def test_own_zooms_are_not_linked(view):
    before = view.ranges("vae-2d")
    view.page.mouse.move(*view.position("kl-2d", 1, 1))
    wheel = lambda: view.page.mouse.wheel(0, -300)  # noqa: E731
    view.change(view.map("kl-2d"), "data-x-range", wheel)
    np.testing.assert_array_equal(view.ranges("vae-2d"), before)


def test_a_link_reopens_exactly(app_url, page, new_page):
    view = ObjectivesPage(page, app_url)
    for button in ("equal-scales", "posterior-samples", "prior-toggle", "new-samples"):
        view.press(button)
    page.get_by_test_id("legend").locator('[data-label="3"]').click()
    page.get_by_test_id("legend").locator('[data-label="8"]').click()
    view.press("next-digit")
    view.click("kl-2d", 1.5, -2.5)
    digit = page.get_by_test_id("digit-readout").get_attribute("data-digit")
    z = view.canvas("kl-2d").get_attribute("data-z")
    toggles = {"scales": "equal", "show": "prior,samples"}
    wait_for_link(page, seed="1", digit=digit, z=z, classes="3,8", **toggles)
    for name in NAMES:
        expect(view.canvas(name, "prior-samples")).to_have_attribute("data-seed", "1")
    again = ObjectivesPage(new_page(), app_url, page.url.split("/objectives")[1])
    for name in NAMES:
        expect(again.canvas(name, "prior-samples")).to_have_attribute("data-seed", "1")
    assert again.page.url == page.url
    for name in NAMES:
        np.testing.assert_array_equal(again.z(name), view.z(name))
        np.testing.assert_allclose(again.ranges(name), view.ranges(name), atol=1e-9)
        for test_id in ("decoded-digit", "reconstruction", "prior-samples"):
            np.testing.assert_array_equal(again.grey(name, test_id), view.grey(name, test_id))
        assert again.column(name).get_attribute("data-points") == "samples"
    for button in ("equal-scales", "posterior-samples", "prior-toggle"):
        expect(again.page.get_by_test_id(button)).to_have_attribute("aria-pressed", "true")
    pressed = again.page.get_by_test_id("legend").locator('[aria-pressed="true"]')
    expect(pressed).to_have_count(2)


def test_nonsense_in_the_url_falls_back_with_a_notice(app_url, page):
    query = "?dataset=digits&digit=360&scales=none&show=all&seed=-1&z=a,b&classes=11"
    keep_toasts(page)
    view = ObjectivesPage(page, app_url, query)
    np.testing.assert_array_equal(view.z("vae-2d"), (0, 0))
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "")
    expect(page.get_by_test_id("prior-toggle")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    wait_for_toast(page, "360")


def test_highlighting_greys_the_others_and_keeps_them(view):
    """Colour vanishes where a class is not highlighted, but the ink stays."""
    inked, coloured = count_ink(view.map("vae-2d"))
    view.page.get_by_test_id("legend").locator('[data-label="1"]').click()
    expect(view.page).to_have_url(re.compile("classes=1"))
    wait_for_frame(view.page)
    still_inked, still_coloured = count_ink(view.map("vae-2d"))
    assert still_coloured < 0.5 * coloured
    assert still_inked > 0.9 * inked


def test_everything_is_in_reach_of_the_keyboard(view):
    page = view.page
    latent = view.map("reconstruction-2d")
    latent.focus()
    view.change(view.canvas("vae-2d"), "data-z", lambda: latent.press("Shift+ArrowRight"))
    latent.press("Enter")
    expect(page).to_have_url(re.compile("[?&]z="))
    latent.press("Escape")
    expect(page).not_to_have_url(re.compile("[?&]z="))
    page.get_by_test_id("prior-toggle").focus()
    page.keyboard.press("Enter")
    expect(view.canvas("kl-2d", "prior-samples")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?show=prior,samples&digit=4&z=0.5,0.5"])
def test_a_projector_shows_all_without_scrolling(app_url, page, query):
    view = ObjectivesPage(page, app_url, query)
    for name in NAMES:
        for test_id in ("latent-canvas", "decoded-digit", "metric-elbo", "sentence"):
            expect(view.canvas(name, test_id)).to_be_in_viewport(ratio=1)
        if query:
            expect(view.canvas(name, "prior-samples")).to_be_in_viewport(ratio=1)


def test_a_finger_on_a_tablet_moves_all_three(app_url, new_page):
    page = new_page(has_touch=True, viewport={"width": 820, "height": 1180})
    view = ObjectivesPage(page, app_url)
    for name in NAMES:
        for test_id in ("latent-canvas", "decoded-digit"):
            expect(view.canvas(name, test_id)).to_be_in_viewport(ratio=1)
    page.touchscreen.tap(*view.position("kl-2d", -1.5, 2.0))
    expect(page).to_have_url(re.compile("[?&]z="))
    for name in NAMES:
        np.testing.assert_allclose(view.z(name), (-1.5, 2.0), atol=0.05)


def test_the_picture_can_be_saved(view):
    with view.page.expect_download() as download:
        view.press("export-png")
    assert download.value.suggested_filename == "objectives-mnist.png"
    with open(download.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"


def test_another_data_set_takes_its_own_models(app_url, page):
    view = ObjectivesPage(page, app_url, "?digit=900")
    page.get_by_test_id("stSidebar").get_by_label("Data set").click()
    page.get_by_role("option", name="digits", exact=True).click()
    page.wait_for_function(
        "canvas => canvas.width === 8", arg=view.canvas("kl-2d").element_handle()
    )
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "")
    for name in NAMES:
        expected = decoded(load(f"digits/{name}"), view.z(name))[0]
        assert np.abs(view.grey(name) - expected).max() <= 2
