"""How often "off the data" is said of pictures of known kinds: `python benchmarks/off_data.py`.

Real digits are those that the judge was not trained on: the test digits, and as many of the last
training digits. MNIST is downloaded where it is not in the data root (MNIST_ROOT, else data).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

from explorer.data import DATASETS, Dataset, load_dataset
from explorer.flags import add_data_root
from explorer.judge import load_judge
from explorer.judge_network import shifted
from explorer.places import checkpoint_root

MNIST_SIDE = 28  # blur and shift are told at MNIST's size, and scaled to another one
SIGMA = 1.0  # pixels
SHIFT = 2  # pixels
GREYS = 256


class Kind(NamedTuple):
    """Pictures of one kind, and which share of them may or must be off the data."""

    name: str
    pictures: Tensor  # (N, 1, H, W)
    least: float
    most: float


def held_out(data: Dataset) -> Tensor:
    """The digits that the judge has not seen: (N, 1, H, W)."""
    return torch.cat([data.train_images[-len(data.test_images) :], data.test_images])


def blurred(digits: Tensor, sigma: float) -> Tensor:
    """Digits under a Gaussian of so many pixels."""
    return torch.from_numpy(gaussian_filter(digits.numpy(), (0, 0, sigma, sigma)))


def moved(digits: Tensor, pixels: int) -> Tensor:
    """Each digit moved to the right, left, down and up."""
    ways = ((0, pixels), (0, -pixels), (pixels, 0), (-pixels, 0))
    return torch.cat([shifted(digits, down, right) for down, right in ways])


def kinds(digits: Tensor, seed: int = 0) -> Iterator[Kind]:
    """What the rule is tried on, made of real digits (N, 1, H, W) and of none.

    A blur of 1 and a shift of 2 pixels are a 28th and a 14th of MNIST's side. On smaller pictures
    they are as large a share of the side, a shift at least a pixel; and, as rows without a bar, as
    many pixels.
    """
    side = digits.shape[-1]
    scale = side / MNIST_SIDE
    sigma, pixels = SIGMA * scale, max(1, round(SHIFT * scale))
    generator = torch.Generator().manual_seed(seed)
    levels = torch.linspace(0, 1, GREYS)[:, None, None, None]
    yield Kind("held-out digits", digits, 0, 0.02)
    yield Kind(f"blurred, sigma {sigma:.2g} px", blurred(digits, sigma), 0, 0.1)
    yield Kind(f"shifted by {pixels} px", moved(digits, pixels), 0, 0.1)
    if side != MNIST_SIDE:
        yield Kind(f"blurred, sigma {SIGMA:g} px", blurred(digits, SIGMA), 0, 1)
        yield Kind(f"shifted by {SHIFT} px", moved(digits, SHIFT), 0, 1)
    yield Kind("uniform noise", torch.rand(digits.shape, generator=generator), 0.95, 1)
    yield Kind("plain grey, black to white", levels.expand(-1, 1, side, side), 0.95, 1)
    yield Kind("inverted digits", 1 - digits, 0.95, 1)


def rows(dataset: str, data_root: Path, root: Path) -> Iterator[str]:
    """A data set's rows of the table."""
    judge = load_judge(dataset, root)
    digits = held_out(load_dataset(dataset, data_root))
    for kind in kinds(digits):
        share = judge.judge(kind.pictures).is_off.mean()
        if (kind.least, kind.most) == (0, 1):
            bar = "-"
        else:
            bar = f"at most {kind.most:.0%}" if kind.least == 0 else f"at least {kind.least:.0%}"
            bar += "" if kind.least <= share <= kind.most else ": missed"
        yield f"| {dataset} | {kind.name} | {len(kind.pictures):,} | {share:.2%} | {bar} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_root(parser)
    parser.add_argument("--root", type=Path, default=checkpoint_root())
    flags = parser.parse_args()
    print("| data set | pictures | number | off the data | bar |")
    print("|---|---|---|---|---|")
    for dataset in DATASETS:
        for row in rows(dataset, flags.data_root, flags.root):
            print(row)


if __name__ == "__main__":
    main()
