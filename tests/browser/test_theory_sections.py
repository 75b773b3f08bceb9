"""The sections of 'Theory' about a few numbers, in a browser, against the library's functions."""

from __future__ import annotations

import csv
import math
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from explorer import mixtures
from explorer.estimators import gradient_spreads
from explorer.objectives import (
    bernoulli_reconstruction,
    elbo_terms,
    gaussian_reconstruction,
    kl_between_gaussians,
    kl_to_standard_normal,
)
from explorer.originals import load_originals
from explorer.places import data_root
from explorer.ui.formulas import DIFFERENCES
from explorer.ui.source_code import function_source
from tests.browser.attributes import numbers, wait_for_numbers
from tests.browser.live_app import READY_TIMEOUT_MS
from tests.browser.shipped import load

SECTIONS = {
    "gradient": "gradient-spread",
    "montecarlo": "kl-spread",
    "modes": "humps",
    "likelihood": "balance",
}


def open_section(page: Page, url: str, section: str, query: str = "") -> Locator:
    """Open a section; returns its picture, whose data attributes tell its numbers."""
    page.goto(f"{url}/theory?section={section}{query}")
    page.wait_for_selector(
        f'[data-page="theory"][data-ready="true"][data-section="{section}"]',
        timeout=READY_TIMEOUT_MS,
    )
    return page.get_by_test_id(SECTIONS[section])


def values(picture: Locator, name: str) -> np.ndarray:
    """The numbers of a data attribute."""
    return numbers(picture.get_attribute(f"data-{name}"))


def wait_for(picture: Locator, name: str, expected: float) -> None:
    """Wait until a data attribute is a number, to six digits."""
    wait_for_numbers(picture, f"data-{name}", expected, 1e-6)


def press(page: Page, test_id: str, key: str, times: int = 1) -> None:
    """Press a key on a control."""
    control = page.get_by_test_id(test_id)
    control.focus()
    for _ in range(times):
        control.press(key)


def test_gradients_are_the_quadratures(app_url, page):
    picture = open_section(page, app_url, "gradient", "&gmu=1.2&gsigma=0.8")
    wait_for(picture, "truth", 2.4)
    score, path = gradient_spreads(torch.square, 1.2, 0.8)
    row = page.get_by_test_id("gradient-figures").locator
    for name, spread in (("score", score), ("path", path)):
        expect(row(f'[data-row="{name}"] td').last).to_have_text(f"{spread.deviation.mu:.3f}")
        seen = values(picture, name)[0]
        assert seen == pytest.approx(spread.deviation.mu.item(), rel=0.25)
    ratio = (score.deviation.mu / path.deviation.mu).item() ** 2
    expect(page.get_by_test_id("gradient-ratio")).to_contain_text(f"{ratio:.1f} times as many")


def test_more_samples_and_other_derivatives_are_live_and_kept(app_url, page):
    picture = open_section(page, app_url, "gradient")
    wait_for(picture, "truth", 3)
    press(page, "slider-gmu", "ArrowRight", 2)
    wait_for(picture, "truth", 3.2)
    expect(page).to_have_url(re.compile(r"[?&]gmu=1\.6(&|$)"))
    page.get_by_test_id("gradient-by-sigma").click()
    wait_for(picture, "truth", 1)
    page.get_by_test_id("gradient-samples-100").click()
    expect(page).to_have_url(re.compile("gsamples=100"))
    _, path = gradient_spreads(torch.square, 1.6, 0.5)
    assert values(picture, "path")[0] == pytest.approx(path.deviation.sigma.item() / 10, rel=0.2)
    page.get_by_test_id("gradient-f-sine").click()
    wait_for(picture, "truth", -0.5 * math.sin(1.6) * math.exp(-0.125))


def test_noise_is_another_at_a_press_and_the_same_by_a_link(app_url, page):
    picture = open_section(page, app_url, "gradient")
    wait_for(picture, "truth", 3)
    first = values(picture, "score")[0]
    page.get_by_test_id("gradient-noise").click()
    expect(page).to_have_url(re.compile("gseed=1"))
    second = values(picture, "score")[0]
    assert second != first
    page.reload()
    wait_for(picture, "truth", 3)
    assert values(picture, "score")[0] == second


