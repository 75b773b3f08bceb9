"""What is made of the judge's probabilities: a class, how surely, and whether that counts.

A picture is recognised where one of the ten classes has more than 0.9 of the probability, and off
the data where "no digit" has more than half; between them it is unclear. Every figure and mark goes
by these two rules.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CLASSES = 10
NO_DIGIT = CLASSES  # the label after the ten classes, and its column
SURE = 0.9  # a picture is recognised where one class is more probable than this
OFF_DATA = 0.5  # a picture is off the data where "no digit" is more probable than this


class Verdict(NamedTuple):
    """What the judge says of N pictures."""

    labels: np.ndarray  # (N,) int64: of the largest probability; 10, NO_DIGIT, for none
    confidence: np.ndarray  # (N,) float32: that probability
    is_off: np.ndarray  # (N,) bool: off the data

    @property
    def is_recognised(self) -> np.ndarray:
        """Whether one of the ten classes is read, and surely: (N,) bool."""
        return (self.labels != NO_DIGIT) & (self.confidence > SURE)


def verdict(probabilities: np.ndarray) -> Verdict:
    """The verdict that probabilities (N, 11) come to, the last column of "no digit"."""
    is_off = probabilities[:, NO_DIGIT] > OFF_DATA
    return Verdict(probabilities.argmax(axis=1), probabilities.max(axis=1), is_off)
