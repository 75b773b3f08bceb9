"""Quadrature of log p(x) against closed forms, against sampling, and against itself."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from explorer import evidence
from explorer.checkpoints import load_checkpoint
from explorer.objectives import iwae_nll
from explorer.places import checkpoint_root

WEIGHT = torch.tensor([[1.0, 0.5], [-2.0, 4.0], [0.3, 3.0]], dtype=torch.float64)  # (3, 2)
SIGMA = 0.3
X = torch.tensor([1.2, 3.0, 2.5], dtype=torch.float64)


def linear_log_likelihood(z: torch.Tensor) -> torch.Tensor:
    """log N(x; W z, SIGMA^2 I)."""
    squared = (X - z @ WEIGHT.T).square().sum(dim=1)
    return -0.5 * squared / SIGMA**2 - 3 * math.log(SIGMA * math.sqrt(2 * math.pi))


def linear_posterior() -> tuple[np.ndarray, np.ndarray]:
    """The Gaussian p(z|x) of the linear model: mean (2,), covariance (2, 2)."""
    weight = WEIGHT.numpy()
    covariance = np.linalg.inv(np.eye(2) + weight.T @ weight / SIGMA**2)
    return covariance @ weight.T @ X.numpy() / SIGMA**2, covariance


@pytest.fixture(scope="module")
def linear_squares() -> evidence.Squares:
    return evidence.posterior_squares(
        linear_log_likelihood, *map(torch.tensor, ([0.0, 0.8], [-4.0, -5.0]))
    )


def test_evidence_of_a_linear_gaussian_model(linear_squares):
    marginal = (WEIGHT @ WEIGHT.T).numpy() + SIGMA**2 * np.eye(3)
    expected = stats.multivariate_normal(np.zeros(3), marginal).logpdf(X.numpy())
    assert float(evidence.log_evidence(linear_squares)) == pytest.approx(expected, abs=2e-3)


def test_squares_tile_the_plane(linear_squares):
    assert float(linear_squares.sides.square().sum()) == pytest.approx((2 * evidence.REACH) ** 2)
    assert float(linear_squares.sides.min()) < 0.1 < float(linear_squares.sides.max())


@pytest.mark.parametrize("mu", [[0.0, 0.8], [0.3, 0.6]])
@pytest.mark.parametrize("logvar", [[-3.0, -5.0], [-6.0, -4.0]])
def test_elbo_and_kl_of_a_linear_gaussian_model(linear_squares, mu, logvar):
    """All three terms are Gaussian integrals, which numpy solves."""
    mean, covariance = linear_posterior()
    mu, variance = np.array(mu), np.exp(logvar)
    away = mean - mu
    precision = np.linalg.inv(covariance)
    kl = 0.5 * (
        np.trace(precision @ np.diag(variance))
        + away @ precision @ away
        - 2
        + np.linalg.slogdet(covariance)[1]
        - np.log(variance).sum()
    )
    q = torch.tensor(mu), torch.tensor(np.array(logvar))
    found = evidence.kl_to_posterior(linear_log_likelihood, linear_squares, *q)
    assert float(found) == pytest.approx(kl, abs=2e-3)
    residual = X.numpy() - WEIGHT.numpy() @ mu
    spread = np.trace(WEIGHT.numpy() @ np.diag(variance) @ WEIGHT.numpy().T)
    expected = -0.5 * (residual @ residual + spread) / SIGMA**2
    expected -= 3 * math.log(SIGMA * math.sqrt(2 * math.pi))
    expected -= 0.5 * (mu @ mu + variance.sum() - 2 - sum(logvar))
    assert float(evidence.elbo(linear_log_likelihood, *q)) == pytest.approx(expected, abs=1e-9)


def test_a_narrow_second_hump_far_away_is_found():
    """Two humps, one ten nats above its surroundings at any square of the first level."""

    def log_likelihood(z: torch.Tensor) -> torch.Tensor:
        humps = [((-1.31, 0.42), 0.05, 0.0), ((2.07, -1.63), 0.03, 3.0)]
        tents = [
            height - (((z - torch.tensor(place)) ** 2).sum(dim=1) / sigma**2) ** 0.5 * 2
            for place, sigma, height in humps
        ]
        return torch.stack([t.double() for t in tents]).logsumexp(0)

    side = torch.linspace(-0.5, 0.5, 1001, dtype=torch.float64)
    total = 0.0
    for place in ((-1.31, 0.42), (2.07, -1.63)):
        z = torch.cartesian_prod(side, side) + torch.tensor(place, dtype=torch.float64)
        joint = torch.exp(log_likelihood(z) + evidence.log_prior(z)).view(1001, 1001).numpy()
        total += integrate.simpson(integrate.simpson(joint, dx=0.001), dx=0.001)
    squares = evidence.posterior_squares(
        log_likelihood, torch.tensor([-1.31, 0.42]), torch.tensor([-6.0, -6.0])
    )
    assert float(evidence.log_evidence(squares)) == pytest.approx(math.log(total), abs=0.02)


def test_a_posterior_between_a_far_code_and_the_prior_is_found():
    """p(x|z) = exp(-|z - m|^2 / 2) with m far out: the hill lies halfway to 0, beyond REACH."""
    m = torch.tensor([13.0, 0.0], dtype=torch.float64)

    def log_likelihood(z: torch.Tensor) -> torch.Tensor:
        return -0.5 * (z - m).square().sum(dim=1)

    squares = evidence.posterior_squares(log_likelihood, m, torch.zeros(2))
    expected = -0.25 * float(m @ m) - math.log(2)  # of N(m; 0, 2 I), not normalised
    assert evidence.REACH < 13 / 2 < evidence.FAR_REACH
    assert float(evidence.log_evidence(squares)) == pytest.approx(expected, abs=0.01)


@pytest.fixture(scope="module")
def shipped():
    return load_checkpoint("mnist/vae-2d", checkpoint_root()).model


def test_the_gap_is_the_kl_for_real_test_digits(shipped, mnist):
    for index in range(5):
        x = mnist.test_images[index : index + 1]
        with torch.no_grad():
            mu, logvar = (part[0].double() for part in shipped.encode(x))
        found = evidence.identity(evidence.bernoulli_log_likelihood(shipped, x), mu, logvar)
        assert found.gap == pytest.approx(found.kl_to_posterior, abs=0.02)
        assert found.gap > 0


def test_evidence_agrees_with_importance_sampling(shipped, mnist):
    x = mnist.test_images[:1]
    with torch.no_grad():
        mu, logvar = (part[0].double() for part in shipped.encode(x))
        noise = torch.randn(20_000, 1, 2, generator=torch.Generator().manual_seed(0))
        sampled = -float(iwae_nll(shipped, x, noise))
    squares = evidence.posterior_squares(evidence.bernoulli_log_likelihood(shipped, x), mu, logvar)
    assert float(evidence.log_evidence(squares)) == pytest.approx(sampled, abs=0.05)
