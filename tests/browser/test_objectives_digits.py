"""The page 'Objectives': the chosen digit, and samples of posteriors and prior, in a browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.originals import load_originals
from explorer.places import data_root
from tests.browser.canvas import read_tiles
from tests.browser.modules import ORIGIN
from tests.browser.objectives_page import NAMES, ObjectivesPage
from tests.browser.shipped import decoded, load


@pytest.fixture
def view(app_url, page) -> ObjectivesPage:
    return ObjectivesPage(page, app_url)


def test_clicking_a_code_chooses_its_digit_in_all_three(view):
    checkpoints = {name: load(f"mnist/{name}") for name in NAMES}
    codes = checkpoints["vae-2d"].codes.mu
    inside = np.flatnonzero(np.abs(codes).max(axis=1) < 2.5)
    lonely = inside[np.argmax(np.linalg.norm(codes[inside], axis=1))]
    view.click("vae-2d", *codes[lonely])
    readout = view.page.get_by_test_id("digit-readout")
    expect(readout).not_to_have_attribute("data-digit", "")
    chosen = int(readout.get_attribute("data-digit"))
    pixel = np.ptp(view.ranges("vae-2d")[0]) / view.map("vae-2d").bounding_box()["width"]
    assert np.linalg.norm(codes[chosen] - codes[lonely]) < 10 * pixel
    assert f"{chosen}, a {checkpoints['vae-2d'].codes.labels[chosen]}" in readout.inner_text()
    for name, checkpoint in checkpoints.items():
        expect(view.canvas(name, "reconstruction")).to_have_attribute("data-digit", str(chosen))
        painted = view.grey(name, "reconstruction")
        assert np.abs(painted - decoded(checkpoint, checkpoint.codes.mu[chosen])[0]).max() <= 2
        sigmas = view.canvas(name, "posterior").get_attribute("data-sigma").split(",")
        expected = np.exp(checkpoint.codes.logvar[chosen] / 2)
        np.testing.assert_allclose(np.array(sigmas, dtype=float), expected, rtol=1e-6)
    expect(view.page).to_have_url(re.compile(rf"[?&]digit={chosen}(&|$)"))
    expect(view.page).to_have_url(re.compile("[?&]z="))


def test_a_click_on_empty_plane_pins_and_keeps_the_digit(app_url, page):
    view = ObjectivesPage(page, app_url, "?digit=7")
    view.click("kl-2d", 2.0, 2.0)
    expect(page).to_have_url(re.compile("[?&]z="))
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "7")
    np.testing.assert_allclose(view.z("vae-2d"), (2, 2), atol=0.05)
    pinned = view.z("vae-2d")
    view.hover("vae-2d", 0.5, 0.5)
    view.change(view.canvas("kl-2d"), "data-z", lambda: page.mouse.move(2, 2))
    np.testing.assert_allclose(view.z("kl-2d"), pinned, atol=1e-6)


def test_a_double_click_resets_and_leaves_pin_and_digit_as_they_were(app_url, page):
    view = ObjectivesPage(page, app_url, "?digit=7&z=0.5,0.25")
    before = view.ranges("vae-2d")
    page.mouse.move(*view.position("vae-2d", 0, 0))
    wheel = lambda: page.mouse.wheel(0, -300)  # noqa: E731
    view.change(view.map("vae-2d"), "data-x-range", wheel)
    double_click = lambda: page.mouse.dblclick(*view.position("vae-2d", 0, 0))  # noqa: E731
    view.change(view.map("vae-2d"), "data-x-range", double_click)
    np.testing.assert_allclose(view.ranges("vae-2d"), before, atol=1e-9)
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "7")
    expect(page).to_have_url(re.compile(r"digit=7.*z=0\.5|z=0\.5.*digit=7"))


# Zoomed in until no ring touches the square around the code.
@pytest.mark.parametrize(
    ("name", "query", "zooms"), [("kl-2d", "", 1), ("vae-2d", "&dataset=digits", 2)]
)
def test_ellipses_are_one_and_two_posterior_sigmas_to_scale(app_url, page, name, query, zooms):
    view = ObjectivesPage(page, app_url, f"?digit=3&z=3,-3{query}")
    checkpoint = load(f"{'digits' if query else 'mnist'}/{name}")
    centre = checkpoint.codes.mu[3]
    sigmas = np.exp(checkpoint.codes.logvar[3] / 2)
    page.mouse.move(*view.position(name, *centre))
    for _ in range(zooms):
        view.change(view.map(name), "data-x-range", lambda: page.mouse.wheel(0, -300))
    page.mouse.move(2, 2)  # the cursor goes back to the pin
    expect(view.canvas(name)).to_have_attribute("data-z", "3,-3")
    angles = np.deg2rad([20, 40, 70, 110, 140, 160, 200, 250, 290, 340])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for k in (1, 2):
        assert view.overlay(name, centre + k * sigmas * directions).min() > 200
    for k in (1.5, 2.6):
        assert view.overlay(name, centre + k * sigmas * directions).max() < 60


def test_a_code_out_of_view_is_marked_at_the_edge_towards_it(app_url, page):
    far = 279  # the furthest from 0 of the model without the KL
    view = ObjectivesPage(page, app_url, f"?digit={far}")
    name = "reconstruction-2d"
    (left, right), (bottom, _) = view.ranges(name)
    x, y = load(f"mnist/{name}").codes.mu[far]
    assert x > right
    assert y < bottom
    pixel = (right - left) / view.map(name).bounding_box()["width"]
    square = [(right - 22 * pixel, bottom + (22 + side) * pixel) for side in (-7, 7)]
    tip = [(right - 3 * pixel, bottom + 5 * pixel)]
    assert (view.overlay(name, np.array(square)) > 200).all()
    assert view.overlay(name, np.array(tip)) > 200
    view.press("no-digit")
    expect(page.get_by_test_id("digit-readout")).to_have_attribute("data-digit", "")
    assert view.overlay(name, np.array(square + tip)).max() == 0


def test_buttons_step_through_the_digits_of_the_highlighted_classes(app_url, page):
    view = ObjectivesPage(page, app_url, "?classes=4")
    fours = np.flatnonzero(load("mnist/vae-2d").codes.labels == 4)
    readout = page.get_by_test_id("digit-readout")
    for expected in fours[:3]:
        view.press("next-digit")
        expect(readout).to_have_attribute("data-digit", str(expected))
    view.press("previous-digit")
    expect(readout).to_have_attribute("data-digit", str(fours[1]))
    view.press("random-digit")
    expect(readout).to_have_text(re.compile(", a 4$"))
    view.press("no-digit")
    expect(readout).to_have_attribute("data-digit", "")
    expect(page).not_to_have_url(re.compile("digit="))
    expect(view.canvas("vae-2d", "reconstruction")).not_to_be_visible()


def test_samples_of_the_posteriors_replace_the_means(view):
    note = view.canvas("kl-2d", "points-note")
    cloud = np.random.default_rng(0).normal(size=(20, 2))
    cloud = cloud[np.linalg.norm(cloud, axis=1) > 0.7]  # the means and their numerals lie at 0
    expect(note).to_have_text("Codes μ: all in one point")
    assert np.mean(view.ink("kl-2d", cloud, "canvas", 4) > 150) < 0.3
    view.press("posterior-samples")
    expect(note).to_have_text("Samples: the prior's cloud")
    assert np.mean(view.ink("kl-2d", cloud, "canvas", 4) > 150) > 0.9
    expect(view.page).to_have_url(re.compile("show=samples"))
    shown = {name: [] for name in NAMES}
    for row in view.numbers():
        if row["kind"] == "posterior sample":
            shown[row["model"]].append((float(row["z1"]), float(row["z2"])))
    noise = {}
    for name in NAMES:
        codes = load(f"mnist/{name}").codes
        assert len(shown[name]) == len(codes.mu)
        noise[name] = (np.array(shown[name]) - codes.mu) / np.exp(codes.logvar / 2)
    np.testing.assert_allclose(noise["vae-2d"], noise["kl-2d"], atol=1e-3)  # of the same noise
    assert np.abs(noise["vae-2d"].mean(axis=0)).max() < 4 / 100
    np.testing.assert_allclose(np.cov(noise["vae-2d"].T), np.eye(2), atol=0.06)
    view.press("posterior-samples")
    expect(note).to_have_text("Codes μ: all in one point")


def test_samples_are_mu_plus_sigma_eps_with_the_same_eps(modules):
    rng = np.random.default_rng(1)
    mu = rng.normal(size=20_000).astype(np.float32)
    logvar = rng.normal(-3, 2, size=20_000).astype(np.float32)
    samples, eps = modules.evaluate(
        """async ([origin, mu, logvar]) => {
          const { posteriorSamples } = await import(`${origin}/maths/posterior_samples.js`);
          const { standardNormals } = await import(`${origin}/maths/random.js`);
          const draw = posteriorSamples(Float32Array.from(mu), Float32Array.from(logvar), 9);
          return [Array.from(draw), Array.from(standardNormals(mu.length, 9))];
        }""",
        [ORIGIN, mu.tolist(), logvar.tolist()],
    )
    expected = mu + np.exp(logvar / 2) * np.array(eps)
    np.testing.assert_allclose(samples, expected, rtol=1e-5, atol=1e-6)
    standardised = (np.array(samples) - mu) / np.exp(logvar / 2)
    assert abs(standardised.mean()) < 4 / np.sqrt(len(mu))
    assert abs(standardised.var() - 1) < 4 * np.sqrt(2 / len(mu))


def prior_points(view: ObjectivesPage) -> np.ndarray:
    """The prior samples that the page's CSV names; (25, 2)."""
    rows = [row for row in view.numbers() if row["kind"] == "prior sample"]
    return np.array([[float(row["z1"]), float(row["z2"])] for row in rows])


