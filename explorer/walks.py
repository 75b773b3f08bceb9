"""Straight walks between the codes of test digits, by numpy alone: pairs, and a typical one.

A page that opens on a walk needs no torch for it. `explorer.continuity` measures the walks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

WALKS = 1_000
STEPS = 100  # of a walk
# Two pictures coincide where no pixel differs by more than half a grey level: no screen shows it.
SAME_PIXEL = 0.5 / 255
CANDIDATES = 24  # pairs of which the most typical is chosen


class Walker(NamedTuple):
    """A model that walks from code to code."""

    weights: Mapping[str, np.ndarray]  # of its decoder, `decoder.<i>.weight` and `.bias`
    mu: np.ndarray  # (N, D)
    median: float | None  # of its largest steps, as measured; None where nothing changes or unknown


def usual_step(walks: Mapping[str, Any]) -> float | None:
    """The median of measured walks' largest steps; None where most of them change no picture.

    `walks` are a model's figures, as `explorer.continuity` gives them.
    """
    return None if walks["no_change"] > 0.5 else walks["step_median"]


def walk_ends(labels: np.ndarray, seed: int, walks: int = WALKS) -> np.ndarray:
    """Pairs of digits of different classes, drawn anew: indices into labels (N,), (walks, 2).

    The pairs depend on labels and seed alone, so that all models of a data set walk the same.
    Raises ValueError where all digits are of one class.
    """
    if len(np.unique(labels)) < 2:
        raise ValueError("all digits are of one class; walks need two classes or more")
    rng = np.random.default_rng(seed)
    pairs = rng.integers(len(labels), size=(walks, 2))
    while (same := labels[pairs[:, 0]] == labels[pairs[:, 1]]).any():
        pairs[same] = rng.integers(len(labels), size=(same.sum(), 2))
    return pairs


def typical_ends(walkers: Sequence[Walker], labels: np.ndarray, seed: int) -> tuple[int, int]:
    """Two test digits of different classes whose walk is typical in all models at once.

    Of some pairs the one whose largest steps differ least from the models' medians, as squared
    logarithms of their ratios, summed over the models. The first two digits where no model has a
    median, or where all digits are of one class.
    """
    moving = [walker for walker in walkers if walker.median is not None]
    if not moving or len(np.unique(labels)) < 2:
        return 0, min(1, len(labels) - 1)
    pairs = walk_ends(labels, seed, CANDIDATES)
    distances = np.zeros(len(pairs))
    for weights, mu, median in moving:
        steps = _largest_steps(weights, *mu[pairs.T])
        distances += np.nan_to_num(np.log(steps / median) ** 2, nan=np.inf)
    first, last = pairs[distances.argmin()]
    return int(first), int(last)


def _largest_steps(
    weights: Mapping[str, np.ndarray], starts: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """The largest step of each walk over its ends' distance: (W,); NaN where these coincide."""
    shares = np.linspace(0, 1, STEPS + 1)[:, None]
    codes = starts[:, None] + shares * (ends - starts)[:, None]  # (W, steps + 1, D)
    flat = pixel_means(weights, codes.reshape(-1, codes.shape[-1]))
    pictures = flat.reshape(*codes.shape[:2], -1)
    largest = np.linalg.norm(np.diff(pictures, axis=1), axis=2).max(axis=1)
    apart = pictures[:, -1] - pictures[:, 0]
    distances = np.linalg.norm(apart, axis=1)
    distances[np.abs(apart).max(axis=1) <= SAME_PIXEL] = np.nan
    return largest / distances


def pixel_means(weights: Mapping[str, np.ndarray], z: np.ndarray) -> np.ndarray:
    """What a model's decoder draws at codes (N, D): (N, P) in [0, 1], as `VAE.decode` gives it."""
    layers = sum(name.startswith("decoder.") for name in weights) // 2
    h = z.astype(np.float32)
    for n in range(layers):
        weight, bias = (weights[f"decoder.{n}.{part}"] for part in ("weight", "bias"))
        h = h @ weight.T.astype(np.float32) + bias.astype(np.float32)
        if n < layers - 1:
            h = np.maximum(h, 0)
    return 0.5 * (1 + np.tanh(h / 2))  # the logistic function, which does not overflow so
