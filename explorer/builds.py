"""From a row of the zoo to a finished checkpoint: fit, round, encode, evaluate, write."""

from __future__ import annotations

import importlib.metadata
import math
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from explorer.checkpoints import Codes, Tensors, load_checkpoint, save_checkpoint
from explorer.checks import FORMAT_VERSION
from explorer.collapse import why_collapsed
from explorer.config import LOSS_CONVENTION, TrainConfig
from explorer.data import Dataset
from explorer.errors import BadSetting, CheckpointBad, CheckpointExists, CheckpointMissing
from explorer.fixes import measure_command, train_command
from explorer.judge import Judge, load_judge
from explorer.locks import held
from explorer.metrics import encode_all, evaluate, measure
from explorer.models import VAE
from explorer.places import JUDGE
from explorer.progress import TrainingProgress
from explorer.projection import LAYOUTS, chain_rotations
from explorer.runs import has_progress, load_state, save_state, state_path
from explorer.training import FitState, branched_state, fit, initial_state
from explorer.zoo import JudgeSpec, ModelSpec

PACKAGES = ("numpy", "safetensors", "torch", "umap-learn")
SHARED_BETA = 1.0  # of the epochs that a family's members share: what -ELBO weighs the KL with


@dataclass(frozen=True)
class BuildPlaces:
    """Where a build writes and on what it runs."""

    out: Path  # checkpoints go to <out>/<dataset>/<name>/
    runs: Path  # states of unfinished trainings go to <runs>/<dataset>/<name>/
    device: torch.device


def is_finished(spec: ModelSpec | JudgeSpec, out: Path, overwrite: bool) -> bool:
    """Whether the checkpoint of exactly this configuration is there, so that nothing is to do.

    Raises CheckpointExists where another one stands in its place and `overwrite` is not given.
    """
    name = f"{spec.dataset}/{spec.name}"
    try:
        if isinstance(spec, JudgeSpec):
            found = settings_of(load_judge(spec.dataset, out).meta)
        else:
            found = settings_of(load_checkpoint(name, out).meta)
    except CheckpointMissing:
        # An empty place, or a directory that lacks a file; only the latter can lose something.
        if not (out / name).exists():
            return False
        problem = "is incomplete"
    except CheckpointBad as error:
        problem = f"is damaged ({error})"
    else:
        wanted = spec_settings(spec)
        if found == wanted:
            return True
        problem = f"was trained with other settings ({describe_difference(found, wanted)})"
    if overwrite:
        return False
    raise CheckpointExists(
        f"{out / name} {problem}. Replace it with --overwrite, or write elsewhere with --out."
    )


def spec_settings(spec: ModelSpec | JudgeSpec) -> dict[str, Any]:
    """What makes a training what it is, as JSON would give it back."""
    if isinstance(spec, JudgeSpec):
        model = {**asdict(spec.model), "channels": list(spec.model.channels)}
        return {"model": model, "train": asdict(spec.train)}
    return {
        "model": {**asdict(spec.model), "hidden": list(spec.model.hidden)},
        "objective": {
            "betas": list(spec.objective.betas),
            "reconstruction": spec.objective.reconstruction,
        },
        "train": asdict(spec.train),
    }


def common_meta(spec: ModelSpec | JudgeSpec, packages: Sequence[str]) -> dict[str, Any]:
    """What every meta.json says first: what it is, its settings, by which versions it was made."""
    return {
        "format_version": FORMAT_VERSION,
        "dataset": spec.dataset,
        "name": spec.name,
        **spec_settings(spec),
        "pixel_range": [0.0, 1.0],
        "packages": {name: importlib.metadata.version(name) for name in packages},
    }


def settings_of(meta: dict[str, Any]) -> dict[str, Any]:
    """The same of a checkpoint's meta.json; a judge has no objective."""
    if "objective" not in meta:
        return {"model": meta["model"], "train": meta["train"]}
    objective = {key: meta["objective"].get(key) for key in ("betas", "reconstruction")}
    return {"model": meta["model"], "objective": objective, "train": meta["train"]}


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


