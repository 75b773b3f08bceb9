"""Coverage against an independent implementation; intervals and classes against known truths."""

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.neighbors import NearestNeighbors

from explorer.completeness import (
    completeness,
    coverage_interval,
    effective_classes,
    is_covered,
    is_outside,
    neighbour_radii,
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
    np.testing.assert_array_equal(is_outside(real, radii, samples), ~inside.any(axis=0))
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
    assert not is_outside(real, radii, real).any()
    alone = np.repeat(real[:1], 500, axis=0)
    assert is_covered(real, radii, alone).mean() < 0.05
    assert is_covered(real, radii, alone + 100).mean() == 0


def test_the_interval_is_that_of_drawing_real_digits_anew():
    rng = np.random.default_rng(0)
    covered = rng.random(360) < 0.7
    redrawn = covered[rng.integers(360, size=(20_000, 360))].mean(axis=1)
    low, high = coverage_interval(covered, seed=1)
    np.testing.assert_allclose((low, high), np.percentile(redrawn, (2.5, 97.5)), atol=0.006)
    assert (low, high) == coverage_interval(covered, seed=1)


@pytest.mark.parametrize("truth", [0.1, 0.5, 0.97])
def test_intervals_hold_a_known_truth_95_times_in_100(truth: float):
    rng = np.random.default_rng(7)
    held = [
        low <= truth <= high
        for low, high in (coverage_interval(rng.random(1000) < truth, s) for s in range(600))
    ]
    # Four standard errors of a share of 600, and what whole numbers of digits leave to chance.
    assert np.mean(held) == pytest.approx(0.95, abs=0.04)


@pytest.mark.parametrize("covered", [0, 1])
def test_none_or_all_leaves_no_doubt(covered: int):
    assert coverage_interval(np.full(50, bool(covered)), 0) == (covered, covered)


def test_effective_classes_is_scipy_s_entropy():
    labels = np.random.default_rng(0).choice(10, size=3000, p=np.arange(1, 11) / 55)
    expected = np.exp(entropy(np.bincount(labels, minlength=10)))
    assert effective_classes(labels) == pytest.approx(expected, rel=1e-12)
    assert effective_classes(np.full(100, 7)) == 1
    assert effective_classes(np.tile(np.arange(10), 30)) == pytest.approx(10)


def test_all_figures_of_samples():
    real = features(300, 4)
    probabilities = np.full((200, 11), 0.01)
    probabilities[:, 0] = 0.91
    probabilities[:50] = 0.1
    probabilities[:50, 3] += 1e-6
    found = completeness(real, neighbour_radii(real), features(200, 5), probabilities, seed=0)
    assert found["confident_share"] == 0.75
    assert found["effective_classes"] == pytest.approx(np.exp(entropy([50, 150])))
    assert 0 < found["coverage_low"] < found["coverage"] < found["coverage_high"] < 1
