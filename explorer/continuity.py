"""Continuity: do points close together decode to similar pictures?

f(z) is the picture of pixel means in [0, 1], the logistic function applied. `normalised_change`
says it of the whole prior, for any number of dimensions; `stretch_and_area` says it at a point of
the plane, by the pull-back metric G = J'J of the decoder with Jacobian J (Arvanitidis et al. 2018,
"Latent space oddity"; Chen et al. 2018, "Metrics for deep generative models").

A decoder that has collapsed is perfectly continuous, so that neither says anything without
completeness and information beside it. Knows nothing of files or of what trained the decoder.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import jvp, vmap

Decode = Callable[[Tensor], Tensor]  # codes (N, D) to pixel means (N, 1, H, W)

STEP = 0.1  # |d|, in units of the prior's sigma
PAIRS = 10_000
GRID = 64  # points a side
QUANTILES = (0.01, 0.99)  # of the prior, over which the grid is laid in even steps
# Pictures that differ by less than this a pixel (root mean square; a 4,000th of a grey level) are
# equal but for how float32 rounds them: a ratio of such differences would be noise over noise.
SAME_PIXEL = 1e-6
_BATCH = 1_000  # codes at once

with warnings.catch_warnings():
    # The first forward derivative makes PyTorch load rules by a function that it calls deprecated
    # itself. It is taken here, so that nobody who takes another is told of it.
    warnings.filterwarnings("ignore", message="`torch.jit.script", category=FutureWarning)
    warnings.filterwarnings("ignore", message="`torch.jit.script", category=DeprecationWarning)
    jvp(torch.sin, (torch.zeros(1),), (torch.ones(1),))


@torch.no_grad()
def normalised_change(decode: Decode, dims: int, seed: int, pairs: int = PAIRS) -> float:
    """E|f(z) - f(z + d)|^2 / E|f(z) - f(z')|^2 for |d| = 0.1 in any direction, z, z' ~ N(0, I).

    0 for a decoder that does not depend on z; 0.1^2 / (2 D) for a linear one, whatever its scale;
    about 1 where neighbours are as unlike as any two pictures.
    """
    generator = torch.Generator().manual_seed(seed)
    z, other, direction = torch.randn(3, pairs, dims, generator=generator)
    near = z + STEP * direction / direction.norm(dim=1, keepdim=True)
    small = large = 0.0
    for codes in zip(*(t.split(_BATCH) for t in (z, near, other)), strict=True):
        here, there, elsewhere = (decode(c).double() for c in codes)
        small += (here - there).square().sum().item()
        large += (here - elsewhere).square().sum().item()
    pixels = here[0].numel()
    return 0.0 if large <= pairs * pixels * SAME_PIXEL**2 else small / large


def stretch_and_area(decode: Decode, z: Tensor) -> tuple[Tensor, Tensor]:
    """How far the picture moves for a small step from each point of z (N, 2): two (N,) tensors.

    Stretch, sqrt(lambda_max) of G, is the change |df| / |dz| in the direction in which it is
    largest; area, sqrt(det G), is that of the patch of pictures that a unit of the plane becomes.
    """
    columns = torch.cat([_columns(decode, part) for part in z.split(_BATCH)], dim=1)  # (2, N, P)
    a, c = columns.square().sum(dim=2)  # G = [[a, b], [b, c]] at each point
    b = columns.prod(dim=0).sum(dim=1)
    largest = (a + c) / 2 + torch.hypot((a - c) / 2, b)
    return largest.sqrt().float(), (a * c - b.square()).clamp(min=0).sqrt().float()


def _columns(decode: Decode, z: Tensor) -> Tensor:
    """The Jacobian's two columns at z (N, 2): (2, N, P), float64, by forward differentiation."""

    def column(direction: Tensor) -> Tensor:
        # Each picture depends on its own code alone, so one tangent serves the whole batch.
        return jvp(decode, (z,), (direction.expand_as(z),))[1]

    with torch.no_grad():
        return vmap(column)(torch.eye(2, dtype=z.dtype)).flatten(2).double()


def prior_grid(side: int = GRID) -> Tensor:
    """Points (side * side, 2) in even steps of the prior's quantiles from 0.01 to 0.99."""
    line = torch.special.ndtri(torch.linspace(*QUANTILES, side, dtype=torch.float64)).float()
    return torch.cartesian_prod(line, line)


def continuity(decode: Decode, dims: int, seed: int) -> dict[str, float]:
    """The figures of a decoder; what is local is for codes of two dimensions only."""
    figures = {"change": normalised_change(decode, dims, seed)}
    if dims == 2:
        stretch, area = stretch_and_area(decode, prior_grid())
        figures |= {
            "stretch_median": stretch.median().item(),
            "stretch_p95": stretch.quantile(0.95).item(),
            "area_median": area.median().item(),
        }
    assert all(math.isfinite(value) for value in figures.values())
    return figures
