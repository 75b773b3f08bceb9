"""Continuity: do points close together decode to similar pictures?

f(z) is the picture of pixel means in [0, 1], the logistic function applied. `continuity` walks
straight from one test digit's code to that of a digit of another class and takes the largest step
of the picture as a share of the distance between both ends: no scale of the latent space enters,
so that models with any spread of codes and any number of dimensions compare. `stretch` says it at
a point of the plane, by the pull-back metric G = J'J of the decoder with Jacobian J (Arvanitidis et
al. 2018, "Latent space oddity"; Chen et al. 2018, "Metrics for deep generative models").

A decoder that has collapsed is perfectly continuous, so that neither says anything without
completeness and information beside it. Knows nothing of files or of what trained the decoder.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import jvp, vmap

from explorer.walks import SAME_PIXEL, STEPS, WALKS, walk_ends

Decode = Callable[[Tensor], Tensor]  # codes (N, D) to pixel means (N, 1, H, W)

JUMP = 0.25  # a step above this share of the ends' distance is a jump
_BATCH = 1_000  # codes at once

with warnings.catch_warnings():
    # The first forward derivative makes PyTorch load rules by a function that it calls deprecated
    # itself. It is taken here, so that nobody who takes another is told of it.
    warnings.filterwarnings("ignore", message="`torch.jit.script", category=FutureWarning)
    warnings.filterwarnings("ignore", message="`torch.jit.script", category=DeprecationWarning)
    jvp(torch.sin, (torch.zeros(1),), (torch.ones(1),))


@torch.no_grad()
def largest_steps(decode: Decode, starts: Tensor, ends: Tensor, steps: int = STEPS) -> np.ndarray:
    """The largest step of the picture on each straight walk, over its ends' distance: (W,).

    starts and ends (W, D). Distances are Euclidean, over all pixels. 1 / steps is the least that
    there can be, for a picture that changes evenly; about 1, or more, is a jump. NaN where both end
    pictures coincide: there is no change that steps could be compared with.
    """
    shares = torch.linspace(0, 1, steps + 1)[:, None]
    found = []
    at_once = max(1, _BATCH // (steps + 1))
    for a, b in zip(starts.split(at_once), ends.split(at_once), strict=True):
        z = a[:, None] + shares * (b - a)[:, None]  # (walks, steps + 1, D)
        pictures = decode(z.flatten(0, 1)).double().unflatten(0, z.shape[:2]).flatten(2)
        largest = pictures.diff(dim=1).norm(dim=2).amax(dim=1)
        apart = pictures[:, -1] - pictures[:, 0]
        ratio = largest / apart.norm(dim=1)
        found.append(ratio.where(apart.abs().amax(dim=1) > SAME_PIXEL, torch.nan))
    return torch.cat(found).numpy()


def continuity(
    decode: Decode, mu: np.ndarray, labels: np.ndarray, seed: int, walks: int = WALKS
) -> dict[str, Any]:
    """The figures of a model's walks along its own codes mu (N, D) of test digits, labels (N,).

    `no_change` is the share of walks whose end pictures coincide. Of the others: the largest of
    100 steps as a share of the ends' distance, its median and 95 % quantile, and the share of walks
    on which it is above 25 %; None, all three, where there are no others.
    """
    starts, ends = torch.from_numpy(mu[walk_ends(labels, seed, walks).T])
    steps = largest_steps(decode, starts, ends)
    changed = steps[~np.isnan(steps)]
    figures: dict[str, Any] = {"walks": walks, "no_change": 1 - len(changed) / walks}
    if len(changed) == 0:
        return figures | {"step_median": None, "step_p95": None, "jumps": None}
    median, high = np.quantile(changed, [0.5, 0.95])
    return figures | {
        "step_median": float(median),
        "step_p95": float(high),
        "jumps": float((changed > JUMP).mean()),
    }


def stretch(decode: Decode, z: Tensor) -> Tensor:
    """How far the picture moves for a small step from each point of z (N, 2): (N,).

    sqrt(lambda_max) of G, the change |df| / |dz| in the direction in which it is largest.
    """
    columns = torch.cat([_columns(decode, part) for part in z.split(_BATCH)], dim=1)  # (2, N, P)
    a, c = columns.square().sum(dim=2)  # G = [[a, b], [b, c]] at each point
    b = columns.prod(dim=0).sum(dim=1)
    return ((a + c) / 2 + torch.hypot((a - c) / 2, b)).sqrt().float()


def _columns(decode: Decode, z: Tensor) -> Tensor:
    """The Jacobian's two columns at z (N, 2): (2, N, P), float64, by forward differentiation."""

    def column(direction: Tensor) -> Tensor:
        # Each picture depends on its own code alone, so one tangent serves the whole batch.
        return jvp(decode, (z,), (direction.expand_as(z),))[1]

    with torch.no_grad():
        return vmap(column)(torch.eye(2, dtype=z.dtype)).flatten(2).double()
