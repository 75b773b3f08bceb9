"""The map of codes on the page 'Dimensions', in a real browser with the real server."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.originals import load_originals
from explorer.places import data_root
from explorer.projection import layout_trustworthiness, pca_layout, principal_plane
from tests.browser.canvas import tiled, wait_for_grey
from tests.browser.dimensions_page import DimensionsPage, code_of
from tests.browser.frames import wait_for_frame
from tests.browser.held import Held
from tests.browser.shipped import decoded, load

COUNT_PAINTED = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const painted = { all: 0, grey: 0 };
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] <= 150) continue;
    painted.all++;
    if (Math.abs(data[i] - data[i + 1]) < 12 && Math.abs(data[i] - 200) < 20) painted.grey++;
  }
  return painted;
}"""


def true_neighbours(points: np.ndarray, index: int, count: int = 10) -> list[int]:
    distances = np.linalg.norm(points.astype(np.float64) - points[index], axis=1)
    order = np.argsort(distances, kind="stable")
    return order[order != index][:count].tolist()


def test_a_clicked_code_is_joined_to_its_true_neighbours(app_url, page, mnist):
    view, checkpoint = DimensionsPage(page, app_url, "?tab=map"), load("mnist/vae-20d")
    view.wait_for_layout("umap")
    codes = checkpoint.codes
    layout = codes.layouts["umap"]
    # A code that no other hides: the one whose nearest neighbour in the picture is farthest away.
    rng = np.random.default_rng(0)
    spread = {
        n: np.partition(np.linalg.norm(layout - layout[n], axis=1), 1)[1]
        for n in rng.choice(len(layout), 400, replace=False)
    }
    digit = int(max(spread, key=spread.get))
    place = layout[digit].tolist()
    page.mouse.click(*view.position(*place))
    lines = page.get_by_test_id("neighbour-lines")
    expect(lines).to_have_attribute("data-digit", str(digit))
    neighbours = true_neighbours(codes.mu, digit)
    assert lines.get_attribute("data-neighbours") == ",".join(map(str, neighbours))
    kept = set(neighbours) & set(true_neighbours(layout, digit))
    expect(page.get_by_test_id("kept-neighbours")).to_have_attribute("data-kept", str(len(kept)))
    view.wait_for_z(code_of(checkpoint, digit))
    expect(page).to_have_url(re.compile(f"digit={digit}"))

    # Tiles of the first digit's neighbours are there from the start.
    expected = tiled(decoded(checkpoint, codes.mu[neighbours]), columns=5)
    wait_for_grey(page.get_by_test_id("neighbour-reconstructions"), expected, tolerance=2)
    expected = tiled(load_originals("mnist", data_root())[neighbours], columns=5)
    wait_for_grey(page.get_by_test_id("neighbour-originals"), expected)

    printed = page.get_by_test_id("trustworthiness")
    expect(printed).to_be_in_viewport(ratio=1)
    trust = layout_trustworthiness(codes.mu, layout)
    assert float(printed.get_attribute("data-value")) == pytest.approx(trust, abs=1e-9)


def test_originals_of_the_digit_before_do_not_pass_for_the_next_one_s(app_url, page, mnist):
    view = DimensionsPage(page, app_url, "?tab=map&digit=7")
    view.wait_for_layout("umap")
    own, theirs = page.get_by_test_id("original"), page.get_by_test_id("neighbour-originals")
    for canvas in (own, theirs):
        expect(canvas).to_be_visible()
    held = Held(page, "**/originals/**")
    number = page.get_by_test_id("digit-number")
    number.fill("8")
    number.press("Enter")
    expect(page.get_by_test_id("neighbour-lines")).to_have_attribute("data-digit", "8")
    for canvas in (own, theirs):
        expect(canvas).to_be_hidden()
    expect(page.get_by_text("loading\u2026").locator("visible=true")).to_have_count(2)
    held.let_go()
    wait_for_grey(own, load_originals("mnist", data_root())[8])
    neighbours = true_neighbours(load("mnist/vae-20d").codes.mu, 8)
    wait_for_grey(theirs, tiled(load_originals("mnist", data_root())[neighbours], columns=5))
    for canvas in (own, theirs):
        expect(canvas).to_be_visible()


def test_a_drawing_has_its_nearest_codes_marked_and_shown(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url, "?tab=map&start=drawn"), load("mnist/vae-20d")
    view.wait_for_layout("umap")
    lines, said = page.get_by_test_id("neighbour-lines"), page.get_by_test_id("kept-neighbours")
    expect(lines).to_be_hidden()
    view.draw([(0.3, 0.25), (0.7, 0.25), (0.5, 0.5), (0.4, 0.8)])
    expect(page.get_by_test_id("code-words")).to_have_text("Your drawing")
    wait_for_frame(page)  # the last move is encoded by then
    codes = checkpoint.codes
    distances = np.linalg.norm(codes.mu.astype(np.float64) - view.z(), axis=1)
    nearest = np.argsort(distances, kind="stable")[:10]
    expect(lines).to_have_attribute("data-neighbours", ",".join(map(str, nearest)))
    expect(lines).to_contain_text("nearest to your drawing")
    expect(said).to_have_text("UMAP has no place for the drawing itself")
    expected = tiled(decoded(checkpoint, codes.mu[nearest]), columns=5)
    wait_for_grey(page.get_by_test_id("neighbour-reconstructions"), expected, tolerance=2)
    page.get_by_test_id("layout").select_option("pca")
    expect(lines).to_contain_text("Lines: from your drawing")
    page.get_by_role("button", name="Clear").click()
    expect(lines).to_be_hidden()


