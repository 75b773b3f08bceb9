"""The network: shapes, weights from a generator, and finite posteriors for any input."""

import math

import numpy as np
import pytest
import torch

from explorer.config import ModelConfig
from explorer.errors import BadSetting
from explorer.models import LOGVAR_RANGE, VAE

CONFIG = ModelConfig(height=4, width=6, latent_dims=3, hidden=(10, 7))


def make(seed: int = 0) -> VAE:
    return VAE(CONFIG, torch.Generator().manual_seed(seed))


def test_shapes_and_ranges():
    vae, x = make(), torch.rand(5, 1, 4, 6)
    mu, logvar = vae.encode(x)
    assert mu.shape == logvar.shape == (5, 3)
    pictures = vae.decode(mu)
    assert pictures.shape == (5, 1, 4, 6)
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_parameters_are_named_as_on_disk():
    names = set(dict(make().named_parameters()))
    kinds = ("weight", "bias")
    assert names == {
        f"{p}.{i}.{k}" for p in ("encoder", "decoder") for i in range(3) for k in kinds
    }


def test_decoder_is_the_mirror_and_computes_what_numpy_computes():
    vae, z = make(), torch.randn(2, 3)
    h = z.numpy().astype(np.float64)
    layers = [(p.detach().numpy()) for p in vae.decoder.parameters()]
    for i in range(3):
        h = h @ layers[2 * i].T + layers[2 * i + 1]
        h = np.maximum(h, 0) if i < 2 else h
    expected = (1 / (1 + np.exp(-h))).reshape(2, 1, 4, 6)
    np.testing.assert_allclose(vae.decode(z).detach().numpy(), expected, atol=1e-6)


def test_weights_come_from_the_generator_alone():
    torch.manual_seed(1)
    first = make().state_dict()
    torch.manual_seed(2)
    second, other = make().state_dict(), make(seed=1).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["encoder.0.weight"], other["encoder.0.weight"])
    assert first["encoder.0.weight"].abs().max() <= 1 / math.sqrt(24)


def test_log_variance_stays_where_exp_is_finite():
    vae = make()
    with torch.no_grad():
        vae.encoder[2].bias[3:] = torch.tensor([1e6, -1e6, 0.0])
    _, logvar = vae.encode(torch.rand(2, 1, 4, 6))
    assert logvar[:, 0].eq(LOGVAR_RANGE[1]).all()
    assert logvar[:, 1].eq(LOGVAR_RANGE[0]).all()
    assert torch.isfinite(logvar.bfloat16().exp()).all()


def test_forward_decodes_the_reparameterized_sample():
    vae, x, noise = make(), torch.rand(5, 1, 4, 6), torch.randn(5, 3)
    logits, mu, logvar = vae(x, noise)
    expected = vae.decode(mu + (0.5 * logvar).exp() * noise)
    torch.testing.assert_close(torch.sigmoid(logits), expected)


def test_numpy_in_numpy_out_and_the_same_numbers():
    vae = make()
    x = np.random.default_rng(0).random((5, 1, 4, 6))  # float64, as numpy has it
    mu, logvar = vae.encode(x)
    assert mu.dtype == logvar.dtype == np.float32
    for ours, theirs in zip((mu, logvar), vae.encode(torch.tensor(x).float()), strict=True):
        np.testing.assert_array_equal(ours, theirs.detach().numpy())
    pictures = vae.decode(mu)
    assert isinstance(pictures, np.ndarray)
    np.testing.assert_array_equal(pictures, vae.decode(torch.tensor(mu)).detach().numpy())


def test_an_array_of_another_shape_is_told():
    with pytest.raises(BadSetting, match=r"shape \(3,\); allowed: \(N, 3\)"):
        make().decode(np.zeros(3))
    with pytest.raises(BadSetting, match=r"shape \(5, 24\); allowed: \(N, 1, 4, 6\)"):
        make().encode(np.zeros((5, 24)))
