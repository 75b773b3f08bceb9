"""The stored measures, computed again by a second implementation with no code of the first.

From the three shipped files of tensors and the definitions in docs/models.md alone: decoder, judge,
samples, walks and information are numpy's and scipy's here, with draws of their own. What is stored
and what comes out here are two estimates of one number, and agree within four standard errors of
their difference. (A right figure fails that once in 16,000 times, and the draws are fixed.)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from scipy.special import expit, logsumexp, softmax
from scipy.stats import entropy

ROOT = Path(__file__).resolve().parent.parent / "checkpoints"
ERRORS = 4  # standard errors of the difference of two estimates
NONE = 10  # the judge's column for "none of them"
SAMPLES = 3_000
WALKS = 300
STEPS = 100
ROUNDED = 1e-6  # stored figures have seven digits

Tensors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Shipped:
    """One model as its files have it: layers of the decoder, codes, and the stored figures."""

    dataset: str
    layers: list[tuple[np.ndarray, np.ndarray]]  # weights and biases, float64
    mu: np.ndarray
    logvar: np.ndarray
    labels: np.ndarray
    stored: dict[str, Any]

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Codes (N, D) to pictures (N, pixels) in [0, 1]."""
        *hidden, (weight, bias) = self.layers
        h = z
        for w, b in hidden:
            h = np.maximum(h @ w.T + b, 0)
        return expit(h @ weight.T + bias)


def float64(tensors: Tensors, prefix: str) -> Tensors:
    return {
        key.removeprefix(prefix): value.astype(np.float64)
        for key, value in tensors.items()
        if key.startswith(prefix)
    }


def layers(tensors: Tensors, part: str) -> list[tuple[np.ndarray, np.ndarray]]:
    count = sum(key.startswith(f"{part}.") and key.endswith(".weight") for key in tensors)
    return [(tensors[f"{part}.{k}.weight"], tensors[f"{part}.{k}.bias"]) for k in range(count)]


def shipped() -> Iterator[tuple[str, Path, str, dict[str, Any]]]:
    """Each model of digits, families' members too, and the four named ones of MNIST."""
    names = ("vae-2d", "reconstruction-2d", "kl-2d", "vae-20d")
    folders = sorted((ROOT / "digits").glob("*-*d")) + [ROOT / "mnist" / name for name in names]
    for folder in folders:
        meta = json.loads((folder / "meta.json").read_text())
        for k, member in enumerate(meta.get("members", [])):
            label = f"{folder.parent.name}/{folder.name}@{member['beta']:g}"
            yield label, folder, f"{k:02d}.", member["measures"]
        if "members" not in meta:
            yield f"{folder.parent.name}/{folder.name}", folder, "", meta["measures"]


PLACES = {name: rest for name, *rest in shipped()}


@cache
def load(name: str) -> Shipped:
    folder, prefix, stored = PLACES[name]
    weights = float64(load_file(folder / "model.safetensors"), prefix)
    tensors = load_file(folder / "codes.safetensors")
    codes = float64(tensors, prefix)
    return Shipped(
        folder.parent.name,
        layers(weights, "decoder"),
        codes["mu"],
        codes["logvar"],
        tensors["labels"].astype(int),
        stored,
    )


