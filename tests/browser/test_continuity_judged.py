"""Roulette and neighbourhood on the page 'Continuity and completeness': what the judge says."""

import json
import re
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.completeness import effective_classes
from explorer.originals import load_originals
from tests.browser.canvas import read_canvas
from tests.browser.continuity_page import NAMES, ContinuityPage
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import decoded, load

QUERY = "?dataset=digits&view=roulette"


def asked(app_url: str, path: str) -> dict:
    """What the app's route answers."""
    with urllib.request.urlopen(f"{app_url}/judged/digits/{path}", timeout=60) as answer:
        return json.load(answer)


def reason(answer: dict, at: int) -> str:
    """What is said of a picture that is off the data; of another one nothing."""
    if not answer["off"][at]:
        return ""
    share = int(100 * answer["confidence"][at])
    blurred = ", too blurred for the judge" if answer["blurred"][at] else ""
    label = load("digits/vae-2d").codes.labels[answer["nearest"][at]]
    return f"No digit: {share}\u00a0%{blurred}. Nearest real one: a {label}"


@pytest.fixture
def roulette(app_url, page) -> ContinuityPage:
    view = ContinuityPage(page, app_url, QUERY)
    expect(page.get_by_test_id("roulette-said")).to_contain_text("Press Play", timeout=60_000)
    return view


def check_newest(view: ContinuityPage, app_url: str, fallen: int, seed: int = 0) -> None:
    """The newest sample's point, picture and verdict are Python's, in all three models."""
    for name in NAMES:
        batch, at = divmod(fallen - 1, 100)
        answer = asked(app_url, f"{name}/prior?seed={seed}&batch={batch}")
        canvas = view.part(name, "fallen-digit")
        expect(canvas).to_have_attribute("data-fallen", str(fallen))
        z = view.numbers(name, "fallen-digit", "data-z")
        np.testing.assert_array_equal(z, answer["z"][at])
        difference = view.grey(name, "fallen-digit") - decoded(load(f"digits/{name}"), z)[0]
        assert np.abs(difference).max() <= 1
        assert canvas.get_attribute("data-off") == str(answer["off"][at]).lower()
        words = "off the data" if answer["off"][at] else f"a {answer['labels'][at]}, "
        expect(view.part(name, "verdict")).to_contain_text(words)
        expect(view.part(name, "fallen-reason")).to_have_text(reason(answer, at))
        digit = view.part(name, "fallen-nearest")
        if answer["off"][at]:
            nearest = answer["nearest"][at]
            expect(digit).to_have_attribute("data-digit", str(nearest))
            original = load_originals("digits", "unused")[nearest]
            np.testing.assert_array_equal(view.grey(name, "fallen-nearest"), original)
        else:
            expect(digit).to_be_hidden()


