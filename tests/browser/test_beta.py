"""The page 'Beta' in a real browser: what moves with the slider, against numpy and torch."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.checkpoints import Family
from explorer.ui.pages.beta import fixed_digits
from tests.browser.beta_page import (
    MANIFOLD_SIDE,
    BetaPage,
    displayed,
    manifold_quantiles,
    share_outside,
)
from tests.browser.canvas import tiled, wait_for_grey
from tests.browser.frames import wait_for_frame
from tests.browser.held import Held
from tests.browser.plane import ranges
from tests.browser.shipped import decoded, load


def test_between_members_against_numpy(modules):
    rng = np.random.default_rng(0)
    betas, thresholds = [0.0, 0.3, 1.0, 4.0, 13.0, 60.0], [32.2, 22.9, 5.0, 5.0, 0.2]
    values = np.array([0.0, 0.1, 0.3, 3.0, 12.9, 60.0, 99.0])
    factor = rng.normal(size=(2, 2))
    covariance = factor @ factor.T
    angle = 0.7
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = modules.evaluate(
        """async ([betas, thresholds, values, covariance, turn]) => {
          const m = await import("/maths/interpolation.js");
          return {
            positions: values.map((value) => m.positionOf(betas, value)),
            back: values.map((value) => m.valueAt(betas, m.positionOf(betas, value))),
            nearest: [0, 0.5, 0.51, 1.49, 5].map(m.nearestMember),
            steps: m.stepsOf(betas, thresholds),
            axes: m.ellipseAxes(covariance),
            turned: m.rotatedCovariance([2, 0.5], turn),
          };
        }""",
        [
            betas,
            thresholds,
            values.tolist(),
            [covariance[0, 0], covariance[0, 1], covariance[1, 1]],
            turn.ravel().tolist(),
        ],
    )
    np.testing.assert_allclose(found["positions"], np.interp(values, betas, np.arange(6)))
    np.testing.assert_allclose(found["back"], np.clip(values, 0, 60))
    assert found["nearest"] == [0, 0, 1, 1, 5]
    axes = np.array(found["axes"])
    np.testing.assert_allclose(axes.T @ axes, covariance, atol=1e-12)
    assert axes[0] @ axes[1] == pytest.approx(0, abs=1e-12)
    expected = turn.T @ np.diag([2, 0.5]) @ turn
    np.testing.assert_allclose(found["turned"], expected[np.triu_indices(2)], atol=1e-12)
    places, counts = np.array(found["steps"]).T
    for beta in (0.1, 0.25, 2.0, 4.9, 5.1, 20.0, 30.0, 40.0):
        after = np.searchsorted(places, np.interp(beta, betas, np.arange(6)))
        assert counts[after] == sum(threshold > beta for threshold in thresholds)


def test_opens_at_beta_one_with_its_own_pictures(app_url, page):
    view, members = BetaPage(page, app_url), load("mnist/beta-2d")
    expect(page.get_by_test_id("beta-text")).to_have_text("β = 1")
    expect(page.get_by_test_id("beta-said")).to_contain_text("A model trained at this β.")
    assert (view.fact("beta"), view.fact("nearest")) == ("1", "1")
    view.assert_pictures(members.at(1))
    assert_window_of_4_sigma(view, displayed(members.at(1)))


def test_drag_moves_points_axes_and_bars_between_members(app_url, page):
    view, members = BetaPage(page, app_url), load("mnist/beta-2d")
    page.mouse.move(*view.place(2))
    page.mouse.down()
    metrics = [member.meta["metrics"] for member in members.members]
    seen = []
    for goal in (2.5, 4.3, 5.2, 7.7, 8.5):
        view.move_thumb(goal)
        position = float(view.fact("position"))
        seen.append(position)
        low, share = int(position), position % 1
        first, second = members.members[low : low + 2]
        beta = first.beta + share * (second.beta - first.beta)
        assert float(view.fact("beta")) == pytest.approx(beta, abs=1e-6)
        assert view.fact("between") == f"{first.beta:g},{second.beta:g}"
        assert float(view.fact("nearest")) == (first if share <= 0.5 else second).beta
        points = displayed(first) + share * (displayed(second) - displayed(first))
        assert_window_of_4_sigma(view, points)
        for test_id, name, key in (
            ("kl-bars", "values", "kl_per_dimension"),
            ("rate-distortion", "kl", "kl"),
            ("rate-distortion", "reconstruction", "reconstruction"),
        ):
            a, b = (np.array(metrics[n][key]) for n in (low, low + 1))
            np.testing.assert_allclose(view.numbers(test_id, name), a + share * (b - a), rtol=1e-9)
    assert len(set(seen)) == 5
    assert_outermost_point_painted(view, displayed(first), displayed(second), share)
    assert "beta=" not in page.url  # Python hears of the release only
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"beta=\d"))
    view.assert_pictures(members.at(float(view.fact("nearest"))))


def assert_window_of_4_sigma(view: BetaPage, points: np.ndarray) -> None:
    """The map's window is the same for every beta, and says how many codes it leaves out."""
    wait_for_frame(view.page)
    window = ranges(view.map)
    np.testing.assert_allclose(window.mean(axis=1), 0, atol=1e-9)
    assert np.ptp(window, axis=1).min() == pytest.approx(8)
    outside = view.page.get_by_test_id("codes-outside")
    expected = share_outside(points, window)
    told = float(outside.get_attribute("data-share"))
    assert told == pytest.approx(expected, abs=2e-4)  # single precision at the edge
    if told >= 0.01:
        assert outside.inner_text() == f"{round(100 * told)}\u00a0% outside"