def judged(dataset: str, pictures: np.ndarray) -> np.ndarray:
    """The judge's probabilities (N, 11) of square pictures (N, pixels), 500 at a time."""
    network = load_file(ROOT / dataset / "judge" / "model.safetensors")
    weights = {key: value.astype(np.float32) for key, value in network.items()}
    parts = np.array_split(pictures.astype(np.float32), -(-len(pictures) // 500))
    return np.concatenate([probabilities(weights, part) for part in parts])


def probabilities(network: Tensors, pictures: np.ndarray) -> np.ndarray:
    size = round(sqrt(pictures.shape[1]))
    maps = pictures.reshape(-1, size, size, 1)  # channels last
    for weight, bias in layers(network, "convolutions"):
        maps = pooled(np.maximum(convolved(maps, weight) + bias, 0))
    flat = maps.transpose(0, 3, 1, 2).reshape(len(pictures), -1)
    features = np.maximum(flat @ network["penultimate.weight"].T + network["penultimate.bias"], 0)
    logits = features @ network["last.weight"].T + network["last.bias"]
    return softmax(logits.astype(np.float64), axis=1)


def convolved(maps: np.ndarray, kernels: np.ndarray) -> np.ndarray:
    """(N, H, W, C) by kernels (K, C, 3, 3), edges padded with zeros: (N, H, W, K)."""
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0)))
    _, height, width, _ = maps.shape
    return sum(
        padded[:, i : i + height, j : j + width] @ kernels[:, :, i, j].T
        for i in range(3)
        for j in range(3)
    )


