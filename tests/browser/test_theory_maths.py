"""The maths of the page 'Theory''s sections against torch, scipy and the library."""

import math

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from explorer import likelihoods, mixtures
from explorer.estimators import (
    gradient_spreads,
    kl_deviation,
    reparameterised_gradient,
    score_function_gradient,
)
from explorer.objectives import (
    bernoulli_reconstruction,
    gaussian_reconstruction,
    kl_between_gaussians,
    kl_monte_carlo,
    kl_to_standard_normal,
    log_posterior,
    log_prior,
    reparameterize,
)
from explorer.ui.formulas import DIFFERENCES

FUNCTIONS = {
    "square": torch.square,
    "raised": lambda z: z.square() + 10,
    "sine": torch.sin,
}
GAUSSIANS = [(0.0, 1.0, 0.0, 1.0), (1.2, 0.4, 0.0, 1.0), (-2.0, 1.6, 0.7, 0.5)]  # mu, sigma twice
MIXTURES = [
    mixtures.Mixture(0.5, (-2.5, 2.5), (0.5, 0.5)),
    mixtures.Mixture(0.3, (-2.0, 1.5), (0.4, 0.9)),
    mixtures.Mixture(0.6, (-0.4, 0.5), (0.8, 1.1)),
    mixtures.Mixture(0.9, (3.0, -3.0), (0.25, 1.5)),
    mixtures.Mixture(0.5, (0.0, 0.0), (1.0, 1.0)),
]


def as_humps(mixture: mixtures.Mixture) -> dict:
    return {"weight": mixture.weight, "means": mixture.means, "sigmas": mixture.sigmas}


def logvar(sigma: float) -> torch.Tensor:
    return torch.tensor(2 * math.log(sigma), dtype=torch.float64)


@pytest.mark.parametrize("kind", FUNCTIONS)
@pytest.mark.parametrize(("mu", "sigma"), [(0.0, 1.0), (1.5, 0.4), (-2.0, 1.8)])
def test_truth_and_spreads_are_the_quadratures(modules, kind: str, mu: float, sigma: float):
    found = modules.evaluate(
        """async ([kind, mu, sigma]) => {
          const { exactGradient } = await import("/maths/gradient_estimates.js");
          return exactGradient(kind, mu, sigma, 10);
        }""",
        [kind, mu, sigma],
    )
    score, path = gradient_spreads(FUNCTIONS[kind], mu, sigma)
    for by in ("mu", "sigma"):
        assert found["exact"][by] == pytest.approx(getattr(path.expected, by).item(), abs=1e-9)
        for name, spread in (("score", score), ("path", path)):
            expected = getattr(spread.deviation, by).item() / math.sqrt(10)
            assert found[name][by] == pytest.approx(expected, rel=1e-9, abs=DIFFERENCES["gradient"])


