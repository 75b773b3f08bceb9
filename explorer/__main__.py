"""Test metrics of checkpoints, and their continuity and completeness.

python -m explorer evaluate NAME...    recomputed from the weights and real data
python -m explorer measure NAME...     from the weights and the judge; needs no data set
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from explorer.checkpoints import Checkpoint, load_checkpoint
from explorer.errors import BadSetting
from explorer.flags import FlagParser, add_data_root, run
from explorer.measuring import LEGEND, measure_checkpoints
from explorer.zoo import IMAGE_SIZES


def parse_flags(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line of `python -m explorer`."""
    as_written = partial(
        FlagParser, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser = as_written(prog="python -m explorer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=as_written)
    evaluate = commands.add_parser("evaluate", help="print test metrics of checkpoints")
    measure = commands.add_parser(
        "measure", help="print continuity and completeness", epilog=LEGEND
    )
    for add in (evaluate.add_argument, measure.add_argument):
        add("names", nargs="+", metavar="NAME", help="such as vae-2d; a family gives a row a beta")
        add("--dataset", default="mnist", choices=tuple(IMAGE_SIZES), help="default: mnist")
        add("--root", type=Path, default=Path("checkpoints"), help="default: checkpoints")
        add("--json", action="store_true", help="print JSON instead of a table")
    add_data_root(evaluate)
    measure.add_argument(
        "--store", action="store_true", help="write the figures into each meta.json as well"
    )
    flags = parser.parse_args(arguments)
    # "mnist/vae-2d", as checkpoints are called everywhere else, is as good as "vae-2d".
    flags.names = [name.removeprefix(f"{flags.dataset}/") for name in flags.names]
    for name in flags.names:
        if not name or "/" in name:
            raise BadSetting(
                f"NAME is {name!r}; allowed: a model's name, such as vae-2d, with its data set by "
                "--dataset."
            )
    return flags


def evaluate_checkpoints(flags: argparse.Namespace) -> list[dict]:
    """One dict a model or member: name, beta and everything that `explorer.metrics` measures."""
    members: list[Checkpoint] = []
    for name in dict.fromkeys(flags.names):
        found = load_checkpoint(f"{flags.dataset}/{name}", flags.root)
        members += [found] if found.betas is None else found.members
    from explorer.data import load_dataset
    from explorer.metrics import evaluate

    images = load_dataset(flags.dataset, flags.data_root).test_images
    if not flags.json:
        print(HEADER, flush=True)
    rows = []
    for member in members:
        seed = member.meta["train"]["seed"]
        metrics = evaluate(member.model, images, seed)
        rows.append({"name": member.name, "beta": member.beta, **metrics})
        if not flags.json:
            print(format_row(rows[-1]), flush=True)
    return rows


HEADER = (
    f"{'model':24}{'beta':>6}{'recon.':>10}{'KL':>10}{'-ELBO':>10}{'IWAE NLL':>10}"
    f"{'active':>8}  KL a dimension"
)


def format_row(row: dict) -> str:
    """A line of the table; nats an image, KL per dimension in falling order."""
    nats = "".join(
        f"{row[key]:10.2f}" for key in ("reconstruction", "kl", "negative_elbo", "iwae_nll")
    )
    dimensions = " ".join(f"{k:.2f}" for k in sorted(row["kl_per_dimension"], reverse=True))
    return f"{row['name']:24}{row['beta']:6g}{nats}{row['active_units']:8}  {dimensions}"


def answer(arguments: Sequence[str]) -> None:
    """Print what a command line asks for."""
    flags = parse_flags(arguments)
    rows = {"evaluate": evaluate_checkpoints, "measure": measure_checkpoints}[flags.command](flags)
    if flags.json:
        print(json.dumps(rows, indent=1))


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status; see `explorer.flags.run`."""
    arguments = sys.argv[1:] if arguments is None else arguments
    kept = "What was stored until here stays." if "--store" in arguments else ""
    return run("python -m explorer", lambda: answer(arguments), kept)


if __name__ == "__main__":
    sys.exit(main())