def pooled(maps: np.ndarray) -> np.ndarray:
    """The largest of each 2 x 2 cells, an odd last row or column left out."""
    count, height, width, channels = maps.shape
    even = maps[:, : height // 2 * 2, : width // 2 * 2]
    return even.reshape(count, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


@cache
def recognised(name: str, codes: str) -> np.ndarray:
    """The classes of those samples that are recognised, and -1 for each that is not: (SAMPLES,)."""
    model = load(name)
    rng = np.random.default_rng([11, *codes.encode()])
    if codes == "prior":
        z = rng.standard_normal((SAMPLES, model.mu.shape[1]))
    else:
        covariance = np.atleast_2d(np.cov(model.mu.T, bias=True))
        z = rng.multivariate_normal(model.mu.mean(axis=0), covariance, SAMPLES, method="svd")
    found = judged(model.dataset, model.decode(z))
    best = found.argmax(axis=1)
    return np.where((found.max(axis=1) > 0.9) & (best != NONE), best, -1)


@cache
def largest_steps(name: str) -> np.ndarray:
    """Of each walk, over its ends' distance: (WALKS,); NaN where the ends are the same picture."""
    model = load(name)
    rng = np.random.default_rng(12)
    found = []
    while len(found) < WALKS:
        a, b = rng.choice(len(model.labels), 2, replace=False)
        if model.labels[a] == model.labels[b]:
            continue
        share = np.arange(STEPS + 1)[:, None] / STEPS
        pictures = model.decode((1 - share) * model.mu[a] + share * model.mu[b])
        moved = sqrt(np.square(np.diff(pictures, axis=0)).sum(axis=1).max())
        apart = pictures[-1] - pictures[0]
        same = np.abs(apart).max() <= 0.5 / 255  # less than a screen can show
        found.append(np.nan if same else moved / sqrt(np.square(apart).sum()))
    return np.array(found)


def information(model: Shipped, digits: int = 600) -> np.ndarray:
    """log q(z|x) - log q(z) of one z a digit, nats, of so many test digits at most."""
    rng = np.random.default_rng(13)
    chosen = rng.permutation(len(model.mu))[:digits]
    sigma = np.exp(model.logvar / 2)
    gains = []
    for k in chosen:
        z = model.mu[k] + sigma[k] * rng.standard_normal(model.mu.shape[1])
        logs = -(np.square((z - model.mu) / sigma) / 2 + model.logvar / 2).sum(axis=1)  # + constant
        gains.append(logs[k] - logsumexp(logs) + log(len(logs)))
    return np.array(gains)


def require_same_share(own: float, count: int, stored: float, stored_count: int) -> None:
    """Two shares of so many draws each: a pooled test of their difference."""
    pooled = (own * count + stored * stored_count) / (count + stored_count)
    error = sqrt(pooled * (1 - pooled) * (1 / count + 1 / stored_count))
    assert own == pytest.approx(stored, abs=ERRORS * error + ROUNDED)


def require_quantile(own: np.ndarray, share: float, stored: float, stored_count: int) -> None:
    """The stored quantile lies among these values where one of so many others would.

    Free of what the distribution is: the share of `own` below it errs as a share does.
    """
    below = np.mean(own <= stored * (1 + ROUNDED))
    error = sqrt(share * (1 - share) * (1 / len(own) + 1 / stored_count))
    assert below == pytest.approx(share, abs=ERRORS * error + 1 / len(own))


@pytest.mark.parametrize("codes", ["prior", "fitted"])
@pytest.mark.parametrize("name", PLACES)
def test_recognised_and_its_classes(name: str, codes: str):
    stored, count = load(name).stored["completeness"][codes], load(name).stored["samples"]
    found = recognised(name, codes)
    classes = found[found >= 0]
    require_same_share(len(classes) / SAMPLES, SAMPLES, stored["recognised"], count)
    if 0 in (len(classes), stored["recognised"]):
        assert stored["effective_classes"] <= stored["recognised"] * count  # none or hardly any
        return
    shares = np.bincount(classes) / len(classes)
    nats = entropy(shares)
    # The entropy's error of first order, by the delta method, and its bias of (classes - 1) / 2n.
    surprise = -np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    variance = (shares * np.square(surprise - nats)).sum()
    counts = [len(classes), stored["recognised"] * count]
    error = ERRORS * sqrt(variance * sum(1 / n for n in counts))
    bias = (np.count_nonzero(shares) - 1) / 2 * sum(1 / n for n in counts)
    assert nats == pytest.approx(log(stored["effective_classes"]), abs=error + bias + ROUNDED)


@pytest.mark.parametrize("name", PLACES)
def test_walks(name: str):
    stored = load(name).stored["continuity"]
    found = largest_steps(name)
    changed = found[~np.isnan(found)]
    require_same_share(1 - len(changed) / WALKS, WALKS, stored["no_change"], stored["walks"])
    if len(changed) == 0 or stored["step_median"] is None:
        return
    count = stored["walks"] * (1 - stored["no_change"])
    require_same_share(np.mean(changed > 0.25), len(changed), stored["jumps"], count)
    require_quantile(changed, 0.5, stored["step_median"], count)
    require_quantile(changed, 0.95, stored["step_p95"], count)


@pytest.mark.parametrize("name", PLACES)
def test_information(name: str):
    """Stored is the mean of four draws of each digit; here it is that of one draw of some.

    Where codes hardly overlap, few draws say anything of the error: a thousandth of a nat, less
    than is shown anywhere, is allowed beside it.
    """
    model = load(name)
    stored, count = model.stored["information"], len(model.mu)
    assert stored["cap"] == pytest.approx(log(count))
    gains = information(model)
    error = gains.std(ddof=1) * sqrt(1 / len(gains) + 1 / (4 * count))
    assert max(0, gains.mean()) == pytest.approx(stored["nats"], abs=ERRORS * error + 1e-3)
    assert (gains <= log(count) + 1e-9).all()


@pytest.mark.parametrize(
    ("name", "share"),
    [("vae-2d", 0.74), ("reconstruction-2d", 0.68), ("kl-2d", 0), ("vae-20d", 0.62)],
)
def test_the_named_models_are_recognised_as_an_audit_found(name: str, share: float):
    """The audit, by other code, had a sample for each of the 10,000 test digits."""
    found = np.mean(recognised(f"mnist/{name}", "prior") >= 0)
    require_same_share(found, SAMPLES, share, 10_000)
    stored = load(f"mnist/{name}").stored
    require_same_share(
        stored["completeness"]["prior"]["recognised"], stored["samples"], share, 10_000
    )


def test_each_kind_of_model_walks_twice_as_smoothly_as_the_next():
    names = ("mnist/vae-20d", "mnist/vae-2d", "mnist/reconstruction-2d")
    for medians in (
        [np.median(largest_steps(name)) for name in names],
        [load(name).stored["continuity"]["step_median"] for name in names],
    ):
        smooth, both, jumpy = medians
        assert 2 * smooth < both
        assert 2 * both < jumpy
    assert np.isnan(largest_steps("mnist/kl-2d")).all()
