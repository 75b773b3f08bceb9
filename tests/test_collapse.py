"""Predicted collapse against the data's own covariance; converted betas against autograd."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.checkpoints import list_checkpoints, load_checkpoint
from explorer.collapse import collapsed_reconstruction, equivalent_beta, predicted_active_units
from explorer.data import Dataset
from explorer.errors import BadSetting
from explorer.statistics import compute_statistics, load_statistics

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"


def test_prediction_counts_the_data_s_own_directions(digits: Dataset):
    images = digits.train_images.numpy()
    found = compute_statistics(images).bernoulli_eigenvalues
    flat = images.reshape(len(images), -1).astype(np.float64)
    p = flat.mean(axis=0)
    live = p * (1 - p) > 0
    scaled = (flat - p)[:, live] / np.sqrt(p * (1 - p))[live]
    singular = np.linalg.svd(scaled, compute_uv=False) ** 2 / len(flat)
    for beta in (0.0, 0.3, 1.0, 2.0, 3.0, 3.3, 4.0, 60.0):
        expected = int((singular > beta + 1e-9).sum())
        assert predicted_active_units(found, beta, 1000) == expected
        assert predicted_active_units(found, beta, 2) == min(2, expected)


def test_above_the_prediction_a_linear_unit_dies_and_below_it_lives():
    """A one-pixel Bernoulli model with tiny weights: the loss falls only below the threshold."""
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.beta(0.3, 0.5, size=20_000))
    p = x.mean()
    threshold = float(((x - p) ** 2).mean() / (p * (1 - p)))
    noise = torch.tensor(rng.normal(size=20_000))

    def best_loss(beta: float) -> float:
        """Lowest loss over small slopes of encoder and decoder and the posterior's variance."""
        losses = []
        for gain in np.linspace(0.02, 0.3, 15):
            for spread in np.linspace(0.9, 1.0, 11):
                mu = gain * (x - p) / torch.sqrt(p * (1 - p))
                z = mu + math.sqrt(spread) * noise
                for slope in np.linspace(0.0, 0.3, 16):
                    logit = torch.logit(p) + slope * z / torch.sqrt(p * (1 - p))
                    # The noise's own mean has no business here: both signs are taken.
                    mirrored = torch.logit(p) + slope * (2 * mu - z) / torch.sqrt(p * (1 - p))
                    cross = sum(
                        F.binary_cross_entropy_with_logits(one, x) for one in (logit, mirrored)
                    )
                    kl = 0.5 * (mu**2 + spread - 1 - math.log(spread)).mean()
                    losses.append(float(cross / 2 + beta * kl))
        return min(losses)

    collapsed = collapsed_reconstruction(np.array([[float(p)]]))
    assert best_loss(0.8 * threshold) < collapsed - 1e-6
    assert best_loss(1.2 * threshold) > collapsed - 1e-6


def test_collapsed_reconstruction_is_the_cross_entropy_with_the_mean_image(digits: Dataset):
    images = digits.train_images.double()
    mean = images.mean(dim=(0, 1))
    target = F.binary_cross_entropy(mean.expand_as(images[:, 0]), images[:, 0], reduction="sum")
    found = collapsed_reconstruction(mean.numpy())
    assert found == pytest.approx(float(target) / len(images), rel=1e-9)
    assert collapsed_reconstruction(np.array([[0.0, 1.0], [0.5, 0.5]])) == pytest.approx(
        2 * math.log(2)
    )


@pytest.mark.parametrize("averaged_pixels", [False, True])
@pytest.mark.parametrize("averaged_dims", [False, True])
@pytest.mark.parametrize(("a", "b"), [(1.0, 0.01), (5.0, 1.0), (0.3, 2.0)])
def test_gradients_of_both_losses_are_proportional(averaged_pixels, averaged_dims, a, b):
    generator = torch.Generator().manual_seed(0)

    def random(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=generator, dtype=torch.float64)

    x, logits, mu, logvar = random(7, 12), random(7, 12), random(7, 3), random(7, 3)
    variables = [logits.requires_grad_(), mu.requires_grad_(), logvar.requires_grad_()]
    cross = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar)

    def gradient(loss: torch.Tensor) -> torch.Tensor:
        parts = torch.autograd.grad(loss, variables, retain_graph=True)
        return torch.cat([part.ravel() for part in parts])

    theirs = a * (cross.mean(1) if averaged_pixels else cross.sum(1)) + b * (
        kl.mean(1) if averaged_dims else kl.sum(1)
    )
    beta = equivalent_beta(
        b, a, averaged_pixels=12 if averaged_pixels else 1, averaged_dims=3 if averaged_dims else 1
    )
    ours = cross.sum(1) + beta * kl.sum(1)
    first, second = gradient(theirs.mean()), gradient(ours.mean())
    cosine = first @ second / (first.norm() * second.norm())
    assert float(cosine) == pytest.approx(1, abs=1e-12)


def test_the_tutorials_weight_and_its_inverse():
    assert equivalent_beta(0.01, averaged_pixels=784) == pytest.approx(7.84)
    assert equivalent_beta(0.01) == pytest.approx(1 / 100)
    assert equivalent_beta(1, 100) == pytest.approx(equivalent_beta(0.01))


@pytest.mark.parametrize("arguments", [(1, 0), (1, -1), (-1, 1), (math.nan, 1), (1, math.inf)])
def test_impossible_weights_are_refused(arguments):
    with pytest.raises(BadSetting, match="allowed"):
        equivalent_beta(*arguments)
    with pytest.raises(BadSetting, match="allowed"):
        equivalent_beta(averaged_pixels=0)


@pytest.mark.parametrize("name", [n for n in list_checkpoints(SHIPPED) if "/beta-" in n])
def test_no_trained_member_lives_above_the_largest_threshold(name):
    """Local theory bounds the last unit's death; how many live below it is another matter."""
    family = load_checkpoint(name, SHIPPED)
    eigenvalues = load_statistics(name.split("/")[0], SHIPPED).bernoulli_eigenvalues
    dims = family.meta["model"]["latent_dims"]
    for member in family.members:
        if predicted_active_units(eigenvalues, member.beta, dims) == 0:
            assert member.meta["metrics"]["active_units"] == 0, member.beta
