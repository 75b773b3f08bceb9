"""Data sets: images (N, 1, H, W) in [0, 1] and labels (N,), split into training and test.

Nothing but this file and `explorer.originals`, which reads test images without torch, knows where
data come from. A third data set is one function and its row in `_LOADERS` in both, and one row of
recipes in `explorer.zoo`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explorer.errors import BadSetting, DataMissing
from explorer.originals import read_idx, split_digits
from explorer.places import data_root

MNIST_FILES = {  # name -> shape
    "train-images-idx3-ubyte": (60_000, 28, 28),
    "train-labels-idx1-ubyte": (60_000,),
    "t10k-images-idx3-ubyte": (10_000, 28, 28),
    "t10k-labels-idx1-ubyte": (10_000,),
}


@dataclass(frozen=True)
class Dataset:
    """Images as float32 in [0, 1] and integer labels 0-9."""

    name: str
    train_images: Tensor  # (N, 1, H, W)
    train_labels: Tensor  # (N,)
    test_images: Tensor  # (M, 1, H, W)
    test_labels: Tensor  # (M,)


def load_dataset(name: str, folder: str | Path | None = None) -> Dataset:
    """Load a data set by name; downloaded files are kept in `folder`, `places.data_root()` if None.

    Raises BadSetting for an unknown name and DataMissing where the files cannot be had.
    """
    if name not in _LOADERS:
        raise BadSetting(f"No data set {name!r}. Allowed: {', '.join(_LOADERS)}.")
    return _LOADERS[name](data_root() if folder is None else Path(folder))


def _load_mnist(root: Path) -> Dataset:
    from torchvision.datasets import MNIST

    folder = root / "MNIST" / "raw"
    _require_whole(folder)
    try:
        train, test = (MNIST(root, train=split, download=True) for split in (True, False))
    except (OSError, RuntimeError) as error:
        raise DataMissing(
            f"MNIST was not found complete in {folder} and could not be downloaded "
            f"({' '.join(str(error).split())}). Put {', '.join(MNIST_FILES)} there, name the "
            "folder that holds MNIST/raw with --data-root, or use --dataset digits, which needs no "
            "download."
        ) from error
    return Dataset(
        "mnist",
        train.data.unsqueeze(1) / 255,  # (60000, 1, 28, 28)
        train.targets,
        test.data.unsqueeze(1) / 255,  # (10000, 1, 28, 28)
        test.targets,
    )


def _require_whole(folder: Path) -> None:
    """Raises DataMissing for a damaged file: torchvision trusts those that are there."""
    for name, shape in MNIST_FILES.items():
        path = folder / name
        try:
            read_idx(path.read_bytes(), shape)
        except (FileNotFoundError, NotADirectoryError):
            continue  # it is downloaded
        except (OSError, ValueError) as error:
            raise DataMissing(
                f"{path} is damaged ({error}). Delete it, and it is downloaded again; or replace "
                "it with the file of that name from a complete MNIST."
            ) from error


def _load_digits(root: Path) -> Dataset:
    """Scikit-learn's 1,797 digits, bundled with it."""
    split = split_digits()
    images = torch.from_numpy(split.images.astype(np.float32) / 16).unsqueeze(1)  # (1797, 1, 8, 8)
    labels = torch.from_numpy(split.labels.astype(np.int64))
    train, test = split.train, split.test
    return Dataset("digits", images[train], labels[train], images[test], labels[test])


_LOADERS: dict[str, Callable[[Path], Dataset]] = {"mnist": _load_mnist, "digits": _load_digits}
DATASETS = tuple(_LOADERS)
