"""A density of two humps, and the one Gaussian that is closest to it in either direction of KL.

One-dimensional. KL(p || q) asks q to be wherever p is, KL(q || p) asks it to be nowhere else.
Integrals are sums over a fine grid (the trapezoid rule, which is as good as exact for smooth
densities that vanish at both ends); numpy alone, and scipy where something is minimised.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

GRID = 20_001  # points of an integral
REACH = 10.0  # sigma on both sides that an integral takes in
SAME = 1e-3  # two fits nearer than this, in mu and in log sigma, are one


class Fit(NamedTuple):
    """A Gaussian, and both divergences between it and the mixture, in nats."""

    mu: float
    sigma: float
    forward: float  # KL(p || q)
    reverse: float  # KL(q || p)


class Mixture(NamedTuple):
    """p(z) = weight N(z; mean_1, sigma_1^2) + (1 - weight) N(z; mean_2, sigma_2^2)."""

    weight: float  # of the first hump, between 0 and 1
    means: tuple[float, float]
    sigmas: tuple[float, float]

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """log p(z), finite far outside the humps as well; any shape."""
        shares = (self.weight, 1 - self.weight)
        parts = [
            math.log(share) + log_gaussian(z, mean, sigma)
            for share, mean, sigma in zip(shares, self.means, self.sigmas, strict=True)
        ]
        return np.logaddexp(*parts)

    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation."""
        shares = np.array([self.weight, 1 - self.weight])
        means, sigmas = np.array(self.means), np.array(self.sigmas)
        mean = float(shares @ means)
        return mean, math.sqrt(shares @ (sigmas**2 + (means - mean) ** 2))


def log_gaussian(z: np.ndarray, mu: float, sigma: float) -> np.ndarray:
    """log N(z; mu, sigma^2)."""
    return -0.5 * ((z - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * math.log(2 * math.pi)


def forward_kl(mixture: Mixture, mu: float, sigma: float) -> float:
    """KL(p || q) = integral of p (log p - log q), q = N(mu, sigma^2)."""
    low = min(m - REACH * s for m, s in zip(mixture.means, mixture.sigmas, strict=True))
    high = max(m + REACH * s for m, s in zip(mixture.means, mixture.sigmas, strict=True))
    z = np.linspace(low, high, GRID)
    log_p = mixture.log_density(z)
    return float(np.trapezoid(np.exp(log_p) * (log_p - log_gaussian(z, mu, sigma)), z))


def reverse_kl(mixture: Mixture, mu: float, sigma: float) -> float:
    """KL(q || p) = integral of q (log q - log p), q = N(mu, sigma^2)."""
    z = np.linspace(mu - REACH * sigma, mu + REACH * sigma, GRID)
    log_q = log_gaussian(z, mu, sigma)
    return float(np.trapezoid(np.exp(log_q) * (log_q - mixture.log_density(z)), z))


def _fit(mixture: Mixture, mu: float, sigma: float) -> Fit:
    return Fit(mu, sigma, forward_kl(mixture, mu, sigma), reverse_kl(mixture, mu, sigma))


def forward_fit(mixture: Mixture) -> Fit:
    """The Gaussian with the least KL(p || q): the one with the mixture's mean and deviation.

    Of KL(p || q) only -E_p[log q] depends on q, and that is least where both moments agree. It
    covers both humps and the gap between them. Bishop 2006, section 10.1.2.
    """
    return _fit(mixture, *mixture.moments())


def reverse_fits(mixture: Mixture) -> list[Fit]:
    """All local minima of KL(q || p) that are found from either hump and from the forward fit.

    The least comes first; with humps well apart each has its own minimum, and the integral is
    minimised in (mu, log sigma) by scipy's quasi-Newton method, since no closed form exists.
    """
    from scipy.optimize import minimize

    starts = [*zip(mixture.means, mixture.sigmas, strict=True), mixture.moments()]
    found: list[Fit] = []
    for mu, sigma in starts:
        result = minimize(
            lambda v: reverse_kl(mixture, v[0], math.exp(v[1])),
            (mu, math.log(sigma)),
            method="BFGS",
            options={"gtol": 1e-7},
        )
        if not _is_minimum(mixture, *result.x):
            continue  # the search came to rest on a saddle, as between two equal humps
        fit = _fit(mixture, float(result.x[0]), math.exp(result.x[1]))
        if not any(_are_same(fit, other) for other in found):
            found.append(fit)
    return sorted(found, key=lambda fit: fit.reverse)


def _are_same(one: Fit, other: Fit) -> bool:
    return abs(one.mu - other.mu) < SAME and abs(math.log(one.sigma / other.sigma)) < SAME


def _is_minimum(mixture: Mixture, mu: float, log_sigma: float, step: float = 1e-2) -> bool:
    """Whether no place around is lower: eight directions, a small step away."""
    here = reverse_kl(mixture, mu, math.exp(log_sigma))
    angles = np.arange(8) * math.pi / 4
    around = [
        reverse_kl(mixture, mu + step * math.cos(a), math.exp(log_sigma + step * math.sin(a)))
        for a in angles
    ]
    return min(around) > here
