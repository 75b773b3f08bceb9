"""What the Map shows beside the digit, under its points and on them, in a real browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.attributes import numbers
from tests.browser.canvas import read_canvas
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import MapPage
from tests.browser.map_probe import expected_reach, in_view, loneliest, overlay, pixel
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import decoded, load

# Beside the digit


def test_distance_density_and_warning_beside_the_digit(app_url, page, vae):
    view, mu = MapPage(page, app_url), vae.codes.mu
    reach = expected_reach(mu, vae.codes.logvar)
    seen = set()
    for x, y in np.random.default_rng(3).uniform(-3.4, 3.4, size=(25, 2)):
        z = np.array(view.hover(x, y).z)
        distance = np.linalg.norm(mu - z, axis=1).min()
        shown = page.get_by_test_id("distance-readout").get_attribute("data-distance")
        assert float(shown) == pytest.approx(distance, rel=1e-4)
        share = float(page.get_by_test_id("density-readout").get_attribute("data-share"))
        assert share == pytest.approx(np.exp(-0.5 * (z**2).sum()), rel=1e-6)
        assert page.get_by_test_id("off-distribution").is_visible() == (distance > reach)
        seen.add(bool(distance > reach))
    assert seen == {True, False}


def test_after_a_collapse_the_prior_s_two_sigma_are_known_ground(app_url, page):
    view = MapPage(page, app_url, "?model=kl-2d")
    for x, is_far in ((0.5, False), (1.8, False), (2.2, True), (3.2, True)):
        view.hover(x, 0)
        expect(page.get_by_test_id("off-distribution")).to_be_visible(visible=is_far)


def test_hovered_digit_is_named_with_its_original_and_its_ellipse(app_url, page, vae, mnist):
    view, codes = MapPage(page, app_url), vae.codes
    index = loneliest(view, codes.mu)
    view.hover(*(codes.mu[index] + 0.01))
    named = page.get_by_test_id("hovered-digit")
    expect(named).to_have_attribute("data-index", str(index))
    expect(named).to_have_attribute("data-label", str(codes.labels[index]))
    expect(named).to_have_text(f"Test digit {index}\nclass {codes.labels[index]}")
    original = page.get_by_test_id("hovered-original")
    expect(original).to_have_attribute("data-index", str(index))
    expected = mnist.test_images[index, 0].numpy() * 255
    np.testing.assert_allclose(read_canvas(original)[..., 0], expected, atol=0.5)

    wait_for_frame(page)
    drawn = overlay(page)[..., 3]
    sigma = np.exp(codes.logvar[index] / 2)
    for multiple in (1, 2):
        for side in np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]) * sigma * multiple:
            column, row = pixel(view, *(codes.mu[index] + side))
            assert drawn[row - 1 : row + 2, column - 1 : column + 2].max() > 200, (multiple, side)
    column, row = pixel(view, *(codes.mu[index] + np.array([2, 2]) * sigma))
    assert drawn[row, column] == 0  # the box's corner is outside the ellipse
    view.hover(-3.4, 3.4)
    expect(named).to_be_hidden()


def test_a_click_near_a_code_chooses_it_and_the_link_keeps_it(app_url, page, vae):
    view = MapPage(page, app_url)
    index = loneliest(view, vae.codes.mu)
    view.click(*vae.codes.mu[index])
    expect(page).to_have_url(re.compile(f"digit={index}(&|$)"))
    reopened = MapPage(page, app_url, page.url.removeprefix(f"{app_url}/"))
    reopened.hover(-3.4, 3.4)  # far from any code: the chosen one is named, as such
    expect(page.get_by_test_id("hovered-digit")).to_have_attribute("data-index", str(index))
    expect(page.get_by_test_id("hovered-digit")).to_contain_text(f"Chosen: test digit {index}")
    view.map.press("Escape")
    expect(page).not_to_have_url(re.compile("digit="))


def test_double_click_leaves_the_chosen_digit_as_it_was(app_url, page, vae):
    view = MapPage(page, app_url, "?digit=5")
    other = loneliest(view, vae.codes.mu)
    page.mouse.dblclick(*view.position(*vae.codes.mu[other]))
    view.hover(-3.4, 3.4)
    expect(page.get_by_test_id("hovered-digit")).to_have_attribute("data-index", "5")


# Layers


def test_shapes_for_the_classes_are_drawn_on_every_map_and_kept_in_the_link(app_url, page):
    view = MapPage(page, app_url)
    wait_for_frame(page)
    swatches = page.get_by_test_id("legend").locator("canvas")
    dots, disc = read_canvas(view.map), read_canvas(swatches.nth(1))
    page.get_by_role("button", name="Shapes for the classes").click()
    expect(page).to_have_url(re.compile("shapes=on"))
    wait_for_frame(page)
    assert (read_canvas(view.map) != dots).any(axis=2).mean() > 0.02
    bar = read_canvas(swatches.nth(1))
    assert bar[..., 3].any(axis=1).sum() > 2 * bar[..., 3].any(axis=0).sum()  # the 1 is upright
    assert disc[..., 3].any(axis=1).sum() == disc[..., 3].any(axis=0).sum()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Objectives").click()
    expect(page.get_by_test_id("class-shapes")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("class-shapes").click()
    expect(page).not_to_have_url(re.compile("shapes="))


def test_all_ellipses_are_drawn_to_scale(app_url, page, vae):
    view, codes = MapPage(page, app_url), vae.codes
    index, sigma = loneliest(view, codes.mu, 1.0), np.exp(codes.logvar / 2)
    wait_for_frame(page)
    column, row = pixel(view, *(codes.mu[index] + [sigma[index, 0], 0]))
    before = read_canvas(view.map)[row - 1 : row + 2, column - 1 : column + 2].astype(int)
    page.get_by_test_id("toggle-ellipses").click()
    reach = sigma.max(axis=1, keepdims=True)
    low, high = view.ranges().T
    touched = (codes.mu > low - reach) & (codes.mu < high + reach)
    expect(view.map).to_have_attribute("data-ellipses", str(touched.all(axis=1).sum()))
    wait_for_frame(page)
    after = read_canvas(view.map)[row - 1 : row + 2, column - 1 : column + 2].astype(int)
    assert np.abs(after - before).max() > 60
    expect(page).to_have_url(re.compile("show=ellipses"))
    page.get_by_test_id("toggle-ellipses").click()
    expect(view.map).not_to_have_attribute("data-ellipses", re.compile(".*"))
    expect(page).not_to_have_url(re.compile("show="))


def test_zoomed_in_codes_become_pictures(app_url, page, vae, mnist):
    view, mu = MapPage(page, app_url), vae.codes.mu
    index = loneliest(view, mu)
    page.mouse.move(*view.position(*mu[index]))
    for _ in range(4):
        view.change(lambda: page.mouse.wheel(0, -300), "data-x-range")
    count = in_view(view, mu).sum()
    assert 1 <= count <= 150
    expect(view.map).to_have_attribute("data-pictures", str(count))
    wait_for_frame(page)
    box, (px, py) = view.map.bounding_box(), view.position(*mu[index])
    left, top = round(px - box["x"] - 28), round(py - box["y"] - 28)
    picture = read_canvas(view.map)[top : top + 56 : 2, left : left + 56 : 2, 0]
    original = mnist.test_images[index, 0].numpy() * 255
    assert (np.abs(picture - original) <= 1).mean() > 0.9  # a numeral or a circle may cross it


def borders(places: np.ndarray) -> list[tuple[float, float, float]]:
    """Low border, middle and high border of each cell; a cell at the end is symmetric."""
    between = (places[1:] + places[:-1]) / 2
    low = np.r_[2 * places[0] - between[0], between]
    high = np.r_[between, 2 * places[-1] - between[-1]]
    return list(zip(low, places, high, strict=True))


@pytest.mark.parametrize("grid", ["linear", "quantiles"])
def test_manifold_tiles_are_what_python_decodes_there(app_url, page, vae, grid):
    # The median tile of those without codes: lines of the grid and of the circles cross them.
    view = MapPage(page, app_url, f"?show=manifold&tiles=8&grid={grid}&classes=0")
    expect(view.map).to_have_attribute("data-manifold", "8")
    wait_for_frame(page)
    xs, ys = (numbers(view.map.get_attribute(f"data-manifold-{axis}")) for axis in "xy")
    canvas = read_canvas(view.map)[..., 0].astype(float)
    (left, right), (bottom, top) = view.ranges()
    scale = canvas.shape[1] / (right - left)
    agreements = []
    for x_low, x, x_high in borders(xs):
        for y_low, y, y_high in borders(ys):
            low, high = np.array([x_low, y_low]), np.array([x_high, y_high])
            if low[0] < left or low[1] < bottom or high[0] > right or high[1] > top:
                continue
            if ((vae.codes.mu > low) & (vae.codes.mu < high)).all(axis=1).sum() > 12:
                continue
            x0, x1 = np.round((np.array([low[0], high[0]]) - left) * scale).astype(int)
            y0, y1 = np.round((top - np.array([high[1], low[1]])) * scale).astype(int)
            if min(x1 - x0, y1 - y0) < 2 * 28:
                continue
            columns = x0 + ((np.arange(28) + 0.5) * (x1 - x0) / 28).astype(int)
            rows = y0 + ((np.arange(28) + 0.5) * (y1 - y0) / 28).astype(int)
            expected = decoded(vae, [x, y])[0]
            agreements.append((np.abs(canvas[np.ix_(rows, columns)] - expected) <= 2).mean())
    assert len(agreements) >= 2
    assert np.median(agreements) > 0.85, agreements


def test_tiles_without_a_dark_border_stand_apart_and_others_meet(app_url, page):
    for dataset, share in (("digits", 1 / 12), ("mnist", 0)):
        view = MapPage(page, app_url, f"?dataset={dataset}&show=manifold&tiles=8&classes=0")
        expect(view.map).to_have_attribute("data-manifold", "8")
        wait_for_frame(page)
        xs = numbers(view.map.get_attribute("data-manifold-x"))
        (left, right), _ = view.ranges()
        canvas = read_canvas(view.map)[..., :3].astype(float)
        scale = canvas.shape[1] / (right - left)
        grey = (np.abs(canvas - [0x5A, 0x60, 0x6A]).max(axis=2) < 12).mean(axis=0) > 0.6
        for _, _, high in borders(xs)[:-1]:
            edge = round((high - left) * scale)
            width = round(share * (xs[1] - xs[0]) * scale)
            if width < edge < canvas.shape[1] - 2:
                if width > 0:  # a line of the grid may lie upon it
                    assert grey[edge - width : edge].mean() >= 0.6
                assert not grey[edge]


def test_manifold_follows_pan_and_density(app_url, page):
    view = MapPage(page, app_url, "?show=manifold")
    expect(view.map).to_have_attribute("data-manifold", "16")
    before, home = numbers(view.map.get_attribute("data-manifold-x")), view.ranges()
    start, end = view.position(0, 0), view.position(2, 0)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()
    wait_for_ranges(view.map, home - [[2], [0]], 0.03)
    expect(view.map).to_have_attribute("data-manifold", "16")
    after = numbers(view.map.get_attribute("data-manifold-x"))
    assert after[0] < before[0] - 1
    shared = np.abs(before[:, None] - after).min(axis=1) < 1e-9
    assert shared.sum() >= 8  # tiles that stay in view keep their places
    slider = page.get_by_test_id("manifold-tiles")
    slider.focus()
    slider.press("ArrowRight")
    expect(view.map).to_have_attribute("data-manifold", "17")
    expect(page).to_have_url(re.compile("tiles=17"))
    page.get_by_test_id("manifold-grid").select_option("quantiles")
    expect(page).to_have_url(re.compile("grid=quantiles"))
    page.get_by_test_id("toggle-manifold").click()
    expect(view.map).not_to_have_attribute("data-manifold", re.compile(".*"))
    expect(slider).to_be_hidden()


def test_manifold_is_the_new_model_s_after_another_beta(app_url, page):
    view = MapPage(page, app_url, "?model=beta-2d&beta=1&show=manifold&tiles=8&classes=0")
    expect(view.map).to_have_attribute("data-manifold", "8")
    slider = page.get_by_test_id("stSidebar").get_by_role("slider")
    slider.focus()
    slider.press("End")
    expect(view.digit_canvas).to_have_attribute("data-beta", "60")
    expect(view.map).to_have_attribute("data-manifold", "8")
    wait_for_frame(page)
    xs, ys = (numbers(view.map.get_attribute(f"data-manifold-{axis}")) for axis in "xy")
    # After the collapse every tile is the mean image: compare one at the edge, off the codes.
    expected = decoded(load("mnist/beta-2d", 60), [xs[1], ys[1]])[0]
    column, row = pixel(view, xs[1], ys[1])
    shown = read_canvas(view.map)[row - 3 : row + 4, column - 3 : column + 4, 0]
    assert np.abs(np.median(shown) - np.median(expected[12:17, 12:17])) < 12
