"""What a checkpoint's files must say, and the sentence where they do not.

Works on the content of meta.json and on numpy arrays; `explorer.tensor_files` reads the files.
Never imports torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from explorer.config import JudgeConfig, ModelConfig
from explorer.errors import BadSetting, CheckpointBad, quoted
from explorer.fixes import how_to_mend, measure_command
from explorer.verdicts import NO_DIGIT

FORMAT_VERSION = 1
MAX_META_BYTES = 2**22  # the largest of the zoo has 96 kB
MAX_MEMBERS = 100  # of a family: two digits number them
META = "meta.json"
TENSOR_FILES = ("model.safetensors", "codes.safetensors")
LABELS = "labels"  # of the codes: a byte each
JUDGE_FILES = ("model.safetensors", "features.safetensors")
# What `explorer.metrics.measure` means by its figures; those of another version are not shown.
MEASURES_VERSION = 2
# The figures that `explorer.completeness` gives of samples.
COMPLETENESS = (
    "recognised",
    "recognised_low",
    "recognised_high",
    "effective_classes",
    "coverage",
    "coverage_low",
    "coverage_high",
)
# The figures that `explorer.continuity` gives of walks; the last three are null without a change.
CONTINUITY = ("walks", "no_change", "step_median", "step_p95", "jumps")
INFORMATION = ("nats", "cap")

# Of a model's metrics and history: what pages show where it is there.
_FIGURES = ("reconstruction", "kl", "iwae_nll", "active_units")
_FIGURES_OF_DIMENSIONS = ("kl_per_dimension", "code_variance")
_HISTORY = ("train_reconstruction", "train_kl", "test_reconstruction", "test_kl")

_REQUIRED = {
    "dataset": str,
    "name": str,
    "model": dict,
    "objective": dict,
    "train": dict,
    "sha256": dict,
}
_JUDGE_REQUIRED = {
    "dataset": str,
    "name": str,
    "model": dict,
    "train": dict,
    "measures": dict,
    "sha256": dict,
}


def _is_number(value: object) -> bool:
    # Neither true and false, nor what a float cannot hold: JSON's whole numbers have no end.
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def bad(path: Path, problem: str) -> CheckpointBad:
    """The error of a file: the file, what is wrong with it, the fix."""
    return CheckpointBad(f"{path} {problem}. To mend it, {how_to_mend(path.parent)}")


def model_config(meta: Mapping[str, Any]) -> ModelConfig:
    """The architecture that a checkpoint's meta.json describes."""
    return ModelConfig(**{**meta["model"], "hidden": tuple(meta["model"]["hidden"])})


def judge_config(meta: Mapping[str, Any]) -> JudgeConfig:
    """The architecture that a judge's meta.json describes."""
    return JudgeConfig(**{**meta["model"], "channels": tuple(meta["model"]["channels"])})


def parse_judge_meta(path: Path, text: bytes) -> dict[str, Any]:
    """A judge's meta.json as a dict whose fields are there and of the right kind."""
    meta = _parse(path, text, _JUDGE_REQUIRED, judge_config)
    folder = path.parent.parent.name
    if meta["dataset"] != folder:
        raise bad(path, f"describes the judge of {quoted(meta['dataset'])}, but lies in {folder!r}")
    found = meta["measures"]
    if not _is_number(found.get("accuracy")):
        raise bad(path, "has no finite 'accuracy' in its 'measures'")
    if type(found.get("samples")) is not int or found["samples"] < 1:
        raise bad(path, "has no whole number above 0 as 'samples' in its 'measures'")
    if problem := _lacks(found.get("real"), COMPLETENESS):
        raise bad(path, f"has no finite {problem!r} of real digits as 'real' in its 'measures'")
    return meta


