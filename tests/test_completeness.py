"""Coverage against an independent implementation; intervals and classes against known truths."""

import numpy as np
import pytest
from scipy.stats import binomtest, entropy
from sklearn.neighbors import NearestNeighbors

from explorer.completeness import (
    completeness,
    effective_classes,
    is_covered,
    neighbour_radii,
    recognised_classes,
    share_interval,
)


def features(count: int, seed: int, ties: bool = False) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)
    # On a coarse grid many points coincide and many distances are equal.
    return np.round(drawn) if ties else drawn


@pytest.mark.parametrize("ties", [False, True])
def test_coverage_against_scikit_learn_and_brute_force(ties: bool):
    real, samples = features(1300, 0, ties), features(1100, 1, ties) * 1.5
    radii = neighbour_radii(real)
    # Scikit-learn counts the point itself among its neighbours, at distance 0.
    nearest, _ = NearestNeighbors(n_neighbors=6, algorithm="brute").fit(real).kneighbors(real)
    np.testing.assert_allclose(radii, nearest[:, -1], atol=1e-5)

    squared = np.square(real[:, None].astype(np.float64) - samples[None]).sum(axis=2)  # (M, N)
    others = np.square(real[:, None].astype(np.float64) - real[None]).sum(axis=2)
    np.fill_diagonal(others, np.inf)
    balls = np.partition(others, 4, axis=1)[:, 4:5]  # the 5th nearest other
    if ties:
        assert (squared == balls).any()
    inside = squared <= balls
    np.testing.assert_array_equal(is_covered(real, radii, samples), inside.any(axis=1))
    assert 0 < inside.any(axis=1).mean() < 1
    assert 0 < inside.any(axis=0).mean() < 1


def test_equal_distributions_reach_what_theory_says():
    """1 - (1/2)^5 for as many samples as real points (Naeem et al. 2020, lemma 2)."""
    found = [
        is_covered(real := features(1000, seed), neighbour_radii(real), features(1000, 99 + seed))
        for seed in range(10)
    ]
    assert np.mean(found) == pytest.approx(1 - 0.5**5, abs=0.01)


def test_a_copy_of_the_real_points_covers_them_all_and_one_point_next_to_none():
    real = features(500, 3)
    radii = neighbour_radii(real)
    assert is_covered(real, radii, real).all()
    alone = np.repeat(real[:1], 500, axis=0)
    assert is_covered(real, radii, alone).mean() < 0.05
    assert is_covered(real, radii, alone + 100).mean() == 0


@pytest.mark.parametrize(
    ("hits", "count"), [(0, 50), (1, 360), (37, 360), (9507, 10_000), (50, 50)]
)
def test_the_interval_is_scipy_s_exact_one(hits: int, count: int):
    expected = binomtest(hits, count).proportion_ci(0.95, method="exact")
    np.testing.assert_allclose(share_interval(hits, count), expected, rtol=1e-9)


@pytest.mark.parametrize("truth", [0.01, 0.5, 0.97])
def test_intervals_hold_a_known_truth_95_times_in_100(truth: float):
    hits = np.random.default_rng(7).binomial(1000, truth, size=600)
    held = [low <= truth <= high for low, high in (share_interval(int(k), 1000) for k in hits)]
    assert np.mean(held) >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / 600)


def test_effective_classes_is_scipy_s_entropy():
    labels = np.random.default_rng(0).choice(10, size=3000, p=np.arange(1, 11) / 55)
    expected = np.exp(entropy(np.bincount(labels, minlength=10)))
    assert effective_classes(labels) == pytest.approx(expected, rel=1e-12)
    assert effective_classes(np.full(100, 7)) == 1
    assert effective_classes(np.tile(np.arange(10), 30)) == pytest.approx(10)


def test_no_digit_is_neither_recognised_nor_a_class():
    """100 sure of class 0, 20 of class 4, 30 sure that they are none, 50 undecided."""
    probabilities = np.full((200, 11), 0.009)
    probabilities[:100, 0] = probabilities[100:120, 4] = 0.91
    probabilities[120:150, 10] = 0.91
    probabilities[150:] = 1 / 11
    classes = recognised_classes(probabilities)
    np.testing.assert_array_equal(np.bincount(classes, minlength=10)[[0, 4]], [100, 20])
    real = features(300, 4)
    found = completeness(real, neighbour_radii(real), features(200, 5), probabilities)
    assert found["recognised"] == 0.6
    assert found["recognised_low"] < 0.6 < found["recognised_high"]
    assert found["effective_classes"] == pytest.approx(np.exp(entropy([100, 20])))
    assert 0 < found["coverage_low"] < found["coverage"] < found["coverage_high"] < 1
    none = completeness(real, neighbour_radii(real), real, np.eye(11)[np.full(300, 10)])
    assert (none["recognised"], none["effective_classes"], none["coverage"]) == (0, 0, 1)
