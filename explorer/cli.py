"""The command line: `latent-explorer`, `python -m explorer` and `train.py` are all this.

Nothing heavy is imported before a command has been read, so that --help and a mistake answer at
once, and Ctrl-C is told in a sentence from the first moment on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from explorer.errors import BadSetting
from explorer.flags import FlagParser, add_data_root, run
from explorer.places import checkpoint_root, training_root

DESCRIPTION = "See into variational autoencoders."
AGAIN = "Go on with the same flags and --resume."


def main(arguments: Sequence[str] | None = None, program: str = "latent-explorer") -> int:
    """Do what a command line says; the exit status, see `explorer.flags.run`.

    `program` is what was typed before the arguments; a script such as train.py stands for its
    command as well.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    afterwards = ""
    if arguments[:1] == ["train"]:
        afterwards = AGAIN
    elif "--store" in arguments:
        afterwards = "What was stored until here stays."
    return run(program, lambda: answer(arguments, program), afterwards)


def answer(arguments: Sequence[str], program: str) -> None:
    """Run the command."""
    flags = parse_flags(arguments, program)
    flags.work(flags)


def parse_flags(arguments: Sequence[str], program: str) -> argparse.Namespace:
    """The flags of a command, and the function `work` that does it."""
    theirs: list[str] = []
    if arguments[:1] == ["open"]:
        from explorer.opening import split_options

        arguments, theirs = split_options(arguments)
    as_written = partial(
        FlagParser, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser = as_written(prog=program, description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=as_written)
    for name, (add_flags, words) in COMMANDS.items():
        is_script = program.endswith(".py")
        command = commands.add_parser(
            name, prog=program if is_script else f"{program} {name}", help=words, description=words
        )
        if arguments[:1] == [name]:  # the others' flags would take modules that are not needed
            add_flags(command)
    flags = parser.parse_args(arguments)
    flags.streamlit = theirs
    return flags


def _add_open(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--port", type=int, help="default: 8501, or the next one that is free")
    add("--root", type=Path, help="a folder of models instead of the shipped ones")
    add("--lessons", type=Path, help="a folder with lessons of your own")
    add_data_root(parser)
    add("--no-browser", action="store_true", help="print the address and open nothing")
    parser.epilog = "Streamlit's own options, such as --server.baseUrlPath explorer, are passed on."
    parser.set_defaults(work=_open)


def _add_train(parser: argparse.ArgumentParser) -> None:
    from explorer.zoo import IMAGE_SIZES

    add = parser.add_argument
    add("--dataset", choices=tuple(IMAGE_SIZES), help="default: mnist; of --list: all")
    add("--models", nargs="+", metavar="NAME", help="rows of the zoo; default: all")
    add_data_root(parser)
    out = training_root()
    add("--out", type=Path, default=out, help=f"the folder of the models; default: {out}")
    add("--epochs", type=int, help="instead of the zoo's; a small number makes a quick pass")
    add("--batch-size", type=int, help="images a step instead of the zoo's")
    add("--lr", type=float, help="peak of the one-cycle schedule instead of the zoo's")
    add("--seed", type=int, help="of weights, batch order and noise; default: 0")
    add("--device", default="auto", help="auto (CUDA where there is one), cpu, cuda or cuda:N")
    add("--resume", action="store_true", help="go on from the last epoch in runs/ beside --out")
    add("--overwrite", action="store_true", help="replace what was trained, or begun, before")
    add("--list", action="store_true", help="show the zoo and what is trained, then stop")
    parser.set_defaults(work=_train)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    _add_models(parser)
    add_data_root(parser)
    parser.set_defaults(work=_evaluate)


def _add_measure(parser: argparse.ArgumentParser) -> None:
    from explorer.measuring import LEGEND

    _add_models(parser)
    add_data_root(parser)
    parser.add_argument(
        "--store", action="store_true", help="write the figures into each meta.json as well"
    )
    parser.epilog = LEGEND
    parser.set_defaults(work=_measure)


def _add_models(parser: argparse.ArgumentParser) -> None:
    from explorer.zoo import IMAGE_SIZES

    add = parser.add_argument
    add("names", nargs="+", metavar="NAME", help="such as vae-2d; a family gives a row a beta")
    add("--dataset", default="mnist", choices=tuple(IMAGE_SIZES), help="default: mnist")
    root = checkpoint_root()
    add("--root", type=Path, default=root, help=f"the folder of the models; default: {root}")
    add("--json", action="store_true", help="print JSON instead of a table")


COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]] = {
    "open": (_add_open, "open the app in the browser"),
    "train": (_add_train, "train the zoo's models"),
    "evaluate": (_add_evaluate, "print test metrics, recomputed from the weights and real data"),
    "measure": (_add_measure, "print completeness, continuity and information"),
}


def _open(flags: argparse.Namespace) -> None:
    from explorer.opening import open_app

    open_app(flags)


def _train(flags: argparse.Namespace) -> None:
    from explorer.trainer import train_zoo  # imports torch, which takes seconds

    train_zoo(flags)


def _evaluate(flags: argparse.Namespace) -> None:
    from explorer.evaluating import evaluate_checkpoints

    _require_names(flags)
    _print_json(flags, evaluate_checkpoints(flags))


def _measure(flags: argparse.Namespace) -> None:
    from explorer.measuring import measure_checkpoints

    _require_names(flags)
    _print_json(flags, measure_checkpoints(flags))


def _require_names(flags: argparse.Namespace) -> None:
    """Models by their names alone: "mnist/vae-2d" is as good as "vae-2d"; else BadSetting."""
    flags.names = [name.removeprefix(f"{flags.dataset}/") for name in flags.names]
    for name in flags.names:
        if not name or "/" in name:
            raise BadSetting(
                f"NAME is {name!r}; allowed: a model's name, such as vae-2d, with its data set by "
                "--dataset."
            )


def _print_json(flags: argparse.Namespace, rows: list[dict]) -> None:
    if flags.json:
        print(json.dumps(rows, indent=1))