def test_general_kl_and_its_special_case(app_url, page):
    picture = open_section(page, app_url, "montecarlo", "&kmu=1.5&ksigma=0.4&kmup=-1&ksigmap=2")
    logs = [torch.tensor([2 * math.log(s)]).double() for s in (0.4, 2)]
    mu, other = (torch.tensor([m]).double() for m in (1.5, -1.0))
    general = kl_between_gaussians(mu, logs[0], other, logs[1]).item()
    special = kl_to_standard_normal(mu[None], logs[0][None]).item()
    wait_for(picture, "kl", general)
    wait_for(picture, "special", special)
    expect(page.get_by_test_id("kl-general")).to_contain_text(f"= {general:.3f}")
    expect(page.get_by_test_id("kl-special")).to_have_attribute("data-same", "false")
    page.get_by_test_id("kl-standard").click()
    wait_for(picture, "kl", special)
    expect(page.get_by_test_id("kl-special")).to_have_attribute("data-same", "true")
    expect(page.get_by_test_id("kl-standard")).to_be_disabled()
    expect(page).not_to_have_url(re.compile("kmup"))


def test_the_spread_falls_with_the_root_of_the_samples(app_url, page):
    picture = open_section(page, app_url, "montecarlo")
    wait_for(picture, "kl", 0.5 * (1 + 0.25 - 1 - math.log(0.25)))
    one, ten, hundred = values(picture, "deviations")
    assert ten == pytest.approx(one / math.sqrt(10), rel=0.15)
    assert hundred == pytest.approx(one / 10, rel=0.15)


def test_the_elbo_of_x_from_one_sample_and_from_several(app_url, page):
    query = "&dataset=digits&digit=5&kof=elbo"
    picture = open_section(page, app_url, "montecarlo", query)
    expect(picture).to_have_attribute("data-elbo", re.compile("."))
    checkpoint = load("digits/vae-2d")
    x = torch.tensor(load_originals("digits", data_root())[5], dtype=torch.float32)[None, None]
    noise = torch.randn(4000, 1, 2, generator=torch.Generator().manual_seed(0))
    reconstruction, kl = elbo_terms(checkpoint.model, x / 255, noise)
    one, ten, hundred, _ = values(picture, "deviations")
    expected = (reconstruction + kl).item()
    assert values(picture, "elbo")[0] == pytest.approx(expected, abs=5 * one / math.sqrt(400))
    assert ten == pytest.approx(one / math.sqrt(10), rel=0.15)
    assert hundred == pytest.approx(one / 10, rel=0.15)
    expect(page.get_by_test_id("kl-batch")).to_contain_text("Test digit 5")
    page.get_by_test_id("kl-of-kl").click()
    expect(page.get_by_test_id("kl-general")).to_be_visible()
    expect(page).not_to_have_url(re.compile("kof"))


def test_a_dragged_hump_is_fitted_in_both_directions_while_it_moves(app_url, page):
    picture = open_section(page, app_url, "modes")
    expect(picture).to_have_attribute("data-reverse", re.compile(","))
    box = picture.bounding_box()
    unit = (box["width"] - 20) / 12  # pixels a unit of z; the axis reaches from -6 to 6
    start = (box["x"] + 10 + (6 + 1.8) * unit, box["y"] + 0.6 * box["height"])
    before = picture.get_attribute("data-forward")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 0.5 * unit, start[1])
    page.mouse.move(start[0] + unit, start[1])
    expect(picture).not_to_have_attribute("data-forward", before)
    assert "hump2" not in page.url  # Python hears of the release only
    page.mouse.up()
    expect(page).to_have_url(re.compile("hump2=2[.]"))
    place = float(re.search(r"hump2=([\d.]+)", page.url)[1])
    assert place == pytest.approx(2.8, abs=0.1)
    mixture = mixtures.Mixture(0.4, (-2.0, place), (0.6, 0.8))
    forward, reverse = mixtures.forward_fit(mixture), mixtures.reverse_fits(mixture)
    np.testing.assert_allclose(values(picture, "forward"), forward, atol=1e-3)
    np.testing.assert_allclose(values(picture, "reverse"), reverse[0], atol=5e-3)
    others = picture.get_attribute("data-others").split(";")
    assert len(others) == len(reverse) - 1
    expect(page.get_by_test_id("modes-verdict")).to_contain_text("seeks one: hump 2")


def test_weight_decides_which_hump_is_sought(app_url, page):
    picture = open_section(page, app_url, "modes", "&hump1=-2.5&hump2=2.5")
    expect(picture).to_have_attribute("data-reverse", re.compile("^2[.]"))
    press(page, "slider-weight", "End")
    expect(picture).to_have_attribute("data-reverse", re.compile("^-2[.]"))
    expect(page).to_have_url(re.compile("weight=0.95"))
    expect(page.get_by_test_id("modes-verdict")).to_contain_text("seeks one: hump 1")


def test_a_light_hump_far_away_is_not_said_to_be_covered(app_url, page):
    open_section(page, app_url, "modes", "&hump1=-4&hump2=4&weight=0.95")
    verdict = page.get_by_test_id("modes-verdict")
    expect(verdict).to_contain_text("seeks one: hump 1")
    expect(verdict).to_contain_text("hump 2 as well, which weighs only 5 %")
    expect(verdict).not_to_contain_text("covers both")


