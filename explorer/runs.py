"""States of unfinished trainings in `runs/`, for `--resume`; written whole after each epoch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from explorer.errors import BadSetting
from explorer.files import write_atomically
from explorer.training import FitState


def state_path(runs: Path, dataset: str, name: str, settings: dict, group: str) -> Path:
    """Where the state of a group of members lies: a folder of its own for each settings.

    So a quick pass with other flags neither reads nor loses what an interrupted training left.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    return runs / dataset / f"{name}-{digest[:8]}" / f"{group}.safetensors"


def save_state(path: Path, state: FitState) -> None:
    """Write a state, atomically."""
    tensors = {f"parameters/{name}": p for name, p in state.parameters.items()}
    for key, moments in state.moments.items():
        tensors |= {f"{key}/{name}": m for name, m in moments.items()}
    contents = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    metadata = {"history": json.dumps(state.history), "seconds": json.dumps(state.seconds)}
    write_atomically(path, save(contents, metadata))


def load_state(path: Path) -> FitState | None:
    """The state in `path`, or None where there is none; BadSetting where it cannot be read."""
    if not path.exists():
        return None
    groups: dict[str, dict[str, torch.Tensor]] = {}
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata()
            for name in file.keys():  # noqa: SIM118 - a safetensors handle, not a dict
                group, _, parameter = name.partition("/")
                groups.setdefault(group, {})[parameter] = file.get_tensor(name)
        history, seconds = json.loads(metadata["history"]), json.loads(metadata["seconds"])
        return FitState(groups.pop("parameters"), groups, history, seconds)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadSetting(
            f"The training state {path} cannot be read ({error}). Drop --resume to start this "
            "model afresh."
        ) from error
