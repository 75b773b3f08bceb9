"""Statistics of a data set that the zoo keeps beside its models, so that pages need no data set.

The eigenvalues predict posterior collapse: to second order around the collapsed solution, where the
decoder gives the mean image p whatever z is, direction k stays collapsed when beta exceeds the k-th
eigenvalue. For a Bernoulli decoder they are those of Cov((x - p) / sqrt(p (1 - p))), for half the
squared error those of Cov(x) (PCA's). See Lucas et al. 2019, "Don't blame the ELBO!".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from explorer.errors import CheckpointBad, CheckpointMissing
from explorer.files import write_atomically
from explorer.fixes import can_train, train_command
from explorer.places import checkpoint_root
from explorer.zoo import IMAGE_SIZES

FILE_NAME = "statistics.safetensors"  # beside the data set's checkpoints
MAX_BYTES = 2**22  # MNIST's has 10 kB


@dataclass(frozen=True)
class Statistics:
    """What a data set's training images say before any model is trained."""

    mean_image: np.ndarray  # (H, W) in [0, 1]
    bernoulli_eigenvalues: np.ndarray  # (H * W,), falling: collapse thresholds of beta
    gaussian_eigenvalues: np.ndarray  # (H * W,), falling: the same for half squared error


def compute_statistics(images: np.ndarray) -> Statistics:
    """Statistics of training images (N, 1, H, W) in [0, 1]."""
    mean_image = images.mean(axis=(0, 1), dtype=np.float64)  # (H, W)
    centred = images.reshape(len(images), -1) - mean_image.ravel()  # (N, P)
    covariance = centred.T @ centred / len(images)  # (P, P)
    # A pixel that is always 0 or always 1 carries nothing and would divide by zero.
    deviation = np.sqrt(mean_image * (1 - mean_image)).ravel()
    scale = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    return Statistics(
        mean_image.astype(np.float32),
        _falling_eigenvalues(covariance * np.outer(scale, scale)),
        _falling_eigenvalues(covariance),
    )


def _falling_eigenvalues(matrix: np.ndarray) -> np.ndarray:
    falling = np.linalg.eigvalsh(matrix)[::-1]
    # Where the data do not vary, what is left is rounding, above 0 or below it.
    rounding = falling[0] * len(matrix) * np.finfo(matrix.dtype).eps
    return np.where(falling > rounding, falling, 0).astype(np.float32)


def save_statistics(statistics: Statistics, folder: Path) -> None:
    """Write `statistics.safetensors` into a data set's folder of checkpoints."""
    arrays = {key: np.ascontiguousarray(value) for key, value in vars(statistics).items()}
    write_atomically(folder / FILE_NAME, save(arrays))


def load_statistics(dataset: str, root: str | Path | None = None) -> Statistics:
    """The stored statistics of a data set; raises CheckpointMissing or CheckpointBad.

    Without a root it is what `load_checkpoint` takes.
    """
    root = checkpoint_root() if root is None else Path(root)
    path = root / dataset / FILE_NAME
    fix = f"Copy it from the data set of the same images, from where {dataset} was trained."
    if can_train(dataset, ()):
        fix = f"Make it again with `{train_command(dataset, root)}`."
    if not path.is_file():
        raise CheckpointMissing(f"No file {path}. {fix}")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES:,} bytes")
        found = Statistics(**load(path.read_bytes()))
    except (SafetensorError, OSError, TypeError, KeyError, ValueError, OverflowError) as error:
        raise CheckpointBad(f"{path} cannot be read ({str(error)[:200]}). {fix}") from error
    pixels = (found.mean_image.size,)
    side = (*found.mean_image.shape, 0, 0)[:2]  # of a data set that the zoo does not know
    shapes = {"mean_image": IMAGE_SIZES.get(dataset, side)}
    shapes |= {"bernoulli_eigenvalues": pixels, "gaussian_eigenvalues": pixels}
    for key, shape in shapes.items():
        array = getattr(found, key)
        is_sound = array.shape == shape and array.dtype.kind == "f" and np.isfinite(array).all()
        if not is_sound:
            raise CheckpointBad(f"{path} has no finite {key!r} of shape {shape}. {fix}")
    return found
