"""Checkpoints on disk: `checkpoints/<dataset>/<name>/` with three files, checked as one.

    model.safetensors   float16 weights, `encoder.<i>.weight` ... `decoder.<i>.bias`
    codes.safetensors   mu, logvar (N, D), labels (N,) of every test image, `layout.<kind>` (N, 2)
    meta.json           what it is, how it was trained, how good it is, and the two files' SHA-256

A family holds one member a beta in the same files, every tensor's name prefixed by the member's
number (`07.encoder.0.weight`), with a `07.rotation` (D, D) for display where D is 2. Codes of
more than two dimensions are stored in half precision and read back as float32. Nothing here reads
a pickle, and only `Checkpoint.model` needs torch.

    from explorer.checkpoints import load_checkpoint
    c = load_checkpoint("mnist/vae-2d")
    c.codes.mu                        # (10000, 2), numpy
    c.model.decode(c.codes.mu[:5])    # (5, 1, 28, 28), numpy as its argument; or both of torch
    load_checkpoint("mnist/beta-2d").at(4).codes.mu
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save

from explorer.checks import (
    MAX_META_BYTES,
    META,
    TENSOR_FILES,
    check_codes,
    check_weights,
    model_config,
    parse_meta,
)
from explorer.errors import BadSetting, CheckpointBad, CheckpointMissing
from explorer.files import (
    standing_directory,
    standing_names,
    write_directory_atomically,
)
from explorer.fixes import can_train, how_to_get, how_to_mend
from explorer.meta_file import change_meta
from explorer.meta_text import meta_text
from explorer.places import JUDGE, checkpoint_root
from explorer.tensor_files import check_format, check_hash, read_file, read_tensors

if TYPE_CHECKING:
    from explorer.models import VAE

Tensors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Codes:
    """The posterior of every test image, in the model's own coordinates, never rotated."""

    mu: np.ndarray  # (N, D) float32
    logvar: np.ndarray  # (N, D) float32
    labels: np.ndarray  # (N,) uint8
    layouts: Mapping[str, np.ndarray] = field(default_factory=dict)  # kind -> (N, 2) float32


@dataclass(frozen=True)
class Checkpoint:
    """One trained model, alone or a member of a family, with its codes."""

    name: str  # "<dataset>/<name>"
    path: Path
    meta: Mapping[str, Any] = field(repr=False)  # pages of history
    codes: Codes = field(repr=False)
    weights: Tensors = field(repr=False)  # float16, without the member's prefix
    beta: float
    index: int | None = None  # the member's number in its family
    rotation: np.ndarray | None = field(default=None, repr=False)  # (D, D): display = mu @ rotation
    betas: None = field(default=None, repr=False)  # only a Family has several

    @cached_property
    def model(self) -> VAE:
        """The network in float32 and eval mode, built at first use (imports torch)."""
        import torch

        from explorer.models import VAE

        vae = VAE(model_config(self.meta), torch.Generator())
        state = {name: torch.from_numpy(w.astype(np.float32)) for name, w in self.weights.items()}
        vae.load_state_dict(state, strict=True)
        return vae.eval().requires_grad_(False)


@dataclass(frozen=True)
class Family:
    """Models that differ in beta alone; `at(beta)` gives one of them."""

    name: str
    path: Path
    meta: Mapping[str, Any] = field(repr=False)
    betas: tuple[float, ...]
    members: tuple[Checkpoint, ...] = field(repr=False)

    def at(self, beta: float) -> Checkpoint:
        """The member whose beta is nearest (the smaller of two equally near)."""
        if not np.isfinite(beta):
            raise BadSetting(f"beta is {beta}; allowed: a number from 0 to {self.betas[-1]:g}.")
        return self.members[int(np.abs(np.array(self.betas) - beta).argmin())]

    @property
    def model(self) -> VAE:
        """A family has no single model: raises BadSetting that says to choose a member."""
        raise BadSetting(self._choose("model"))

    @property
    def codes(self) -> Codes:
        """A family has no single set of codes: raises BadSetting that says to choose a member."""
        raise BadSetting(self._choose("codes"))

    def _choose(self, what: str) -> str:
        betas = ", ".join(f"{b:g}" for b in self.betas)
        return (
            f"{self.name} is a family, one {what} a beta: choose with .at(beta), beta of {betas}."
        )


def list_checkpoints(root: str | Path | None = None) -> list[str]:
    """Names "<dataset>/<name>" of the models in `root`, sorted; none of them is opened.

    Without a root it is what `load_checkpoint` takes.

    The judge beside them is no model: it has no codes and nothing to decode.
    """
    root = checkpoint_root() if root is None else Path(root)
    return [
        f"{dataset}/{name}"
        for dataset in standing_names(root)
        for name in standing_names(root / dataset)
        if name != JUDGE and not Path(name).suffix  # such as the data set's statistics
    ]


def models_of(dataset: str, root: str | Path | None = None) -> list[str]:
    """The same for one data set, without its name."""
    names = (name.split("/") for name in list_checkpoints(root))
    return [model for found, model in names if found == dataset]


