"""Why pictures are off the data: which real digit is nearest, and whether blur is the reason.

`explorer.judge` says which pictures are. Needs no torch, and no data set: of real digits it knows
the judge's features and how sharp all but the least sharp of them are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.judge import Judge

# 99 % of a data set's test digits are at least as sharp: what is less sharp is called blurred.
SHARP = {"mnist": 0.4368, "digits": 0.9891}
_ROWS = 250  # pictures at once: distances to 10,000 real digits are 10 MB


class Reasons(NamedTuple):
    """What is said of N pictures that are off the data."""

    nearest: np.ndarray  # (N,) int64: the test digit that is nearest
    is_blurred: np.ndarray  # (N,) bool: less sharp than 99 % of the test digits


def reasons(judge: Judge, images: Tensor) -> Reasons:
    """Why a judge reads pictures (N, 1, H, W) in [0, 1] as no digit.

    Nothing is called blurred in a data set that SHARP does not know.
    """
    is_blurred = sharpness(images.numpy()) < SHARP.get(judge.dataset, 0)
    return Reasons(nearest_digits(judge.features(images), judge.real_features), is_blurred)


def nearest_digits(features: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Which of the real digits (M, F) is nearest to each of (N, F), in the judge's features: (N,).

    Features rather than pixels, since the pixels of real digits are not shipped.
    """
    squares = np.square(real).sum(axis=1)  # (M,)
    found = [
        (squares - 2 * features[n : n + _ROWS] @ real.T).argmin(axis=1)
        for n in range(0, len(features), _ROWS)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def sharpness(images: np.ndarray) -> np.ndarray:
    """Squared differences of neighbouring pixels over the squared contrast: (N,) of (N, 1, H, W).

    By Parseval this is the mean of 4 sin^2(f / 2) over the picture's spatial frequencies f, by
    their power: 0 for a picture without contrast, lower the more it is blurred, the same for the
    inverted picture and for a paler one.
    """
    pixels = images[:, 0].astype(np.float64)
    across, down = (np.square(np.diff(pixels, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2))
    contrast = np.square(pixels - pixels.mean(axis=(1, 2), keepdims=True)).sum(axis=(1, 2))
    return np.divide(across + down, contrast, out=np.zeros(len(pixels)), where=contrast > 0)