def test_without_kl_codes_lie_outside_the_window_that_stays(app_url, page):
    view, members = BetaPage(page, app_url, "?beta=0"), load("mnist/beta-2d")
    assert_window_of_4_sigma(view, displayed(members.at(0)))
    assert float(page.get_by_test_id("codes-outside").get_attribute("data-share")) > 0.1


def assert_outermost_point_painted(
    view: BetaPage, first: np.ndarray, second: np.ndarray, share: float
) -> None:
    """The code furthest to the right in view, mixed from both members, has colour."""
    points = first + share * (second - first)
    (left, right), (bottom, top) = ranges(view.map)
    scale = view.map.evaluate("canvas => canvas.clientWidth") / (right - left)
    margin = 6 / scale
    inside = points[
        (points[:, 0] < right - margin)
        & (np.abs(points[:, 1] - (bottom + top) / 2) < (top - bottom) / 2 - margin)
    ]
    x, y = inside[inside[:, 0].argmax()]
    alpha = view.map.evaluate(
        """(canvas, [px, py]) => canvas.getContext("2d").getImageData(
             Math.round(px), Math.round(py), 1, 1).data[3]""",
        [float((x - left) * scale), float((top - y) * scale)],
    )
    assert alpha > 150, (x, y)


def test_everything_is_dead_at_sixty(app_url, page):
    view, members = BetaPage(page, app_url, "?beta=60"), load("mnist/beta-2d")
    assert view.numbers("kl-bars", "active").tolist() == [0, 0]
    assert view.numbers("kl-bars", "values").max() < 0.01
    view.assert_pictures(members.at(60))
    digits = view.tiles("fixed-digits", 8).astype(int)
    assert np.abs(digits - digits[0]).max() <= 2  # one picture, whatever the digit
    expect(page.get_by_test_id("units-note")).to_contain_text("dies at β 24 to 32")
    expect(page.get_by_test_id("units-note")).to_contain_text("dies at β 32.2")
    page.get_by_text("The same in numbers").click()
    expect(page.get_by_test_id("beta-facts")).to_contain_text("z1 0.00 dead")


def test_bars_are_dead_where_the_code_does_not_vary(app_url, page):
    for beta in (1, 6, 18):
        view = BetaPage(page, app_url, f"?family=beta-20d&beta={beta}")
        member = load("mnist/beta-20d", beta)
        active = view.numbers("kl-bars", "active").astype(bool)
        np.testing.assert_array_equal(active, member.codes.mu.astype(float).var(axis=0) > 0.01)
        np.testing.assert_allclose(
            view.numbers("kl-bars", "values"), member.meta["metrics"]["kl_per_dimension"]
        )


def test_usable_before_the_last_member_has_come(app_url, page):
    held, starts = [], []

    def hold(route) -> None:
        start = int(re.search(r"bytes=(\d+)-", route.request.headers["range"])[1])
        if start == 0:  # the header that all members share
            route.continue_()
            return
        starts.append(start)
        if len(starts) == 1 or held is None:
            route.continue_()
        else:
            held.append(route)

    page.route("**/beta-2d/model.safetensors*", hold)
    view = BetaPage(page, app_url, members=1)
    members = load("mnist/beta-2d")
    view.assert_pictures(members.at(1))
    view.slider.focus()
    page.keyboard.press("End")
    expect(view.root).to_have_attribute("data-beta", "60")
    expect(page.get_by_test_id("beta-text")).to_have_text("β = 60")
    said = page.get_by_test_id("beta-said")
    expect(said).to_contain_text("Still loading; this is the model of β 1")
    assert view.fact("nearest") == "1"
    waiting, held = held, None
    for route in waiting:
        route.continue_()
    expect(view.root).to_have_attribute("data-members", "13")
    view.assert_pictures(members.at(60))
    order = [members_at(members, start) for start in starts]
    # First the chosen one, then a neighbour, then those nearest to where the slider has gone.
    assert order[0] == 2
    assert order[1] in (1, 3)
    assert order[2:5] == [12, 11, 10]
    assert sorted(order) == list(range(13))


