"""Fields over a region of a 2-D model's plane: change per step, the judge's classes, density.

A field is a grid of equal, nearly square cells, its first row at the top, as in a picture. Regions
are in displayed coordinates (display = mu @ rotation), as the map has them; values are computed in
the model's own. Nothing here knows what colours stand for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from explorer.checkpoints import Checkpoint
from explorer.errors import BadSetting

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.judge import Judge

KINDS = ("change", "class", "density")
CELLS = 5000  # of a field, about: 71 x 71 of a square
MAX_ASPECT = 8.0  # of a region's sides
MIN_SIDE = 1e-3  # latent units; single precision ends not far below
BATCH = 1600  # points decoded at once: pictures and their two derivatives are 15 MB
BANDWIDTH_SHARE = 0.5  # of Scott's rule, which is for one hump; codes lie in about ten
IQR_OF_NORMAL = 1.349  # interquartile range of N(0, 1)
MIN_BANDWIDTH = 1e-3  # latent units: after a collapse all codes are one point


class Region(NamedTuple):
    """A rectangle of the displayed plane."""

    left: float
    right: float
    bottom: float
    top: float


class ClassField(NamedTuple):
    """What the judge says of the decoded picture of each cell's middle, (rows, columns) each."""

    labels: np.ndarray  # uint8
    confidence: np.ndarray  # float32, the largest class probability
    is_off: np.ndarray  # bool: off the data, where no class counts


def checked_region(x: tuple[float, float], y: tuple[float, float]) -> Region:
    """A region of two ranges, low to high; raises BadSetting for what is no picture's."""
    region = Region(*x, *y)
    width, height = region.right - region.left, region.top - region.bottom
    if not (width >= MIN_SIDE and height >= MIN_SIDE):  # NaN fails as well
        raise BadSetting(
            f"The region x {x}, y {y} is empty; allowed: low to high, {MIN_SIDE:g} apart or more."
        )
    if max(width / height, height / width) > MAX_ASPECT:
        raise BadSetting(
            f"The region x {x}, y {y} is too narrow; allowed: sides of 1 to {MAX_ASPECT:g} at most."
        )
    return region


def grid_shape(region: Region) -> tuple[int, int]:
    """Rows and columns whose cells are nearly square."""
    aspect = (region.right - region.left) / (region.top - region.bottom)
    columns = round(math.sqrt(CELLS * aspect))
    return round(CELLS / columns), columns


def cell_edges(region: Region) -> tuple[np.ndarray, np.ndarray]:
    """Borders of the cells: (columns + 1,) of x rising, (rows + 1,) of y falling."""
    rows, columns = grid_shape(region)
    return (
        np.linspace(region.left, region.right, columns + 1),
        np.linspace(region.top, region.bottom, rows + 1),
    )


def latent_grid(checkpoint: Checkpoint, region: Region) -> np.ndarray:
    """The cells' middles in the model's own coordinates: (rows * columns, 2) float32."""
    x, y = ((edges[1:] + edges[:-1]) / 2 for edges in cell_edges(region))
    displayed = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    rotation = checkpoint.rotation
    own = displayed if rotation is None else displayed @ rotation.T.astype(np.float64)
    return own.astype(np.float32)


def change_field(checkpoint: Checkpoint, region: Region) -> np.ndarray:
    """How much the picture changes a unit step in the direction of the strongest change.

    sqrt(lambda_max) of the decoder's pull-back metric, (rows, columns) float32: the Euclidean
    length of the change of all pixel means, for a step of 1 in z.
    """
    from explorer.continuity import stretch

    decode = checkpoint.model.decode
    parts = _by_batches(latent_grid(checkpoint, region), lambda z: stretch(decode, z).numpy())
    return np.concatenate(parts).astype(np.float32).reshape(grid_shape(region))


def class_field(checkpoint: Checkpoint, judge: Judge, region: Region) -> ClassField:
    """The judge's verdict on the picture that each cell's middle decodes to."""
    decode = checkpoint.model.decode
    verdicts = _by_batches(latent_grid(checkpoint, region), lambda z: judge.judge(decode(z)))
    labels, confidence, is_off = (np.concatenate(part) for part in zip(*verdicts, strict=True))
    shape = grid_shape(region)
    return ClassField(
        labels.astype(np.uint8).reshape(shape),
        confidence.astype(np.float32).reshape(shape),
        is_off.reshape(shape),
    )


def code_bandwidth(mu: np.ndarray) -> float:
    """Standard deviation of the kernels that the density of codes (N, 2) is made of.

    Half of Scott's rule (1992, "Multivariate density estimation"), N^(-1/6) times a spread, which
    the interquartile ranges give: codes of a loss without KL stray too far for their variance.
    """
    low, high = np.quantile(mu.astype(np.float64), [0.25, 0.75], axis=0)
    spread = float((high - low).mean()) / IQR_OF_NORMAL
    return max(MIN_BANDWIDTH, BANDWIDTH_SHARE * len(mu) ** (-1 / 6) * spread)


def density_field(checkpoint: Checkpoint, region: Region) -> np.ndarray:
    """The density of the test digits' codes: per cent of them a square unit, (rows, columns).

    The mean over each cell of a kernel density estimate with Gaussian kernels, so that no hump is
    missed between two middles: value times area, summed, is the share that lies in the region.
    """
    from scipy.special import ndtr

    mu = checkpoint.codes.mu.astype(np.float64)
    displayed = mu if checkpoint.rotation is None else mu @ checkpoint.rotation
    bandwidth = code_bandwidth(mu)
    across, down = (
        # (cells, N): the share of each code's kernel in each column, in each row
        np.abs(np.diff(ndtr((edges[:, None] - displayed[:, axis]) / bandwidth), axis=0))
        for axis, edges in enumerate(cell_edges(region))
    )
    rows, columns = grid_shape(region)
    cell = (region.right - region.left) * (region.top - region.bottom) / (rows * columns)
    return (100 * (down @ across.T) / (len(mu) * cell)).astype(np.float32)


def _by_batches(z: np.ndarray, compute: Callable[[Tensor], object]) -> list:
    import torch

    return [compute(batch) for batch in torch.from_numpy(z).split(BATCH)]
