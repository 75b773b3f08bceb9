"""The page 'Machine' in a real browser: dice, z, digit, the pass that plays, cards, a phone."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from explorer.checkpoints import load_checkpoint
from explorer.objectives import bernoulli_reconstruction, kl_to_standard_normal, reparameterize
from explorer.originals import load_originals
from explorer.ui.server import checkpoint_root, data_root
from tests.browser.attributes import change, numbers
from tests.browser.canvas import wait_for_grey
from tests.browser.frames import steady_frames, wait_for_frame
from tests.browser.live_app import READY_TIMEOUT_MS, LiveApp
from tests.browser.plane import position

READY = '.page-machine[data-ready="true"][data-z]'
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STAGES = ["picture", "encoder", "posterior", "noise", "code", "decoder", "output", "loss"]
DIGIT = 4


class MachinePage:
    """The page in a browser's tab, on scikit-learn's digits, which are always here."""

    def __init__(self, page: Page, url: str, query: str = "", dataset: str = "digits") -> None:
        self.page = page
        page.goto(f"{url}/machine?dataset={dataset}{query}")
        page.wait_for_selector(READY, timeout=READY_TIMEOUT_MS)
        self.root = page.locator(".page-machine")

    def get(self, test_id: str) -> Locator:
        return self.root.get_by_test_id(test_id)

    def value(self, test_id: str) -> float:
        return float(self.get(test_id).get_attribute("data-value"))

    def numbers(self, name: str) -> np.ndarray:
        return numbers(self.root.get_attribute(f"data-{name}"))

    def stage(self) -> str:
        return self.root.get_attribute("data-stage")


def parts_of_loss(name: str, noise: np.ndarray) -> tuple[np.ndarray, float, float, np.ndarray]:
    """z, reconstruction, KL and pixel means of the test digit by the library."""
    model = load_checkpoint(f"digits/{name}", checkpoint_root()).model
    grey = load_originals("digits", data_root())[DIGIT]
    x = torch.tensor(grey / 255, dtype=torch.float32)[None, None]
    with torch.no_grad():
        mu, logvar = model.encode(x)
        z = reparameterize(mu, logvar, torch.tensor(noise, dtype=torch.float32)[None])
        logits = model.decoder(z)
    reconstruction = bernoulli_reconstruction(logits, x).item()
    kl = kl_to_standard_normal(mu, logvar).item()
    return z[0].numpy(), reconstruction, kl, torch.sigmoid(logits)[0, 0].numpy()


def expect_the_library_s(view: MachinePage, name: str) -> None:
    z, reconstruction, kl, means = parts_of_loss(name, view.numbers("eps"))
    np.testing.assert_allclose(view.numbers("z"), z, atol=1e-4)
    assert view.value("machine-reconstruction") == pytest.approx(reconstruction, abs=0.01)
    assert view.value("machine-kl") == pytest.approx(kl, abs=1e-3)
    assert view.value("machine-loss") == pytest.approx(reconstruction + kl, abs=0.01)
    wait_for_grey(view.get("decoded-digit"), 255 * means, tolerance=1)


@pytest.mark.parametrize("name", ["vae-2d", "vae-20d"])
def test_the_pass_is_the_library_s_before_and_after_a_throw(app_url, page, name):
    view = MachinePage(page, app_url, f"&vae={name}&digit={DIGIT}")
    expect_the_library_s(view, name)
    kl = view.value("machine-kl")
    change(view.root, "data-eps", view.get("throw-dice").click)
    expect_the_library_s(view, name)
    assert view.value("machine-kl") == kl  # what the dice do not change
    expect(page).to_have_url(re.compile(r"[?&]eps="))
    thrown = view.numbers("eps")
    page.goto(page.url)  # the link reopens the throw
    page.wait_for_selector(READY)
    np.testing.assert_array_equal(view.numbers("eps"), thrown)


def test_z_is_dragged_on_the_plane_and_the_next_digit_forgets_it(app_url, page):
    view = MachinePage(page, app_url)
    plane = view.get("latent-canvas")
    page.mouse.move(*position(plane, -1, 0.5))
    change(view.root, "data-z", page.mouse.down)
    change(view.root, "data-z", lambda: page.mouse.move(*position(plane, 1, -0.5)))
    page.mouse.up()
    np.testing.assert_allclose(view.numbers("z"), [1, -0.5], atol=0.05)
    expect(page).to_have_url(re.compile(r"[?&]code="))
    expect(view.get("loss-words")).to_contain_text("put by hand")
    change(view.root, "data-z", view.get("next-digit").click)
    expect(page).not_to_have_url(re.compile(r"[?&]code="))
    expect(page).to_have_url(re.compile(r"[?&]digit=1"))
    expect(view.get("input-words")).to_contain_text("Test digit 1")
    expect(view.get("loss-words")).to_contain_text("this one sample")


def test_z_moves_by_keys_on_the_plane_and_on_the_sliders(app_url, page):
    view = MachinePage(page, app_url)
    x, y = view.numbers("z")
    view.get("latent-canvas").focus()
    change(view.root, "data-z", lambda: page.keyboard.press("ArrowRight"))
    assert view.numbers("z")[0] > x
    assert view.numbers("z")[1] == pytest.approx(y, abs=1e-6)
    assert view.stage() == ""  # the arrow was the plane's
    view = MachinePage(page, app_url, "&vae=vae-20d")
    slider = view.get("code-slider").first
    before, dim = view.numbers("z"), int(slider.get_attribute("data-dim"))
    slider.focus()
    change(view.root, "data-z", lambda: page.keyboard.press("ArrowRight"))
    (moved,) = np.nonzero(np.abs(view.numbers("z") - before) > 1e-5)
    assert moved.tolist() == [dim]


def test_the_pass_steps_plays_pauses_and_shows_all(app_url, page):
    view = MachinePage(page, app_url)
    said = view.get("machine-said")
    for number, stage in enumerate(STAGES, 1):
        page.keyboard.press("ArrowRight")
        expect(view.root).to_have_attribute("data-stage", stage)
        expect(said).to_contain_text(f"{number} of 8.")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"stage=output"))
    view.get("stage-encoder").click()
    expect(view.root).to_have_attribute("data-stage", "encoder")
    expect(view.root.locator(".is-ahead")).to_have_count(6)
    view.get("pass-whole").click()
    expect(view.root).to_have_attribute("data-stage", "")
    expect(view.root.locator(".is-ahead")).to_have_count(0)
    steady_frames(page, 500)
    page.mouse.click(5, 5)  # the keys are nobody's
    page.keyboard.press(" ")
    expect(view.get("pass-play")).to_contain_text("Pause")
    expect(view.root).to_have_attribute("data-stage", "loss")
    expect(view.get("pass-play")).to_contain_text("Play")  # it ends there
    expect(page).to_have_url(re.compile(r"stage=loss"))


def test_a_paused_pass_stands(app_url, page):
    view = MachinePage(page, app_url)
    view.get("pass-play").click()
    expect(view.root).to_have_attribute("data-stage", "picture")
    view.get("pass-play").click()
    expect(view.get("pass-play")).to_contain_text("Play")
    expect(page).to_have_url(re.compile(r"stage=picture"))


def test_without_motion_it_plays_by_steps_and_draws_no_light(app_url, new_page):
    page = new_page(reduced_motion="reduce")
    view = MachinePage(page, app_url)
    eps = view.root.get_attribute("data-eps")
    view.get("throw-dice").click()
    expect(view.root).not_to_have_attribute("data-eps", eps)
    die = view.root.locator(".die").evaluate("die => getComputedStyle(die).animationName")
    assert die == "none"


@pytest.mark.parametrize(
    ("part", "shape", "formula"),
    [
        ("input-image", "8 × 8 = 64 numbers", None),
        ("encoder-1", "hidden layer 2: 128 numbers, ReLU", "h₂ = max(0, W₂ h₁ + b₂)"),
        ("posterior-bells", "2 + 2 numbers", "exp(½ log σ²)"),
        ("noise-bell", "2 numbers", "ε ~ N(0, I)"),
        ("latent-canvas", "2 numbers", "z = μ + σ · ε"),
        ("decoder-0", "hidden layer 1: 128 numbers, ReLU", "h₁ = max(0, W₁ z + b₁)"),
        ("decoded-digit", "between 0 and 1", "1 / (1 + exp(−l))"),
        ("loss-heat", "one a pixel, in nats", "log"),
        ("kl-bars", "one a dimension, in nats", "½"),
        ("loss-bar", "1 number, in nats", "reconstruction + KL"),
    ],
)
def test_pointing_at_a_part_names_its_shape_and_formula(app_url, page, part, shape, formula):
    view = MachinePage(page, app_url)
    card = view.get("part-card")
    view.get(part).hover()
    expect(card).to_contain_text(shape)
    if formula:
        expect(card).to_contain_text(formula)
    box, frame = card.bounding_box(), view.root.bounding_box()
    assert box["x"] >= frame["x"] - 1
    assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_a_drawn_digit_goes_through(app_url, page):
    view = MachinePage(page, app_url)
    view.get("input-drawn").click()
    expect(view.get("input-image")).to_have_attribute("data-input", "drawn")
    before = view.root.get_attribute("data-z")
    box = view.get("drawing-pad").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.9)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.9)
    page.mouse.up()
    expect(view.root).not_to_have_attribute("data-z", before)
    view.get("pad-clear").click()
    expect(view.get("machine-said")).to_contain_text("Draw a digit")


def test_without_mnist_x_is_decoded_from_the_digit_s_code_and_said_to_be(page, tmp_path):
    with LiveApp(MNIST_ROOT=str(tmp_path)) as app:
        app.wait_until_healthy()
        view = MachinePage(page, app.url, "&digit=3", dataset="mnist")
        words = view.get("input-words")
        expect(words).to_contain_text("Decoded from the code of test digit 3")
        expect(view.get("input-digit")).to_be_enabled()
        model = load_checkpoint("mnist/vae-2d", checkpoint_root())
        code = torch.tensor(model.codes.mu[3])[None]
        expected = 255 * model.model.decode(code)[0, 0].detach().numpy()
        wait_for_grey(view.get("input-image"), expected, tolerance=1)
        page.goto("about:blank")  # its server goes


def test_on_a_phone_both_pictures_and_z_are_seen_together(app_url, new_page):
    page = new_page(**PHONE)
    view = MachinePage(page, app_url)
    wait_for_frame(page)
    pictures = [view.get("input-image"), view.get("decoded-digit")]
    plane = view.get("latent-canvas")
    boxes = [one.bounding_box() for one in (*pictures, plane)]
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= 844 for box in boxes)
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[2]["y"]
    before = view.root.get_attribute("data-z")
    plane.tap(position={"x": 60, "y": 60})
    expect(view.root).not_to_have_attribute("data-z", before)
    view.get("kl-bars").scroll_into_view_if_needed()
    for picture in pictures:  # they stay while the rest is scrolled
        expect(picture).to_be_in_viewport()
    view.get("encoder-0").tap()
    expect(view.get("part-card")).to_contain_text("128 numbers, ReLU")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("query", ["", "&vae=vae-20d&stage=loss", "&stage=encoder"])
def test_the_whole_machine_is_seen_at_once(app_url, new_page, size, query):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    view = MachinePage(page, app_url, query)
    wait_for_frame(page)
    bottom = view.root.evaluate("root => root.getBoundingClientRect().bottom")
    assert size[1] * 0.9 < bottom <= size[1]
    overflow = view.root.evaluate(
        """root => [...root.querySelectorAll("*")].filter((e) => e.getClientRects().length)
          .map((e) => [e.className, e.getBoundingClientRect().bottom])
          .filter(([, bottom]) => bottom > window.innerHeight + 1)"""
    )
    assert overflow == []
