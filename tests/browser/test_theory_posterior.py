"""Theory's section 'Evidence' in a real browser, against the library's quadrature."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer import evidence
from explorer.objectives import bernoulli_reconstruction
from explorer.ui.formulas import DIFFERENCES
from tests.browser.theory_page import TheoryPage, image, model, posterior

DIGIT = 7


@pytest.fixture
def view(app_url, page) -> TheoryPage:
    view = TheoryPage(page, app_url, "posterior", f"&digit={DIGIT}")
    view.settle()
    return view


def likelihood() -> evidence.LogLikelihood:
    return evidence.bernoulli_log_likelihood(model(), image(DIGIT))


def test_figures_are_the_library_s_and_the_gap_is_the_kl(view):
    mu, logvar = posterior(DIGIT)
    np.testing.assert_allclose(view.q(), [*mu, *logvar], atol=1e-4)
    expected = evidence.identity(likelihood(), torch.tensor(mu), torch.tensor(logvar))
    shown = view.figures()
    assert shown["evidence"] == pytest.approx(expected.log_evidence, abs=DIFFERENCES["posterior"])
    assert shown["elbo"] == pytest.approx(expected.elbo, abs=DIFFERENCES["posterior"])
    assert shown["toPosterior"] == pytest.approx(
        expected.kl_to_posterior, abs=DIFFERENCES["posterior"]
    )
    assert shown["gap"] == pytest.approx(shown["toPosterior"], abs=0.05)
    assert shown["elbo"] == pytest.approx(shown["reconstruction"] - shown["kl"], abs=1e-6)


def test_dragging_q_lowers_the_elbo_by_the_kl_and_leaves_the_evidence(view):
    before, q = view.figures(), view.q()
    start = view.place(*q[:2])
    view.drag(start, (start[0] + 60, start[1] - 40))
    expect(view.page).to_have_url(re.compile(r"[?&]q="))
    view.settle()
    after, moved = view.figures(), view.q()
    assert moved[0] > q[0]
    assert moved[1] > q[1]
    np.testing.assert_array_equal(moved[2:], q[2:])
    assert after["evidence"] == before["evidence"]
    assert after["elbo"] < before["elbo"] - 0.5
    assert after["gap"] == pytest.approx(after["toPosterior"], abs=0.05)
    mu, logvar = torch.tensor(moved[:2]), torch.tensor(moved[2:])
    assert after["elbo"] == pytest.approx(float(evidence.elbo(likelihood(), mu, logvar)), abs=0.05)


def test_a_handle_stretches_its_axis_alone(view):
    q = view.q()
    sigma = np.exp(q[2] / 2)
    start, end = view.place(q[0] + 2 * sigma, q[1]), view.place(q[0] + 4 * sigma, q[1])
    view.drag(start, end)
    expect(view.page).to_have_url(re.compile(r"[?&]q="))
    moved = view.q()
    np.testing.assert_allclose(moved[[0, 1, 3]], q[[0, 1, 3]])
    assert moved[2] == pytest.approx(q[2] + 2 * np.log(2), abs=0.1)


def test_a_link_reopens_a_moved_q_and_the_button_takes_it_back(view, app_url):
    view.slide("q-0", 1.5)
    expect(view.page).to_have_url(re.compile(r"[?&]q=1\.5"))
    view.page.goto(view.page.url)
    view.settle()
    assert view.q()[0] == 1.5
    view.get("q-back").click()
    mu, _ = posterior(DIGIT)
    assert view.q()[0] == pytest.approx(mu[0], abs=1e-4)
    expect(view.page).not_to_have_url(re.compile(r"[?&]q="))
    expect(view.get("q-back")).to_be_disabled()


def test_another_digit_has_its_own_q(view):
    view.slide("q-0", 1.5)
    view.get("next-digit").click()
    expect(view.get("input-words")).to_contain_text(f"Test digit {DIGIT + 1}")
    expect(view.page).not_to_have_url(re.compile(r"[?&]q="))
    view.settle()
    mu, _ = posterior(DIGIT + 1)
    np.testing.assert_allclose(view.q()[:2], mu, atol=1e-4)


def test_arrow_keys_move_q(view):
    q = view.q()
    view.page.locator(".theory-evidence").get_by_test_id("latent-canvas").focus()
    view.page.keyboard.press("ArrowRight")
    expect(view.page).to_have_url(re.compile(r"[?&]q="))
    assert view.q()[0] > q[0]
    assert view.q()[1] == pytest.approx(q[1], abs=1e-6)


def test_a_drawn_digit_has_a_posterior(app_url, page):
    view = TheoryPage(page, app_url, "posterior", "&input=drawn")
    view.settle()
    assert view.get("input-image").get_attribute("data-input") == "drawn"
    first = view.figures()["evidence"]
    view.get("pad-clear").click()
    expect(view.get("evidence-note")).to_contain_text("Draw a digit")
    box = view.get("drawing-pad").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 0.2 * box["height"]
    view.drag((x, y), (x, y + 0.6 * box["height"]))
    expect(view.get("input-words")).to_have_text("Your drawing")
    view.settle()
    assert view.figures()["evidence"] != first
    assert view.figures()["gap"] == pytest.approx(view.figures()["toPosterior"], abs=0.05)


def test_csv_has_the_figures_and_the_posterior(view):
    rows = view.numbers()
    shown = {row["what"]: float(row["nats"]) for row in rows if not row["z1"]}
    assert shown["evidence"] == view.figures()["evidence"]
    squares = np.array(
        [[row[key] for key in ("z1", "z2", "side", "nats")] for row in rows if row["z1"]],
        dtype=float,
    )
    assert np.log((np.exp(squares[:, 3]) * squares[:, 2] ** 2).sum()) == pytest.approx(
        shown["evidence"] + np.log(0.999), abs=1e-3
    )


def test_a_wide_q_has_a_gap_that_is_the_kl(view):
    """It takes in all the hills of log p(x|z), which a coarse rule steps over."""
    mu, logvar = [0.3, -0.4], [0.5, 1.0]
    for n, value in enumerate(mu + logvar):
        view.slide(f"q-{n}", value)
    view.settle()
    assert view.q().tolist() == mu + logvar
    shown = view.figures()
    step = torch.arange(-5, 5, 0.02, dtype=torch.float64)
    noise = torch.cartesian_prod(step, step)
    weight = torch.softmax(-0.5 * noise.square().sum(dim=1), dim=0)
    z = torch.tensor(mu) + noise * torch.exp(0.5 * torch.tensor(logvar, dtype=torch.float64))
    expected = float(weight @ likelihood()(z))
    assert shown["reconstruction"] == pytest.approx(expected, abs=0.05)
    assert shown["gap"] == pytest.approx(shown["toPosterior"], abs=0.05)


def test_what_lies_beyond_the_search_makes_a_bound_of_all_three(app_url, page):
    """Without the KL codes lie anywhere: the posterior is looked for in a part of the plane."""
    view = TheoryPage(page, app_url, "posterior", "&model=reconstruction-2d&digit=6")
    view.settle()
    for name in ("evidence", "gap", "toPosterior"):
        expect(view.get(f"figure-{name}")).to_have_text(re.compile("^\u2265 "))
    expect(view.get("figure-elbo")).not_to_have_text(re.compile("\u2265"))
    expect(view.get("evidence-note")).to_contain_text("may be more")
    expect(view.get("q-words")).not_to_contain_text("0.000,")


def test_the_picture_has_the_bars_and_no_folded_source(view):
    drawn = view.get("export-png").evaluate(
        """(button) => {
          const texts = [];
          const write = CanvasRenderingContext2D.prototype.fillText;
          const fill = CanvasRenderingContext2D.prototype.fill;
          const colours = [];
          CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
            texts.push(text);
            return write.call(this, text, ...place);
          };
          CanvasRenderingContext2D.prototype.fill = function (...path) {
            colours.push(this.fillStyle);
            return fill.call(this, ...path);
          };
          button.click();
          CanvasRenderingContext2D.prototype.fillText = write;
          CanvasRenderingContext2D.prototype.fill = fill;
          return { texts, colours };
        }"""
    )
    texts = " ".join(drawn["texts"])
    assert "def log_evidence" not in texts
    assert "log p(x) = log" in texts  # the formula itself
    assert "Back to" not in texts
    bar = view.page.locator(".identity-fill.is-toPosterior")
    shown = bar.evaluate("(bar) => getComputedStyle(bar).backgroundColor")
    assert "#" + "".join(f"{int(n):02x}" for n in re.findall(r"\d+", shown)) in drawn["colours"]


def test_formulas_unfold_to_the_source_they_are_tested_with(view):
    box = view.page.locator('[data-function="explorer.evidence.log_evidence"]')
    expect(box.locator("pre")).not_to_be_visible()
    box.locator("summary").click()
    expect(box.locator("pre")).to_contain_text("def log_evidence(squares")
    said = f"a difference of at most {DIFFERENCES['posterior']}"
    expect(view.page.get_by_test_id("formula-note")).to_contain_text(said)


SCORE = """async ({ layers, points, image }) => {
  const { Mlp } = await import("/maths/mlp.js");
  const { logLikelihoods } = await import("/maths/likelihood.js");
  const mlp = new Mlp(layers.map(({ columns, bias, inputs, outputs }) => ({
    columns: Float32Array.from(columns), bias: Float32Array.from(bias), inputs, outputs })));
  return Array.from(
    logLikelihoods(mlp, Float32Array.from(points.flat()), Float32Array.from(image)));
}"""


def test_likelihoods_of_many_points_are_torch_s(modules):
    network, x = model(), image(0)
    points = np.random.default_rng(0).normal(size=(7, 2))
    layers = [
        {
            "columns": layer.weight.detach().T.flatten().tolist(),
            "bias": layer.bias.detach().tolist(),
            "inputs": layer.in_features,
            "outputs": layer.out_features,
        }
        for layer in network.decoder
    ]
    sent = {"layers": layers, "points": points.tolist(), "image": x.flatten().tolist()}
    with torch.no_grad():
        logits = network.decoder(torch.tensor(points, dtype=torch.float32))
        expected = -bernoulli_reconstruction(logits, x).numpy()
    np.testing.assert_allclose(modules.evaluate(SCORE, sent), expected, rtol=1e-4)


@pytest.mark.parametrize("count", [1, 5, 12])
def test_hermite_rule_is_numpy_s(modules, count):
    rule = modules.evaluate(
        """async count => {
          const { hermiteRule } = await import("/maths/gaussian_rules.js");
          return hermiteRule(count);
        }""",
        count,
    )
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    np.testing.assert_allclose(rule["nodes"], nodes, atol=1e-9)
    np.testing.assert_allclose(rule["weights"], weights / weights.sum(), atol=1e-9)


def test_squares_and_field_of_a_gaussian_likelihood(modules):
    """p(x|z) = exp(-|z - m|^2 / (2 s^2)): evidence, mass levels and values are known."""
    centre, sigma = np.array([1.3, -0.7]), 0.08
    found = modules.evaluate(
        """async ([[a, b], sigma]) => {
          const { PosteriorSquares } = await import("/maths/posterior_squares.js");
          const { LikelihoodField } = await import("/maths/likelihood_field.js");
          const f = (x, y) => -((x - a) ** 2 + (y - b) ** 2) / (2 * sigma ** 2);
          const score = (points) => Float64Array.from(
            { length: points.length / 2 }, (_, n) => f(points[2 * n], points[2 * n + 1]));
          const search = new PosteriorSquares({ mu: [a, b], logvar: [-5, -5] });
          while (!search.isDone) search.take(score(search.points));
          const points = search.gaussPoints();
          const field = new LikelihoodField(search.levels, search.reach);
          const area = search.squares.sides.reduce((sum, side) => sum + side * side, 0);
          return {
            evidence: search.logEvidence, again: search.logNormaliser(points, score(points)),
            levels: search.massLevels([0.5, 0.9]), area, box: search.boxOf(0.9),
            values: [[a, b], [a + 0.1, b - 0.05], [-4, 4]].map((z) => [field.at(...z), f(...z)]),
          };
        }""",
        [centre.tolist(), sigma],
    )
    variance = 1 + sigma**2
    evidence_of = 2 * np.log(sigma) - np.log(variance) - centre @ centre / (2 * variance)
    assert found["evidence"] == pytest.approx(evidence_of, abs=0.01)
    assert found["again"] == pytest.approx(evidence_of, abs=0.01)
    assert found["area"] == pytest.approx((2 * evidence.REACH) ** 2)
    # Of a Gaussian in the plane the share above exp(-t) of its peak is 1 - exp(-t).
    peak = evidence_of - np.log(2 * np.pi * sigma**2 / variance)
    expected = [peak - np.log(2), peak - np.log(10)]
    np.testing.assert_allclose(found["levels"], expected, atol=0.15)
    assert found["box"]["x"][0] < centre[0] - sigma
    assert found["box"]["x"][1] > centre[0] + sigma
    for read, exact in found["values"]:
        assert read == pytest.approx(exact, rel=1e-3, abs=1e-3)


def test_a_far_code_s_posterior_is_looked_for_further_out(modules):
    """p(x|z) = exp(-|z - m|^2 / 2): the hill lies halfway between m and 0."""
    found = modules.evaluate(
        """async (far) => {
          const { PosteriorSquares } = await import("/maths/posterior_squares.js");
          const search = new PosteriorSquares({ mu: [far, 0], logvar: [0, 0] });
          while (!search.isDone) {
            const { points } = search;
            search.take(Float64Array.from({ length: points.length / 2 }, (_, n) =>
              -((points[2 * n] - far) ** 2 + points[2 * n + 1] ** 2) / 2));
          }
          return { evidence: search.logEvidence, reach: search.reach, isBound: search.isBound };
        }""",
        evidence.FAR_REACH,
    )
    expected = -0.25 * evidence.FAR_REACH**2 - np.log(2)
    assert found["evidence"] == pytest.approx(expected, abs=0.01)
    assert found["reach"] == evidence.FAR_REACH
    assert found["isBound"] is False
