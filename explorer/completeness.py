"""Completeness: does every point of the prior decode to something that can be read as a digit?

The headline is *recognised*: the share of samples that the judge reads as one of the ten classes
with a probability above 0.9, in its softmax over these and "no digit". Beside it stands over how
many classes the recognised ones spread. Coverage (Naeem et al. 2020, "Reliable fidelity and
diversity metrics for generative models", eq. 9) is another thing, diversity against real digits:
the share of real images that have at least one sample inside their ball, which reaches to their 5th
nearest real neighbour between features (N, F) of the judge. It depends on the features and grows
with the number of samples, and it asks for pictures as sharp as real ones. Knows nothing of models,
files or the judge's network.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from explorer.verdicts import verdict

NEIGHBOURS = 5
INTERVAL = 0.95
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


def share_interval(hits: int, count: int) -> tuple[float, float]:
    """The binomial interval (95 %) of a share, of so many hits among `count` independent draws.

    Clopper and Pearson (1934): it holds the true share at least 95 times in 100.
    """
    from scipy.special import betaincinv

    tail = (1 - INTERVAL) / 2
    low = betaincinv(hits, count - hits + 1, tail) if hits > 0 else 0.0
    high = betaincinv(hits + 1, count - hits, 1 - tail) if hits < count else 1.0
    return float(low), float(high)


def recognised_classes(probabilities: np.ndarray) -> np.ndarray:
    """The classes (M,) of those samples, among probabilities (N, 11), that are recognised."""
    found = verdict(probabilities)
    return found.labels[found.is_recognised]


def effective_classes(labels: np.ndarray) -> float:
    """exp of the entropy of the classes' counts: 1 for one class alone, 10 for ten equal ones.

    0 where there is no label at all.
    """
    if len(labels) == 0:
        return 0.0
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(np.exp(-(shares * np.log(shares)).sum()))


def completeness(
    real: np.ndarray, radii: np.ndarray, features: np.ndarray, probabilities: np.ndarray
) -> dict[str, float]:
    """All figures of N samples: features (N, F) and probabilities (N, 11) against real digits.

    `effective_classes` is of the recognised samples: noise of many kinds is no diversity.
    """
    classes = recognised_classes(probabilities)
    covered = is_covered(real, radii, features)
    return {
        **_share("recognised", len(classes), len(probabilities)),
        "effective_classes": effective_classes(classes),
        **_share("coverage", int(covered.sum()), len(covered)),
    }


def _share(name: str, hits: int, count: int) -> dict[str, float]:
    low, high = share_interval(hits, count)
    return {name: hits / count, f"{name}_low": low, f"{name}_high": high}
