"""Every term against a closed form, a numerical integral or another library."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from explorer.config import ModelConfig
from explorer.models import VAE
from explorer.objectives import (
    bernoulli_reconstruction,
    elbo_terms,
    gaussian_reconstruction,
    iwae_nll,
    kl_between_gaussians,
    kl_monte_carlo,
    kl_per_dimension,
    kl_to_standard_normal,
    log_posterior,
    log_prior,
    reparameterize,
    squared_error_reconstruction,
)


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_bernoulli_reconstruction_is_torchs_log_likelihood_of_binary_images():
    logits, x = 3 * normal(5, 1, 4, 3), (normal(5, 1, 4, 3, seed=1) > 0).double()
    expected = -Independent(Bernoulli(logits=logits), 3).log_prob(x)
    torch.testing.assert_close(bernoulli_reconstruction(logits, x), expected)


def test_bernoulli_reconstruction_of_grey_pixels_is_the_cross_entropy_summed_over_pixels():
    logits, x = normal(2, 1, 3, 3), torch.rand(2, 1, 3, 3, dtype=torch.float64)
    p = 1 / (1 + np.exp(-logits.numpy()))
    expected = -(x.numpy() * np.log(p) + (1 - x.numpy()) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(bernoulli_reconstruction(logits, x).numpy(), expected)


def test_bernoulli_reconstruction_is_finite_for_extreme_logits():
    logits = torch.tensor([1e4, -1e4]).reshape(1, 1, 1, 2)
    x = torch.tensor([0.0, 1.0]).reshape(1, 1, 1, 2)
    assert bernoulli_reconstruction(logits, x).item() == pytest.approx(2e4)


def test_gaussian_reconstruction_is_torchs_normal_likelihood():
    mean, x, log_sigma = normal(4, 1, 3, 2), normal(4, 1, 3, 2, seed=1), torch.tensor(-0.7).double()
    expected = -Independent(Normal(mean, log_sigma.exp()), 3).log_prob(x)
    torch.testing.assert_close(gaussian_reconstruction(mean, x, log_sigma), expected)


def test_gaussian_reconstruction_at_the_best_sigma_is_the_closed_form_of_the_mse():
    mean, x = normal(1, 1, 28, 28), normal(1, 1, 28, 28, seed=1)
    mse = (x - mean).square().mean()
    log_sigma = (0.5 * mse.log()).requires_grad_()
    nll = gaussian_reconstruction(mean, x, log_sigma)
    assert nll.item() == pytest.approx(392 * (math.log(2 * math.pi * mse) + 1))
    nll.sum().backward()
    assert log_sigma.grad.item() == pytest.approx(0, abs=1e-9)


def test_half_squared_error_is_the_gaussian_at_sigma_one_less_its_constant():
    mean, x = normal(3, 1, 2, 2), normal(3, 1, 2, 2, seed=1)
    gap = gaussian_reconstruction(mean, x, torch.zeros(())) - squared_error_reconstruction(mean, x)
    torch.testing.assert_close(gap, torch.full((3,), 2 * math.log(2 * math.pi)).double())


@pytest.mark.parametrize(("mu", "logvar"), [(0.0, 0.0), (1.3, -0.8), (-2.0, 1.1), (0.01, -6.0)])
def test_kl_per_dimension_is_the_integral(mu: float, logvar: float):
    q = Normal(torch.tensor(mu).double(), torch.tensor(math.exp(logvar / 2)).double())
    p = Normal(torch.tensor(0.0).double(), torch.tensor(1.0).double())

    def integrand(z: float) -> float:
        z = torch.tensor(z).double()
        return (q.log_prob(z).exp() * (q.log_prob(z) - p.log_prob(z))).item()

    sigma = math.exp(logvar / 2)
    integral, _ = integrate.quad(integrand, mu - 12 * sigma, mu + 12 * sigma, limit=200)
    kl = kl_per_dimension(torch.tensor([[mu]]).double(), torch.tensor([[logvar]]).double())
    assert kl.item() == pytest.approx(integral, abs=1e-7)


def test_kl_to_standard_normal_is_torchs_and_the_special_case_of_the_general_kl():
    mu, logvar = normal(6, 5), normal(6, 5, seed=1)
    zero = torch.zeros_like(mu)
    expected = kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(zero, zero + 1)).sum(dim=1)
    torch.testing.assert_close(kl_to_standard_normal(mu, logvar), expected)
    torch.testing.assert_close(kl_between_gaussians(mu, logvar, zero, zero), expected)


def test_kl_between_gaussians_is_torchs():
    mu_q, logvar_q, mu_p, logvar_p = (normal(6, 3, seed=s) for s in range(4))
    q, p = Normal(mu_q, (logvar_q / 2).exp()), Normal(mu_p, (logvar_p / 2).exp())
    torch.testing.assert_close(
        kl_between_gaussians(mu_q, logvar_q, mu_p, logvar_p), kl_divergence(q, p).sum(dim=1)
    )


def test_kl_keeps_its_digits_next_to_collapse():
    mu, logvar = torch.full((1, 1), 1e-4), torch.full((1, 1), 1e-4)
    exact = 0.5 * (1e-8 + 0.5e-8)
    assert kl_per_dimension(mu, logvar).item() == pytest.approx(exact, rel=2e-2)


def test_kl_monte_carlo_is_unbiased_and_narrows_with_the_root_of_the_samples():
    mu, logvar = normal(50, 3, seed=2), normal(50, 3, seed=3)
    repeats = 400
    spread = {}
    for samples in (1, 100):
        noise = normal(samples, repeats * 50, 3, seed=samples)
        estimates = kl_monte_carlo(mu.repeat(repeats, 1), logvar.repeat(repeats, 1), noise)
        errors = estimates.unflatten(0, (repeats, 50)) - kl_to_standard_normal(mu, logvar)
        spread[samples] = errors.std(dim=0)  # (50,)
        standard_errors = errors.mean(dim=0) / (spread[samples] / math.sqrt(repeats))
        assert standard_errors.abs().max() < 5
    ratio = (spread[1] / spread[100]).mean().item()
    assert ratio == pytest.approx(10, rel=0.1)


def test_log_densities_are_torchs():
    mu, logvar, noise = normal(4, 3), normal(4, 3, seed=1), normal(7, 4, 3, seed=2)
    z = reparameterize(mu, logvar, noise)
    q = Independent(Normal(mu, (logvar / 2).exp()), 1)
    p = Independent(Normal(torch.zeros(3).double(), 1.0), 1)
    torch.testing.assert_close(log_posterior(logvar, noise), q.log_prob(z))
    torch.testing.assert_close(log_prior(z), p.log_prob(z))


def test_reparameterize_passes_gradients_to_mu_and_logvar():
    mu, logvar = torch.zeros(1, 1, requires_grad=True), torch.zeros(1, 1, requires_grad=True)
    reparameterize(mu, logvar, torch.full((1, 1), 3.0)).sum().backward()
    assert mu.grad.item() == 1
    assert logvar.grad.item() == pytest.approx(1.5)  # d/dlogvar exp(logvar / 2) * 3


@pytest.fixture
def tiny_vae() -> tuple[VAE, torch.Tensor]:
    """A VAE with one latent dimension whose log p(x) an integral over z gives exactly."""
    vae = VAE(ModelConfig(2, 2, 1, (6,)), torch.Generator().manual_seed(3)).double()
    with torch.no_grad():
        for layer in vae.decoder:
            layer.weight *= 4
    return vae, torch.rand(3, 1, 2, 2, generator=torch.Generator().manual_seed(0)).double()


def normal_quantiles(count: int, images: int) -> torch.Tensor:
    """Noise (L, N, 1) at evenly spaced quantiles: the mean over L is then a quadrature."""
    quantiles = (torch.arange(count).double() + 0.5) / count
    return Normal(0.0, 1.0).icdf(quantiles).reshape(-1, 1, 1).expand(-1, images, -1)


def log_evidence(vae: VAE, x: torch.Tensor) -> torch.Tensor:
    """log p(x) by the trapezium rule over z, exact to many digits in one dimension."""
    z = torch.linspace(-9, 9, 4001).double().unsqueeze(1)  # (Z, 1)
    logits = vae.decoder(z).unsqueeze(1)  # (Z, 1, 1, H, W)
    log_joint = log_prior(z)[:, None] - bernoulli_reconstruction(
        logits.expand(-1, len(x), -1, -1, -1).double(), x
    )
    return torch.log(torch.trapezoid(log_joint.exp(), z[:, 0], dim=0))


@torch.no_grad()
def test_iwae_with_many_samples_is_the_evidence_by_quadrature(tiny_vae):
    vae, x = tiny_vae
    nll = iwae_nll(vae, x, normal_quantiles(20_000, len(x)))
    torch.testing.assert_close(nll, -log_evidence(vae, x), atol=1e-3, rtol=0)


@torch.no_grad()
def test_elbo_is_below_the_evidence_by_the_kl_to_the_true_posterior(tiny_vae):
    vae, x = tiny_vae
    reconstruction, kl = elbo_terms(vae, x, normal_quantiles(20_000, len(x)))
    mu, logvar = (t.double() for t in vae.encode(x))
    evidence = log_evidence(vae, x)
    z = torch.linspace(-9, 9, 4001).double()
    log_q = Normal(mu, (logvar / 2).exp()).log_prob(z)  # (N, Z)
    logits = vae.decoder(z[:, None]).unsqueeze(1).expand(-1, len(x), -1, -1, -1).double()
    log_joint = (log_prior(z[:, None])[:, None] - bernoulli_reconstruction(logits, x)).T  # (N, Z)
    gap = torch.trapezoid(log_q.exp() * (log_q - log_joint + evidence[:, None]), z, dim=1)
    torch.testing.assert_close(evidence + reconstruction + kl, gap, atol=1e-3, rtol=0)


@torch.no_grad()
def test_iwae_with_one_sample_is_the_one_sample_elbo_with_the_kl_estimated(tiny_vae):
    vae, x = tiny_vae
    noise = normal(1, len(x), 1, seed=5)
    reconstruction, _ = elbo_terms(vae, x, noise)
    mu, logvar = vae.encode(x)
    expected = reconstruction + kl_monte_carlo(mu, logvar, noise)
    torch.testing.assert_close(iwae_nll(vae, x, noise), expected)
