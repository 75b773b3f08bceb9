"""The judge: a small classifier, trained on the same digits as the models but apart from them.

It says which class a picture is taken for, one of ten or "no digit", how confidently, and whether
the picture lies off the data: "no digit" has more than half of the probability. Real digits survive
that rule, blurred or shifted as well (`benchmarks/off_data.py`). On disk, in
`checkpoints/<dataset>/judge/`:

    model.safetensors     float16 weights
    features.safetensors  features (M, F) float16 of the real test digits, radii (M,) float32
    meta.json             what it is, how it was trained, its accuracy, real against real digits

    judge = load_judge("mnist")
    judge.judge(pictures).labels        # (N,)

Importing this module needs no torch. What the judge does not know: whether a picture is beautiful;
and of pictures that are neither digits nor noise, such as a digit upside down, it may be confident.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import save

from explorer.checks import (
    JUDGE_FILES,
    MAX_META_BYTES,
    META,
    check_judge,
    judge_config,
    parse_judge_meta,
)
from explorer.errors import CheckpointMissing
from explorer.files import standing_directory, write_directory_atomically
from explorer.fixes import how_to_get
from explorer.meta_file import change_meta
from explorer.meta_text import meta_text
from explorer.places import JUDGE, checkpoint_root
from explorer.tensor_files import check_format, check_hash, read_file, read_tensors
from explorer.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.judge_network import JudgeNetwork

Tensors = dict[str, np.ndarray]
_BATCH = 1_000  # images at once: their first feature maps are 50 MB


@dataclass(frozen=True)
class Judge:
    """A trained judge of one data set; `load_judge` makes it."""

    dataset: str
    path: Path
    meta: Mapping[str, Any] = field(repr=False)
    weights: Tensors = field(repr=False)  # float16
    real_features: np.ndarray = field(repr=False)  # (M, F) float32, of the real test digits
    radii: np.ndarray = field(repr=False)  # (M,) float32: to each one's 5th nearest other

    @property
    def measures(self) -> Mapping[str, Any]:
        """Accuracy, the number of samples to compare, and real against real digits as `real`."""
        return self.meta["measures"]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its weights, in hex: it stands in all figures that this judge gave."""
        return self.meta["sha256"][JUDGE_FILES[0]]

    @cached_property
    def network(self) -> JudgeNetwork:
        """The classifier in float32 and eval mode, built at first use (imports torch)."""
        return build_network(judge_config(self.meta), self.weights)

    def features(self, images: Tensor) -> np.ndarray:
        """Pictures (N, 1, H, W) in [0, 1] to features (N, F), float32."""
        return self.look(images)[0]

    def look_at(self, decode: Callable, z: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """`look` at the decodes of codes (N, D), a batch at a time."""
        parts = [self.look(decode(codes)) for codes in z.split(_BATCH)]
        features, probabilities = (np.concatenate(part) for part in zip(*parts, strict=True))
        return features, probabilities

    def look(self, images: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Features (N, F) and probabilities (N, 11) of pictures (N, 1, H, W) in [0, 1].

        The last column is the probability of "no digit".
        """
        return look(self.network, images)

    def judge(self, images: Tensor) -> Verdict:
        """Class, confidence, and whether it is off the data, of pictures (N, 1, H, W)."""
        return verdict(self.look(images)[1])


def build_network(config: Any, weights: Tensors) -> JudgeNetwork:
    """The network of a configuration with stored weights, in eval mode."""
    import torch

    from explorer.judge_network import JudgeNetwork

    network = JudgeNetwork(config, torch.Generator())
    state = {name: torch.from_numpy(w.astype(np.float32)) for name, w in weights.items()}
    network.load_state_dict(state, strict=True)
    return network.eval().requires_grad_(False)


def look(network: JudgeNetwork, images: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Features (N, F) and probabilities (N, 11), the last of "no digit", float32.

    Features are rounded to half precision, as those of the real digits are stored, so that a real
    digit's features are at distance 0 from the stored ones.
    """
    import torch

    features, probabilities = [], []
    with torch.no_grad():
        for x in images.split(_BATCH):
            found = network.features(x)
            features.append(found.half().float().numpy())
            probabilities.append(network.classify(found).softmax(dim=1).numpy())
    return np.concatenate(features), np.concatenate(probabilities)


def load_judge(dataset: str, root: str | Path | None = None) -> Judge:
    """Load the judge of a data set and check all three files; needs no torch.

    Without a root it is what `load_checkpoint` takes.

    Raises CheckpointMissing where it or one of its files is absent, CheckpointBad where a file is
    damaged, is not what it says, or is of another data set. Each message names the fix.
    """
    root = checkpoint_root() if root is None else Path(root)
    path = standing_directory(root / dataset / JUDGE)
    if not path.is_dir():
        raise CheckpointMissing(f"No judge in {path.parent}. {how_to_get(dataset, [JUDGE], root)}")
    meta = parse_judge_meta(path / META, read_file(path / META, MAX_META_BYTES))
    return _assemble(path, meta, {file: read_file(path / file) for file in JUDGE_FILES})


def save_judge(
    dataset: str, root: str | Path, meta: Mapping[str, Any], weights: Tensors, reference: Tensors
) -> None:
    """Write a judge as a whole; what could not be loaded again is never written.

    `weights` and `reference` (features, radii) are named as on disk; hashes are added here.
    """
    path = Path(root) / dataset / JUDGE
    contents = {
        file: save({key: np.ascontiguousarray(value) for key, value in tensors.items()})
        for file, tensors in zip(JUDGE_FILES, (weights, reference), strict=True)
    }
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    text = meta_text({**meta, "sha256": hashes})
    _assemble(path, parse_judge_meta(path / META, text), contents)
    write_directory_atomically(path, {**contents, META: text})


def store_judge_measures(judge: Judge, measures: Mapping[str, Any]) -> None:
    """Write what `explorer.judge_build.judge_measures` gave into its meta.json, atomically.

    Raises CheckpointBad where the judge was replaced since it was loaded.
    """

    def renewed(meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, "measures": {**meta["measures"], **measures}}

    change_meta(judge.path, judge.meta["sha256"], parse_judge_meta, renewed)


def _assemble(path: Path, meta: dict[str, Any], contents: Mapping[str, bytes]) -> Judge:
    tensors: list[Tensors] = []
    for file, content in contents.items():
        check_format(path / file, content)
        check_hash(path / file, content, meta["sha256"].get(file))
        tensors.append(read_tensors(path / file, content))
    weights, reference = tensors
    check_judge(path, weights, reference, judge_config(meta))
    features = reference["features"].astype(np.float32)
    return Judge(path.parent.name, path, meta, weights, features, reference["radii"])
