"""Estimators from samples of a Gaussian, and how far they spread around what they estimate.

Two estimators of the gradient of E[f(z)], z ~ N(mu, sigma^2), which is what training a VAE's
encoder needs, and the spread of a Monte Carlo KL. Noise is an argument, never drawn here.
Shapes: E estimates of L samples each; everything is one-dimensional.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from numpy.polynomial.hermite_e import hermegauss
from torch import Tensor

Function = Callable[[Tensor], Tensor]  # elementwise and differentiable

NODES = 100  # of the quadrature: exact for polynomials up to degree 199


class Gradient(NamedTuple):
    """What E[f(z)] gains for a small change of mu and of sigma."""

    mu: Tensor
    sigma: Tensor


class Spread(NamedTuple):
    """Expected value and standard deviation of an estimate from one sample."""

    expected: Gradient
    deviation: Gradient


def _score_samples(f: Function, mu: float, sigma: float, noise: Tensor) -> Gradient:
    values = f(mu + sigma * noise)
    return Gradient(values * noise / sigma, values * (noise.square() - 1) / sigma)


def _reparameterised_samples(f: Function, mu: float, sigma: float, noise: Tensor) -> Gradient:
    z = (mu + sigma * noise).requires_grad_()
    (slope,) = torch.autograd.grad(f(z).sum(), z)
    return Gradient(slope, slope * noise)


def score_function_gradient(f: Function, mu: float, sigma: float, noise: Tensor) -> Gradient:
    """The mean of f(z) times the slope of log N(z; mu, sigma^2) in mu and in sigma.

    With z = mu + sigma * noise that is f(z) noise / sigma and f(z) (noise^2 - 1) / sigma: f is only
    evaluated, never differentiated. noise (E, L); returns two (E,). Williams 1992 (REINFORCE).
    """
    samples = _score_samples(f, mu, sigma, noise)
    return Gradient(samples.mu.mean(dim=-1), samples.sigma.mean(dim=-1))


def reparameterised_gradient(f: Function, mu: float, sigma: float, noise: Tensor) -> Gradient:
    """The mean slope of f(mu + sigma * noise) in mu and in sigma: f'(z) and f'(z) noise.

    noise (E, L); returns two (E,). Kingma & Welling 2014, section 2.4.
    """
    samples = _reparameterised_samples(f, mu, sigma, noise)
    return Gradient(samples.mu.mean(dim=-1), samples.sigma.mean(dim=-1))


def _spread(samples: Gradient, weights: Tensor) -> Spread:
    expected = Gradient(*((weights * part).sum() for part in samples))
    squares = [(weights * part.square()).sum() for part in samples]
    variances = [s - e.square() for s, e in zip(squares, expected, strict=True)]
    return Spread(expected, Gradient(*(v.clamp(min=0).sqrt() for v in variances)))


def gradient_spreads(f: Function, mu: float, sigma: float) -> tuple[Spread, Spread]:
    """Both estimators from one sample: score function, reparameterised; by Gauss and Hermite.

    The mean of L samples spreads 1 / sqrt(L) as far.
    """
    nodes, weights = (torch.from_numpy(part) for part in hermegauss(NODES))
    weights = weights / weights.sum()
    return (
        _spread(_score_samples(f, mu, sigma, nodes), weights),
        _spread(_reparameterised_samples(f, mu, sigma, nodes), weights),
    )


def kl_deviation(mu_q: Tensor, logvar_q: Tensor, mu_p: Tensor, logvar_p: Tensor) -> Tensor:
    """Standard deviation of log q(z) - log p(z) for one z ~ q, two Gaussians: (N,) each to (N,).

    In z = mu_q + sigma_q e that difference is c + b e + a e^2 with b = sigma_q (mu_q - mu_p) /
    sigma_p^2 and a = (sigma_q^2 / sigma_p^2 - 1) / 2, so its variance is b^2 + 2 a^2. The mean of L
    samples spreads 1 / sqrt(L) as far.
    """
    linear = torch.exp(0.5 * logvar_q - logvar_p) * (mu_q - mu_p)
    quadratic = 0.5 * torch.expm1(logvar_q - logvar_p)
    return (linear.square() + 2 * quadratic.square()).sqrt()
