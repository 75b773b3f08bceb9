"""Fits to a two-humped density against scipy's integrals, closed forms and a search by grid."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from explorer.mixtures import (
    Mixture,
    forward_fit,
    forward_kl,
    log_gaussian,
    reverse_fits,
    reverse_kl,
)

FAR = Mixture(0.5, (-2.5, 2.5), (0.5, 0.5))
UNEVEN = Mixture(0.3, (-2.0, 1.5), (0.4, 0.9))
NEAR = Mixture(0.6, (-0.4, 0.5), (0.8, 1.1))
MIXTURES = [FAR, UNEVEN, NEAR]


def density(mixture: Mixture, z: float) -> float:
    shares = (mixture.weight, 1 - mixture.weight)
    parts = zip(shares, mixture.means, mixture.sigmas, strict=True)
    return sum(share * stats.norm.pdf(z, mean, sigma) for share, mean, sigma in parts)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_log_density_is_scipys(mixture: Mixture):
    z = np.linspace(-4, 4, 33)
    np.testing.assert_allclose(np.exp(mixture.log_density(z)), density(mixture, z))
    assert np.isfinite(mixture.log_density(np.array([-1e3, 1e3]))).all()


@pytest.mark.parametrize("mixture", MIXTURES)
def test_moments_are_the_integrals(mixture: Mixture):
    def integral(power: int) -> float:
        points = {"points": mixture.means, "limit": 200}
        return integrate.quad(lambda z: z**power * density(mixture, z), -12, 12, **points)[0]

    mean, sigma = mixture.moments()
    assert mean == pytest.approx(integral(1))
    assert sigma**2 + mean**2 == pytest.approx(integral(2))


@pytest.mark.parametrize("mixture", MIXTURES)
@pytest.mark.parametrize(("mu", "sigma"), [(0.2, 1.4), (-2.0, 0.6)])
def test_both_divergences_are_scipys_integrals(mixture: Mixture, mu: float, sigma: float):
    def forward(z: float) -> float:
        p = density(mixture, z)
        return p * (math.log(p) - stats.norm.logpdf(z, mu, sigma))

    def reverse(z: float) -> float:
        log_q = stats.norm.logpdf(z, mu, sigma)
        return math.exp(log_q) * (log_q - math.log(density(mixture, z)))

    points = {"points": (*mixture.means, mu), "limit": 200}
    assert forward_kl(mixture, mu, sigma) == pytest.approx(
        integrate.quad(forward, -9, 9, **points)[0], abs=1e-6
    )
    low, high = mu - 8 * sigma, mu + 8 * sigma
    assert reverse_kl(mixture, mu, sigma) == pytest.approx(
        integrate.quad(reverse, low, high, **points)[0], abs=1e-5
    )


def test_one_hump_is_fitted_exactly_in_both_directions():
    """Two equal humps in one place are a Gaussian, and its own best fit."""
    single = Mixture(0.3, (0.7, 0.7), (1.3, 1.3))
    for fit in (forward_fit(single), *reverse_fits(single)):
        assert fit.mu == pytest.approx(0.7, abs=1e-4)
        assert fit.sigma == pytest.approx(1.3, abs=1e-4)
        assert fit.forward == pytest.approx(0, abs=1e-6)
        assert fit.reverse == pytest.approx(0, abs=1e-6)
    assert log_gaussian(np.array([0.7]), 0.7, 1.3) == pytest.approx(stats.norm.logpdf(0, 0, 1.3))


@pytest.mark.parametrize("mixture", MIXTURES)
def test_no_gaussian_of_a_grid_is_closer_than_the_fits(mixture: Mixture):
    best = min(fit.reverse for fit in reverse_fits(mixture))
    forward = forward_fit(mixture).forward
    for mu in np.linspace(-4, 4, 33):
        for sigma in np.geomspace(0.2, 4, 20):
            assert reverse_kl(mixture, mu, sigma) > best - 1e-9
            assert forward_kl(mixture, mu, sigma) > forward - 1e-9


def test_forward_covers_both_humps_and_reverse_seeks_one():
    covering = forward_fit(FAR)
    assert covering.mu == pytest.approx(0)
    assert covering.sigma == pytest.approx(math.sqrt(2.5**2 + 0.5**2))
    first, second, third = reverse_fits(FAR)
    left, right = sorted((first, second))
    for fit, mean in ((left, -2.5), (right, 2.5)):
        assert fit.mu == pytest.approx(mean, abs=1e-2)
        assert fit.sigma == pytest.approx(0.5, abs=1e-2)
        # One hump alone has all of q: what is lost is the other's share.
        assert fit.reverse == pytest.approx(math.log(2), abs=1e-3)
    # A third minimum spans both humps, narrower than the forward fit and far from the least.
    assert third.mu == pytest.approx(0, abs=1e-3)
    assert third.sigma < covering.sigma
    assert third.reverse > 3


def test_of_two_humps_the_heavier_comes_first():
    best, other = reverse_fits(UNEVEN)[:2]
    assert best.mu > 1
    assert other.mu < -1
    assert best.reverse < other.reverse
    assert best.reverse == pytest.approx(-math.log(0.7), abs=0.02)


def test_humps_that_flow_together_have_one_minimum():
    assert len(reverse_fits(NEAR)) == 1
