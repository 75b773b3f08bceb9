"""Pictures that a model decodes, judged: samples of the prior in turn, and rings around codes.

The points are fixed by their arguments alone, so that a browser that decodes the same points shows
the very pictures that were judged. What the judge calls a class may still look like nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from explorer.off_data import Reasons, reasons
from explorer.verdicts import NO_DIGIT, Verdict

if TYPE_CHECKING:
    from explorer.judge import Judge
    from explorer.models import VAE

BATCH = 100  # samples of the prior that are judged at a time
MAX_FALLEN = 1000  # samples of one seed
MAX_SEED = 1000

ANGLES = 24  # points of a ring
RADII = tuple(np.arange(1, 25) / 8)  # of the rings around a code, in prior sigmas: 1/8 to 3

SURVEYED = 50  # test digits whose neighbourhoods are averaged
SURVEY_ANGLES = 4  # points of their rings: 200 pictures a radius


class Judged(NamedTuple):
    """Points of a latent space, and what the judge says of their pictures."""

    z: np.ndarray  # (N, 2) float32
    labels: np.ndarray  # (N,) the class that the judge reads
    confidence: np.ndarray  # (N,) its probability
    is_off: np.ndarray  # (N,) bool: off the data

    @property
    def is_recognised(self) -> np.ndarray:
        """Whether the judge reads one class with more than 0.9, (N,) bool."""
        return Verdict(*self[1:]).is_recognised


def judged(model: VAE, judge: Judge, z: np.ndarray) -> Judged:
    """Decode points (N, 2) and have their pictures judged."""
    import torch

    with torch.no_grad():
        images = model.decode(torch.from_numpy(z))
    return Judged(z, *judge.judge(images))


def explained(model: VAE, judge: Judge, found: Judged) -> Reasons:
    """Why those of some judged points that are off the data are so, in their order."""
    import torch

    with torch.no_grad():
        return reasons(judge, model.decode(torch.from_numpy(found.z[found.is_off])))


def prior_batch(seed: int, batch: int) -> np.ndarray:
    """One batch of N(0, I), (BATCH, 2) float32; the same for all models.

    Raises ValueError where the seed or the batch is not one of those that there are.
    """
    if not 0 <= seed < MAX_SEED:
        raise ValueError(f"No seed {seed}: they go from 0 to {MAX_SEED - 1}.")
    if not 0 <= batch < MAX_FALLEN // BATCH:
        raise ValueError(f"No batch {batch}: they go from 0 to {MAX_FALLEN // BATCH - 1}.")
    return np.random.default_rng((seed, batch)).standard_normal((BATCH, 2), dtype=np.float32)


def rings(centres: np.ndarray, angles: int = ANGLES) -> np.ndarray:
    """Points on circles around codes (..., 2), circle by circle around one code after another.

    (M * len(RADII) * angles, 2) float32 of M codes. Each circle begins at the right and goes
    anticlockwise.
    """
    turns = 2 * np.pi * np.arange(angles) / angles
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)  # (angles, 2)
    points = centres[..., None, None, :] + np.array(RADII)[:, None, None] * circle
    return points.reshape(-1, 2).astype(np.float32)


class Neighbourhood(NamedTuple):
    """A code's picture and the rings around it, judged."""

    centre: Judged  # N = 1
    rings: Judged  # N = len(RADII) * ANGLES
    kept: np.ndarray | None  # (len(RADII),) share of each ring that is read as the centre is
    off: np.ndarray  # (len(RADII),) share of each ring that is off the data


def neighbourhood(model: VAE, judge: Judge, centre: np.ndarray) -> Neighbourhood:
    """Judge what lies around a code (2,).

    `kept` is None where the centre itself is read as no digit: it has no class to be kept.
    """
    middle = judged(model, judge, centre.astype(np.float32).reshape(1, 2))
    around = judged(model, judge, rings(centre))
    kept, off = ring_shares(middle, around)
    return Neighbourhood(middle, around, None if np.isnan(kept).any() else kept[0], off[0])


def ring_shares(centres: Judged, around: Judged) -> tuple[np.ndarray, np.ndarray]:
    """What is kept and what is off the data, of the rings around M codes: (M, len(RADII)) each.

    `centres` are the M codes themselves, `around` the points of `rings`. Kept is NaN in the whole
    row of a code that is read as no digit.
    """
    codes = len(centres.labels)
    labels, is_off = (
        found.reshape(codes, len(RADII), -1) for found in (around.labels, around.is_off)
    )
    kept = (labels == centres.labels[:, None, None]).mean(axis=2)
    kept[centres.labels == NO_DIGIT] = np.nan
    return kept, is_off.mean(axis=2)


class Survey(NamedTuple):
    """The neighbourhoods of many test digits."""

    digits: np.ndarray  # (N,) which test digits
    is_own: np.ndarray  # (N,) bool: the code's picture is recognised as the digit's own class
    kept: np.ndarray  # (N, len(RADII)); NaN in the row of a code that is read as no digit
    off: np.ndarray  # (N, len(RADII))


def survey(model: VAE, judge: Judge, mu: np.ndarray, labels: np.ndarray) -> Survey:
    """Judge what lies around test digits in even steps, of all codes mu (M, 2), labels (M,)."""
    digits = np.linspace(0, len(mu) - 1, min(SURVEYED, len(mu))).round().astype(int)
    centres = judged(model, judge, mu[digits].astype(np.float32))
    around = judged(model, judge, rings(mu[digits], SURVEY_ANGLES))
    is_own = centres.is_recognised & (centres.labels == labels[digits])
    return Survey(digits, is_own, *ring_shares(centres, around))