def test_humps_that_flow_together_are_covered_both_ways(app_url, page):
    open_section(page, app_url, "modes", "&hump1=-0.5&hump2=0.5")
    expect(page.get_by_test_id("modes-verdict")).to_contain_text("both directions")
    expect(page.get_by_test_id("modes-others")).to_be_hidden()


def test_likelihoods_of_a_test_digit_are_the_librarys(app_url, page):
    picture = open_section(page, app_url, "likelihood", "&dataset=digits&digit=5&lsigma=0.3")
    checkpoint = load("digits/vae-2d")
    x = torch.tensor(load_originals("digits", data_root())[5], dtype=torch.float32) / 255
    x = x[None, None]
    mu, logvar = checkpoint.model.encode(x)
    logits = checkpoint.model.decoder(mu)
    expected = {
        "bernoulli": bernoulli_reconstruction(logits, x).item(),
        "kl": kl_to_standard_normal(mu, logvar).item(),
        "gaussian": gaussian_reconstruction(
            torch.sigmoid(logits), x, torch.tensor(math.log(0.3))
        ).item(),
    }
    expect(picture).to_have_attribute("data-sigma", "0.3")
    for name, value in expected.items():
        assert values(picture, name)[0] == pytest.approx(value, abs=DIFFERENCES["likelihood"])
    expect(page.get_by_test_id("likelihood-beta")).to_contain_text("β = 2σ² = 0.18")
    page.get_by_test_id("best-sigma").click()
    best = (x - torch.sigmoid(logits)).square().mean().sqrt().item()
    expect(page).to_have_url(re.compile("lsigma=0[.]"))
    assert values(picture, "sigma")[0] == pytest.approx(best, abs=1e-4)
    assert values(picture, "error")[0] == pytest.approx(32, rel=1e-2)  # half of 64 pixels


def test_without_a_drawing_there_is_nothing_to_weigh(app_url, page):
    picture = open_section(page, app_url, "likelihood", "&dataset=digits&input=drawn")
    expect(picture).to_have_attribute("data-bernoulli", re.compile("."))
    page.get_by_test_id("pad-clear").click()
    expect(page.get_by_test_id("likelihood-note")).to_contain_text("Draw a digit")
    expect(page.get_by_test_id("best-sigma")).to_be_disabled()


@pytest.mark.parametrize("section", SECTIONS)
def test_formulas_stand_beside_their_functions(app_url, page, section: str):
    open_section(page, app_url, section, "&dataset=digits")
    boxes = page.get_by_test_id("formulas").locator("details")
    expect(boxes.first).to_be_visible()
    for n in range(boxes.count()):
        module, _, function = boxes.nth(n).get_attribute("data-function").rpartition(".")
        boxes.nth(n).locator("summary").click()
        source = boxes.nth(n).locator("pre")
        expect(source).to_be_visible()
        assert source.text_content() == function_source(module, function)


@pytest.mark.parametrize("section", SECTIONS)
def test_picture_and_numbers_can_be_saved(app_url, page, section: str):
    picture = open_section(page, app_url, section, "&dataset=digits")
    expect(picture).to_be_visible()
    with page.expect_download() as download:
        page.get_by_test_id("export-png").click()
    assert section in download.value.suggested_filename
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    with open(download.value.path(), newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    assert len(rows) >= 5
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_projector_shows_the_picture_without_scrolling(app_url, page, section: str):
    picture = open_section(page, app_url, section)
    expect(picture).to_be_in_viewport(ratio=1)
    for text in page.locator(f".theory-{section} .theory-result").all():
        expect(text).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_phone_shows_it_in_its_width(app_url, new_page, section: str):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    picture = open_section(page, app_url, section, "&dataset=digits")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    overflow = page.locator(".theory-numbers").evaluate_all(
        "sections => sections.filter((s) => s.scrollWidth > s.clientWidth + 1).length"
    )
    assert overflow == 0


def test_nonsense_in_a_link_is_told_and_left_out(app_url, page):
    picture = open_section(page, app_url, "modes", "&weight=2&hump1=abc&width1=nan")
    expect(picture).to_have_attribute("data-forward", re.compile(","))
    mixture = mixtures.Mixture(0.4, (-2.0, 1.8), (0.6, 0.8))
    np.testing.assert_allclose(values(picture, "forward"), mixtures.forward_fit(mixture), atol=1e-3)
    expect(page.get_by_test_id("stToast").filter(has_text="weight")).to_be_visible()
