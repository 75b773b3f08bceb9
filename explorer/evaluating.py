"""`evaluate`: test metrics of models, recomputed from the weights and real data, in one table."""

from __future__ import annotations

import argparse
from typing import Any

from explorer.checkpoints import Checkpoint, load_checkpoint

HEADER = (
    f"{'model':24}{'beta':>6}{'recon.':>10}{'KL':>10}{'-ELBO':>10}{'IWAE NLL':>10}"
    f"{'active':>8}  KL a dimension"
)


def evaluate_checkpoints(flags: argparse.Namespace) -> list[dict[str, Any]]:
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


def format_row(row: dict[str, Any]) -> str:
    """A line of the table; nats an image, KL per dimension in falling order."""
    nats = "".join(
        f"{row[key]:10.2f}" for key in ("reconstruction", "kl", "negative_elbo", "iwae_nll")
    )
    dimensions = " ".join(f"{k:.2f}" for k in sorted(row["kl_per_dimension"], reverse=True))
    return f"{row['name']:24}{row['beta']:6g}{nats}{row['active_units']:8}  {dimensions}"
