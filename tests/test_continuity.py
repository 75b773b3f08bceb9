"""Continuity against decoders whose answers are known: linear, constant, unrelated pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.checkpoints import load_checkpoint
from explorer.continuity import continuity, largest_steps, stretch
from explorer.walks import walk_ends

LABELS = np.arange(500) % 10


def linear_decoder(matrix: Tensor):
    return lambda z: (0.5 + z @ matrix.T).reshape(-1, 1, 2, 3)


def unrelated_pictures(z: Tensor) -> Tensor:
    """A picture a code that has nothing to do with its neighbours': digits far behind the point."""
    phases = torch.arange(1, 65, dtype=torch.float64) * 1.7e5
    noise = torch.sin(z.double() @ torch.stack([phases, phases.flip(0)]))
    return (0.5 + 0.5 * noise).float().reshape(-1, 1, 8, 8)


def codes(dims: int, count: int = 500) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, dims)).astype(np.float32)


def test_walks_join_digits_of_different_classes_the_same_for_all_models():
    labels = np.random.default_rng(1).integers(0, 3, size=200)
    pairs = walk_ends(labels, seed=4, walks=5000)
    assert pairs.shape == (5000, 2)
    assert (labels[pairs[:, 0]] != labels[pairs[:, 1]]).all()
    np.testing.assert_array_equal(pairs, walk_ends(labels, seed=4, walks=5000))
    assert not np.array_equal(pairs, walk_ends(labels, seed=5, walks=5000))
    counts = np.bincount(pairs[:, 0], minlength=200)
    assert counts.min() > 5  # 25 on average: no digit is left out
    with pytest.raises(ValueError, match="two classes or more"):
        walk_ends(np.zeros(9, int), seed=0)


@pytest.mark.parametrize("dims", [2, 20])
def test_a_linear_decoder_has_even_steps_whatever_its_scale(dims: int):
    matrix = torch.randn(6, dims, generator=torch.Generator().manual_seed(1))
    for decode in (linear_decoder(matrix), linear_decoder(9 * matrix)):
        found = continuity(decode, codes(dims), LABELS, seed=0, walks=200)
        assert found == {
            "walks": 200,
            "no_change": 0,
            "step_median": pytest.approx(0.01, rel=1e-4),
            "step_p95": pytest.approx(0.01, rel=1e-4),
            "jumps": 0,
        }


def test_a_step_function_jumps_once():
    """All the change in one step, on walks that cross the line; the others change nothing."""

    def cliff(z: Tensor) -> Tensor:
        return (z[:, :1] > 0).float().expand(-1, 64).reshape(-1, 1, 8, 8)

    mu = codes(2)
    pairs = walk_ends(LABELS, 0, 300)
    crosses = (mu[pairs[:, 0], 0] > 0) != (mu[pairs[:, 1], 0] > 0)
    starts, ends = torch.from_numpy(mu[pairs.T])
    found = largest_steps(cliff, starts, ends)
    np.testing.assert_array_equal(found[crosses], 1)
    assert np.isnan(found[~crosses]).all()
    figures = continuity(cliff, mu, LABELS, seed=0, walks=300)
    assert figures["no_change"] == pytest.approx(1 - crosses.mean())
    assert (figures["step_median"], figures["jumps"]) == (1, 1)


def test_a_ramp_has_the_step_of_its_steepest_part():
    """A picture that follows the logistic function of the way, s(k t), walked from -1 to 1."""
    k = 12.0
    found = largest_steps(
        lambda z: torch.sigmoid(k * z[:, :1]).expand(-1, 6).reshape(-1, 1, 2, 3),
        torch.tensor([[-1.0, 0.3]]),
        torch.tensor([[1.0, -0.2]]),
    )
    way = 1 / (1 + np.exp(-k * np.linspace(-1, 1, 101)))
    assert found[0] == pytest.approx(np.diff(way).max() / (way[-1] - way[0]), rel=1e-4)


def test_a_decoder_that_ignores_z_has_no_change_and_no_step():
    def constant(z: Tensor) -> Tensor:
        return torch.full((len(z), 1, 8, 8), 0.3) + 0 * z.sum()

    def shaky(z: Tensor) -> Tensor:
        """Pictures that differ by less than a screen can show, as a collapsed decoder's do."""
        return 0.5 + 1e-3 * torch.tanh(z[:, :1]).expand(-1, 64).reshape(-1, 1, 8, 8) / 2

    nothing = {"walks": 50, "no_change": 1, "step_median": None, "step_p95": None, "jumps": None}
    for decode in (constant, shaky):
        assert continuity(decode, codes(2), LABELS, seed=0, walks=50) == nothing


def test_unrelated_pictures_jump_everywhere():
    found = continuity(unrelated_pictures, codes(2), LABELS, seed=0, walks=50)
    assert found["step_median"] == pytest.approx(1.2, abs=0.2)  # the largest of a hundred
    assert found["jumps"] == 1


def test_a_linear_decoder_has_the_metric_of_its_matrix():
    matrix = torch.randn(6, 2, generator=torch.Generator().manual_seed(2))
    singular = np.linalg.svd(matrix.double().numpy(), compute_uv=False)
    found = stretch(linear_decoder(matrix), torch.randn(2500, 2))
    np.testing.assert_allclose(found, singular[0], rtol=1e-5)


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
    found = stretch(checkpoint.model.decode, torch.from_numpy(z).float())
    np.testing.assert_allclose(found, singular[:, 0], rtol=1e-4)


def test_the_metric_of_a_curved_decoder_is_that_of_autograd():
    generator = torch.Generator().manual_seed(5)
    first, second = (torch.randn(*s, generator=generator) for s in ((9, 2), (6, 9)))

    def curved(z: Tensor) -> Tensor:
        return torch.sigmoid(torch.tanh(z @ first.T) @ second.T).reshape(-1, 1, 2, 3)

    z = torch.randn(40, 2, generator=generator)
    jacobians = [torch.autograd.functional.jacobian(curved, at[None]).reshape(6, 2) for at in z]
    singular = torch.linalg.svdvals(torch.stack(jacobians).double())
    found = stretch(curved, z)
    np.testing.assert_allclose(found, singular[:, 0], rtol=1e-4)
    assert found.max() > 2 * found.min()
