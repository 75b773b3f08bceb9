"""Where the Map begins and where it ends: its first digit, its buttons, the edge of the plane."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.judge import load_judge
from explorer.places import checkpoint_root
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import MapPage
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import load

EDGE = "z stops here"


@pytest.mark.parametrize(
    ("name", "beta"),
    [
        ("mnist/vae-2d", None),
        ("mnist/reconstruction-2d", None),
        ("mnist/beta-2d", 6.0),
        ("digits/vae-2d", None),
        ("digits/beta-2d", 1.0),
    ],
)
def test_the_first_digit_lies_amidst_its_class_and_is_recognised(app_url, page, name, beta):
    dataset, model = name.split("/")
    member = "" if beta is None else f"&beta={beta:g}"
    view = MapPage(page, app_url, f"?dataset={dataset}&model={model}{member}")
    checkpoint, z = load(name, beta), np.float32(view.digit().z)
    distances = np.linalg.norm(checkpoint.codes.mu - z, axis=1)
    index = int(distances.argmin())
    assert distances[index] < 1e-5
    label = checkpoint.codes.labels[index]
    around = np.argsort(distances)[: 20 if dataset == "mnist" else 8]
    assert (checkpoint.codes.labels[around] == label).mean() >= 0.85
    picture = checkpoint.model.decode(torch.tensor(z[None]))
    verdict = load_judge(dataset, checkpoint_root()).judge(picture)
    assert verdict.labels[0] == label
    assert verdict.confidence[0] > 0.9
    means = picture.numpy()
    assert (means**2).sum() / means.sum() > 0.6  # white strokes, no grey blur


@pytest.mark.parametrize("address", ["?model=kl-2d", "?model=beta-2d&beta=60"])
def test_a_collapsed_map_begins_where_all_codes_lie(app_url, page, address):
    view = MapPage(page, app_url, address)
    assert np.abs(view.digit().z).max() < 0.05
    expect(page.get_by_test_id("off-distribution")).to_be_hidden()


def test_buttons_zoom_and_show_everything_again(app_url, page):
    view = MapPage(page, app_url)
    before, reset = view.ranges(), page.get_by_test_id("zoom-reset")
    expect(reset).to_be_hidden()
    zoom_in = page.get_by_role("button", name="Zoom in")
    view.change(zoom_in.click, "data-x-range")
    assert np.ptp(view.ranges()[0]) < 0.7 * np.ptp(before[0])
    zoom_out = page.get_by_role("button", name="Zoom out")
    for _ in range(2):
        zoom_out.focus()
        view.change(lambda: page.keyboard.press("Enter"), "data-x-range")
    assert np.ptp(view.ranges()[0]) > 1.4 * np.ptp(before[0])
    view.change(reset.click, "data-x-range")
    wait_for_ranges(view.map, before, 1e-9)
    expect(reset).to_be_hidden()
    expect(view.map).to_be_focused()
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)  # a button is no place to pin


def test_buttons_are_large_enough_for_a_finger(app_url, new_page):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    MapPage(page, app_url)
    for name in ("Zoom in", "Zoom out"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_z_stays_where_codes_and_prior_are_and_the_page_says_so(app_url, page, vae):
    view = MapPage(page, app_url)
    for _ in range(2):
        view.change(page.get_by_role("button", name="Zoom out").click, "data-x-range")
    (left, right), (bottom, top) = view.ranges()
    corner = (left + 0.02 * (right - left), bottom + 0.02 * (top - bottom))
    lowest = np.minimum(vae.codes.mu.min(axis=0), -4)
    assert (corner < lowest).all()
    z = view.hover(*corner).z
    np.testing.assert_allclose(z, lowest, atol=1e-5)
    expect(page.get_by_test_id("off-distribution")).to_contain_text(EDGE)
    view.click(*corner)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    np.testing.assert_allclose(view.pinned(), lowest, atol=1e-5)
    view.hover(0, 0)
    wait_for_frame(page)
    expect(page.get_by_test_id("off-distribution")).to_be_hidden()


def test_no_zoom_and_no_drag_ends_in_an_empty_plane(modules):
    rng = np.random.default_rng(5)
    points = np.float32(rng.normal(size=(300, 2)) * [1, 0.3] + [2, 1])
    moves = [
        [kind, *rng.uniform([0, 0], [400, 300])]
        for kind in rng.choice(["in", "out", "pan"], 400, p=[0.6, 0.1, 0.3])
    ]
    views = modules.evaluate(
        """async ([points, moves]) => {
          const { PlaneView, homeOf } = await import("/maths/scales.js");
          const plane = new PlaneView();
          plane.resize(400, 300);
          plane.setHome(homeOf(Float32Array.from(points)));
          plane.setCodes(Float32Array.from(points), 3);
          return moves.map(([kind, x, y]) => {
            if (kind === "pan") plane.panBy(6 * (x - 200), 6 * (y - 150));
            else plane.zoomAt(kind === "in" ? 1.9 : 0.4, x, y);
            return [plane.xRange, plane.yRange, plane.zoom];
          });
        }""",
        [points.ravel().tolist(), moves],
    )
    zooms = [zoom for *_, zoom in views]
    assert max(zooms) > 4
    assert min(zooms) >= 0.4
    for (left, right), (bottom, top), _ in views:
        inside = (points > [left, bottom]) & (points < [right, top])
        assert inside.all(axis=1).any()


def test_zoom_stops_before_the_last_code_leaves(modules):
    zooms = modules.evaluate(
        """async () => {
          const { PlaneView } = await import("/maths/scales.js");
          const plane = new PlaneView();
          plane.resize(400, 300);
          plane.setHome({ x: 0, y: 0, spanX: 8, spanY: 6 });
          plane.setCodes(Float32Array.of(0, 0), 3);
          const found = [];
          plane.zoomAt(1e6, 200, 150);
          found.push(plane.zoom); // about the code itself
          plane.reset();
          plane.zoomAt(1e6, 300, 150);
          found.push(plane.zoom); // beside it: from 100 pixels away to the margin at the edge
          return found;
        }"""
    )
    assert zooms == pytest.approx([1000, (300 - 10) / 100])
