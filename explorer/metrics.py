"""How good a trained model is: ELBO, likelihood, active units; what it makes of the prior."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.checkpoints import Codes
from explorer.checks import MEASURES_VERSION
from explorer.completeness import completeness
from explorer.continuity import continuity
from explorer.information import information_cap, mutual_information
from explorer.judge import Judge
from explorer.latent import ACTIVE_VARIANCE
from explorer.models import VAE
from explorer.objectives import elbo_terms, iwae_nll, kl_per_dimension
from explorer.walks import WALKS

ELBO_SAMPLES = 4  # samples a test image for the reconstruction term
IWAE_SAMPLES = 50  # samples a test image for the importance-weighted likelihood


def code_variance(mu: Tensor) -> Tensor:
    """Var_x(mu_j(x)) of codes (N, D): (D,)."""
    return mu.var(dim=0, correction=0)


def active_units(mu: Tensor) -> int:
    """How many of D dimensions have Var_x(mu_j(x)) > 0.01."""
    return int((code_variance(mu) > ACTIVE_VARIANCE).sum())


@torch.no_grad()
def encode_all(model: VAE, images: Tensor, chunk: int = 2000) -> tuple[Tensor, Tensor]:
    """Posterior mean and log-variance of images (N, 1, H, W): (N, D) each, on the CPU."""
    device = next(model.parameters()).device
    parts = [model.encode(x.to(device)) for x in images.split(chunk)]
    mu, logvar = (torch.cat(column).cpu() for column in zip(*parts, strict=True))
    return mu, logvar


@torch.no_grad()
def evaluate(
    model: VAE, images: Tensor, seed: int = 0, iwae_samples: int = IWAE_SAMPLES
) -> dict[str, Any]:
    """Test metrics in nats an image, as stored in meta.json and printed by `evaluate`.

    images (N, 1, H, W). `negative_elbo` is reconstruction + KL with beta 1, whatever beta the model
    was trained with, so that models compare. The noise is drawn from `seed`.
    """
    model.eval()
    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(seed)
    latent_dims = model.config.latent_dims
    totals = torch.zeros(3, dtype=torch.float64)  # reconstruction, KL, IWAE NLL
    samples = ELBO_SAMPLES + iwae_samples
    for images_of_noise in images.split(400):
        all_noise = torch.randn(samples, len(images_of_noise), latent_dims, generator=generator)
        # Pictures of 100 images, samples included, are 16 MB: arrays above 32 MB would go back to
        # the system after each operation and come anew, page by page.
        for x, noise in zip(images_of_noise.split(100), all_noise.split(100, dim=1), strict=True):
            x, noise = x.to(device), noise.to(device)
            reconstruction, kl = elbo_terms(model, x, noise[:ELBO_SAMPLES])
            nll = iwae_nll(model, x, noise[ELBO_SAMPLES:])
            totals += torch.stack([t.double().sum() for t in (reconstruction, kl, nll)]).cpu()
    reconstruction, kl, nll = (totals / len(images)).tolist()
    mu, logvar = encode_all(model, images)
    return {
        "reconstruction": reconstruction,
        "kl": kl,
        "negative_elbo": reconstruction + kl,
        "iwae_nll": nll,
        "iwae_samples": iwae_samples,
        "active_units": active_units(mu),
        "kl_per_dimension": kl_per_dimension(mu, logvar).mean(dim=0).tolist(),
        "code_variance": code_variance(mu).tolist(),
    }


@torch.no_grad()
def measure(
    model: VAE,
    codes: Codes,
    judge: Judge,
    seed: int = 0,
    begin: Callable[[str, float], None] = lambda part, share: None,
    walks: int = WALKS,
) -> dict[str, Any]:
    """Completeness, continuity and information, as stored in meta.json; needs no data set.

    codes: the posteriors of the test digits. Completeness twice, since an autoencoder trained
    without the KL has a scale of its own: of codes from N(0, I), which shows the holes, and from a
    Gaussian with the mean and the covariance of the codes, which is fair to it. The model lies on
    the CPU. `begin` is told what is computed next, and the share that is done. The judge's
    fingerprint goes with its figures: another judge's are not to be compared with them.
    """
    model.eval()
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(judge.measures["samples"], model.config.latent_dims, generator=generator)
    samples = {"prior": noise, "fitted": fitted_samples(codes.mu, noise)}
    found: dict[str, Any] = {"version": MEASURES_VERSION, "judge": judge.fingerprint}
    found |= {"samples": len(noise), "completeness": {}}
    for k, (key, z) in enumerate(samples.items()):
        begin(f"completeness on {key} codes", k / 4)
        found["completeness"][key] = completeness(
            judge.real_features, judge.radii, *judge.look_at(model.decode, z)
        )
    begin("continuity", 2 / 4)
    found["continuity"] = continuity(model.decode, codes.mu, codes.labels, seed, walks)
    begin("information", 3 / 4)
    found["information"] = {
        "nats": mutual_information(codes.mu, codes.logvar, seed),
        "cap": information_cap(len(codes.mu)),
    }
    return found


def fitted_samples(mu: np.ndarray, noise: Tensor) -> Tensor:
    """Samples (M, D) of the Gaussian with the mean and the full covariance of codes mu (N, D).

    noise (M, D), standard normal, is stretched along the covariance's own axes, so that a direction
    in which the codes do not vary does no harm.
    """
    codes = torch.from_numpy(mu).double()
    variances, axes = torch.linalg.eigh(codes.T.cov(correction=0).reshape(mu.shape[1], -1))
    scaled = noise.double() * variances.clamp(min=0).sqrt()  # (M, D)
    return (codes.mean(dim=0) + scaled @ axes.T).float()
