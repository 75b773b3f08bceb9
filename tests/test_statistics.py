"""Statistics of the data: against numpy's covariance, and the published thresholds of MNIST."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.data import Dataset
from explorer.errors import CheckpointBad, CheckpointMissing
from explorer.statistics import compute_statistics, load_statistics, save_statistics


def test_eigenvalues_are_those_of_the_standardised_and_the_plain_covariance():
    images = np.random.default_rng(0).random((200, 1, 3, 4)).astype(np.float32) ** 2
    images[:, 0, 0, 0] = 0  # a pixel that never changes must not divide by zero
    found = compute_statistics(images)
    flat = images.reshape(200, -1).astype(np.float64)
    p = flat.mean(axis=0)
    scaled = np.divide(flat - p, np.sqrt(p * (1 - p)), where=p > 0, out=np.zeros_like(flat))
    for eigenvalues, data in (
        (found.bernoulli_eigenvalues, scaled),
        (found.gaussian_eigenvalues, flat),
    ):
        singular = np.linalg.svd(data - data.mean(axis=0), compute_uv=False)
        np.testing.assert_allclose(eigenvalues, singular**2 / 200, atol=1e-6)
    np.testing.assert_allclose(found.mean_image, images.mean(axis=(0, 1)), atol=1e-6)


def test_mnist_thresholds_are_the_reference_figures(mnist: Dataset):
    found = compute_statistics(mnist.train_images.numpy())
    expected = [32.2, 22.9, 21.0, 16.2, 14.1, 12.2, 10.6, 9.7]
    np.testing.assert_allclose(found.bernoulli_eigenvalues[:8], expected, atol=0.06)
    expected = [5.12, 3.74, 3.25, 2.84, 2.57]
    np.testing.assert_allclose(found.gaussian_eigenvalues[:5], expected, atol=0.006)


def test_saved_statistics_come_back(tmp_path: Path, digits: Dataset):
    statistics = compute_statistics(digits.train_images.numpy())
    save_statistics(statistics, tmp_path / "digits")
    loaded = load_statistics("digits", tmp_path)
    for key, value in vars(statistics).items():
        np.testing.assert_array_equal(getattr(loaded, key), value)


def test_missing_and_damaged_statistics_name_the_file_and_the_fix(tmp_path: Path):
    with pytest.raises(CheckpointMissing, match=r"statistics\.safetensors.*train\.py"):
        load_statistics("digits", tmp_path)
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "statistics.safetensors").write_bytes(b"nonsense")
    with pytest.raises(CheckpointBad, match=r"statistics\.safetensors.*train\.py"):
        load_statistics("digits", tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mean_image", np.zeros((28, 28))),
        ("mean_image", np.full((8, 8), np.nan)),
        ("bernoulli_eigenvalues", np.zeros(3)),
        ("gaussian_eigenvalues", np.full(64, np.inf)),
    ],
)
def test_statistics_of_another_shape_or_without_end_are_bad(
    key: str, value: np.ndarray, tmp_path: Path, digits: Dataset
):
    statistics = compute_statistics(digits.train_images.numpy())
    save_statistics(replace(statistics, **{key: value}), tmp_path / "digits")
    with pytest.raises(CheckpointBad, match=r"no finite '.*train\.py --dataset digits --out "):
        load_statistics("digits", tmp_path)
