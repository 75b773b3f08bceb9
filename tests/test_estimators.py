"""Both gradient estimators and the KL's spread, against closed forms, torch and samples."""

import math

import pytest
import torch
from scipy import integrate
from torch.distributions import Normal

from explorer.estimators import (
    gradient_spreads,
    kl_deviation,
    reparameterised_gradient,
    score_function_gradient,
)

PLACES = [(0.0, 1.0), (1.5, 0.5), (-2.0, 1.7)]


def square(z: torch.Tensor) -> torch.Tensor:
    return z.square()


def noise(estimates: int, samples: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(estimates, samples, generator=generator, dtype=torch.float64)


def slopes(f, mu: float, sigma: float) -> tuple[float, float]:
    """The exact gradient of E[f(z)], by numerical integrals of f'(z) and f'(z) noise."""

    def integrand(e: float, power: int) -> float:
        z = torch.tensor(mu + sigma * e, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(f(z), z)
        return slope.item() * e**power * math.exp(-0.5 * e * e) / math.sqrt(2 * math.pi)

    mu_slope, sigma_slope = (integrate.quad(integrand, -9, 9, args=(n,))[0] for n in (0, 1))
    return mu_slope, sigma_slope


@pytest.mark.parametrize("f", [square, torch.sin, torch.tanh])
@pytest.mark.parametrize(("mu", "sigma"), PLACES)
def test_both_estimators_mean_the_exact_gradient(f, mu: float, sigma: float):
    exact = slopes(f, mu, sigma)
    for spread in gradient_spreads(f, mu, sigma):
        assert spread.expected.mu.item() == pytest.approx(exact[0], abs=1e-6)
        assert spread.expected.sigma.item() == pytest.approx(exact[1], abs=1e-6)


@pytest.mark.parametrize(("mu", "sigma"), PLACES)
def test_the_spreads_of_a_square_are_the_closed_forms(mu: float, sigma: float):
    score, path = gradient_spreads(square, mu, sigma)
    assert path.deviation.mu.item() == pytest.approx(2 * sigma)
    assert path.deviation.sigma.item() == pytest.approx(math.sqrt(4 * mu**2 + 8 * sigma**2))
    level, tilt, bend = mu**2, 2 * mu * sigma, sigma**2  # z^2 = level + tilt e + bend e^2
    mixed = tilt**2 + 2 * level * bend
    of_mu = (level**2 + 3 * mixed + 15 * bend**2) / sigma**2 - (2 * mu) ** 2
    of_sigma = (2 * level**2 + 10 * mixed + 78 * bend**2) / sigma**2 - (2 * sigma) ** 2
    assert score.deviation.mu.item() == pytest.approx(math.sqrt(of_mu))
    assert score.deviation.sigma.item() == pytest.approx(math.sqrt(of_sigma))


@pytest.mark.parametrize("estimate", [score_function_gradient, reparameterised_gradient])
def test_an_estimate_spreads_as_it_should_around_the_truth(estimate):
    mu, sigma, samples = 0.7, 0.9, 25
    found = estimate(square, mu, sigma, noise(20_000, samples))
    spread = gradient_spreads(square, mu, sigma)[estimate is reparameterised_gradient]
    for part, truth in (("mu", 2 * mu), ("sigma", 2 * sigma)):
        values = getattr(found, part)
        expected = getattr(spread.deviation, part).item() / math.sqrt(samples)
        assert values.shape == (20_000,)
        assert values.mean().item() == pytest.approx(truth, abs=5 * expected / math.sqrt(20_000))
        assert values.std().item() == pytest.approx(expected, rel=0.05)


def test_the_reparameterised_one_is_autograds_gradient_in_mu_and_sigma():
    draws = noise(1, 40)
    mu, sigma = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.3, 1.2))
    torch.sin(mu + sigma * draws).mean().backward()
    found = reparameterised_gradient(torch.sin, 0.3, 1.2, draws)
    assert found.mu.item() == pytest.approx(mu.grad.item())
    assert found.sigma.item() == pytest.approx(sigma.grad.item())


def test_the_score_function_weighs_values_by_the_slope_of_the_log_density():
    draws = noise(1, 40)
    mu, sigma = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.3, 1.2))
    z = (mu + sigma * draws).detach()
    (Normal(mu, sigma).log_prob(z) * z.square()).mean().backward()
    found = score_function_gradient(square, 0.3, 1.2, draws)
    assert found.mu.item() == pytest.approx(mu.grad.item())
    assert found.sigma.item() == pytest.approx(sigma.grad.item())


def test_a_constant_changes_the_spread_of_the_score_function_alone():
    low = gradient_spreads(square, 0.5, 0.8)
    high = gradient_spreads(lambda z: z.square() + 10, 0.5, 0.8)
    assert high[0].expected.mu.item() == pytest.approx(low[0].expected.mu.item())
    assert high[0].deviation.mu > 3 * low[0].deviation.mu
    assert high[1].deviation.mu.item() == pytest.approx(low[1].deviation.mu.item())


@pytest.mark.parametrize("q", [(0.0, 1.0), (1.3, 0.4), (-0.5, 2.0)])
@pytest.mark.parametrize("p", [(0.0, 1.0), (0.8, 1.6)])
def test_the_spread_of_a_monte_carlo_kl_is_the_integral(q, p):
    of_q, of_p = (Normal(*(torch.tensor(v).double() for v in pair)) for pair in (q, p))

    def moment(power: int) -> float:
        def integrand(z: float) -> float:
            at = torch.tensor(z).double()
            log_q = of_q.log_prob(at)
            return (log_q.exp() * (log_q - of_p.log_prob(at)) ** power).item()

        return integrate.quad(integrand, q[0] - 9 * q[1], q[0] + 9 * q[1])[0]

    expected = math.sqrt(max(0.0, moment(2) - moment(1) ** 2))
    tensors = [torch.tensor(v).double() for v in (q[0], 2 * math.log(q[1]))]
    tensors += [torch.tensor(v).double() for v in (p[0], 2 * math.log(p[1]))]
    assert kl_deviation(*tensors).item() == pytest.approx(expected, abs=1e-6)
