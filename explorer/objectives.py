"""The terms of the objective, in nats: reconstruction, KL, ELBO, importance-weighted likelihood.

The convention everywhere: reconstruction terms are summed over pixels, KL terms over latent
dimensions, and `loss = reconstruction + beta * KL`. Functions return one number an image and leave
the mean over images to the caller. Noise is an argument, never drawn here.
Shapes: N images or codes, D latent dimensions, L or K samples a point.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from explorer.models import VAE

LOG_2PI = math.log(2 * math.pi)


def reparameterize(mu: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
    """A sample of q(z|x) as a differentiable function of mu and logvar: z = mu + sigma * noise.

    mu, logvar (N, D); noise (..., N, D), standard normal. Kingma & Welling 2014, section 2.4.
    """
    return mu + torch.exp(0.5 * logvar) * noise


def bernoulli_reconstruction(logits: Tensor, x: Tensor) -> Tensor:
    """-log p(x|z) of a Bernoulli decoder, summed over pixels; x may be grey.

    -sum_i [x_i log s(l_i) + (1 - x_i) log(1 - s(l_i))], s the logistic function, computed from the
    logits so that it is finite for any of them. logits (..., N, 1, H, W), x (N, 1, H, W); returns
    (..., N). For grey x it is a cross-entropy, not a normalised likelihood. Kingma & Welling 2014,
    appendix C.1.
    """
    return _BernoulliNats.apply(logits, x.expand_as(logits)).sum(dim=(-3, -2, -1))


class _BernoulliNats(torch.autograd.Function):
    """A pixel's cross-entropy, max(l, 0) - x l + log(1 + exp(-|l|)), and its gradient, s(l) - x.

    PyTorch's own takes log1p, which is not vectorised on CPUs: it is a fifth of a training step of
    a small network. 1 + exp(-|l|) lies between 1 and 2, where a plain log errs by 1e-7 at most.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(logits: Tensor, x: Tensor) -> Tensor:
        return logits.clamp(min=0) - x * logits + torch.log(1 + torch.exp(-logits.abs()))

    @staticmethod
    def setup_context(context: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        context.save_for_backward(*inputs)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        logits, x = context.saved_tensors
        return gradient * (torch.sigmoid(logits) - x), None


def squared_error_reconstruction(mean: Tensor, x: Tensor) -> Tensor:
    """Half the squared error, summed over pixels: a Gaussian decoder with sigma 1, less constants.

    1/2 sum_i (x_i - m_i)^2. mean (..., N, 1, H, W), x (N, 1, H, W); returns (..., N).
    """
    return 0.5 * (x - mean).square().sum(dim=(-3, -2, -1))


def gaussian_reconstruction(mean: Tensor, x: Tensor, log_sigma: Tensor) -> Tensor:
    """-log p(x|z) of a Gaussian decoder with one learned sigma for all pixels.

    sum_i (x_i - m_i)^2 / (2 sigma^2) + P log sigma + P/2 log 2 pi, P pixels. log_sigma is a scalar
    tensor. Its minimum over sigma is P/2 (log(2 pi MSE) + 1). Rybkin et al. 2021, "Simple and
    effective VAE training with calibrated decoders", eq. 4.
    """
    pixels = x[0].numel()
    weighted = squared_error_reconstruction(mean, x) * torch.exp(-2 * log_sigma)
    return weighted + pixels * (log_sigma + 0.5 * LOG_2PI)


def kl_per_dimension(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(q(z_j|x) || N(0, 1)) of each dimension: -1/2 (1 + logvar - mu^2 - exp(logvar)).

    mu, logvar (N, D); returns (N, D). Kingma & Welling 2014, appendix B.
    """
    # expm1 keeps the digits that exp(logvar) - 1 loses near a collapsed posterior.
    return 0.5 * (mu.square() + torch.expm1(logvar) - logvar)


def kl_to_standard_normal(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(q(z|x) || N(0, I)), summed over dimensions: (N, D) to (N,)."""
    return kl_per_dimension(mu, logvar).sum(dim=-1)


def kl_between_gaussians(mu_q: Tensor, logvar_q: Tensor, mu_p: Tensor, logvar_p: Tensor) -> Tensor:
    """KL(q || p) of two diagonal Gaussians, summed over dimensions: (N, D) to (N,).

    1/2 sum_j [logvar_p - logvar_q + (exp(logvar_q) + (mu_q - mu_p)^2) / exp(logvar_p) - 1].
    """
    ratio = (logvar_q.exp() + (mu_q - mu_p).square()) / logvar_p.exp()
    return 0.5 * (logvar_p - logvar_q + ratio - 1).sum(dim=-1)


def log_prior(z: Tensor) -> Tensor:
    """log N(z; 0, I): (..., D) to (...)."""
    return -0.5 * (LOG_2PI + z.square()).sum(dim=-1)


def log_posterior(logvar: Tensor, noise: Tensor) -> Tensor:
    """log q(z|x) at z = mu + sigma * noise: (N, D) and (..., N, D) to (..., N).

    Taken from the noise, because (z - mu) / sigma loses its digits in float32 when sigma is small.
    """
    return -0.5 * (LOG_2PI + logvar + noise.square()).sum(dim=-1)


def kl_monte_carlo(mu: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
    """KL(q(z|x) || N(0, I)) estimated from L samples: mean of log q(z|x) - log p(z).

    mu, logvar (N, D), noise (L, N, D); returns (N,). Unbiased; its spread falls as 1/sqrt(L).
    """
    z = reparameterize(mu, logvar, noise)  # (L, N, D)
    return (log_posterior(logvar, noise) - log_prior(z)).mean(dim=0)


def elbo_terms(model: VAE, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Reconstruction (from L samples a point) and closed-form KL; their sum is the -ELBO.

    x (N, 1, H, W), noise (L, N, D); returns two (N,). Kingma & Welling 2014, eq. 10.
    """
    mu, logvar = model.encode(x)
    z = reparameterize(mu, logvar, noise)  # (L, N, D)
    logits = model.decoder(z.flatten(0, 1)).unflatten(0, z.shape[:2])  # (L, N, 1, H, W)
    return bernoulli_reconstruction(logits, x).mean(dim=0), kl_to_standard_normal(mu, logvar)


def iwae_nll(model: VAE, x: Tensor, noise: Tensor) -> Tensor:
    """-log p(x) estimated by importance sampling from q with K samples a point.

    -log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x): an upper bound in expectation that tightens with K;
    K = 1 is the -ELBO. x (N, 1, H, W), noise (K, N, D); returns (N,). Burda et al. 2016, eq. 8.
    """
    mu, logvar = model.encode(x)
    z = reparameterize(mu, logvar, noise)  # (K, N, D)
    logits = model.decoder(z.flatten(0, 1)).unflatten(0, z.shape[:2])  # (K, N, 1, H, W)
    log_joint = log_prior(z) - bernoulli_reconstruction(logits, x)
    log_weight = log_joint - log_posterior(logvar, noise)  # (K, N)
    return math.log(len(noise)) - torch.logsumexp(log_weight, dim=0)
