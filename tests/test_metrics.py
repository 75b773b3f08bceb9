"""Test metrics: against scikit-learn, known models, and the figures stored with the shipped zoo."""

import numpy as np
import pytest
import torch

from explorer.checkpoints import load_checkpoint
from explorer.config import ModelConfig
from explorer.data import Dataset
from explorer.metrics import active_units, encode_all, evaluate
from explorer.models import VAE


def blind_vae() -> VAE:
    """A VAE that ignores both ends: posterior equal to the prior, every pixel mean 0.3."""
    vae = VAE(ModelConfig(8, 8, 3, (5,)), torch.Generator())
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
        vae.decoder[-1].bias.fill_(np.log(0.3 / 0.7))
    return vae


def test_a_blind_model_has_the_metrics_of_a_constant_decoder(digits: Dataset):
    found = evaluate(blind_vae(), digits.test_images)
    x = digits.test_images.double()
    expected = -(x * np.log(0.3) + (1 - x) * np.log(0.7)).sum(dim=(1, 2, 3)).mean().item()
    assert found["reconstruction"] == pytest.approx(expected, rel=1e-6)
    assert found["kl"] == 0
    assert found["iwae_nll"] == pytest.approx(expected, rel=1e-5)
    assert found["active_units"] == 0
    assert found["kl_per_dimension"] == [0, 0, 0]


def test_iwae_is_a_tighter_bound_than_the_elbo(small_zoo, digits: Dataset):
    model = load_checkpoint("digits/beta-2d", small_zoo).at(0).model
    few, many = (evaluate(model, digits.test_images, iwae_samples=k) for k in (1, 200))
    assert many["iwae_nll"] < few["iwae_nll"]
    assert many["iwae_nll"] < many["negative_elbo"]


def test_evaluation_is_a_function_of_its_seed(small_zoo, digits: Dataset):
    model = load_checkpoint("digits/vae-2d", small_zoo).model
    first, again, other = (evaluate(model, digits.test_images, s, 5) for s in (0, 0, 1))
    assert first == again
    assert first["reconstruction"] != other["reconstruction"]
    assert first["reconstruction"] == pytest.approx(other["reconstruction"], rel=0.02)


def test_active_units_counts_variances_above_the_threshold():
    codes = torch.randn(20_000, 4, generator=torch.Generator().manual_seed(0))
    scale = torch.tensor([1.0, 0.11, 0.09, 0.0])  # variances 1, 0.0121, 0.0081, 0
    assert active_units(codes * scale + 5) == 2


def test_encoding_in_chunks_is_encoding_at_once(small_zoo, digits: Dataset):
    model = load_checkpoint("digits/vae-2d", small_zoo).model
    for part, whole in zip(
        encode_all(model, digits.test_images, chunk=7),
        model.encode(digits.test_images),
        strict=True,
    ):
        torch.testing.assert_close(part, whole)
