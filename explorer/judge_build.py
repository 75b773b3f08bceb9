"""From the zoo's row of a judge to its finished checkpoint: fit, round, look at real digits."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from explorer.builds import BuildPlaces, common_meta
from explorer.checkpoints import models_of
from explorer.completeness import NEIGHBOURS, completeness, neighbour_radii
from explorer.data import Dataset
from explorer.errors import BadSetting
from explorer.fixes import measure_command
from explorer.judge import build_network, look, save_judge
from explorer.judge_network import JudgeNetwork, fit_judge, measure_accuracy
from explorer.progress import TrainingProgress
from explorer.zoo import JudgeSpec

PACKAGES = ("numpy", "safetensors", "torch")
SURE = 0.97  # test accuracy from which on a judge can be relied upon


def build_judge(spec: JudgeSpec, data: Dataset, places: BuildPlaces) -> None:
    """Train a data set's judge and write its checkpoint.

    As many of the last training digits as there are test digits are kept from it: against the test
    digits they show what figures real digits reach that the judge has not seen.
    """
    started = time.monotonic()
    name = f"{spec.dataset}/{spec.name}"
    kept = len(data.test_images)
    images, labels, test_images, test_labels = (
        t.to(places.device)
        for t in (
            data.train_images[:-kept],
            data.train_labels[:-kept],
            data.test_images,
            data.test_labels,
        )
    )
    network = JudgeNetwork(spec.model, torch.Generator().manual_seed(spec.train.seed))
    network.to(places.device)
    history = []
    progress = TrainingProgress(name, spec.train.epochs, len(images))
    try:
        test = test_images, test_labels
        for epoch in fit_judge(network, spec.train, images, labels, test, spec.no_digits):
            if not math.isfinite(epoch.loss):
                raise BadSetting(
                    f"{name} diverged in epoch {len(history) + 1} at a peak rate of "
                    f"{spec.train.lr:g}: its loss is no longer finite. Use a smaller --lr."
                )
            history.append(asdict(epoch))
            progress.epoch(f"test accuracy {epoch.accuracy:.2%}")
        # Everything below is of the stored weights, rounded as they are, and on the CPU.
        weights = {
            key: value.half().cpu().contiguous().numpy()
            for key, value in network.state_dict().items()
        }
        stored = build_network(spec.model, weights)
        real, _ = look(stored, data.test_images)
        radii = neighbour_radii(real)
        measures = judge_measures(stored, data, real, radii)
        meta = {
            **common_meta(spec, PACKAGES),
            "measures": measures,
            "history": [{key: e[key] for key in ("loss", "accuracy")} for e in history],
            "training_seconds": round(sum(e["seconds"] for e in history), 1),
            "device": places.device.type,
        }
        reference = {"features": real.astype(np.float16), "radii": radii}
        save_judge(spec.dataset, places.out, meta, weights, reference)
        accuracy, figures = measures["accuracy"], measures["real"]
        if accuracy < SURE:
            progress.note("mistakes too many digits for its figures to mean much: train it longer.")
        if models := models_of(spec.dataset, places.out):
            command = measure_command(spec.dataset, models, places.out)
            progress.note(f"what stands beside it has no figures by this judge yet: `{command}`.")
        progress.note(
            f"test accuracy {accuracy:.2%}, {figures['recognised']:.2%} of unseen digits "
            f"recognised, {time.monotonic() - started:.0f} s in all"
        )
    finally:
        progress.close()


def judge_measures(
    network: JudgeNetwork, data: Dataset, real: np.ndarray, radii: np.ndarray
) -> dict[str, Any]:
    """How good a judge is, as stored in its meta.json, from its network and real digits.

    real (M, F) and radii (M,): features of the test digits and their balls. As `real` stand the
    figures of the last M training digits, which were kept from the judge: what samples of a model
    that draws as well as people write would reach.
    """
    count = len(real)
    return {
        "accuracy": measure_accuracy(network, data.test_images, data.test_labels),
        "samples": count,
        "neighbours": NEIGHBOURS,
        "real": completeness(real, radii, *look(network, data.train_images[-count:])),
    }
