"""Pictures that a model decodes, judged: samples of the prior in turn, and rings around a code.

The points are fixed by their arguments alone, so that a browser that decodes the same points shows
the very pictures that were judged. What the judge calls a class may still look like nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from explorer.judge import Judge
    from explorer.models import VAE

BATCH = 100  # samples of the prior that are judged at a time
MAX_FALLEN = 1000  # samples of one seed
MAX_SEED = 1000

ANGLES = 24  # points of a ring
RADII = tuple(np.arange(1, 25) / 8)  # of the rings around a code, in prior sigmas: 1/8 to 3


class Judged(NamedTuple):
    """Points of a latent space, and what the judge says of their pictures."""

    z: np.ndarray  # (N, 2) float32
    labels: np.ndarray  # (N,) the class that the judge reads
    confidence: np.ndarray  # (N,) its probability
    is_off: np.ndarray  # (N,) bool: off the data

    @property
    def is_recognised(self) -> np.ndarray:
        """Whether the judge reads one class with more than 0.9, (N,) bool."""
        from explorer.completeness import SURE
        from explorer.judge import NO_DIGIT

        return (self.labels != NO_DIGIT) & (self.confidence > SURE)


def judged(model: VAE, judge: Judge, z: np.ndarray) -> Judged:
    """Decode points (N, 2) and have their pictures judged."""
    import torch

    with torch.no_grad():
        images = model.decode(torch.from_numpy(z))
    return Judged(z, *judge.judge(images))


def prior_batch(seed: int, batch: int) -> np.ndarray:
    """One batch of N(0, I), (BATCH, 2) float32; the same for all models.

    Raises ValueError where the seed or the batch is not one of those that there are.
    """
    if not 0 <= seed < MAX_SEED:
        raise ValueError(f"No seed {seed}: they go from 0 to {MAX_SEED - 1}.")
    if not 0 <= batch < MAX_FALLEN // BATCH:
        raise ValueError(f"No batch {batch}: they go from 0 to {MAX_FALLEN // BATCH - 1}.")
    return np.random.default_rng((seed, batch)).standard_normal((BATCH, 2), dtype=np.float32)


def rings(centre: np.ndarray) -> np.ndarray:
    """Points on circles around a code (2,), (len(RADII) * ANGLES, 2) float32, circle by circle.

    Each begins at the right and goes anticlockwise.
    """
    angles = 2 * np.pi * np.arange(ANGLES) / ANGLES
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (ANGLES, 2)
    points = centre + np.array(RADII)[:, None, None] * circle
    return points.reshape(-1, 2).astype(np.float32)


class Neighbourhood(NamedTuple):
    """A code's picture and the rings around it, judged."""

    centre: Judged  # N = 1
    rings: Judged  # N = len(RADII) * ANGLES
    kept: np.ndarray  # (len(RADII),) share of each ring that the judge reads as it reads the centre
    off: np.ndarray  # (len(RADII),) share of each ring that is off the data, whatever it is read as


def neighbourhood(model: VAE, judge: Judge, centre: np.ndarray) -> Neighbourhood:
    """Judge what lies around a code (2,)."""
    around = judged(model, judge, rings(centre))
    middle = judged(model, judge, centre.astype(np.float32).reshape(1, 2))
    is_kept = around.labels.reshape(-1, ANGLES) == middle.labels[0]
    return Neighbourhood(
        middle, around, is_kept.mean(axis=1), around.is_off.reshape(-1, ANGLES).mean(axis=1)
    )
