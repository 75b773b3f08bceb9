"""What can be done about a model that is missing or damaged: commands that work as they stand.

A command is given only for what it can make: of a data set or a model that is no row of the zoo the
sentence says what can be done instead.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from explorer.places import CHECKPOINTS, HOME, IS_INSTALLED
from explorer.zoo import IMAGE_SIZES, zoo


def train_command(
    dataset: str, root: Path | None, models: Iterable[str] = (), overwrite: bool = False
) -> str:
    """The command that trains models of the zoo, by default all, into a folder of checkpoints.

    Without a folder it names none: for readers to whom this computer's folders are not told.
    """
    names = " ".join(models)
    command = f"{_program('train')} --dataset {dataset}" + f" --models {names}" * bool(names)
    command += " --overwrite" * overwrite
    return command if root is None else command + _folder_flag("--out", root, Path(CHECKPOINTS))


def measure_command(dataset: str, models: Iterable[str], root: Path) -> str:
    """The command that measures models of a folder of checkpoints and stores their figures."""
    command = f"{_program('measure')} {' '.join(models)} --dataset {dataset} --store"
    return command + _folder_flag("--root", root, HOME / CHECKPOINTS)


def can_train(dataset: str, models: Iterable[str]) -> bool:
    """Whether the zoo has all of these rows for this data set."""
    return dataset in IMAGE_SIZES and set(models) <= zoo(dataset).keys()


def how_to_get(dataset: str, models: Iterable[str], root: Path) -> str:
    """How to get models that are not there: a sentence."""
    models = list(models)
    them = "it" if len(models) == 1 else "them"
    if can_train(dataset, models):
        return f"Train {them} with `{train_command(dataset, root, models)}`."
    if dataset not in IMAGE_SIZES:
        known = " and ".join(IMAGE_SIZES)
        return (
            f"The data set {dataset} is none that can be trained here ({known} are): put {them} "
            f"into {root / dataset}, or choose another data set."
        )
    return f"No row of the zoo trains {them}: put {them} into {root / dataset}."


def how_to_mend(path: Path, is_there: bool = True) -> str:
    """What to do about a bad checkpoint directory, as the end of a sentence."""
    dataset, model, root = path.parent.name, path.name, path.parent.parent
    if not can_train(dataset, [model]):
        return "restore it from a copy of your own: no command trains it."
    command = train_command(dataset, root, [model], overwrite=is_there)
    return f"restore it from the repository, or train it again with `{command}`."


def _program(command: str) -> str:
    """What to type before a command's flags, in the folder where this process runs."""
    if IS_INSTALLED:
        return f"latent-explorer {command}"
    program = "python train.py" if command == "train" else f"python -m explorer {command}"
    return program if _is_at_home() else f"cd {shlex.quote(str(HOME))} && {program}"


def _is_at_home() -> bool:
    return IS_INSTALLED or Path.cwd() == HOME


def _folder_flag(flag: str, root: Path, usual: Path) -> str:
    """What a command needs to mean this folder; nothing where it is the command's own default."""
    if not IS_INSTALLED:
        usual = HOME / CHECKPOINTS  # of both commands, where they are to be typed
    if root.absolute() == usual.absolute():
        return ""
    return f" {flag} {shlex.quote(str(root if _is_at_home() else root.absolute()))}"
