"""Neighbourhood on the page 'Continuity and completeness': what the judge says around a digit."""

import re

import numpy as np
from playwright.sync_api import expect

from tests.browser.continuity_page import NAMES, ContinuityPage
from tests.browser.judged_answers import asked, reason
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import decoded, load


def test_what_lies_around_a_digit_is_decoded_here_and_judged_there(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11&radius=1")
    view.judged()
    for name in NAMES:
        answer = asked(app_url, f"{name}/around?digit=11")
        ring = view.numbers(name, "ring", "data-z").reshape(24, 2)
        expected = np.array(answer["z"][7 * 24 : 8 * 24])  # the eighth radius is 1
        np.testing.assert_allclose(ring, expected, atol=1e-5)
        off = view.numbers(name, "kept-chart", "data-off")
        np.testing.assert_allclose(off, answer["offShares"], atol=1e-12)
        if name != "kl-2d":
            kept = view.numbers(name, "kept-chart", "data-kept")
            np.testing.assert_allclose(kept, answer["kept"], atol=1e-12)
            count = round(24 * answer["kept"][7])
            expect(view.part(name, "ring-kept")).to_have_text(f"{count} of 24 keep this class.")
        tiles = view.grey(name, "ring").reshape(7, 8, 7, 8).swapaxes(1, 2)
        pictures = decoded(load(f"digits/{name}"), ring)
        # Right, up, left and down lie in the middles of the sides; corners at 45 degrees.
        for n, (row, column) in {0: (3, 6), 3: (0, 6), 6: (0, 3), 12: (3, 0), 18: (6, 3)}.items():
            assert np.abs(tiles[row, column] - pictures[n]).max() <= 1


def test_no_class_is_shown_where_the_middle_is_off_the_data(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11&radius=1")
    view.judged()
    assert asked(app_url, "kl-2d/around?digit=11")["kept"] is None
    expect(view.part("kl-2d", "ring-centre")).to_have_text("The middle: ✕ off the data.")
    expect(view.part("kl-2d", "ring-kept")).to_have_text("No class to keep.")
    expect(view.part("kl-2d", "ring-average")).to_have_text("No class at any of 50.")
    expect(view.part("kl-2d", "kept-chart")).to_have_attribute("data-kept", "")
    assert view.column("kl-2d").locator(".ring-mark:visible").all_inner_texts() == ["✕"] * 24
    centre = asked(app_url, "kl-2d/around?digit=11")["centre"]
    expect(view.part("kl-2d", "ring-reason")).to_have_text(reason(centre, 0))
    expect(view.part("vae-2d", "ring-reason")).to_have_text("")


def test_the_picture_of_the_ring_that_is_pointed_at_is_told(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11&radius=3")
    view.judged()
    for name in ("kl-2d", "vae-2d"):
        answer = asked(app_url, f"{name}/around?digit=11")
        box = view.part(name, "ring").bounding_box()
        at = 23 * 24 + 6  # the last circle; its seventh picture lies above the middle
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 14)
        said = "✕ off the data" if answer["off"][at] else f"a {answer['labels'][at]}, "
        told = view.part(name, "ring-centre")
        expect(told).to_contain_text("This picture: ")
        expect(told).to_contain_text(said)
        expect(view.part(name, "ring-reason")).to_have_text(reason(answer, at))
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(told).to_contain_text("The middle: ")


def test_it_opens_on_a_typical_digit_beside_the_average_of_many(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood")
    view.judged()
    surveys = {name: asked(app_url, f"{name}/many") for name in NAMES}
    off = distances = 0
    for name in ("reconstruction-2d", "vae-2d"):
        kept = np.array([row or [np.nan] * 24 for row in surveys[name]["kept"]])
        mean = np.nanmean(kept, axis=0)
        shown = view.numbers(name, "kept-chart", "data-average")
        np.testing.assert_allclose(shown, mean, atol=1e-12)
        words = f"Mean of {np.isfinite(kept[:, 0]).sum()} digits: {mean[3]:.0%}."
        expect(view.part(name, "ring-average")).to_have_text(words.replace("%", "\u00a0%"))
        off = off | ~np.array(surveys[name]["own"])
        distances = distances + np.square(kept - mean).sum(axis=1)
    digit = surveys["vae-2d"]["digits"][np.where(off, np.inf, distances).argmin()]
    expect(page.get_by_test_id("ring-digit-number")).to_have_value(str(digit))
    expect(page).not_to_have_url(re.compile("digit="))
    label = load("digits/vae-2d").codes.labels[digit]
    for name in ("reconstruction-2d", "vae-2d"):
        words = re.compile(rf"^The middle: a {label}, \d+\u00a0% sure\.$")
        expect(view.part(name, "ring-centre")).to_have_text(words)


def test_the_radius_is_dragged_and_another_digit_chosen(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11")
    view.judged()
    slider = page.get_by_test_id("ring-radius")
    slider.focus()
    page.keyboard.press("ArrowRight")
    for name in NAMES:
        expect(view.part(name, "ring")).to_have_attribute("data-radius", "0.625")
    expect(page).to_have_url(re.compile(r"radius=0\.625"))
    view.press("ring-digit-next")
    expect(page).to_have_url(re.compile("digit=12"))
    for name in NAMES:
        expect(view.part(name, "centre-digit")).to_have_attribute("data-digit", "12")
        code = load(f"digits/{name}").codes.mu[12]
        difference = view.grey(name, "centre-digit") - decoded(load(f"digits/{name}"), code)[0]
        assert np.abs(difference).max() <= 1
    code = load("digits/vae-2d").codes.mu[50]
    page.mouse.click(*view.position("vae-2d", *code))
    expect(page).to_have_url(re.compile(r"digit=(?!12\b)\d+"))


def wait_for_middle(canvas, x: float, y: float, span: float) -> None:
    """Wait until a square map shows so much of the plane around a point."""
    wait_for_ranges(canvas, np.add([[x], [y]], [-span / 2, span / 2]), 1e-5)


def test_circles_of_the_same_size_lie_in_the_middle_of_maps_of_the_same_scale(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11")
    span = 2 * 1.08 * 3
    for name in NAMES:
        code = load(f"digits/{name}").codes.mu[11]
        wait_for_middle(view.part(name, "latent-canvas"), *code, span)
    view.press("ring-codes")
    expect(page).to_have_url(re.compile("codes=all"))
    wide = view.part("reconstruction-2d", "latent-canvas")
    codes = load("digits/reconstruction-2d").codes.mu
    page.wait_for_function(
        "([map, wide]) => { const [a, b] = map.dataset.xRange.split(','); return b - a > wide; }",
        arg=[wide.element_handle(), 0.7 * np.ptp(np.quantile(codes[:, 0], [0.1, 0.9]))],
    )
    view.press("ring-codes")
    expect(page).not_to_have_url(re.compile("codes="))
    wait_for_middle(wide, *codes[11], span)


def test_the_keyboard_moves_the_map_and_chooses_the_digit_in_its_middle(app_url, page):
    view = ContinuityPage(page, app_url, "?dataset=digits&view=neighbourhood&digit=11")
    canvas = view.part("vae-2d", "latent-canvas")
    codes = load("digits/vae-2d").codes.mu
    wait_for_middle(canvas, *codes[11], 6.48)
    canvas.focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    left = codes[11] - [80 * 6.48 / canvas.bounding_box()["width"], 0]
    wait_for_middle(canvas, *left, 6.48)
    page.keyboard.press("Enter")
    nearest = int(np.linalg.norm(codes - left, axis=1).argmin())
    assert nearest != 11
    expect(page).to_have_url(re.compile(rf"digit={nearest}\b"))
