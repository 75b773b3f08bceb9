"""Valid checkpoints of tiny networks with random weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from explorer.checkpoints import save_checkpoint
from explorer.checks import FORMAT_VERSION, weight_shapes
from explorer.config import ModelConfig


def plain_metrics(beta: float) -> dict[str, Any]:
    return {"negative_elbo": 31.25}


def save_random(
    root: Path,
    name: str,
    *,
    dims: int = 2,
    count: int = 50,
    betas: tuple[float, ...] = (),
    metrics: Callable[[float], dict[str, Any]] = plain_metrics,
    codes: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Save a model of 8 x 8 pixels, or a family where betas are given.

    `metrics` makes a member's figures of its beta, 1 for a model; `codes` replaces tensors of a
    model's random codes: labels (count,), mu (count, dims), logvar (count, dims).
    """
    rng = np.random.default_rng(0)
    dtype = np.float32 if dims == 2 else np.float16
    weights, own = {}, {"labels": (np.arange(count) % 10).astype(np.uint8)}
    for prefix in [f"{n:02d}." for n in range(len(betas))] or [""]:
        for key, shape in weight_shapes(ModelConfig(8, 8, dims, (6,))).items():
            weights[prefix + key] = rng.normal(size=shape).astype(np.float16)
        own[f"{prefix}mu"] = rng.normal(size=(count, dims)).astype(dtype)
        own[f"{prefix}logvar"] = np.zeros((count, dims), dtype=dtype)
        if betas and dims == 2:
            own[f"{prefix}rotation"] = np.eye(2, dtype=np.float32)
    if not betas and dims > 2:
        own["layout.umap"] = rng.normal(size=(count, 2)).astype(np.float32)
    members = [{"beta": beta, "metrics": metrics(beta)} for beta in betas or (1.0,)]
    dataset, model = name.split("/")
    meta = {
        "format_version": FORMAT_VERSION,
        "dataset": dataset,
        "name": model,
        "model": {"height": 8, "width": 8, "latent_dims": dims, "hidden": [6]},
        "objective": {"reconstruction": not model.startswith("kl")},
        "train": {"seed": 0},
        **({"members": members} if betas else members[0]),
    }
    save_checkpoint(name, root, meta, weights, {**own, **(codes or {})})
