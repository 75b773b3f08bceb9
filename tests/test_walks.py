"""Walks by numpy alone, against the network and against the measure of continuity."""

import numpy as np
import pytest
import torch

from explorer.checkpoints import load_checkpoint
from explorer.continuity import largest_steps
from explorer.walks import CANDIDATES, Walker, pixel_means, typical_ends, walk_ends
from tests.conftest import REPOSITORY

ROOT = REPOSITORY / "checkpoints"
NAMES = ("reconstruction-2d", "kl-2d", "vae-2d")
SHIPPED = [f"{dataset}/{name}" for dataset in ("mnist", "digits") for name in NAMES]


def load(name: str):
    return load_checkpoint(f"digits/{name}", ROOT)


def walker(name: str, median: float | None) -> Walker:
    checkpoint = load(name)
    return Walker(checkpoint.weights, checkpoint.codes.mu, median)


@pytest.mark.parametrize(
    "name", [f"{data}/{name}" for data in ("mnist", "digits") for name in NAMES]
)
def test_pictures_are_the_network_s(name):
    checkpoint = load_checkpoint(name, ROOT)
    z = np.random.default_rng(0).normal(scale=4, size=(50, 2)).astype(np.float32)
    expected = checkpoint.model.decode(z).reshape(50, -1)
    np.testing.assert_allclose(pixel_means(checkpoint.weights, z), expected, atol=1e-5)


def test_the_pair_is_nearest_to_the_medians_of_all_models_that_change():
    medians = {"reconstruction-2d": 0.05, "kl-2d": None, "vae-2d": 0.03}
    labels = load("vae-2d").codes.labels
    ends = typical_ends([walker(*item) for item in medians.items()], labels, seed=3)
    pairs = walk_ends(labels, 3, CANDIDATES)
    distances = 0
    for name in ("reconstruction-2d", "vae-2d"):
        checkpoint = load(name)
        starts, stops = torch.from_numpy(checkpoint.codes.mu[pairs.T])
        steps = largest_steps(checkpoint.model.decode, starts, stops)
        distances = distances + np.log(steps / medians[name]) ** 2
    assert ends == tuple(pairs[distances.argmin()])
    assert labels[ends[0]] != labels[ends[1]]


@pytest.mark.parametrize("name", ["mnist", "digits"])
def test_in_the_shipped_models_its_steps_are_near_the_stored_medians(name):
    shipped = [load_checkpoint(f"{name}/{model}", ROOT) for model in NAMES]
    medians = [one.meta["measures"]["continuity"]["step_median"] for one in shipped]
    walkers = [
        Walker(m.weights, m.codes.mu, found) for m, found in zip(shipped, medians, strict=True)
    ]
    ends = list(typical_ends(walkers, shipped[0].codes.labels, seed=0))
    for one, median in zip(shipped, medians, strict=True):
        if median is not None:
            a, b = torch.from_numpy(one.codes.mu[ends])
            (step,) = largest_steps(one.model.decode, a[None], b[None])
            assert abs(np.log(step / median)) < 0.25


def test_a_pair_whose_pictures_coincide_is_not_chosen():
    weights = {"decoder.0.weight": np.array([[1.0, 0.0]]), "decoder.0.bias": np.zeros(1)}
    labels = np.array([0] * 9 + [1])
    mu = np.zeros((10, 2))
    mu[0] = [3, 0]  # only from this digit to another class does the picture change
    seed = next(n for n in range(100) if 0 < (walk_ends(labels, n, CANDIDATES) == 0).sum() < 9)
    assert 0 in typical_ends([Walker(weights, mu, 0.01)], labels, seed)


def test_without_a_median_or_a_second_class_it_is_the_first_two():
    one = walker("vae-2d", None)
    labels = load("vae-2d").codes.labels
    assert typical_ends([one], labels, seed=0) == (0, 1)
    assert typical_ends([one._replace(median=0.1)], np.zeros_like(labels), seed=0) == (0, 1)
    assert typical_ends([], labels[:1], seed=0) == (0, 0)