def members_at(members: Family, start: int) -> int:
    """Whose decoder begins at a byte of model.safetensors."""
    content = (members.path / "model.safetensors").read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    (name,) = (
        name
        for name, entry in header.items()
        if "decoder" in name and 8 + length + entry["data_offsets"][0] == start
    )
    return int(name.partition(".")[0])


def test_two_of_twenty_dimensions_are_chosen(app_url, page):
    view, members = BetaPage(page, app_url, "?family=beta-20d"), load("mnist/beta-20d")
    kl = np.array(members.at(1).meta["metrics"]["kl_per_dimension"])
    variances = [member.meta["metrics"]["code_variance"] for member in members.members]
    lives = (np.array(variances) > 0.01).sum(axis=0)
    first, second = np.lexsort((-kl, -lives))[:2]
    assert view.fact("axes") == f"{first + 1},{second + 1}"
    assert_window_of_4_sigma(view, members.at(1).codes.mu[:, [first, second]])
    page.get_by_test_id("beta-axis-1").select_option("5")
    expect(view.root).to_have_attribute("data-axes", f"5,{second + 1}")
    expect(page).to_have_url(re.compile(f"axes=5(,|%2C){second + 1}"))
    wait_for_frame(page)
    assert_window_of_4_sigma(view, members.at(1).codes.mu[:, [4, second]])
    page.get_by_test_id("beta-axis-2").select_option("5")  # they change places
    expect(view.root).to_have_attribute("data-axes", f"{second + 1},5")
    quantiles = manifold_quantiles()
    z = np.zeros((MANIFOLD_SIDE**2, 20))
    z[:, second] = np.tile(quantiles, MANIFOLD_SIDE)
    z[:, 4] = np.repeat(quantiles[::-1], MANIFOLD_SIDE)
    expected = decoded(members.at(1), z)
    # Pictures of the other axes name the same member.
    wait_for_grey(page.get_by_test_id("manifold"), tiled(expected, MANIFOLD_SIDE, gap=0), 2)


def test_originals_stand_above_their_reconstructions(app_url, page, mnist):
    view = BetaPage(page, app_url)
    expect(page.get_by_test_id("fixed-originals")).to_be_visible()
    shown = view.tiles("fixed-originals", 8)
    digits = fixed_digits(load("mnist/beta-2d").at(1))
    expected = (255 * mnist.test_images[digits, 0]).round().numpy()
    np.testing.assert_array_equal(shown, expected)


def test_room_is_kept_for_originals_that_have_not_come(app_url, page):
    held = Held(page, "**/originals/**")
    view = BetaPage(page, app_url, "?dataset=digits")
    view.wait_for_pictures("1")
    originals, digits = (page.get_by_test_id(f"fixed-{n}") for n in ("originals", "digits"))
    told = page.locator(".film-digits h3").get_by_text("loading\u2026")
    expect(told).to_be_visible()
    expect(originals).to_be_hidden()
    place = digits.bounding_box()
    held.let_go()
    expect(originals).to_be_visible()
    expect(told).to_have_count(0)
    assert digits.bounding_box() == place
    assert originals.bounding_box()["height"] == place["height"]


def test_all_of_it_fits_a_projector_and_a_phone(app_url, new_page):
    view = BetaPage(new_page(viewport={"width": 1280, "height": 720}), app_url)
    view.wait_for_pictures("1")
    for test_id in ("beta-slider", "latent-canvas", "manifold", "kl-bars", "prior-samples"):
        box = view.page.get_by_test_id(test_id).bounding_box()
        assert box["y"] + box["height"] <= 720, test_id
    phone = BetaPage(new_page(viewport={"width": 390, "height": 844}, has_touch=True), app_url)
    phone.wait_for_pictures("1")
    phone.page.get_by_test_id("fold").filter(has_text="Charts").tap()
    for test_id in ("beta-slider", "latent-canvas", "manifold", "kl-bars", "prior-samples"):
        box = phone.page.get_by_test_id(test_id).bounding_box()
        assert box["x"] >= 0, test_id
        assert box["x"] + box["width"] <= 390, test_id