def test_prior_samples_are_the_same_z_in_all_three(view):
    page = view.page
    view.press("prior-toggle")
    seen = []
    for seed in (0, 1):
        for name in NAMES:
            tiles = view.canvas(name, "prior-samples")
            expect(tiles).to_have_attribute("data-seed", str(seed))
            expect(tiles).to_have_attribute("data-count", "25")
        points = prior_points(view)
        assert points.shape == (25, 2)
        for name in NAMES:
            painted = read_tiles(view.canvas(name, "prior-samples"))
            assert np.abs(painted - decoded(load(f"mnist/{name}"), points)).max() <= 2
            (left, right), (bottom, top) = view.ranges(name)
            shown = [p for p in points if left < p[0] < right and bottom < p[1] < top]
            assert len(shown) >= 20
            assert view.overlay(name, shown).min() > 200
        seen.append(points)
        view.press("new-samples")
    assert np.abs(seen[0] - seen[1]).max() > 0.5
    expect(page).to_have_url(re.compile("seed=2"))
    everything = np.concatenate(seen)
    assert np.abs(everything.mean(axis=0)).max() < 4 / np.sqrt(50)


def test_pointing_at_a_tile_brings_the_cursor_to_its_point(app_url, page):
    view = ObjectivesPage(page, app_url, "?show=prior")
    tiles = view.canvas("kl-2d", "prior-samples")
    expect(tiles).to_have_attribute("data-seed", "0")
    points = prior_points(view)
    box = tiles.bounding_box()
    place = {"x": box["width"] * 0.7, "y": box["height"] * 0.3}  # row 1, column 3: tile 8
    tiles.hover(position=place)
    view.wait_for_z(points[8])
    for name in NAMES:
        expect(view.column(name).locator(".prior-tile-mark")).to_be_visible()
    tiles.click(position=place)
    expect(page).to_have_url(re.compile("[?&]z="))
    tiles.press("ArrowRight")
    view.wait_for_z(points[9])
    tiles.press("ArrowDown")
    view.wait_for_z(points[14])


@pytest.mark.parametrize(("dataset", "side"), [("mnist", 28), ("digits", 8)])
def test_the_original_stands_beside_the_reconstruction(app_url, page, dataset, side, request):
    if dataset == "mnist":
        request.getfixturevalue("mnist")  # skips the test, or fails it, where MNIST is not there
    images = load_originals(dataset, data_root())
    view = ObjectivesPage(page, app_url, f"?dataset={dataset}&digit=11")
    for name in NAMES:
        expect(view.canvas(name, "original-digit")).to_have_attribute("data-digit", "11")
        np.testing.assert_array_equal(view.grey(name, "original-digit"), images[11])
        assert view.grey(name, "reconstruction").shape == (side, side)
