"""Train the zoo: `python train.py`, or `python train.py --dataset digits` without any download."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from explorer.flags import FlagParser, add_data_root, run
from explorer.zoo import IMAGE_SIZES

DATASETS = tuple(IMAGE_SIZES)


def parse_flags(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Flags of the command line; what is not given stays None and follows the zoo's table."""
    parser = FlagParser(description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--dataset", default="mnist", choices=DATASETS, help="default: mnist")
    add("--models", nargs="+", metavar="NAME", help="rows of the zoo; default: all")
    add_data_root(parser)
    add("--out", type=Path, default=Path("checkpoints"), help="default: checkpoints")
    add("--epochs", type=int, help="instead of the zoo's; a small number makes a quick pass")
    add("--batch-size", type=int, help="images a step instead of the zoo's")
    add("--lr", type=float, help="peak of the one-cycle schedule instead of the zoo's")
    add("--seed", type=int, help="of weights, batch order and noise; default: 0")
    add("--device", default="auto", help="auto (CUDA where there is one), cpu, cuda or cuda:N")
    add("--resume", action="store_true", help="go on from the last epoch in runs/")
    add("--overwrite", action="store_true", help="replace checkpoints trained with other settings")
    add("--list", action="store_true", help="show the zoo and what is trained, then stop")
    return parser.parse_args(arguments)


def train() -> None:
    """Train what the command line asks for."""
    flags = parse_flags()
    # Torch takes seconds to import, so --help and a bad flag answer without it.
    from explorer.trainer import train_zoo

    train_zoo(flags)


def main() -> int:
    """The exit status; see `explorer.flags.run`."""
    return run("train.py", train, "Go on with the same flags and --resume.")


if __name__ == "__main__":
    sys.exit(main())
