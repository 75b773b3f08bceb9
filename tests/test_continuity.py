"""Continuity against decoders whose answers are known: linear, constant, unrelated pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import norm
from torch import Tensor

from explorer.checkpoints import load_checkpoint
from explorer.continuity import continuity, normalised_change, prior_grid, stretch_and_area


def linear_decoder(matrix: Tensor):
    return lambda z: (0.5 + z @ matrix.T).reshape(-1, 1, 2, 3)


def unrelated_pictures(z: Tensor) -> Tensor:
    """A picture a code that has nothing to do with its neighbours': digits far behind the point."""
    phases = torch.arange(1, 65, dtype=torch.float64) * 1.7e5
    noise = torch.sin(z.double() @ torch.stack([phases, phases.flip(0)]))
    return (0.5 + 0.5 * noise).float().reshape(-1, 1, 8, 8)


@pytest.mark.parametrize("dims", [2, 20])
def test_a_linear_decoder_changes_by_its_dimensions_alone(dims: int):
    """E|W d|^2 / E|W (z - z')|^2 = (0.01 tr / D) / (2 tr), whatever W is."""
    matrix = torch.randn(6, dims, generator=torch.Generator().manual_seed(1))
    found = normalised_change(linear_decoder(matrix), dims, seed=0)
    assert found == pytest.approx(0.01 / (2 * dims), rel=0.03)
    assert normalised_change(linear_decoder(9 * matrix), dims, 0) == pytest.approx(found, rel=1e-5)


def test_a_linear_decoder_has_the_metric_of_its_matrix():
    matrix = torch.randn(6, 2, generator=torch.Generator().manual_seed(2))
    singular = np.linalg.svd(matrix.double().numpy(), compute_uv=False)
    stretch, area = stretch_and_area(linear_decoder(matrix), torch.randn(2500, 2))
    np.testing.assert_allclose(stretch, singular[0], rtol=1e-5)
    np.testing.assert_allclose(area, singular[0] * singular[1], rtol=1e-5)


def test_a_decoder_that_ignores_one_direction_has_no_area():
    matrix = torch.tensor([[1.0, 0.0]] * 6)
    stretch, area = stretch_and_area(linear_decoder(matrix), torch.zeros(3, 2))
    np.testing.assert_allclose(stretch, np.sqrt(6), rtol=1e-6)
    np.testing.assert_array_equal(area, 0)


def test_a_constant_decoder_is_perfectly_continuous():
    def constant(z: Tensor) -> Tensor:
        return torch.full((len(z), 1, 8, 8), 0.3) + 0 * z.sum()

    figures = {"change": 0, "stretch_median": 0, "stretch_p95": 0, "area_median": 0}
    assert continuity(constant, 2, seed=0) == figures


def test_rounding_is_no_change():
    """Pictures that differ in float32's last digit only, as a collapsed decoder's do."""

    def shaky(z: Tensor) -> Tensor:
        return 0.5 + 1e-7 * torch.sign(torch.sin(1e5 * z[:, :1])).reshape(-1, 1, 1, 1)

    assert normalised_change(shaky, 2, seed=0) == 0


def test_unrelated_pictures_change_as_much_near_as_far():
    assert normalised_change(unrelated_pictures, 2, seed=0) == pytest.approx(1, abs=0.03)
    assert normalised_change(unrelated_pictures, 2, 0) == normalised_change(
        unrelated_pictures, 2, 0
    )


def jacobian(weights: dict[str, np.ndarray], z: np.ndarray) -> np.ndarray:
    """Of a decoder's pixel means at one point z (2,), by the chain rule: (P, 2)."""
    layers = sum(name.startswith("decoder.") for name in weights) // 2
    value, found = z, np.eye(2)
    for i in range(layers):
        matrix, bias = (weights[f"decoder.{i}.{k}"].astype(np.float64) for k in ("weight", "bias"))
        value, found = matrix @ value + bias, matrix @ found
        if i < layers - 1:
            value, found = np.maximum(value, 0), found * (value > 0)[:, None]
    means = 1 / (1 + np.exp(-value))
    return found * (means * (1 - means))[:, None]


def test_the_metric_of_a_network_is_that_of_the_chain_rule(small_zoo: Path):
    checkpoint = load_checkpoint("digits/vae-2d", small_zoo)
    z = np.array([[0.3, -0.8], [1.5, 2.0], [-1.1, 0.2]])
    singular = np.linalg.svd([jacobian(checkpoint.weights, at) for at in z], compute_uv=False)
    found = stretch_and_area(checkpoint.model.decode, torch.from_numpy(z).float())
    np.testing.assert_allclose(found[0], singular[:, 0], rtol=1e-4)
    np.testing.assert_allclose(found[1], singular.prod(axis=1), rtol=1e-3)


def test_the_metric_of_a_curved_decoder_is_that_of_autograd():
    generator = torch.Generator().manual_seed(5)
    first, second = (torch.randn(*s, generator=generator) for s in ((9, 2), (6, 9)))

    def curved(z: Tensor) -> Tensor:
        return torch.sigmoid(torch.tanh(z @ first.T) @ second.T).reshape(-1, 1, 2, 3)

    z = torch.randn(40, 2, generator=generator)
    jacobians = [torch.autograd.functional.jacobian(curved, at[None]).reshape(6, 2) for at in z]
    singular = torch.linalg.svdvals(torch.stack(jacobians).double())
    stretch, area = stretch_and_area(curved, z)
    np.testing.assert_allclose(stretch, singular[:, 0], rtol=1e-4)
    np.testing.assert_allclose(area, singular.prod(dim=1), rtol=1e-3)
    assert stretch.max() > 2 * stretch.min()


def test_the_grid_has_equal_shares_of_the_prior_between_its_lines():
    grid = prior_grid()
    assert grid.shape == (4096, 2)
    line = np.unique(grid[:, 0].numpy())
    np.testing.assert_allclose(norm.cdf(line), np.linspace(0.01, 0.99, 64), atol=1e-6)