def load_checkpoint(name: str, root: str | Path | None = None) -> Checkpoint | Family:
    """Load "<dataset>/<name>" and check all three files; needs no torch.

    `root` is the folder of the data sets. Without it that is what EXPLORER_CHECKPOINTS names, and
    without that the models that are shipped, whatever the working directory is.

    Raises CheckpointMissing where it or one of its files is absent, CheckpointBad where a file is
    damaged or is not what it says. Each message names the file and the fix.
    """
    root = checkpoint_root() if root is None else Path(root)
    parts = Path(name).parts
    if len(parts) != 2 or ".." in parts or name != Path(name).as_posix():
        raise BadSetting(
            f"{name!r} names no checkpoint; allowed: '<dataset>/<name>'. "
            f"Found: {', '.join(list_checkpoints(root)) or 'none'}."
        )
    path = standing_directory(root / name)
    if Path(name).name == JUDGE:
        raise BadSetting(
            f"{name!r} is no model but the classifier that measures them: load it with "
            "explorer.judge.load_judge."
        )
    if not path.exists():
        raise CheckpointMissing(_not_found(name, root))
    if not path.is_dir():
        raise CheckpointBad(
            f"{path} is a file, but a checkpoint is a directory with {META} and "
            f"{' and '.join(TENSOR_FILES)} in it. Move the file away, then {how_to_mend(path)}"
        )
    meta = parse_meta(path / META, read_file(path / META, MAX_META_BYTES))
    contents = {file: read_file(path / file) for file in TENSOR_FILES}
    return _assemble(name, path, meta, contents)


def save_checkpoint(
    name: str, root: str | Path, meta: Mapping[str, Any], weights: Tensors, codes: Tensors
) -> None:
    """Write a finished checkpoint as a whole; what could not be loaded again is never written.

    `weights` and `codes` are named as on disk (see the module's docstring); the hashes are added
    to `meta` here.
    """
    path = Path(root) / name
    contents = {
        file: save({key: np.ascontiguousarray(value) for key, value in tensors.items()})
        for file, tensors in zip(TENSOR_FILES, (weights, codes), strict=True)
    }
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    text = meta_text({**meta, "sha256": hashes})
    _assemble(name, path, parse_meta(path / META, text), contents)
    write_directory_atomically(path, {**contents, META: text})


def store_measures(found: Checkpoint | Family, measures: Sequence[Mapping[str, Any]]) -> None:
    """Write what `explorer.metrics.measure` gave for each member into meta.json, atomically.

    Raises CheckpointBad where the checkpoint was replaced since it was loaded, or its meta.json
    holds a number that is not finite.
    """

    def measured(meta: dict[str, Any]) -> dict[str, Any]:
        if isinstance(found, Family):
            pairs = zip(meta["members"], measures, strict=True)
            return {**meta, "members": [{**member, "measures": one} for member, one in pairs]}
        (figures,) = measures
        return {**meta, "measures": figures}

    change_meta(found.path, found.meta["sha256"], parse_meta, measured)


def _assemble(
    name: str, path: Path, meta: dict[str, Any], contents: Mapping[str, bytes]
) -> Checkpoint | Family:
    tensors: dict[str, Tensors] = {}
    for file, content in contents.items():
        check_format(path / file, content)
        check_hash(path / file, content, meta["sha256"].get(file))
        tensors[file] = read_tensors(path / file, content)
    weights, codes = (tensors[file] for file in TENSOR_FILES)
    members = meta.get("members")
    config = model_config(meta)
    prefixes = [f"{k:02d}." for k in range(len(members))] if members else [""]
    check_weights(path / TENSOR_FILES[0], weights, config, prefixes)
    check_codes(path / TENSOR_FILES[1], codes, config.latent_dims, prefixes)
    if not members:
        return Checkpoint(name, path, meta, _codes(codes, ""), weights, meta["beta"])
    shared = {key: value for key, value in meta.items() if key != "members"}
    checkpoints = tuple(
        Checkpoint(
            name,
            path,
            {**shared, **member},
            _codes(codes, prefix),
            {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)},
            member["beta"],
            index,
            codes.get(f"{prefix}rotation"),
        )
        for index, (prefix, member) in enumerate(zip(prefixes, members, strict=True))
    )
    return Family(name, path, meta, tuple(c.beta for c in checkpoints), checkpoints)


def _codes(tensors: Tensors, prefix: str) -> Codes:
    mu, logvar = (tensors[prefix + key].astype(np.float32) for key in ("mu", "logvar"))
    layouts = {
        key.removeprefix("layout."): value
        for key, value in tensors.items()
        if key.startswith("layout.")
    }
    return Codes(mu, logvar, tensors["labels"], layouts)


def _not_found(name: str, root: Path) -> str:
    dataset, _, model = name.partition("/")
    found = models_of(dataset, root)
    message = f"No checkpoint {model!r} in {root / dataset}. Found: {', '.join(found) or 'none'}."
    known = can_train(dataset, [model])  # a name that nobody knows is mistyped
    return f"{message} {how_to_get(dataset, [model], root)}" if known else message
