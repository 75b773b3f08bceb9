"""Why pictures are off the data: sharpness and nearest digits, computed in other ways as well."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from scipy.spatial.distance import cdist

from explorer.data import load_dataset
from explorer.judge import load_judge
from explorer.off_data import SHARP, nearest_digits, reasons, sharpness
from tests.conftest import REPOSITORY

ROOT = REPOSITORY / "checkpoints"


def test_the_nearest_digit_is_scipy_s():
    rng = np.random.default_rng(0)
    features, real = rng.random((600, 16)), rng.random((90, 16))
    np.testing.assert_array_equal(
        nearest_digits(features, real), cdist(features, real).argmin(axis=1)
    )
    assert nearest_digits(features[:0], real).shape == (0,)


def test_sharpness_is_a_mean_over_frequencies_by_their_power():
    rng = np.random.default_rng(0)
    image = np.zeros((12, 12))
    image[2:-2, 2:-2] = rng.random((8, 8))  # black at the border, as the transform wraps around
    power = np.abs(np.fft.fft2(image - image.mean())) ** 2
    weights = 4 * np.sin(np.pi * np.fft.fftfreq(12)) ** 2
    expected = (power * (weights[:, None] + weights)).sum() / power.sum()
    np.testing.assert_allclose(sharpness(image[None, None]), expected)


def test_sharpness_is_that_of_the_inverted_and_of_the_paler_picture_and_0_without_contrast():
    image = np.random.default_rng(0).random((1, 1, 8, 8))
    sharp = sharpness(image)
    np.testing.assert_allclose(sharpness(1 - image), sharp)
    np.testing.assert_allclose(sharpness(0.2 + 0.1 * image), sharp)
    assert sharpness(np.full((1, 1, 8, 8), 0.5)) == 0


def check_sharp(dataset: str, digits: torch.Tensor) -> None:
    quantile = np.quantile(sharpness(digits.numpy()), 0.01)
    assert SHARP[dataset] == pytest.approx(quantile, rel=1e-3)


def test_99_of_100_test_digits_are_sharp():
    check_sharp("digits", load_dataset("digits", ROOT).test_images)


def test_99_of_100_of_mnist_s_test_digits_are_sharp(mnist):
    check_sharp("mnist", mnist.test_images)


def test_blurred_digits_are_called_blurred_and_a_digit_s_nearest_is_itself():
    judge = load_judge("digits", ROOT)
    digits = load_dataset("digits", ROOT).test_images
    found = reasons(judge, digits)
    assert found.is_blurred.sum() <= 4  # one in a hundred of 360
    # A digit lies at 0 from itself, but for what rounds otherwise in a batch of another size.
    features = judge.features(digits)
    assert np.linalg.norm(features - judge.real_features[found.nearest], axis=1).max() <= 0.05
    smooth = torch.from_numpy(gaussian_filter(digits.numpy(), (0, 0, 1.5, 1.5)))
    assert reasons(judge, smooth).is_blurred.mean() >= 0.99
    assert reasons(judge, 1 - digits).is_blurred.sum() <= 4


def test_of_a_data_set_without_a_threshold_nothing_is_called_blurred():
    judge = replace(load_judge("digits", ROOT), dataset="letters")
    assert not reasons(judge, torch.full((2, 1, 8, 8), 0.5)).is_blurred.any()
