"""Roulette on the page 'Continuity and completeness': what the judge says of each sample."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.completeness import effective_classes
from explorer.originals import load_originals
from tests.browser.canvas import read_canvas
from tests.browser.continuity_page import NAMES, ContinuityPage
from tests.browser.judged_answers import asked, reason
from tests.browser.shipped import decoded, load

QUERY = "?dataset=digits&view=roulette"


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
