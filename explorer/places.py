"""Where folders are: the shipped models and lessons, the data sets, a training's states.

In a checkout all of them lie at its root; in an installed package they lie in `explorer/shipped/`,
where setup.py puts them. Knows nothing of what the files hold.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "shipped"

IS_INSTALLED = _SHIPPED.is_dir()
HOME = _SHIPPED if IS_INSTALLED else _PACKAGE.parent  # holds app.py, checkpoints and lessons
LESSONS = HOME / "lessons"
CHECKPOINTS = "checkpoints"  # the usual name of a folder of models
JUDGE = "judge"  # the name of each data set's classifier, which is no model (`explorer.judge`)


def checkpoint_root() -> Path:
    """The folder of the models: what EXPLORER_CHECKPOINTS names, else the shipped ones."""
    return Path(os.environ.get("EXPLORER_CHECKPOINTS") or HOME / CHECKPOINTS)


def training_root() -> Path:
    """Where a training writes: what EXPLORER_CHECKPOINTS names, else `checkpoints` where one is.

    Not the shipped folder: an installed package is no place for one's own models.
    """
    return Path(os.environ.get("EXPLORER_CHECKPOINTS") or CHECKPOINTS)


def runs_root(out: Path) -> Path:
    """Where the states of unfinished trainings into `out` lie: `runs/<name of out>/` beside it."""
    out = out.absolute()
    return out.parent / "runs" / out.name


def data_root() -> Path:
    """The folder of the data sets: what MNIST_ROOT names, else `data` in the checkout.

    An installed package keeps them with the user: `~/.cache/latent-space-explorer`.
    """
    own = Path.home() / ".cache" / "latent-space-explorer" if IS_INSTALLED else HOME / "data"
    return Path(os.environ.get("MNIST_ROOT") or own)