def parse_meta(path: Path, text: bytes) -> dict[str, Any]:
    """meta.json as a dict whose fields are there and of the right kind."""
    meta = _parse(path, text, _REQUIRED, model_config)
    if not isinstance(meta["objective"].get("reconstruction"), bool):
        raise bad(path, "does not say whether the loss had a reconstruction")
    members = meta.get("members", [meta])
    if not isinstance(members, list) or not 0 < len(members) <= MAX_MEMBERS:
        problem = f"has a field 'members' that is no list of 1 to {MAX_MEMBERS} members"
        raise bad(path, problem)
    for member in members:
        _check_member(path, member, meta["model"]["latent_dims"])
    if any(one["beta"] >= other["beta"] for one, other in pairwise(members)):
        raise bad(path, "has members whose betas do not rise")
    return meta


def _parse(
    path: Path, text: bytes, required: Mapping[str, type], config: Callable[[dict], object]
) -> dict[str, Any]:
    """A JSON object of the known format version with the required fields and a valid model."""
    try:
        meta = json.loads(text)
    except ValueError as error:  # also for numbers without end
        raise bad(path, f"is not valid JSON ({error})") from error
    except RecursionError as error:
        raise bad(path, "is not valid JSON (nested too deeply)") from error
    if not isinstance(meta, dict):
        raise bad(path, f"holds a JSON {type(meta).__name__}, not an object")
    version = meta.get("format_version")
    if version != FORMAT_VERSION:
        raise bad(
            path,
            f"has format version {quoted(version)}; this program reads {FORMAT_VERSION}, another "
            "version of it may read more",
        )
    for key, kind in required.items():
        if not isinstance(meta.get(key), kind):
            raise bad(path, f"lacks a field {key!r} of type {kind.__name__}")
    try:
        config(meta)
    except (KeyError, TypeError, BadSetting) as error:
        raise bad(path, f"describes no valid network: {str(error)[:200]}") from error
    return meta


def _check_member(path: Path, member: object, dims: int) -> None:
    """A model on its own, or one of a family, says its beta and how good it is."""
    fields = _fields(member)
    beta, metrics = fields.get("beta"), _fields(fields.get("metrics"))
    if not _is_number(beta):
        raise bad(path, "has no finite number as 'beta'")
    if _lacks(metrics, ("negative_elbo",)):
        raise bad(path, "has no finite 'negative_elbo' in its 'metrics'")
    if problem := _lacks(metrics, [key for key in _FIGURES if key in metrics]):
        raise bad(path, f"has no finite {problem!r} in its 'metrics'")
    for key in _FIGURES_OF_DIMENSIONS:
        found = metrics.get(key, [0] * dims)
        if not isinstance(found, list) or len(found) != dims or not all(map(_is_number, found)):
            raise bad(path, f"has no list of {dims} finite numbers as {key!r} in its 'metrics'")
    epochs = fields.get("history", [])
    if not isinstance(epochs, list) or any(_lacks(epoch, _HISTORY) for epoch in epochs):
        raise bad(path, f"has a 'history' that is no list of epochs with {', '.join(_HISTORY)}")
    if "measures" in fields and (problem := _problem_of_measures(fields["measures"])):
        folder, root = path.parent, path.parent.parent.parent
        raise CheckpointBad(
            f"{path} has measures without a valid {problem!r}. Delete its 'measures', then "
            f"measure it again with `{measure_command(folder.parent.name, [folder.name], root)}`."
        )


def _problem_of_measures(measures: object) -> str:
    """The first figure that is no finite number, or the judge where none is named, or nothing.

    Figures of another version are left alone: nobody shows them.
    """
    fields = _fields(measures)
    if fields and fields.get("version") != MEASURES_VERSION:
        return ""
    if not isinstance(fields.get("judge"), str):
        return "judge"
    walks, samples = (_fields(fields.get(key)) for key in ("continuity", "completeness"))
    has_change = walks.get("no_change") != 1
    parts = {
        "": (fields, ("samples",)),
        "continuity.": (walks, CONTINUITY if has_change else CONTINUITY[:2]),
        "completeness.prior.": (samples.get("prior"), COMPLETENESS),
        "completeness.fitted.": (samples.get("fitted"), COMPLETENESS),
        "information.": (fields.get("information"), INFORMATION),
    }
    return next((k + problem for k, part in parts.items() if (problem := _lacks(*part))), "")