def check_counts(view: ContinuityPage, app_url: str, fallen: int, seed: int = 0) -> None:
    """The counts are those of Python's verdicts."""
    for name in NAMES:
        batches = [
            asked(app_url, f"{name}/prior?seed={seed}&batch={n}")
            for n in range((fallen - 1) // 100 + 1)
        ]
        labels, off, recognised = (
            np.concatenate([batch[key] for batch in batches])[:fallen]
            for key in ("labels", "off", "recognised")
        )
        chart = view.part(name, "verdict-counts")
        expect(chart).to_have_attribute("data-fallen", str(fallen))
        counts = view.numbers(name, "verdict-counts", "data-counts")
        np.testing.assert_array_equal(counts, np.bincount(labels[recognised], minlength=10))
        assert chart.get_attribute("data-off") == str(off.sum())
        assert chart.get_attribute("data-recognised") == str(recognised.sum())
        kinds = effective_classes(labels[recognised])
        assert float(chart.get_attribute("data-kinds")) == pytest.approx(kinds)
        said = f"Spread over {kinds:.1f}" if recognised.any() else "Spread over 0 kinds"
        expect(view.part(name, "off-share")).to_contain_text(said)
        expect(view.part(name, "off-share")).to_contain_text(f"off the data: {off.sum()}")
        expect(view.part(name, "recognised")).to_contain_text(f"{recognised.sum()} of {fallen}")


def test_samples_fall_one_by_one_each_with_its_own_verdict(app_url, roulette):
    for fallen in (1, 2, 3):
        roulette.press("roulette-step")
        roulette.fallen(fallen)
        check_newest(roulette, app_url, fallen)
    check_counts(roulette, app_url, 3)
    expect(roulette.page.get_by_test_id("roulette-said")).to_be_empty()  # how to begin is known
    strip = roulette.grey("vae-2d", "roulette-strip")
    points = asked(app_url, "vae-2d/prior?seed=0&batch=0")["z"][2::-1]
    expected = np.concatenate(list(decoded(load("digits/vae-2d"), np.array(points))), axis=1)
    assert np.abs(strip[:, : expected.shape[1]] - expected).max() <= 1


def test_all_three_get_the_same_points_and_a_hundred_more_come_at_once(app_url, roulette):
    roulette.press("roulette-more")
    roulette.fallen(100)
    roulette.press("roulette-step")
    roulette.fallen(101)
    check_newest(roulette, app_url, 101)
    check_counts(roulette, app_url, 101)
    places = [roulette.numbers(name, "fallen-digit", "data-z") for name in NAMES]
    np.testing.assert_array_equal(places[0], places[1])
    np.testing.assert_array_equal(places[0], places[2])
    expect(roulette.page).to_have_url(re.compile("fallen=101"))


def test_it_plays_and_pauses_and_a_link_reopens_what_has_fallen(app_url, roulette, new_page):
    page = roulette.page
    page.get_by_test_id("roulette-speed").select_option("fast")
    roulette.press("roulette-play")
    page.wait_for_function(
        "count => Number(count.dataset.fallen) >= 5",
        arg=page.get_by_test_id("fallen").element_handle(),
    )
    roulette.press("roulette-play")
    expect(page.get_by_test_id("roulette-play")).to_have_text("Play")
    expect(page).to_have_url(re.compile(r"fallen=\d+"))
    fallen = int(re.search(r"fallen=(\d+)", page.url)[1])
    expect(page.get_by_test_id("fallen")).to_have_attribute("data-fallen", str(fallen))
    other = ContinuityPage(new_page(), app_url, f"?{page.url.partition('?')[2]}")
    other.fallen(fallen)
    check_newest(other, app_url, fallen)
    check_counts(other, app_url, fallen)


def test_other_samples_begin_at_nothing(app_url, roulette):
    roulette.press("roulette-step")
    roulette.fallen(1)
    roulette.press("roulette-new")
    roulette.fallen(0)
    expect(roulette.page).to_have_url(re.compile("seed=1"))
    expect(roulette.page.get_by_test_id("roulette-said")).to_contain_text("Press Play")
    roulette.press("roulette-step")
    roulette.fallen(1)
    check_newest(roulette, app_url, 1, seed=1)


def test_who_asks_for_no_motion_gets_steps_only(app_url, new_page):
    view = ContinuityPage(new_page(reduced_motion="reduce"), app_url, QUERY)
    expect(view.page.get_by_test_id("roulette-play")).to_be_hidden()
    expect(view.page.get_by_test_id("roulette-said")).to_contain_text("Press Next", timeout=60_000)
    view.press("roulette-step")
    view.fallen(1)
    check_newest(view, app_url, 1)


def test_a_judge_that_does_not_answer_is_told(app_url, page):
    page.route("**/judged/**", lambda route: route.fulfill(status=200, body="{"))
    ContinuityPage(page, app_url, QUERY)
    said = page.get_by_test_id("roulette-said")
    expect(said).not_to_contain_text("reading")
    expect(said).not_to_be_empty()


# In the page itself: the browser would write a refused request of its own on the console.
BUSY_ONCE = """
  const answers = window.fetch;
  const busy = new Set();
  window.fetch = (url, ...rest) => {
    if (!String(url).includes("judged/") || busy.has(url)) return answers(url, ...rest);
    busy.add(url);
    window.putOff = busy.size;
    return Promise.resolve(new Response("Many questions are being answered.", { status: 503 }));
  };
"""


def test_a_busy_judge_is_asked_again(app_url, page):
    page.add_init_script(BUSY_ONCE)
    view = ContinuityPage(page, app_url, QUERY)
    expect(page.get_by_test_id("roulette-said")).to_contain_text("Press Play", timeout=60_000)
    assert page.evaluate("window.putOff") == 3
    view.press("roulette-step")
    view.fallen(1)
    check_newest(view, app_url, 1)


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


def test_samples_fall_on_maps_of_the_same_scale_and_the_end_is_told(app_url, page):
    view = ContinuityPage(page, app_url, f"{QUERY}&fallen=999")
    view.fallen(999)
    ranges = [
        np.array([view.numbers(name, "latent-canvas", f"data-{axis}-range") for axis in "xy"])
        for name in NAMES
    ]
    assert (np.abs(ranges[0]) >= 3.3 - 1e-9).all()
    np.testing.assert_allclose(ranges[1:], [ranges[0]] * 2, atol=1e-9)
    view.press("roulette-step")
    view.fallen(1000)
    expect(page.get_by_test_id("roulette-said")).to_have_text("New samples begin again.")
    expect(view.part("vae-2d", "recognised")).to_contain_text("of 1,000")


def test_before_the_first_sample_no_black_stands_for_a_picture(roulette):
    for test_id in ("fallen-digit", "roulette-strip"):
        assert not read_canvas(roulette.part("vae-2d", test_id))[..., 3].any()
    roulette.press("roulette-step")
    roulette.fallen(1)
    assert read_canvas(roulette.part("vae-2d", "fallen-digit"))[..., 3].all()


@pytest.mark.parametrize("shown", ["walk", "roulette", "neighbourhood"])
def test_every_view_saves_its_numbers_and_fits_a_narrow_screen(app_url, new_page, shown):
    page = new_page(viewport={"width": 390, "height": 844})
    view = ContinuityPage(page, app_url, f"?dataset=digits&view={shown}&fallen=3&from=1&to=16")
    if shown == "walk":
        view.walked("1,16")
    elif shown == "roulette":
        view.fallen(3)
    else:
        view.judged()
    page.get_by_test_id("fold").filter(has_text="Classes, saving").click()
    rows = view.saved()
    assert {row["model"] for row in rows} == set(NAMES)
    assert len(rows) == {"walk": 300, "roulette": 9, "neighbourhood": 72}[shown]
    widest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"] *')]
             .filter(e => e.getClientRects().length)
             .map(e => e.getBoundingClientRect().right))"""
    )
    assert widest <= 391
