"""Completeness: does every point of the prior decode to something like a real digit?

The headline is coverage (Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative
models", eq. 9): the share of real images that have at least one sample inside their ball, which
reaches to their 5th nearest real neighbour. It is taken between features (N, F) of the judge. The
share of samples of which the judge is confident says nothing alone: a classifier can be sure of
noise. Knows nothing of models, files or the judge's network.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

NEIGHBOURS = 5
CLASSES = 10  # probabilities have one more column: "no digit"
CONFIDENT = 0.9  # a sample counts as confident where its largest probability is above this
RESAMPLES = 2_000
INTERVAL = (2.5, 97.5)  # percentiles: 95 %
_ROWS = 1_000  # real digits a block: distances to 10,000 samples are 40 MB


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Euclidean distances of (N, F) and (M, F): (N, M).

    Differences are taken one by one, so that equal features are at distance 0 exactly; the faster
    way by a matrix product is not.
    """
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def neighbour_radii(real: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """Distance of each of (M, F) to its k-th nearest other: (M,), float32; M > k."""
    points = torch.from_numpy(real)
    radii = [
        # The nearest is the point itself, at 0, or an equal one.
        distances(rows, points).kthvalue(neighbours + 1, dim=1).values
        for rows in points.split(_ROWS)
    ]
    return torch.cat(radii).numpy()


def is_covered(real: np.ndarray, radii: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Whether each real digit's ball holds a sample: real (M, F), samples (N, F) to (M,) bool."""
    points = torch.from_numpy(samples)
    nearest = [distances(r, points).amin(dim=1) for r in torch.from_numpy(real).split(_ROWS)]
    return torch.cat(nearest).numpy() <= radii


def is_outside(real: np.ndarray, radii: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Whether each sample lies outside every real digit's ball: (N,) bool."""
    balls, points = torch.from_numpy(radii), torch.from_numpy(real)
    inside = [
        (distances(rows, points) <= balls).any(dim=1)
        for rows in torch.from_numpy(samples).split(_ROWS)
    ]
    return ~torch.cat(inside).numpy()


def coverage_interval(covered: np.ndarray, seed: int) -> tuple[float, float]:
    """Bootstrap interval (95 %) of the share of real digits (M,) that are covered.

    Real digits are drawn anew M at a time with their balls as they are; how many of M draws with
    replacement are covered is a binomial number, so it is drawn as one. The samples stay the same.
    """
    counts = np.random.default_rng(seed).binomial(len(covered), covered.mean(), RESAMPLES)
    low, high = np.percentile(counts / len(covered), INTERVAL)
    return float(low), float(high)


def effective_classes(labels: np.ndarray) -> float:
    """exp of the entropy of the classes' counts: 1 for one class alone, 10 for ten equal ones."""
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(np.exp(-(shares * np.log(shares)).sum()))


def completeness(
    real: np.ndarray, radii: np.ndarray, features: np.ndarray, probabilities: np.ndarray, seed: int
) -> dict[str, float]:
    """All figures of N samples: features (N, F) and probabilities (N, 11) against real digits."""
    covered = is_covered(real, radii, features)
    low, high = coverage_interval(covered, seed)
    return {
        "coverage": float(covered.mean()),
        "coverage_low": low,
        "coverage_high": high,
        "confident_share": float((probabilities[:, :CLASSES].max(axis=1) > CONFIDENT).mean()),
        "effective_classes": effective_classes(probabilities[:, :CLASSES].argmax(axis=1)),
    }