def require_no_progress(spec: ModelSpec, places: BuildPlaces) -> None:
    """Raises BadSetting where a training of these settings would be lost, or is under way."""
    with held(lock_path(spec, places), f"{spec.dataset}/{spec.name}"):
        pass
    folder = _state_path(spec, places, "").parent
    if has_progress(folder):
        raise BadSetting(
            f"{spec.dataset}/{spec.name} was begun, and its last epoch lies in {folder}. "
            "Go on from there with --resume, or start afresh with --overwrite."
        )


def lock_path(spec: ModelSpec | JudgeSpec, places: BuildPlaces) -> Path:
    """The lock of one model's training, whatever its settings: they all write one checkpoint."""
    return places.runs / spec.dataset / f"{spec.name}.lock"


def _state_path(spec: ModelSpec, places: BuildPlaces, part: str) -> Path:
    return state_path(places.runs, spec.dataset, spec.name, spec_settings(spec), part)


def build_checkpoint(spec: ModelSpec, data: Dataset, places: BuildPlaces, resume: bool) -> None:
    """Train one row of the zoo and write its checkpoint; a family's members share everything.

    With `resume` an unfinished training of these settings is gone on with, else it is dropped.
    Raises BadSetting where another process trains this model.
    """
    with held(lock_path(spec, places), f"{spec.dataset}/{spec.name}"):
        _build(spec, data, places, resume)


def _build(spec: ModelSpec, data: Dataset, places: BuildPlaces, resume: bool) -> None:
    started = time.monotonic()
    images, test_images = (t.to(places.device) for t in (data.train_images, data.test_images))
    betas = spec.objective.betas
    # A GPU trains a family as one batched network; a CPU is as fast one member at a time.
    groups = [betas] if places.device.type == "cuda" else [(beta,) for beta in betas]
    name = f"{spec.dataset}/{spec.name}"
    shared_path, *paths = (
        _state_path(spec, places, part)
        for part in ("shared", *(f"beta-{'-'.join(f'{b:g}' for b in group)}" for group in groups))
    )
    folder = shared_path.parent
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    shared = load_state(shared_path, spec.model, 1) or initial_state(spec.model, spec.train.seed, 1)
    saved = [
        load_state(path, spec.model, len(group)) for path, group in zip(paths, groups, strict=True)
    ]
    done = shared.epochs_done + sum(
        s.epochs_done * len(g) for s, g in zip(saved, groups, strict=True) if s is not None
    )
    epochs = spec.train.shared_epochs + spec.train.epochs * len(betas)
    progress = TrainingProgress(name, epochs, len(images), done)

    def fit_and_save(
        path: Path, train: TrainConfig, group: Sequence[float], state: FitState
    ) -> FitState:
        reconstruction = spec.objective.reconstruction
        for current in fit(spec.model, train, group, reconstruction, images, test_images, state):
            _require_finite(spec, current)
            save_state(path, current)
            progress.epoch(_epoch_note(current, group), len(group))
        return state

    try:
        if spec.train.shared_epochs:
            train = replace(spec.train, epochs=spec.train.shared_epochs)
            fit_and_save(shared_path, train, (SHARED_BETA,), shared)
        states = [
            fit_and_save(path, spec.train, group, state or branched_state(shared, len(group)))
            for path, group, state in zip(paths, groups, saved, strict=True)
        ]
        progress.note("trained; its codes and figures come next.")
        judge = find_judge(spec.dataset, places.out)
        meta, weights, codes, summary = _finish(spec, data, shared, states, test_images, judge)
        meta |= {
            "training_seconds": round(sum(state.seconds for state in (shared, *states)), 1),
            "device": places.device.type,
        }
        save_checkpoint(name, places.out, meta, weights, codes)
        if judge is None:
            progress.note(_without_judge(spec, places.out))
        if reason := _collapsed_too_early(meta):
            progress.note(reason)
        progress.note(f"{summary}, {time.monotonic() - started:.0f} s in all")
    finally:
        progress.close()
    shutil.rmtree(folder, ignore_errors=True)


def _collapsed_too_early(meta: Mapping[str, Any]) -> str:
    """What to say of a training that ended before the codes left the point where they begin."""
    members = meta.get("members", [meta])
    reasons = (why_collapsed({**meta, **member}) for member in members if member["beta"] <= 1)
    return next(filter(None, reasons), "") if meta["objective"]["reconstruction"] else ""


