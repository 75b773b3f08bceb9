"""Theory's section 'Every symbol' in a real browser, against the library."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.objectives import (
    bernoulli_reconstruction,
    kl_per_dimension,
    reparameterize,
)
from explorer.ui.formulas import DIFFERENCES
from tests.browser.canvas import wait_for_grey
from tests.browser.theory_page import TheoryPage, image, model, posterior

DIGIT = 4
NOISE = "1.5,-0.25"


@pytest.fixture
def view(app_url, page) -> TheoryPage:
    view = TheoryPage(page, app_url, "symbols", f"&digit={DIGIT}&eps={NOISE}")
    expect(view.get("input-words")).to_contain_text(f"Test digit {DIGIT}")
    return view


def changed(view: TheoryPage) -> dict[str, bool]:
    """Which symbols are marked as changed, by their test ids."""
    read = """cells => Object.fromEntries(cells.map(cell => [
      (cell.dataset.testid ?? cell.querySelector("[data-testid]").dataset.testid),
      cell.dataset.changed === "true"]))"""
    return view.page.locator(".theory-symbols [data-changed]").evaluate_all(read)


def output(view: TheoryPage, name: str) -> float:
    return float(view.get(name).locator("[data-value]").get_attribute("data-value"))


def test_every_symbol_is_the_library_s(view):
    network, x = model(), image(DIGIT)
    mu, logvar = (torch.tensor(part)[None] for part in posterior(DIGIT))
    noise = torch.tensor([[float(part) for part in NOISE.split(",")]], dtype=torch.float64)
    z = reparameterize(mu, logvar, noise)
    kl = kl_per_dimension(mu, logvar)[0]
    with torch.no_grad():
        logits = network.decoder(z.float())
    reconstruction = float(bernoulli_reconstruction(logits, x))
    for j in range(2):
        assert output(view, f"sigma-{j}") == pytest.approx(
            float((logvar[0, j] / 2).exp()), abs=1e-4
        )
        assert output(view, f"z-{j}") == pytest.approx(float(z[0, j]), abs=1e-4)
        assert output(view, f"kl-{j}") == pytest.approx(float(kl[j]), abs=1e-3)
    assert output(view, "reconstruction") == pytest.approx(
        reconstruction, abs=DIFFERENCES["symbols"]
    )
    assert output(view, "klSum") == pytest.approx(float(kl.sum()), abs=1e-3)
    assert output(view, "negativeElbo") == pytest.approx(reconstruction + float(kl.sum()), abs=0.01)
    wait_for_grey(view.get("means"), 255 * torch.sigmoid(logits)[0, 0].numpy(), tolerance=1)


def test_heat_maps_add_up_to_the_numbers(view):
    rows = view.numbers()
    values = {
        name: np.array(
            [float(row["value"]) for row in rows if row["symbol"] == name and row["pixel"]]
        )
        for name in ("logits", "terms", "x")
    }
    assert values["terms"].sum() == pytest.approx(output(view, "reconstruction"), abs=1e-4)
    expected = np.logaddexp(0, values["logits"]) - values["x"] * values["logits"]
    np.testing.assert_allclose(values["terms"], expected, atol=1e-4)
    np.testing.assert_allclose(values["x"], image(DIGIT).flatten().numpy(), atol=1e-6)


def test_noise_changes_the_picture_and_leaves_the_posterior(view):
    kl, reconstruction = output(view, "klSum"), output(view, "reconstruction")
    view.slide("symbol-eps-0", -2)
    expect(view.page).to_have_url(re.compile(r"eps=-2%2C-0\.25|eps=-2,-0\.25"))
    marks = changed(view)
    assert {name for name, is_changed in marks.items() if is_changed} == {
        *("symbol-eps-0", "z-0", "logits", "means", "terms", "reconstruction", "negativeElbo")
    }
    assert output(view, "klSum") == kl
    assert output(view, "reconstruction") != reconstruction


def test_log_variance_changes_its_own_dimension(view):
    view.slide("symbol-logvar-1", 0)
    assert output(view, "sigma-1") == 1
    mu, _ = posterior(DIGIT)
    assert output(view, "kl-1") == pytest.approx(mu[1] ** 2 / 2, abs=1e-3)
    marks = changed(view)
    assert marks["sigma-1"]
    assert marks["kl-1"]
    assert not any(
        marks[name] for name in ("sigma-0", "kl-0", "z-0", "symbol-mu-1", "symbol-eps-1")
    )


def test_a_link_reopens_and_the_button_goes_back(view):
    view.slide("symbol-mu-0", 2)
    expect(view.page).to_have_url(re.compile(r"[?&]q=2"))
    view.page.goto(view.page.url)
    expect(view.get("z-0").locator("output")).to_have_attribute(
        "data-value", re.compile(r"^[12]\.")
    )
    sigma = output(view, "sigma-0")
    assert output(view, "z-0") == pytest.approx(2 + 1.5 * sigma, abs=1e-4)
    view.get("symbols-back").click()
    expect(view.page).not_to_have_url(re.compile(r"[?&]q="))
    mu, _ = posterior(DIGIT)
    assert output(view, "z-0") == pytest.approx(mu[0] + 1.5 * sigma, abs=1e-3)


def test_another_noise_is_drawn(view):
    before = output(view, "z-0")
    view.get("new-eps").click()
    assert output(view, "z-0") != before
    expect(view.page).not_to_have_url(re.compile(r"eps=1\.5(,|%2C)-0\.25(&|$)"))


def test_the_reason_for_log_variance_has_the_numbers_at_hand(view):
    view.slide("symbol-logvar-0", -4)
    expect(view.get("why-logvar")).to_contain_text("exp(½ · −4.00) = 0.135")
