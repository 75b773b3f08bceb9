"""States of unfinished trainings, for `--resume`; written whole after each epoch.

A file holds three parts: a line with the SHA-256 of all that follows, a line of JSON (the history
and the seconds), and the tensors as safetensors. What was damaged on disk is refused rather than
trained on.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from explorer.checks import weight_shapes
from explorer.config import ModelConfig
from explorer.errors import BadSetting
from explorer.files import write_atomically
from explorer.training import FitState

SUFFIX = ".state"
_MOMENTS = ("exp_avg", "exp_avg_sq")
_HISTORY = ("train_reconstruction", "train_kl", "test_reconstruction", "test_kl")


def state_path(runs: Path, dataset: str, name: str, settings: dict, group: str) -> Path:
    """Where the state of a group of members lies: a folder of its own for each settings.

    So a quick pass with other flags neither reads nor loses what an interrupted training left.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    return runs / dataset / f"{name}-{digest[:8]}" / f"{group}{SUFFIX}"


def has_progress(folder: Path) -> bool:
    """Whether a training of these settings has left a state in its folder."""
    return any(folder.glob(f"*{SUFFIX}"))


def save_state(path: Path, state: FitState) -> None:
    """Write a state, atomically."""
    tensors = {f"parameters/{name}": p for name, p in state.parameters.items()}
    for key, moments in state.moments.items():
        tensors |= {f"{key}/{name}": m for name, m in moments.items()}
    contents = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    facts = json.dumps({"history": state.history, "seconds": state.seconds})
    rest = facts.encode() + b"\n" + save(contents)
    write_atomically(path, hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)


def load_state(path: Path, config: ModelConfig, members: int) -> FitState | None:
    """The state in `path` of so many members, or None where there is none.

    Raises BadSetting where it cannot be read, has changed since it was written, or is of another
    architecture.
    """
    if not path.exists():
        return None
    try:
        digest, _, rest = path.read_bytes().partition(b"\n")
        if digest != hashlib.sha256(rest).hexdigest().encode():
            raise ValueError("its content is not what was written")
        line, _, tensors = rest.partition(b"\n")
        facts = json.loads(line)
        groups: dict[str, dict[str, torch.Tensor]] = {}
        for name, tensor in load(tensors).items():
            group, _, parameter = name.partition("/")
            groups.setdefault(group, {})[parameter] = tensor
        state = FitState(groups.pop("parameters"), groups, facts["history"], facts["seconds"])
        _check(state, config, members)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadSetting(
            f"The training state {path} cannot be used: {error}. Start this model afresh with "
            "--overwrite in place of --resume."
        ) from error
    return state


def _check(state: FitState, config: ModelConfig, members: int) -> None:
    """Raises ValueError where a state is not one of this architecture and so many members."""
    shapes = {name: (members, *shape) for name, shape in weight_shapes(config).items()}
    if _shapes(state.parameters) != shapes:
        raise ValueError("its weights are not those of this architecture")
    if set(state.moments) != set(_MOMENTS):
        raise ValueError("it lacks Adam's moments")
    for moments in state.moments.values():
        found = _shapes(moments)
        if found != {name: shapes.get(name) for name in found}:
            raise ValueError("its moments are not those of its weights")
    for epoch in state.history:
        numbers = [epoch[key] for key in _HISTORY]
        if any(len(row) != members or not all(map(math.isfinite, row)) for row in numbers):
            raise ValueError("its history is not one of its members")


def _shapes(tensors: Mapping[str, torch.Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}
