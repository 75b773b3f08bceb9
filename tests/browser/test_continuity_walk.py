"""Walking through the latent plane on the page 'Continuity and completeness'."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.continuity import largest_steps
from explorer.written import percent
from tests.browser.attributes import wait_for_numbers
from tests.browser.continuity_page import NAMES, ContinuityPage
from tests.browser.shipped import decoded, load

STEPS = 100
FIRST = (1, 16)  # test digits; with a jump in reconstruction only


@pytest.fixture
def view(app_url, page) -> ContinuityPage:
    view = ContinuityPage(page, app_url, "?from=1&to=16")
    view.walked("1,16")
    return view


def way(name: str, ends: tuple[int, int] = FIRST) -> np.ndarray:
    """Points in equal steps from code to code, (101, 2)."""
    a, b = load(f"mnist/{name}").codes.mu[list(ends)].astype(float)
    return a + np.linspace(0, 1, STEPS + 1)[:, None] * (b - a)


def largest_share(name: str, ends: tuple[int, int], dataset: str = "mnist") -> float:
    """The largest of 100 steps over the distance of both end pictures, as it is measured."""
    model = load(f"{dataset}/{name}")
    a, b = torch.from_numpy(model.codes.mu[list(ends)])
    return float(largest_steps(model.model.decode, a[None], b[None])[0])


def check_headlines(view: ContinuityPage, ends: tuple[int, int], dataset: str = "mnist") -> None:
    """The largest step as a share, beside the stored median, in all three models."""
    for name in NAMES:
        walks = load(f"{dataset}/{name}").meta["measures"]["continuity"]
        headline, fact = view.part(name, "walk-step"), view.part(name, "walk-fact")
        if name == "kl-2d":
            assert np.isnan(largest_share(name, ends, dataset))
            assert walks["step_median"] is None
            expect(headline).to_have_text("No change: A and B decode alike.")
            expect(fact).to_contain_text("Median of 1,000 walks: no change.")
            continue
        share = largest_share(name, ends, dataset)
        expect(headline).to_have_text(f"Largest step: {written(share)} of the way.")
        assert float(headline.get_attribute("data-share")) == pytest.approx(share, abs=1e-3)
        expect(fact).to_contain_text(f"Median of 1,000 walks: {written(walks['step_median'])}.")


def written(share: float) -> str:
    """A share as pages write it."""
    return percent(share).replace(" %", "\u00a0%")


def expected_changes(name: str, points: np.ndarray) -> np.ndarray:
    means = decoded(load(f"mnist/{name}"), points).reshape(len(points), -1) / 255
    return np.linalg.norm(np.diff(means, axis=0), axis=1)


def test_opens_with_a_path_whose_changes_are_numpy_s(view):
    heading = view.page.get_by_role("heading", name="Continuity and completeness: can I go")
    expect(heading).to_be_visible()
    largest = {}
    for name in NAMES:
        changes = view.numbers(name, "walk-chart", "data-changes")
        expected = expected_changes(name, way(name))
        np.testing.assert_allclose(changes, expected, atol=2e-5)
        largest[name] = changes.max()
        if name != "kl-2d":
            step = int(view.part(name, "walk-chart").get_attribute("data-largest"))
            assert step == expected.argmax()
    assert largest["reconstruction-2d"] > 4 * largest["vae-2d"]
    assert largest["kl-2d"] < 1e-3
    check_headlines(view, FIRST)


def test_opens_on_a_typical_pair_with_both_ends_in_view(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits")
    view.walked(re.compile(r"^\d+,\d+$"))
    ends = tuple(map(int, view.root.get_attribute("data-walked").split(",")))
    check_headlines(view, ends, "digits")
    for name in NAMES:
        model = load(f"digits/{name}")
        assert model.codes.labels[ends[0]] != model.codes.labels[ends[1]]
        median = model.meta["measures"]["continuity"]["step_median"]
        if median is not None:
            assert abs(np.log(largest_share(name, ends, "digits") / median)) < 0.25
        box = view.part(name, "latent-canvas").bounding_box()
        for code in model.codes.mu[list(ends)]:
            x, y = view.position(name, *code)
            assert box["x"] + 12 <= x <= box["x"] + box["width"] - 12  # the letter's disc as well
            assert box["y"] + 12 <= y <= box["y"] + box["height"] - 12
    expect(page).not_to_have_url(re.compile("from=|to="))


def test_ends_far_out_are_in_view_as_well(app_url, page):
    codes = load("digits/reconstruction-2d").codes.mu
    far = np.linalg.norm(codes, axis=1).argsort()[-2:]
    view = ContinuityPage(page, app_url, f"?dataset=digits&from={far[0]}&to={far[1]}")
    view.walked(f"{far[0]},{far[1]}")
    ranges = [view.numbers("reconstruction-2d", "latent-canvas", f"data-{a}-range") for a in "xy"]
    for code in codes[far]:
        assert all(low < value < high for value, (low, high) in zip(code, ranges, strict=True))


def test_the_strip_shows_every_tenth_of_the_way(view):
    for name in NAMES:
        strip = view.grey(name, "walk-strip")
        expected = np.concatenate(list(decoded(load(f"mnist/{name}"), way(name)[::10])), axis=1)
        assert strip.shape == expected.shape
        assert np.abs(strip - expected).max() <= 1


def test_a_drag_of_the_cursor_decodes_the_same_share_of_the_way_in_all_three(view):
    box = view.part("kl-2d", "walk-chart").bounding_box()
    tile = box["width"] / 11
    mouse, middle = view.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    for share in (0.25, 0.8):
        mouse.move(box["x"] + tile / 2 + share * (box["width"] - tile), middle)
        for name in NAMES:
            z = way(name)[0] + share * (way(name)[-1] - way(name)[0])
            reach = 0.01 * np.abs(way(name)[-1] - way(name)[0]).max() + 1e-9  # under a pixel
            digit = view.part(name, "decoded-digit")
            wait_for_numbers(digit, "data-z", z, float(reach))
            shown = view.numbers(name, "decoded-digit", "data-z")
            difference = view.grey(name, "decoded-digit") - decoded(load(f"mnist/{name}"), shown)[0]
            assert np.abs(difference).max() <= 1
    mouse.up()
    expect(view.page).to_have_url(re.compile(r"at=0\.[78]"))


def test_keys_move_the_cursor_by_one_and_by_ten_per_cent(view):
    chart = view.part("vae-2d", "walk-chart")
    chart.focus()
    for key, share in (("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 11), ("End", 100)):
        view.page.keyboard.press(key)
        expect(chart).to_have_attribute("aria-valuenow", str(share))
    for name in NAMES:
        np.testing.assert_allclose(
            view.numbers(name, "decoded-digit", "data-z"), way(name)[-1], atol=1e-6
        )


def test_per_unit_of_z_is_the_change_over_the_length_and_needs_a_length(view):
    view.page.get_by_test_id("walk-per").select_option("unit")
    expect(view.part("kl-2d", "walk-fact")).to_contain_text("same code")
    expect(view.page).to_have_url(re.compile("per=unit"))
    for name in ("reconstruction-2d", "vae-2d"):
        points = way(name)
        slopes = expected_changes(name, points) * STEPS / np.linalg.norm(points[-1] - points[0])
        expect(view.part(name, "walk-fact")).to_contain_text(
            f"Steepest: {slopes.max():.2f} per unit of z."
        )
    rows = [row for row in view.saved() if row["model"] == "vae-2d"]
    saved = [float(row["change_per_unit"]) for row in rows]
    np.testing.assert_allclose(saved, slopes, rtol=1e-3)
    shares = [float(row["share_of_end_distance"]) for row in rows]
    assert max(shares) == pytest.approx(largest_share("vae-2d", FIRST), abs=1e-3)


def test_a_click_chooses_a_digit_in_all_three_and_the_other_end_next(view):
    codes = load("mnist/vae-2d").codes.mu
    for end, place in (("from", (0.0, 2.0)), ("to", (1.5, -0.5))):
        view.page.mouse.click(*view.position("vae-2d", *place))
        expect(view.page.get_by_test_id(f"walk-{end}-name")).not_to_have_attribute(
            "data-digit", str(FIRST[end == "to"])
        )
        index = int(view.page.get_by_test_id(f"walk-{end}-name").get_attribute("data-digit"))
        nearest = np.linalg.norm(codes - place, axis=1).min()
        assert np.linalg.norm(codes[index] - place) <= nearest + 0.05
        expect(view.page).to_have_url(re.compile(rf"{end}={index}\b"))


def test_an_end_is_dragged_from_code_to_code(view):
    start = load("mnist/vae-2d").codes.mu[FIRST[1]]
    view.page.mouse.move(*view.position("vae-2d", *start))
    view.page.mouse.down()
    view.page.mouse.move(*view.position("vae-2d", 0.5, -1.5), steps=4)
    view.page.mouse.up()
    name = view.page.get_by_test_id("walk-to-name")
    expect(name).to_have_text("a 1")
    index = int(name.get_attribute("data-digit"))
    view.walked(f"1,{index}")
    for model in NAMES:
        points = way(model, (1, index))
        changes = view.numbers(model, "walk-chart", "data-changes")
        np.testing.assert_allclose(changes, expected_changes(model, points), atol=2e-5)


def test_a_line_drawn_by_hand_is_the_same_in_all_three_and_in_its_link(app_url, view, new_page):
    view.press("walk-draw")
    view.page.mouse.move(*view.position("vae-2d", -2, 1))
    view.page.mouse.down()
    for place in ((-1, 1), (0, 0), (1, -1), (2, -1)):
        view.page.mouse.move(*view.position("vae-2d", *place), steps=5)
    view.page.mouse.up()
    expect(view.page).to_have_url(re.compile("path="))
    view.walked(re.compile(r"(,.*){20}"))
    other = ContinuityPage(new_page(), app_url, f"?{view.page.url.partition('?')[2]}")
    other.walked(view.root.get_attribute("data-walked"))
    starts = []
    for name in NAMES:
        first = view.numbers(name, "walk-chart", "data-changes")
        np.testing.assert_allclose(other.numbers(name, "walk-chart", "data-changes"), first)
        starts.append(view.numbers(name, "walk-chart", "data-length")[0])
    np.testing.assert_allclose(starts, starts[0], rtol=1e-9)
    assert starts[0] == pytest.approx(2 + 2 * 2**0.5, abs=0.3)
    view.press("walk-clear")
    view.walked("1,16")
    expect(view.page).not_to_have_url(re.compile("path="))


def test_corners_by_keys(view):
    view.press("walk-draw")
    canvas = view.part("vae-2d", "latent-canvas")
    canvas.focus()
    view.page.keyboard.press("Enter")
    for _ in range(3):
        view.page.keyboard.press("Shift+ArrowRight")
    view.page.keyboard.press("Enter")
    view.walked(re.compile(r"^0,0,[1-9][\d.]*,0$"))
    expect(view.page).to_have_url(re.compile("path="))


def test_a_link_reopens_digits_share_and_classes(app_url, page):
    view = ContinuityPage(page, app_url, "?from=3&to=7&at=0.25&classes=0,9&dataset=digits")
    view.walked("3,7")
    expect(view.part("vae-2d", "walk-chart")).to_have_attribute("aria-valuenow", "25")
    pressed = page.get_by_test_id("legend").locator('[aria-pressed="true"]')
    expect(pressed).to_have_text(["0", "9"])
    assert view.grey("vae-2d", "decoded-digit").shape == (8, 8)