@pytest.mark.parametrize("kind", FUNCTIONS)
@pytest.mark.parametrize("by", ["mu", "sigma"])
def test_estimates_are_the_librarys_of_the_same_noise(modules, kind: str, by: str):
    mu, sigma, estimates, samples = 0.8, 0.6, 50, 10
    found = modules.evaluate(
        """async ([kind, options]) => {
          const { standardNormals } = await import("/maths/random.js");
          const { gradientEstimates } = await import("/maths/gradient_estimates.js");
          const noise = standardNormals(options.estimates * options.samples, 7);
          const { score, path } = gradientEstimates(kind, options, noise);
          return { score: [...score], path: [...path], noise: [...noise] };
        }""",
        [
            kind,
            {"mu": mu, "sigma": sigma, "by": by, "samples": samples, "estimates": estimates},
        ],
    )
    noise = torch.tensor(found["noise"], dtype=torch.float64).reshape(estimates, samples)
    for name, estimate in (("score", score_function_gradient), ("path", reparameterised_gradient)):
        expected = getattr(estimate(FUNCTIONS[kind], mu, sigma, noise), by)
        np.testing.assert_allclose(found[name], expected.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("numbers", GAUSSIANS)
def test_kl_its_special_case_and_its_spread(modules, numbers):
    general, special, deviation = modules.evaluate(
        """async (numbers) => {
          const kl = await import("/maths/gaussian_kl.js");
          return [
            kl.klBetweenGaussians(...numbers),
            kl.klFromStandardNormal(numbers[0], numbers[1]),
            kl.klSampleDeviation(...numbers),
          ];
        }""",
        numbers,
    )
    q, p = Normal(*map(torch.tensor, numbers[:2])), Normal(*map(torch.tensor, numbers[2:]))
    assert general == pytest.approx(kl_divergence(q, p).item(), abs=1e-6)
    mu_q, mu_p = (torch.tensor([numbers[n]], dtype=torch.float64) for n in (0, 2))
    log_q, log_p = (logvar(numbers[n])[None] for n in (1, 3))
    assert general == pytest.approx(kl_between_gaussians(mu_q, log_q, mu_p, log_p).item())
    assert special == pytest.approx(kl_to_standard_normal(mu_q, log_q).item())
    assert deviation == pytest.approx(kl_deviation(mu_q, log_q, mu_p, log_p).item())


KL_ESTIMATES = """async ([numbers, samples, estimates]) => {
  const { standardNormals } = await import("/maths/random.js");
  const { klEstimates } = await import("/maths/gaussian_kl.js");
  const noise = standardNormals(estimates * samples, 3);
  return { noise: [...noise], found: [...klEstimates(numbers, samples, estimates, noise)] };
}"""


@pytest.mark.parametrize("numbers", GAUSSIANS)
def test_kl_estimates_are_torchs(modules, numbers):
    read = modules.evaluate(KL_ESTIMATES, [numbers, 10, 40])
    noise = torch.tensor(read["noise"], dtype=torch.float64).reshape(40, 10)
    q, p = (Normal(*(torch.tensor(v).double() for v in numbers[n : n + 2])) for n in (0, 2))
    z = q.loc + q.scale * noise
    expected = (q.log_prob(z) - p.log_prob(z)).mean(dim=1)
    np.testing.assert_allclose(read["found"], expected.numpy(), atol=1e-9)
    if numbers[2:] == (0.0, 1.0):
        mu = torch.full((40, 1), numbers[0], dtype=torch.float64)
        library = kl_monte_carlo(mu, logvar(numbers[1]).expand(40, 1), noise.T[..., None])
        np.testing.assert_allclose(read["found"], library.numpy(), atol=1e-9)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_both_divergences_are_the_librarys(modules, mixture):
    places = [(0.2, 1.4), (-2.0, 0.6), (2.9, 0.3)]
    found = modules.evaluate(
        """async ([humps, places]) => {
          const { forwardKl, reverseKl, logTwoHumps } = await import("/maths/two_humps.js");
          return {
            both: places.map(([mu, sigma]) => [
              forwardKl(humps, { mu, sigma }), reverseKl(humps, { mu, sigma }),
            ]),
            logs: [-400, -2, 0, 0.5, 3].map((z) => logTwoHumps(humps, z)),
          };
        }""",
        [as_humps(mixture), places],
    )
    for (mu, sigma), (forward, reverse) in zip(places, found["both"], strict=True):
        assert forward == pytest.approx(mixtures.forward_kl(mixture, mu, sigma), abs=1e-5)
        assert reverse == pytest.approx(mixtures.reverse_kl(mixture, mu, sigma), abs=1e-4)
    logs = mixture.log_density(np.array([-400, -2, 0, 0.5, 3]))
    np.testing.assert_allclose(found["logs"], logs, rtol=1e-9)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_fits_are_the_librarys(modules, mixture):
    """The same local minima as scipy's, whatever the way to them."""
    found = modules.evaluate(
        """async (humps) => {
          const { forwardFit, reverseFits } = await import("/maths/two_humps.js");
          return { forward: forwardFit(humps), reverse: reverseFits(humps) };
        }""",
        as_humps(mixture),
    )
    expected = mixtures.forward_fit(mixture)
    for key in ("mu", "sigma", "forward"):
        assert found["forward"][key] == pytest.approx(getattr(expected, key), abs=1e-5)
    fits = mixtures.reverse_fits(mixture)
    assert len(found["reverse"]) == len(fits)
    for key in ("mu", "sigma", "reverse"):
        ours = sorted(fit[key] for fit in found["reverse"])
        theirs = sorted(getattr(fit, key) for fit in fits)
        np.testing.assert_allclose(ours, theirs, atol=DIFFERENCES["modes"])
    best = found["reverse"][0]["reverse"]
    assert best == pytest.approx(min(fit.reverse for fit in fits), abs=1e-4)


def test_no_fit_fails_anywhere_the_controls_reach(modules):
    """Random humps: each fit is finite, and no start of either kind is lower than the best."""
    rng = np.random.default_rng(0)
    for _ in range(40):
        weight, means, sigmas = rng.uniform(0.05, 0.95), rng.uniform(-4, 4, 2), None
        sigmas = rng.uniform(0.2, 2, 2)
        mixture = mixtures.Mixture(float(weight), tuple(means), tuple(sigmas))
        fits = modules.evaluate(
            """async (humps) => {
              const { reverseFits } = await import("/maths/two_humps.js");
              return reverseFits(humps);
            }""",
            {"weight": weight, "means": means.tolist(), "sigmas": sigmas.tolist()},
        )
        assert fits
        for mu, sigma in (*zip(means, sigmas, strict=True), mixture.moments()):
            assert fits[0]["reverse"] <= mixtures.reverse_kl(mixture, mu, sigma) + 1e-3


def test_gaussian_nats_and_their_beta(modules):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 1, 5, 4, generator=generator)
    mean = torch.rand(1, 1, 5, 4, generator=generator)
    found = modules.evaluate(
        """async ([means, x]) => {
          const maths = await import("/maths/squared_error.js");
          const error = maths.squaredErrorOf(means, x);
          return {
            nats: maths.gaussianNats(error, x.length, 0.3).sum,
            betas: [[1, 1], [0.5, 1], [1, 784]].map((f) => maths.betaOfSigma(0.3, ...f)),
            sigmas: [[1, 1], [0.5, 1], [1, 784]].map((f) => maths.sigmaOfBeta(2, ...f)),
          };
        }""",
        [mean.flatten().tolist(), x.flatten().tolist()],
    )
    expected = gaussian_reconstruction(mean, x, torch.tensor(math.log(0.3))).item()
    assert found["nats"] == pytest.approx(expected, rel=1e-5)
    kinds = [{}, {"factor": 0.5}, {"averaged_pixels": 784}]
    assert found["betas"] == pytest.approx([likelihoods.beta_of_sigma(0.3, **k) for k in kinds])
    assert found["sigmas"] == pytest.approx([likelihoods.sigma_of_beta(2, **k) for k in kinds])


