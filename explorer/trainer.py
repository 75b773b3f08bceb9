"""Which rows of the zoo to train, with what settings, on which device, by which process."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import distributed

from explorer.builds import (
    BuildPlaces,
    build_checkpoint,
    is_finished,
    lock_path,
    require_no_progress,
)
from explorer.data import load_dataset
from explorer.errors import BadSetting, CheckpointBad, CheckpointExists, CheckpointMissing
from explorer.files import require_writable
from explorer.judge_build import build_judge
from explorer.locks import held
from explorer.places import runs_root
from explorer.statistics import compute_statistics, load_statistics, save_statistics
from explorer.zoo import IMAGE_SIZES, JudgeSpec, ModelSpec, zoo


def train_zoo(flags: argparse.Namespace) -> None:
    """Train what the flags of `train` ask for and is not finished yet, or list it.

    Nothing is trained before every flag and every place that would be written to is checked.
    Under `torchrun` the models are shared out over the ranks, each trained by one process, when the
    first has trained the judge.
    """
    if flags.list:
        for dataset in [flags.dataset] if flags.dataset else IMAGE_SIZES:
            print(describe_zoo(chosen_specs(flags, dataset), flags.out))
        return
    dataset = flags.dataset or next(iter(IMAGE_SIZES))
    specs = chosen_specs(flags, dataset)
    rank, ranks = (int(os.environ.get(key, d)) for key, d in (("RANK", "0"), ("WORLD_SIZE", "1")))
    device = choose_device(flags.device, int(os.environ.get("LOCAL_RANK", "0")))
    finished = {spec.name: is_finished(spec, flags.out, flags.overwrite) for spec in specs}
    for spec in specs[rank::ranks]:
        if finished[spec.name]:
            print(f"{spec.dataset}/{spec.name} is finished in {flags.out}; skipped.", flush=True)
    if all(finished.values()) and has_statistics(dataset, flags.out):
        return
    places = BuildPlaces(flags.out, runs_root(flags.out), device)
    judges = [s for s in specs if isinstance(s, JudgeSpec)]
    models = [s for s in specs if isinstance(s, ModelSpec)]
    for spec in models[rank::ranks]:
        if not (finished[spec.name] or flags.resume or flags.overwrite):
            require_no_progress(spec, places)
    with first_process_first(rank, ranks):
        data = load_dataset(dataset, flags.data_root)  # so that a download happens once
        for folder in (places.out, places.runs):
            require_writable(folder / dataset)
        if rank == 0:
            if not has_statistics(dataset, flags.out):
                statistics = compute_statistics(data.train_images.numpy())
                save_statistics(statistics, flags.out / dataset)
            # Whatever the order of the flags: it measures the models that are trained after it.
            for spec in judges:
                if not finished[spec.name]:
                    with held(lock_path(spec, places), f"{spec.dataset}/{spec.name}"):
                        build_judge(spec, data, places)  # in minutes, so it is never resumed
    for spec in models[rank::ranks]:
        if not finished[spec.name]:
            build_checkpoint(spec, data, places, flags.resume)


@contextmanager
def first_process_first(rank: int, ranks: int) -> Iterator[None]:
    """Let the first process through the block before the others enter it."""
    if ranks == 1:
        yield
        return
    distributed.init_process_group("gloo")
    if rank > 0:
        distributed.barrier()
    yield
    if rank == 0:
        distributed.barrier()
    distributed.destroy_process_group()


def has_statistics(dataset: str, out: Path) -> bool:
    """Whether the data set's statistics are there and can be read."""
    try:
        load_statistics(dataset, out)
    except (CheckpointMissing, CheckpointBad):
        return False
    return True


def chosen_specs(flags: argparse.Namespace, dataset: str) -> list[ModelSpec | JudgeSpec]:
    """A data set's rows under the flags' changes; raises BadSetting for a name it does not have."""
    table = zoo(dataset)
    # "mnist/vae-2d", as checkpoints are called everywhere else, is as good as "vae-2d".
    asked = [name.removeprefix(f"{dataset}/") for name in flags.models or table]
    names = list(dict.fromkeys(asked))
    for name in names:
        if name not in table:
            raise BadSetting(
                f"No model {name!r} in the zoo. Allowed, separated by spaces: {', '.join(table)}."
            )
    changes = {
        key: getattr(flags, key)
        for key in ("epochs", "batch_size", "lr", "seed")
        if getattr(flags, key) is not None
    }
    specs = []
    for name in names:
        train = replace(table[name].train, **changes)
        if flags.epochs is not None:  # a quick pass is quick for a family as well
            train = replace(train, shared_epochs=min(train.shared_epochs, train.epochs))
        specs.append(replace(table[name], train=train))
    return specs


def choose_device(wanted: str, local_rank: int) -> torch.device:
    """The device named by --device; `auto` is this process's GPU where CUDA works, else the CPU."""
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = None
    if device is None or device.type not in ("cpu", "cuda"):
        raise BadSetting(f"--device is {wanted!r}; allowed: auto, cpu, cuda or cuda:N.")
    if device.type == "cpu":
        return device
    count = torch.cuda.device_count()
    # More processes than GPUs share them.
    index = local_rank % max(count, 1) if device.index is None else device.index
    if index >= count:
        raise BadSetting(
            f"--device is {wanted!r}, but this machine has {count} usable CUDA devices. "
            "Use --device cpu, or install a CUDA build of torch and its driver."
        )
    return torch.device("cuda", index)


def describe_zoo(specs: list[ModelSpec | JudgeSpec], out: Path) -> str:
    """One line a model: its architecture, its betas, its training and whether it is finished."""
    lines = []
    for spec in specs:
        try:
            state = "finished" if is_finished(spec, out, overwrite=False) else "not trained yet"
        except CheckpointExists:
            state = "trained with other settings, or damaged"
        lines.append(
            f"{spec.dataset}/{spec.name}: {_describe_model(spec)}, "
            f"{spec.train.epochs} epochs: {state}"
        )
    return "\n".join(lines)


def _describe_model(spec: ModelSpec | JudgeSpec) -> str:
    if isinstance(spec, JudgeSpec):
        channels = " and ".join(map(str, spec.model.channels))
        return f"classifier of {channels} channels, {spec.model.features} features"
    widths = "-".join(map(str, spec.model.encoder_widths[:-1]))
    betas = ", ".join(f"{b:g}" for b in spec.objective.betas)
    loss = f"beta {betas}" if spec.objective.reconstruction else "KL only"
    return f"{widths}-{spec.model.latent_dims}, {loss}"