def _require_finite(spec: ModelSpec, state: FitState) -> None:
    if not all(math.isfinite(nats) for values in state.history[-1].values() for nats in values):
        raise BadSetting(
            f"{spec.dataset}/{spec.name} diverged in epoch {state.epochs_done} at a peak rate of "
            f"{spec.train.lr:g}: its loss is no longer finite. Use a smaller --lr."
        )


def _history(state: FitState, member: int) -> list[dict[str, float]]:
    """What one member's epochs gave, an entry each."""
    return [{key: values[member] for key, values in epoch.items()} for epoch in state.history]


def _epoch_note(state: FitState, group: Sequence[float]) -> str:
    last = state.history[-1]
    nats = last["test_reconstruction"][0] + last["test_kl"][0]
    return f"beta {group[0]:g}: test -ELBO {nats:.1f} nats"


def find_judge(dataset: str, out: Path) -> Judge | None:
    """The judge beside the models, or None: a finished training is not lost for want of one."""
    try:
        return load_judge(dataset, out)
    except (CheckpointMissing, CheckpointBad):
        return None


def _without_judge(spec: ModelSpec, out: Path) -> str:
    return (
        "not measured for want of a judge. For continuity and completeness, "
        f"`{train_command(spec.dataset, out, [JUDGE])}`, then "
        f"`{measure_command(spec.dataset, [spec.name], out)}`."
    )


def _finish(
    spec: ModelSpec,
    data: Dataset,
    shared: FitState,
    states: Sequence[FitState],
    test_images: torch.Tensor,
    judge: Judge | None,
) -> tuple[dict[str, Any], Tensors, Tensors, str]:
    """Metadata, weights and codes of the trained members, and a line on how good they are."""
    weights: Tensors = {}
    codes: Tensors = {"labels": data.test_labels.numpy().astype(np.uint8)}
    members: list[dict[str, Any]] = []
    layouts: list[np.ndarray] = []
    # Codes beyond 2-D are stored in half precision, or the families would not fit into 64 MB.
    code_type = np.float32 if spec.model.latent_dims == 2 else np.float16
    singles = [(s, k) for s in states for k in range(len(next(iter(s.parameters.values()))))]
    for index, (state, k) in enumerate(singles):
        prefix = f"{index:02d}." if spec.is_family else ""
        half = {name: p[k].detach().half() for name, p in state.parameters.items()}
        weights |= {prefix + name: p.cpu().numpy() for name, p in half.items()}
        model = VAE(spec.model, torch.Generator()).to(test_images.device)
        model.load_state_dict({name: p.float() for name, p in half.items()})
        mu, logvar = (t.numpy() for t in encode_all(model, test_images))
        layouts.append(mu)
        codes[f"{prefix}mu"], codes[f"{prefix}logvar"] = (
            mu.astype(code_type),
            logvar.astype(code_type),
        )
        # Of the stored weights, rounded as they are: what a user's program computes.
        metrics = evaluate(model, test_images, spec.train.seed)
        # From the codes as stored, for the same reason; the judge works on the CPU.
        stored = Codes(
            *(codes[prefix + key].astype(np.float32) for key in ("mu", "logvar")), codes["labels"]
        )
        members.append(
            {
                "beta": spec.objective.betas[index],
                "metrics": metrics,
                **({} if judge is None else {"measures": measure(model.cpu(), stored, judge)}),
                "history": _history(state, k),
            }
        )
    if spec.is_family and spec.model.latent_dims == 2:
        anchor = spec.objective.betas.index(1.0) if 1.0 in spec.objective.betas else 0
        rotations, residuals = chain_rotations(layouts, anchor)
        for index, (rotation, residual) in enumerate(zip(rotations, residuals, strict=True)):
            codes[f"{index:02d}.rotation"] = rotation
            members[index]["rotation_residual"] = residual
    for kind in spec.layouts:
        codes[f"layout.{kind}"] = LAYOUTS[kind](layouts[0], spec.train.seed)
    meta = {
        **common_meta(spec, PACKAGES),
        **({"shared_history": _history(shared, 0)} if shared.history else {}),
        **({"members": members} if spec.is_family else members[0]),
    }
    meta["objective"] |= {"likelihood": "bernoulli", "convention": LOSS_CONVENTION}
    figures = ", ".join(f"{m['metrics']['negative_elbo']:.2f}" for m in members)
    return meta, weights, codes, f"test -ELBO {figures} nats"