def test_counts_and_deviation_are_numpys(modules):
    values = np.random.default_rng(0).normal(size=300)
    found = modules.evaluate(
        """async (values) => {
          const { binCounts, meanAndDeviation, roundAbove } = await import("/maths/bins.js");
          const { counts, below, above } = binCounts(values, [-1, 2], 12);
          return {
            counts: [...counts], below, above, ...meanAndDeviation(values),
            round: [0.011, 0.02, 3.1, 900].map(roundAbove),
          };
        }""",
        values.tolist(),
    )
    assert found["counts"] == np.histogram(values, 12, (-1, 2))[0].tolist()
    assert found["below"] == (values < -1).sum()
    assert found["above"] == (values > 2).sum()
    assert found["mean"] == pytest.approx(values.mean())
    assert found["deviation"] == pytest.approx(values.std(ddof=1))
    assert found["round"] == pytest.approx([0.015, 0.02, 4, 1000])


def test_elbo_samples_are_the_librarys_terms(modules):
    """Of a decoder of two layers: with the KL in closed form, and from the same sample."""
    rng = np.random.default_rng(0)
    shapes = ((7, 2), (9, 7))
    weights = [rng.normal(size=shape) for shape in shapes]
    biases = [rng.normal(size=rows) for rows, _ in shapes]
    image, noise = rng.uniform(size=9), rng.normal(size=(11, 2))
    mu, log_variance = np.array([0.4, -1.1]), np.array([-1.5, 0.3])
    found = modules.evaluate(
        """async ([weights, biases, mu, logvar, image, noise]) => {
          const { Mlp } = await import("/maths/mlp.js");
          const { elboSamples } = await import("/maths/elbo_samples.js");
          const tensors = {};
          weights.forEach((rows, n) => {
            const shape = [rows.length, rows[0].length];
            const values = Float32Array.from(rows.flat());
            tensors[`${n}.weight`] = { shape, values };
            tensors[`${n}.bias`] = { values: Float32Array.from(biases[n]) };
          });
          const decoder = Mlp.fromTensors(tensors, "");
          const x = Float32Array.from(image);
          const found = elboSamples(decoder, { mu, logvar }, x, Float32Array.from(noise));
          return { closed: [...found.closed], sampled: [...found.sampled] };
        }""",
        [
            [weight.tolist() for weight in weights],
            [bias.tolist() for bias in biases],
            *(part.ravel().tolist() for part in (mu, log_variance, image, noise)),
        ],
    )
    q_mu, q_logvar = (torch.tensor(part)[None] for part in (mu, log_variance))
    e = torch.tensor(noise)[:, None]  # (11, 1, 2)
    z = reparameterize(q_mu, q_logvar, e)
    hidden = torch.relu(z @ torch.tensor(weights[0]).T + torch.tensor(biases[0]))
    logits = (hidden @ torch.tensor(weights[1]).T + torch.tensor(biases[1])).reshape(11, 1, 1, 3, 3)
    nats = bernoulli_reconstruction(logits, torch.tensor(image).reshape(1, 1, 3, 3))[:, 0]
    closed = nats + kl_to_standard_normal(q_mu, q_logvar)
    sampled = nats + (log_posterior(q_logvar, e) - log_prior(z))[:, 0]
    np.testing.assert_allclose(found["closed"], closed.numpy(), atol=1e-3)
    np.testing.assert_allclose(found["sampled"], sampled.numpy(), atol=DIFFERENCES["montecarlo"])


def test_means_from_a_pool_spread_with_the_root_of_their_samples(modules):
    pool = np.random.default_rng(1).normal(3, 2, size=500)
    means = modules.evaluate(
        """async (pool) => {
          const { meansFromPool } = await import("/maths/elbo_samples.js");
          return [...meansFromPool(pool, 16, 4000, 5)];
        }""",
        pool.tolist(),
    )
    assert np.mean(means) == pytest.approx(pool.mean(), abs=5 * 0.5 / np.sqrt(4000))
    assert np.std(means) == pytest.approx(pool.std() / 4, rel=0.06)
