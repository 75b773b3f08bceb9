"""The page 'Beta' in a real browser: playing, keys, its link, and what it saves."""

import csv
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.beta_page import BetaPage
from tests.browser.frames import steady_frames, wait_for_frame
from tests.browser.link import wait_for_link
from tests.browser.shipped import load


def record(view: BetaPage, element: Locator, what: str) -> Callable[[], list[str]]:
    """Write down what an element's property becomes from now on; the answer reads the list."""
    element.evaluate(
        f"""element => {{
          window.recorded = [];
          new MutationObserver(() => window.recorded.push(element.{what})).observe(
            element, {{ attributes: true, childList: true }});
        }}"""
    )
    return lambda: view.page.evaluate("window.recorded")


def test_play_reaches_the_end_and_is_told(app_url, page):
    view = BetaPage(page, app_url, "?beta=50&speed=fast")
    play = page.get_by_test_id("beta-play")
    words = record(view, play, "textContent")  # it is over in a fifth of a second
    play.click()
    expect(view.root).to_have_attribute("data-beta", "60")
    expect(play).to_have_text("Play")
    assert words() == ["Pause", "Play"]
    expect(page).to_have_url(re.compile(r"[?&]beta=60(&|$)"))
    view.wait_for_pictures("60")


def test_pause_stops_and_a_drag_does_too(app_url, page):
    view = BetaPage(page, app_url, "?beta=0&speed=slow")
    play = page.get_by_test_id("beta-play")
    for stop in (play.click, lambda: view.slider.press("ArrowLeft")):
        before = view.fact("position")
        play.click()
        view.wait("([root, before]) => root.dataset.position !== before", before)
        stop()
        expect(play).to_have_text("Play")
        stood = page.evaluate(
            """root => new Promise(resolve => {
              const seen = [];
              const look = () => {
                seen.push(root.dataset.position);
                if (seen.length < 20) requestAnimationFrame(look); else resolve(seen.slice(2));
              };
              look();
            })""",
            view.root.element_handle(),
        )
        assert len(set(stood)) == 1
        assert 0 < float(stood[0]) < 6


def test_without_motion_play_goes_from_member_to_member(app_url, new_page):
    view = BetaPage(new_page(reduced_motion="reduce"), app_url, "?beta=18&speed=fast")
    steady_frames(view.page, 50)  # ten a member, however slow the machine is
    recorded = record(view, view.root, "dataset.position")
    view.page.get_by_test_id("beta-play").click()
    expect(view.root).to_have_attribute("data-beta", "60")
    positions = recorded()
    assert list(dict.fromkeys(positions)) == ["8", "9", "10", "11", "12"][-len(set(positions)) :]
    assert {"10", "11", "12"} <= set(positions)


def test_a_link_reopens_exactly(app_url, page, new_page):
    view = BetaPage(page, app_url)
    view.slider.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    wait_for_frame(page)
    beta = view.fact("beta")
    page.get_by_test_id("beta-speed").select_option("slow")
    page.get_by_test_id("legend").locator("[data-label='4']").click()
    wait_for_link(page, beta=beta, speed="slow", classes="4")
    assert view.fact("beta") == beta
    query = "?" + page.url.partition("?")[2]
    other = BetaPage(new_page(), app_url, query)
    for name in ("beta", "nearest", "between"):
        assert other.fact(name) == view.fact(name)
    assert float(other.fact("position")) == pytest.approx(float(view.fact("position")), abs=1e-9)
    np.testing.assert_allclose(other.centre(), view.centre(), atol=1e-9)
    expect(other.page.get_by_test_id("beta-speed")).to_have_value("slow")
    pressed = other.page.get_by_test_id("legend").locator("[aria-pressed='true']")
    expect(pressed).to_have_attribute("data-label", "4")


@pytest.mark.parametrize(
    "path", ["?show=manifold", "objectives", "beta?family=beta-20d", "dimensions?tab=map"]
)
def test_a_finger_meets_every_control(app_url, new_page, path):
    page = new_page(viewport={"width": 820, "height": 1180}, has_touch=True)
    page.goto(f"{app_url}/{path}")
    expect(page.get_by_test_id("latent-canvas").last).to_have_attribute("data-ready", "true")
    kinds = (".page button", ".page select", ".page summary", ".page input")
    controls = page.locator(",".join(kinds)).locator("visible=true")
    assert controls.count() > 10
    for box in controls.evaluate_all("all => all.map((one) => one.getBoundingClientRect())"):
        assert min(box["width"], box["height"]) >= 36, box
        assert max(box["width"], box["height"]) >= 40, box


def test_keys_step_finely_and_buttons_to_the_neighbour(app_url, page):
    view = BetaPage(page, app_url)
    view.slider.press("ArrowRight")
    expect(view.root).to_have_attribute("data-beta", "1.02")
    expect(page).to_have_url(re.compile(r"beta=1\.02"))
    page.get_by_test_id("beta-step-forward").click()
    expect(view.root).to_have_attribute("data-beta", "2")
    page.get_by_test_id("beta-step-back").click()
    expect(view.root).to_have_attribute("data-beta", "1")
    expect(page).to_have_url(re.compile(r"beta=1(&|$)"))
    view.wait_for_pictures("1")


def test_table_and_picture_are_saved(app_url, page):
    BetaPage(page, app_url)
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    members = load("mnist/beta-2d").members
    assert [float(row["beta"]) for row in rows] == [member.beta for member in members]
    for row, member in zip(rows, members, strict=True):
        metrics = member.meta["metrics"]
        assert float(row["negative_elbo"]) == pytest.approx(metrics["negative_elbo"])
        assert float(row["kl_2"]) == pytest.approx(metrics["kl_per_dimension"][1])
        assert int(row["active_units"]) == metrics["active_units"]
    with page.expect_download() as download:
        page.get_by_test_id("export-png").click()
    assert download.value.suggested_filename == "mnist-beta-2d-at-1.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_maps_own_beta_and_this_page_s_do_not_mix(app_url, page):
    view = BetaPage(page, app_url, "?beta=7.3")
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_test_id("decoded-digit")).to_be_visible()
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    page.get_by_role("link", name="Beta").click()
    expect(view.root).to_have_attribute("data-beta", "7.3")
    expect(page).to_have_url(re.compile(r"beta=7\.3"))