def test_an_empty_spot_of_umap_shows_the_mean_of_the_nearest_codes_and_says_so(app_url, page):
    view, checkpoint = DimensionsPage(page, app_url, "?tab=map"), load("mnist/vae-20d")
    view.wait_for_layout("umap")
    layout = checkpoint.codes.layouts["umap"].astype(np.float64)
    grid = np.stack(np.meshgrid(*(np.linspace(*np.quantile(v, (0, 1)), 30) for v in layout.T)), -1)
    spots = grid.reshape(-1, 2)
    distances = np.array([np.sort(np.linalg.norm(layout - s, axis=1))[:6] for s in spots])
    # Far from every code, and least doubt which five are the nearest.
    gaps = np.where(distances[:, 0] > 1, distances[:, 5] - distances[:, 4], 0)
    spot = spots[gaps.argmax()]
    view.change(lambda: page.mouse.move(*view.position(*spot)))
    nearest = np.argsort(np.linalg.norm(layout - spot, axis=1))[:5]
    mean = checkpoint.codes.mu[nearest].astype(np.float64).mean(axis=0)
    np.testing.assert_allclose(view.z(), mean, atol=6e-4)  # three decimals
    view.assert_decoded(checkpoint)
    expect(page.get_by_test_id("code-words")).to_have_text("Mean of the 5 nearest codes")
    expect(page.get_by_test_id("layout-note")).to_contain_text("mean of the 5 codes nearest")
    shown = view.z()
    view.page.mouse.click(*view.position(*spot))
    expect(page).to_have_url(re.compile("code="))
    page.mouse.move(5, 5)
    view.wait_for_z(shown)


def test_pca_decodes_the_principal_plane(app_url, page):
    view = DimensionsPage(page, app_url, "?network=beta-20d&beta=2&tab=map&layout=umap")
    checkpoint = load("mnist/beta-20d", 2)
    view.wait_for_layout("pca")
    expect(page.get_by_test_id("layout-note")).to_contain_text("UMAP is stored for vae-20d alone")
    axes, mean, _ = principal_plane(checkpoint.codes.mu)
    spot = np.array([0.9, -0.6])
    view.change(lambda: page.mouse.move(*view.position(*spot)))
    back = (view.z() - mean) @ axes.T
    np.testing.assert_allclose(back, spot, atol=0.02)  # a pixel
    np.testing.assert_allclose(view.z(), mean + back @ axes, atol=2e-3)  # in the plane
    view.assert_decoded(checkpoint)
    expected = layout_trustworthiness(checkpoint.codes.mu, pca_layout(checkpoint.codes.mu))
    printed = page.get_by_test_id("trustworthiness")
    expect(printed).to_have_attribute("data-layout", "pca")
    assert float(printed.get_attribute("data-value")) == pytest.approx(expected, abs=1e-6)


def test_raw_dimensions_replace_two_numbers_of_the_code(app_url, page):
    view = DimensionsPage(page, app_url, "?tab=map&layout=raw&axes=5,2")
    checkpoint = load("mnist/vae-20d")
    view.wait_for_layout("raw")
    expect(view.map).to_have_attribute("data-axes", "4,1")
    start = view.z()
    view.change(lambda: page.mouse.move(*view.position(-1.2, 0.7)))
    np.testing.assert_allclose(view.z()[[4, 1]], (-1.2, 0.7), atol=0.02)
    np.testing.assert_array_equal(np.delete(view.z(), [1, 4]), np.delete(start, [1, 4]))
    view.assert_decoded(checkpoint)
    neighbours = true_neighbours(checkpoint.codes.mu, 0)
    seen = true_neighbours(checkpoint.codes.mu[:, [4, 1]], 0)
    kept = page.get_by_test_id("kept-neighbours")
    expect(kept).to_have_attribute("data-kept", str(len(set(neighbours) & set(seen))))
    page.get_by_test_id("axis-0").select_option("19")
    expect(view.map).to_have_attribute("data-axes", "19,1")
    page.get_by_test_id("axis-0").select_option("1")  # the same twice: they change places
    expect(view.map).to_have_attribute("data-axes", "1,19")
    expect(page).to_have_url(re.compile("axes=2%2C20"))


def test_a_class_is_highlighted_and_the_others_stay(app_url, page):
    view = DimensionsPage(page, app_url, "?tab=map")
    view.wait_for_layout("umap")
    wait_for_frame(page)
    before = view.map.evaluate(COUNT_PAINTED)
    page.get_by_test_id("legend").get_by_role("button", name="3", exact=True).click()
    expect(page).to_have_url(re.compile("classes=3"))
    page.wait_for_function(
        f"canvas => ({COUNT_PAINTED})(canvas).grey > 5000", arg=view.map.element_handle()
    )
    after = view.map.evaluate(COUNT_PAINTED)
    assert after["all"] == pytest.approx(before["all"], rel=0.02)
    assert before["grey"] < 1000


def test_digits_data_set(app_url, page):
    view = DimensionsPage(page, app_url, "?dataset=digits&tab=map")
    checkpoint = load("digits/vae-20d")
    view.wait_for_layout("umap")
    np.testing.assert_allclose(view.z(), code_of(checkpoint, 0), atol=1e-9)
    view.assert_decoded(checkpoint)
    expect(page.get_by_test_id("original")).to_be_visible()
    expect(page.get_by_test_id("trustworthiness")).to_contain_text("all 360 codes")
