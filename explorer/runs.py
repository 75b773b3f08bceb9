"""States of unfinished trainings in `runs/`, for `--resume`; written whole after each epoch."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from explorer.errors import BadSetting
from explorer.files import write_atomically
from explorer.training import FitState


def save_state(path: Path, state: FitState, settings: dict) -> None:
    """Write a state and the settings that it belongs to, atomically."""
    tensors = {f"parameters/{name}": p for name, p in state.parameters.items()}
    for key, moments in state.moments.items():
        tensors |= {f"{key}/{name}": m for name, m in moments.items()}
    contents = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    metadata = {"settings": json.dumps(settings), "history": json.dumps(state.history)}
    write_atomically(path, save(contents, metadata))


def load_state(path: Path, settings: dict) -> FitState | None:
    """The state in `path`, or None where there is none.

    Raises BadSetting where it was written under other settings or cannot be read.
    """
    if not path.exists():
        return None
    fix = "Use the same flags as before, or drop --resume to start this model afresh."
    groups: dict[str, dict[str, torch.Tensor]] = {}
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata()
            for name in file.keys():  # noqa: SIM118 - a safetensors handle, not a dict
                group, _, parameter = name.partition("/")
                groups.setdefault(group, {})[parameter] = file.get_tensor(name)
        saved, history = json.loads(metadata["settings"]), json.loads(metadata["history"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadSetting(f"The training state {path} cannot be read ({error}). {fix}") from error
    if saved != settings:
        raise BadSetting(
            f"The training state {path} was made with other settings "
            f"({describe_difference(saved, settings)}). {fix}"
        )
    return FitState(groups.pop("parameters"), groups, history)


def describe_difference(old: dict, new: dict, prefix: str = "") -> str:
    """The entries in which two nested settings differ: "train.epochs 60, now 1"."""
    parts = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            parts.append(describe_difference(before, after, f"{prefix}{key}."))
        elif before != after:
            parts.append(f"{prefix}{key} {before}, now {after}")
    return "; ".join(part for part in parts if part)