def _lacks(figures: object, keys: Iterable[str]) -> str:
    """The first of the keys that is no finite number in a dict of figures, or nothing."""
    return next((key for key in keys if not _is_number(_fields(figures).get(key))), "")


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def weight_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """The name and shape of every weight of an architecture."""
    shapes: dict[str, tuple[int, ...]] = {}
    for part, widths in (("encoder", config.encoder_widths), ("decoder", config.decoder_widths)):
        for layer, (fan_in, fan_out) in enumerate(pairwise(widths)):
            shapes[f"{part}.{layer}.weight"] = (fan_out, fan_in)
            shapes[f"{part}.{layer}.bias"] = (fan_out,)
    return shapes


def check_weights(
    path: Path, weights: Mapping[str, np.ndarray], config: ModelConfig, prefixes: Sequence[str]
) -> None:
    """Every weight of every member is there, of its shape, and finite; nothing else is."""
    expected = {p + name: shape for p in prefixes for name, shape in weight_shapes(config).items()}
    _check_arrays(path, weights, expected)


def check_codes(
    path: Path, codes: Mapping[str, np.ndarray], latent_dims: int, prefixes: Sequence[str]
) -> None:
    """mu and logvar of every member, labels 0-9, layouts and rotations, all of one length."""
    labels = codes.get("labels", np.empty(0))
    count = labels.size
    expected: dict[str, tuple[int, ...]] = {"labels": (count,)}
    for prefix in prefixes:
        expected |= {prefix + key: (count, latent_dims) for key in ("mu", "logvar")}
        if prefix and latent_dims == 2:
            expected[f"{prefix}rotation"] = (2, 2)
    expected |= {key: (count, 2) for key in codes if key.startswith("layout.")}
    _check_arrays(path, codes, expected)
    if labels.dtype != np.uint8 or labels.max(initial=0) > 9:
        raise bad(path, "has labels that are not classes 0 to 9")
    if count == 0:
        raise bad(path, "holds the code of no test digit")


def judge_shapes(config: JudgeConfig) -> dict[str, tuple[int, ...]]:
    """The name and shape of every weight of a judge."""
    first, second = config.channels
    cells = (config.height // 4) * (config.width // 4)  # after two 2 x 2 poolings
    shapes = {
        "convolutions.0": (first, 1, 3, 3),
        "convolutions.1": (second, first, 3, 3),
        "penultimate": (config.features, second * cells),
        "last": (NO_DIGIT + 1, config.features),
    }
    weights = {f"{layer}.weight": shape for layer, shape in shapes.items()}
    return weights | {f"{layer}.bias": shape[:1] for layer, shape in shapes.items()}


def check_judge(folder: Path, weights: Mapping, reference: Mapping, config: JudgeConfig) -> None:
    """Every weight, and the real digits' features with one radius each, of their shape, finite."""
    _check_arrays(folder / JUDGE_FILES[0], weights, judge_shapes(config))
    path = folder / JUDGE_FILES[1]
    count = reference.get("radii", np.empty(0)).size
    expected = {"features": (count, config.features), "radii": (count,)}
    _check_arrays(path, reference, expected)
    if count == 0:
        raise bad(path, "holds the features of no real digit")


def _check_arrays(
    path: Path, arrays: Mapping[str, np.ndarray], expected: Mapping[str, tuple[int, ...]]
) -> None:
    if arrays.keys() != expected.keys():
        missing = sorted(expected.keys() - arrays.keys())
        surplus = sorted(name[:60] for name in arrays.keys() - expected.keys())
        raise bad(
            path,
            "does not hold the tensors of its architecture (missing: "
            f"{', '.join(missing[:3]) or 'none'}; unexpected: {', '.join(surplus[:3]) or 'none'})",
        )
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            found = arrays[name].shape
            raise bad(path, f"has {name!r} of shape {found}; its architecture needs {shape}")
        if name != LABELS and arrays[name].dtype not in (np.float16, np.float32):
            kind = arrays[name].dtype
            raise bad(path, f"has {name!r} of type {kind}; allowed: float16 and float32")
        if not np.isfinite(arrays[name]).all():
            raise bad(path, f"has NaN or infinite values in {name!r}")
