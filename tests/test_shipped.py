"""The checkpoints in the repository: complete, small, as the table says, as good as promised."""

from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.builds import is_finished
from explorer.checkpoints import Checkpoint, load_checkpoint
from explorer.data import Dataset
from explorer.judge import load_judge
from explorer.latent import ACTIVE_VARIANCE
from explorer.metrics import evaluate
from explorer.projection import chain_rotations
from explorer.statistics import load_statistics
from explorer.zoo import IMAGE_SIZES, zoo

ROOT = Path(__file__).resolve().parent.parent / "checkpoints"
EVERY_MODEL = [(dataset, name) for dataset in IMAGE_SIZES for name in zoo(dataset)]


@pytest.mark.parametrize(("dataset", "name"), EVERY_MODEL)
def test_every_row_of_the_zoo_is_shipped_as_the_table_says(dataset: str, name: str):
    assert is_finished(zoo(dataset)[name], ROOT, overwrite=False)


def test_the_whole_folder_is_at_most_64_mb():
    assert sum(f.stat().st_size for f in ROOT.rglob("*") if f.is_file()) <= 64e6


@pytest.mark.parametrize("dataset", IMAGE_SIZES)
def test_layouts_and_statistics_are_shipped(dataset: str):
    layouts = load_checkpoint(f"{dataset}/vae-20d", ROOT).codes.layouts
    assert set(layouts) == {"pca", "umap"}
    assert load_statistics(dataset, ROOT).mean_image.shape == IMAGE_SIZES[dataset]


def test_the_three_objectives_started_from_the_same_weights():
    """KL-only never moved its decoder, so it still has what all three began with."""
    from explorer.training import initial_model

    spec = zoo("mnist")["kl-2d"]
    decoder = initial_model(spec.model, spec.train.seed).decoder.state_dict()
    shipped = load_checkpoint("mnist/kl-2d", ROOT).weights
    for name, weight in decoder.items():
        np.testing.assert_array_equal(shipped[f"decoder.{name}"], weight.half().numpy())


def active_units(member: Checkpoint) -> int:
    """Counted here from the stored codes, not read from the metrics."""
    return int((member.codes.mu.astype(np.float64).var(axis=0) > ACTIVE_VARIANCE).sum())


def test_beta_2d_collapses_where_theory_says():
    family = load_checkpoint("mnist/beta-2d", ROOT)
    for member in family.members:
        if member.beta <= 13:
            assert active_units(member) == 2, member.beta
        if member.beta >= 45:
            assert active_units(member) == 0, member.beta
            reconstruction = member.meta["metrics"]["reconstruction"]
            assert reconstruction == pytest.approx(205.8, abs=0.5)


@pytest.mark.parametrize("dataset", IMAGE_SIZES)
def test_rotations_line_the_2d_family_up_and_rest_where_it_has_collapsed(dataset: str):
    family = load_checkpoint(f"{dataset}/beta-2d", ROOT)
    rotations, _ = chain_rotations([m.codes.mu for m in family.members], family.betas.index(1.0))
    for member, rotation in zip(family.members, rotations, strict=True):
        np.testing.assert_allclose(member.rotation, rotation, atol=1e-5)
    for before, member in zip(family.members, family.members[1:], strict=False):
        if member.beta > 1 and active_units(member) < 2:
            np.testing.assert_array_equal(member.rotation, before.rotation)


def test_beta_20d_loses_its_units_one_after_another():
    counts = [active_units(m) for m in load_checkpoint("mnist/beta-20d", ROOT).members]
    assert counts[0] == 20
    assert counts[-1] == 0
    assert max(np.diff(counts)) <= 1


@pytest.mark.parametrize("name", ["beta-2d", "beta-20d"])
@pytest.mark.parametrize("dataset", IMAGE_SIZES)
def test_a_family_has_its_smallest_negative_elbo_at_beta_1(
    dataset: str, name: str, request: pytest.FixtureRequest
):
    """On training images, since it is the loss at that beta; on MNIST's test images as well."""
    data: Dataset = request.getfixturevalue(dataset)
    family = load_checkpoint(f"{dataset}/{name}", ROOT)
    splits = [data.train_images[:: max(1, len(data.train_images) // 10_000)]]
    if dataset == "mnist":
        splits.append(data.test_images)
    for images in splits:
        nats = [
            evaluate(m.model, images, 7, iwae_samples=1)["negative_elbo"] for m in family.members
        ]
        assert family.betas[int(np.argmin(nats))] == 1, dict(zip(family.betas, nats, strict=True))


@pytest.mark.parametrize(
    ("name", "beta", "bar"),
    [("vae-20d", None, 97.0), ("vae-2d", None, 134.0), ("beta-20d", 1.0, 103.0)],
)
def test_elbo_recomputed_from_the_weights(name: str, beta: float, bar: float, mnist: Dataset):
    found = load_checkpoint(f"mnist/{name}", ROOT)
    member = found if beta is None else found.at(beta)
    recomputed = evaluate(member.model, mnist.test_images, seed=7, iwae_samples=1)
    assert recomputed["negative_elbo"] <= bar
    stored = member.meta["metrics"]
    assert recomputed["negative_elbo"] == pytest.approx(stored["negative_elbo"], abs=0.1)
    assert recomputed["kl_per_dimension"] == pytest.approx(stored["kl_per_dimension"], abs=1e-3)


@pytest.mark.parametrize("name", ["vae-2d", "reconstruction-2d", "kl-2d"])
def test_codes_are_those_of_the_test_set(name: str, mnist: Dataset):
    found = load_checkpoint(f"mnist/{name}", ROOT)
    np.testing.assert_array_equal(found.codes.labels, mnist.test_labels)
    mu, logvar = found.model.encode(mnist.test_images[:500])
    scale = np.abs(found.codes.mu).max()
    # 1e-8: how float32 rounds the last layer's sums, whose terms are about 0.01, depends on the
    # number of threads; KL-only's codes, 1e-5 of size, are what is left of such a sum.
    np.testing.assert_allclose(mu.numpy(), found.codes.mu[:500], atol=1e-5 * scale + 1e-8)
    np.testing.assert_allclose(logvar.numpy(), found.codes.logvar[:500], atol=1e-3)


@pytest.mark.parametrize(("digit", "rows"), [(5, [(2, 1), (9, 1)]), (3, [(0, 1)])])
def test_the_first_rows_of_a_lesson_s_traversals_end_as_it_says(digit, rows):
    """Lesson 'Twenty dimensions': what −3 and 3 sigma make of a 1 and of a 0, as judged."""
    model = load_checkpoint("mnist/vae-20d", ROOT)
    kl = np.array(model.meta["metrics"]["kl_per_dimension"])
    for dimension, ends in zip(np.argsort(-kl), rows, strict=False):
        z = torch.from_numpy(model.codes.mu[digit]).repeat(2, 1)
        z[:, dimension] = torch.tensor([-3.0, 3.0])
        with torch.no_grad():
            verdict = load_judge("mnist", ROOT).judge(model.model.decode(z))
        assert tuple(verdict.labels) == ends
        assert (verdict.confidence > 0.9).all()
