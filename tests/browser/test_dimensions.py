"""The page 'Dimensions' as a user meets it: its starts, sliders and traversal grid."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.latent import ACTIVE_VARIANCE
from explorer.originals import load_originals
from explorer.places import data_root
from tests.browser.attributes import wait_for_numbers
from tests.browser.canvas import read_grey, read_tiles, wait_for_grey
from tests.browser.dimensions_page import THUMB_PX, DimensionsPage, code_of
from tests.browser.frames import wait_for_frame
from tests.browser.link import wait_for_link
from tests.browser.shipped import decoded, load

STEPS = np.linspace(-3, 3, 9)


def test_opens_at_the_first_test_digit_with_its_original_and_reconstruction(app_url, page, mnist):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    np.testing.assert_allclose(view.z(), code_of(checkpoint, 0), atol=1e-9)
    view.assert_decoded(checkpoint)
    expect(page.get_by_test_id("code-words")).to_have_text("Test digit 0, a 7")
    original = page.get_by_test_id("original")
    wait_for_grey(original, load_originals("mnist", data_root())[0])
    expect(original).to_be_visible()
    reconstruction = decoded(checkpoint, checkpoint.codes.mu[0])[0]
    shown = read_grey(page.get_by_test_id("reconstruction"))
    assert np.abs(shown - reconstruction).max() <= 2
    for locator in (view.digit, view.slider(1), page.get_by_test_id("dead-dimensions")):
        expect(locator).to_be_in_viewport(ratio=1)


def test_a_dragged_slider_decodes_all_the_way_and_is_kept_on_release(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    start, slider = view.z(), view.slider(4)
    page.mouse.move(*view.place_on(slider, start[4]))
    page.mouse.down()
    for value in np.linspace(1.5, -3.5, 12):
        view.change(lambda value=value: page.mouse.move(*view.place_on(slider, value)))
        now = view.z()
        assert now[4] == pytest.approx(value, abs=0.02)  # a pixel of the track
        np.testing.assert_array_equal(np.delete(now, 4), np.delete(start, 4))
        view.assert_decoded(checkpoint)
    assert "code=" not in page.url  # Python hears of the release only
    page.mouse.up()
    expect(page).to_have_url(re.compile("code="))
    expect(page.get_by_test_id("code-words")).to_contain_text("moved along z₅")
    slider.dblclick()
    expect(view.digit).to_have_attribute("data-z", ",".join(f"{n:g}" for n in start))
    expect(page).not_to_have_url(re.compile("code="))


def test_the_keyboard_moves_a_slider(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    before = view.z()[1]
    view.slider(1).focus()
    view.change(lambda: page.keyboard.press("ArrowRight"))
    assert view.z()[1] == pytest.approx(before + 0.1, abs=0.006)  # sliders step by 0.01
    view.change(lambda: page.keyboard.press("Shift+ArrowLeft"))
    assert view.z()[1] == pytest.approx(before + 0.09, abs=0.006)
    view.change(lambda: page.keyboard.press("End"))
    assert view.z()[1] == float(view.slider(1).get_attribute("max"))
    view.assert_decoded(checkpoint)
    expect(page).to_have_url(re.compile("code="))
    page.get_by_test_id("reset-code").click()
    view.wait_for_z(code_of(checkpoint, 0))


def test_sliders_are_in_order_of_kl_and_the_dead_ones_are_folded(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    metrics = checkpoint.meta["metrics"]
    active = np.array(metrics["code_variance"]) > ACTIVE_VARIANCE
    order = np.argsort(-np.array(metrics["kl_per_dimension"]), kind="stable")
    shown = [int(s.get_attribute("data-dim")) for s in view.sliders.all()]
    assert shown == [*order[active[order]], *order[~active[order]]]
    assert [view.slider(dim).is_visible() for dim in order] == [True] * 10 + [False] * 10
    others = page.get_by_test_id("show-others")
    expect(others).to_have_text("Show the other 4 active dimensions")
    others.click()
    expect(view.slider(int(order[active.sum() - 1]))).to_be_visible()
    dead = page.get_by_test_id("dead-dimensions")
    expect(dead.locator("summary")).to_contain_text("6 of 20")
    dead.locator("summary").click()
    expect(view.slider(int(order[-1]))).to_be_visible()
    expect(page.get_by_test_id("dead-reason")).to_contain_text("KL 0.00 nats")
    expect(page.get_by_test_id("dead-reason")).to_contain_text("grey levels of 255 at most")
    expect(page).to_have_url(re.compile("open=dead%2Cothers"))


def test_the_posterior_lies_behind_its_slider(app_url, page):
    digit = 12
    view = DimensionsPage(page, app_url, f"?digit={digit}&open=others")
    checkpoint = load("mnist/vae-20d")
    view.slider(6).scroll_into_view_if_needed()
    track = view.track(6)
    mu = float(checkpoint.codes.mu[digit, 6])
    sd = float(np.exp(checkpoint.codes.logvar[digit, 6] / 2))
    assert float(track.get_attribute("data-mu")) == pytest.approx(mu, abs=1e-5)
    assert float(track.get_attribute("data-sd")) == pytest.approx(sd, rel=1e-5)
    # A row of pixels above the value's dot: only bands, ticks and the mean's mark.
    alpha = np.array(
        track.evaluate(
            """canvas => {
              const y = Math.round(canvas.height * 0.31);
              const { data } = canvas.getContext("2d").getImageData(0, y, canvas.width, 1);
              return Array.from(data).filter((_, i) => i % 4 === 3);
            }"""
        )
    )
    reach = float(track.get_attribute("data-reach"))
    scale = (len(alpha) - THUMB_PX) / (2 * reach)
    values = (np.arange(len(alpha)) + 0.5 - THUMB_PX / 2) / scale - reach
    is_tick = np.abs(values - np.round(values)) * scale < 2
    is_mean = np.abs(values - mu) * scale < 3
    for sigmas, low, high in ((1, 100, 200), (2, 50, 100)):
        edge = np.abs(np.abs(values - mu) - sigmas * sd) * scale < 2
        inside = np.abs(values - mu) < sigmas * sd
        if sigmas == 2:
            inside &= np.abs(values - mu) > sd
            edge |= np.abs(np.abs(values - mu) - sd) * scale < 2
        band = alpha[inside & ~edge & ~is_tick & ~is_mean]
        assert len(band) > 10
        assert (low < band).all()
        assert (band < high).all()
    outside = alpha[(np.abs(values - mu) > 2 * sd + 2 / scale) & ~is_tick]
    assert (outside == 0).all()


def test_starts_from_a_prior_sample_the_mean_and_a_digit(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    samples = []
    for _ in range(2):
        view.change(page.get_by_test_id("start-prior").click)
        samples.append(view.z())
        view.assert_decoded(checkpoint)
    assert (samples[0] != samples[1]).all()
    assert np.abs(np.stack(samples)).max() < 5
    expect(page.get_by_test_id("original")).to_be_hidden()
    last = view.digit.get_attribute("data-z")  # the first may still be on its way
    wait_for_link(page, start="prior", code=last)
    again = DimensionsPage(page, app_url, page.url.removeprefix(f"{app_url}/dimensions"))
    np.testing.assert_array_equal(again.z(), samples[1])
    view.change(page.get_by_test_id("start-mean").click)
    np.testing.assert_array_equal(view.z(), np.zeros(20))
    view.assert_decoded(checkpoint)
    number = page.get_by_test_id("digit-number")
    view.change(page.get_by_test_id("start-digit").click)
    number.fill("77")
    view.change(lambda: number.press("Enter"))
    np.testing.assert_allclose(view.z(), code_of(checkpoint, 77), atol=1e-9)
    number.fill("123456")
    number.press("Enter")
    expect(number).to_have_value("77")


def test_a_drawn_digit_is_encoded_as_python_does(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url, "?start=drawn"), load("mnist/vae-20d")
    pad, track = page.get_by_test_id("drawing-pad"), view.track(1)
    view.draw([(0.3, 0.3), (0.6, 0.25), (0.6, 0.5), (0.3, 0.8)])
    view.draw([(0.3, 0.8), (0.75, 0.8)])
    expect(pad).to_have_attribute("data-strokes", "2")
    expect(page.get_by_test_id("code-words")).to_have_text("Your drawing")
    expect(page).to_have_url(re.compile("code="))
    wait_for_frame(page)  # the last move may have come after the frame of the second stroke
    drawn = read_grey(page.get_by_test_id("drawn-digit")).astype(np.float32) / 255
    assert drawn.max() > 0.9
    mu, logvar = checkpoint.model.encode(torch.from_numpy(drawn)[None, None])
    # The picture of the drawing is rounded to grey levels, the drawing is not.
    view.wait_for_z(mu[0].numpy(), tolerance=0.02)
    view.assert_decoded(checkpoint)
    expected = float(torch.exp(logvar[0, 1] / 2))
    wait_for_numbers(track, "data-sd", expected, 0.02 * expected)


def test_the_traversal_grid_is_what_python_decodes(app_url, page):
    DimensionsPage(page, app_url, "?tab=grid&digit=3")
    checkpoint = load("mnist/vae-20d")
    metrics, z = checkpoint.meta["metrics"], code_of(checkpoint, 3)
    rows = page.get_by_test_id("traversal-row")
    expect(rows).to_have_count(20)
    expect(rows.first.get_by_test_id("traversal")).to_have_attribute(
        "data-z", ",".join(f"{n:g}" for n in z)
    )
    dims = [int(row.get_attribute("data-dim")) for row in rows.all()]
    kl = np.array(metrics["kl_per_dimension"])
    assert dims == np.argsort(-kl, kind="stable").tolist()
    for row, dim in zip(rows.all(), dims, strict=True):
        points = np.tile(z, (9, 1))
        points[:, dim] = STEPS
        expected = decoded(checkpoint, points)
        shown = read_tiles(row.get_by_test_id("traversal"))
        assert np.abs(shown - expected).max() <= 2
        change = np.abs(np.round(expected[-1]) - np.round(expected[0])).mean()
        assert float(row.get_attribute("data-change")) == pytest.approx(change, abs=0.05)
        assert float(row.get_attribute("data-kl")) == kl[dim]
        is_active = metrics["code_variance"][dim] > ACTIVE_VARIANCE
        assert row.get_attribute("data-active") == str(is_active).lower()
        assert ("dead" in row.inner_text()) != is_active
        assert (float(row.evaluate("row => getComputedStyle(row).opacity")) < 1) != is_active


def test_pointing_at_a_picture_of_the_grid_shows_it_and_pressing_takes_it(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url, "?tab=grid"), load("mnist/vae-20d")
    dim, start = 4, view.z()
    tiles = view.row(dim).get_by_test_id("traversal")
    expect(tiles).to_have_attribute("data-count", "9")
    box = tiles.bounding_box()
    last = (box["x"] + box["width"] * 8.5 / 9, box["y"] + box["height"] / 2)
    view.change(lambda: page.mouse.move(*last))
    assert view.z()[dim] == 3
    view.assert_decoded(checkpoint)
    view.change(lambda: page.mouse.move(5, 5))
    np.testing.assert_array_equal(view.z(), start)
    view.change(lambda: page.mouse.click(*last), tiles)  # the whole grid has followed
    assert view.z()[dim] == 3
    np.testing.assert_array_equal(np.delete(view.z(), dim), np.delete(start, dim))
    expect(page).to_have_url(re.compile("code="))


def test_rows_die_as_beta_grows_and_the_digit_begins_anew(app_url, page):
    view = DimensionsPage(page, app_url, "?network=beta-20d&beta=9&tab=grid&digit=2")
    slider = page.get_by_test_id("stSidebar").get_by_role("slider")
    for beta, following in ((9, 13), (13, None)):
        checkpoint = load("mnist/beta-20d", beta)
        expect(page.get_by_test_id("traversal").first).to_have_attribute("data-beta", str(beta))
        expect(view.digit).to_have_attribute("data-beta", str(beta))
        dead = 20 - checkpoint.meta["metrics"]["active_units"]
        expect(page.locator('[data-testid="traversal-row"][data-active="false"]')).to_have_count(
            dead
        )
        np.testing.assert_allclose(view.z(), code_of(checkpoint, 2), atol=1e-9)
        view.assert_decoded(checkpoint)
        if following:
            view.change(view.row(0).get_by_test_id("traversal").click)  # a code of this model's
            expect(page).to_have_url(re.compile("code="))
            page.mouse.move(5, 5)  # nothing of the next model's grid is pointed at
            slider.focus()
            slider.press("ArrowRight")
    expect(page).not_to_have_url(re.compile("code="))


def test_a_collapsed_member_has_no_sliders_but_the_reason(app_url, page):
    view = DimensionsPage(page, app_url, "?network=beta-20d&beta=60")
    dead = page.get_by_test_id("dead-dimensions")
    expect(dead).to_contain_text("All 20 dimensions are dead")
    assert not any(slider.is_visible() for slider in view.sliders.all())
    assert dead.get_by_test_id("dimension-slider").count() == 20


def test_a_link_reopens_the_page_exactly(app_url, page, new_page):
    view = DimensionsPage(page, app_url, "?digit=42&open=others")
    view.change(lambda: page.mouse.click(*view.place_on(view.slider(4), -2.2)))
    page.get_by_test_id("tab-map").click()
    page.get_by_test_id("layout").select_option("raw")
    view.wait_for_layout("raw")
    code = view.digit.get_attribute("data-z")
    wait_for_link(page, digit="42", open="others", code=code, tab="map", layout="raw")
    other = DimensionsPage(new_page(), app_url, page.url.removeprefix(f"{app_url}/dimensions"))
    other.wait_for_layout("raw")
    np.testing.assert_array_equal(other.z(), view.z())
    np.testing.assert_array_equal(read_grey(other.digit), read_grey(view.digit))
    expect(other.page.get_by_test_id("digit-number")).to_have_value("42")
    other.page.get_by_test_id("tab-sliders").click()
    expect(other.page.get_by_test_id("show-others")).to_have_attribute("aria-expanded", "true")


def test_tabs_go_by_arrow_keys(app_url, page):
    view = DimensionsPage(page, app_url)
    page.get_by_test_id("tab-sliders").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("tab-grid")).to_be_focused()
    expect(view.row(1)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(view.slider(1)).to_be_visible()


def test_touch_moves_a_slider_on_a_tablet(app_url, new_page):
    page = new_page(has_touch=True, viewport={"width": 820, "height": 1180})
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    slider = view.slider(1)
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    expected = view.z()
    start, end = view.place_on(slider, expected[1]), view.place_on(slider, 2.0)
    touch("touchStart", start)
    touch("touchMove", end)
    touch("touchEnd")
    expected[1] = 2
    view.wait_for_z(expected, tolerance=0.05)
    view.assert_decoded(checkpoint)


def test_narrow_screen_has_nothing_beside_the_page(app_url, new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    view = DimensionsPage(page, app_url)
    for name in ("sliders", "grid", "map"):
        page.get_by_test_id(f"tab-{name}").click()
        panel = page.locator(f".panel-{name}")
        expect(panel).to_be_visible()
        box = panel.bounding_box()
        assert box["x"] + panel.evaluate("panel => panel.scrollWidth") <= 390
    assert view.digit.bounding_box()["y"] < view.map.bounding_box()["y"]


def test_numbers_and_picture_can_be_saved(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url), load("mnist/vae-20d")
    expect(page.get_by_test_id("traversal").first).to_have_attribute("data-count", "9")
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    with open(download.value.path(), newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        dim = int(row["dimension"]) - 1
        assert float(row["kl_nats"]) == checkpoint.meta["metrics"]["kl_per_dimension"][dim]
        assert float(row["z"]) == view.z()[dim]
        assert float(row["posterior_mean"]) == pytest.approx(checkpoint.codes.mu[0, dim], abs=1e-6)
    page.get_by_test_id("tab-map").click()
    view.wait_for_layout("umap")
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    with open(download.value.path(), newline="") as file:
        table = list(csv.reader(file))
    assert table[0][:4] == ["test_digit", "class", "umap_1", "umap_2"]
    shown = np.array([row[2:4] for row in table[1:]], dtype=np.float32)
    np.testing.assert_allclose(shown, checkpoint.codes.layouts["umap"], rtol=1e-5)
    with page.expect_download() as download:
        page.get_by_test_id("export-png").click()
    assert download.value.suggested_filename == "dimensions-map-mnist-vae-20d.png"
    with open(download.value.path(), "rb") as file:
        assert file.read(4) == b"\x89PNG"
