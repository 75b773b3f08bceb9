"""The judge: what is shipped is recomputed from real digits, noise is off the data, bad files."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from sklearn.neighbors import NearestNeighbors

from explorer.checkpoints import list_checkpoints, load_checkpoint
from explorer.completeness import completeness
from explorer.data import DATASETS, Dataset
from explorer.errors import BadSetting, CheckpointBad, CheckpointMissing
from explorer.judge import load_judge
from explorer.judge_network import NO_DIGITS, no_digits, shifted
from explorer.places import JUDGE
from explorer.verdicts import NO_DIGIT
from explorer.zoo import zoo
from tests.damage import edit_hash, edit_meta

REPOSITORY = Path(__file__).resolve().parent.parent
ROOT = REPOSITORY / "checkpoints"
BARS = {"mnist": 0.99, "digits": 0.97}  # accuracy on test digits


def require_recomputed(dataset: Dataset):
    """Accuracy, features, radii and the figures of real digits, from the images themselves."""
    judge = load_judge(dataset.name, ROOT)
    count = len(dataset.test_images)
    features, probabilities = judge.look(dataset.test_images)
    accuracy = (probabilities.argmax(axis=1) == dataset.test_labels.numpy()).mean()
    assert accuracy >= BARS[dataset.name]
    assert accuracy == pytest.approx(judge.measures["accuracy"], abs=1.5 / count)
    # One step of half precision: sums are rounded otherwise on other processors.
    np.testing.assert_allclose(features, judge.real_features, rtol=2e-3, atol=2e-3)
    neighbours = NearestNeighbors(n_neighbors=6).fit(judge.real_features)
    distances, _ = neighbours.kneighbors(judge.real_features)
    np.testing.assert_allclose(judge.radii, distances[:, -1], rtol=1e-4)

    assert judge.measures["samples"] == count
    unseen = judge.look(dataset.train_images[-count:])
    figures = completeness(judge.real_features, judge.radii, *unseen)
    for key, value in judge.measures["real"].items():
        assert value == pytest.approx(figures[key], abs=5e-3, rel=5e-3), key


def test_the_judge_of_digits_is_what_its_files_say(digits: Dataset):
    require_recomputed(digits)


def test_the_judge_of_mnist_is_what_its_files_say(mnist: Dataset):
    require_recomputed(mnist)


@pytest.mark.parametrize("dataset", BARS)
def test_a_judge_is_small(dataset: str):
    files = (ROOT / dataset / JUDGE).iterdir()
    assert sum(file.stat().st_size for file in files) <= 1e6


def noise_of(kind: str, shape: tuple[int, ...]) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    if kind == "uniform noise":
        return torch.rand(300, *shape, generator=generator)
    if kind == "plain grey":
        return torch.linspace(0, 1, 21).reshape(-1, 1, 1, 1).expand(-1, *shape).contiguous()
    # The grey of an untrained decoder.
    return (0.5 + 0.05 * torch.randn(300, *shape, generator=generator)).clamp(0, 1)


@pytest.mark.parametrize("kind", ["uniform noise", "plain grey", "an untrained decoder's grey"])
@pytest.mark.parametrize(("dataset", "shape"), [("mnist", (1, 28, 28)), ("digits", (1, 8, 8))])
def test_what_is_no_digit_is_off_the_data(dataset: str, shape: tuple[int, ...], kind: str):
    verdict = load_judge(dataset, ROOT).judge(noise_of(kind, shape))
    assert verdict.is_off.mean() >= 0.99
    assert (verdict.labels == NO_DIGIT).mean() >= 0.95


def test_a_verdict_is_that_of_the_network_and_real_digits_are_on_the_data(digits: Dataset):
    judge = load_judge("digits", ROOT)
    verdict = judge.judge(digits.test_images)
    logits = judge.network(digits.test_images)
    assert logits.shape == (360, 11)
    np.testing.assert_array_equal(verdict.labels, logits.argmax(dim=1))
    np.testing.assert_allclose(verdict.confidence, logits.softmax(1).amax(1), rtol=1e-5)
    assert verdict.is_off.mean() <= 0.01
    one = judge.judge(digits.test_images[5:6])
    np.testing.assert_allclose(one.confidence, verdict.confidence[5:6], rtol=1e-4)
    np.testing.assert_array_equal(
        judge.features(digits.test_images), judge.look(digits.test_images)[0]
    )


def test_it_is_no_model():
    assert not [name for name in list_checkpoints(ROOT) if name.endswith(JUDGE)]
    assert next(iter(zoo("mnist"))) == JUDGE  # trained first: it measures what comes after it
    with pytest.raises(BadSetting, match=r"'mnist/judge' is no model.*load_judge"):
        load_checkpoint("mnist/judge", ROOT)


def test_loading_needs_no_torch():
    code = (
        "import sys; from explorer.judge import load_judge\n"
        "load_judge('digits', sys.argv[1])\n"
        "assert not {'torch', 'sklearn', 'streamlit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(ROOT)], cwd=REPOSITORY, check=True)


def test_pictures_are_shifted_as_numpy_rolls_them():
    x = torch.zeros(1, 1, 9, 9)
    x[..., 3:6, 3:6] = torch.rand(3, 3, generator=torch.Generator().manual_seed(0))
    for down, right in ((0, 0), (2, 1), (-2, 3), (1, -1)):
        rolled = np.roll(x.numpy(), (down, right), axis=(2, 3))
        np.testing.assert_array_equal(shifted(x, down, right), rolled)
    assert shifted(x, 6, 0).sum() == 0


def test_what_is_no_digit_is_shuffled_noise_and_inverted_in_equal_parts(digits: Dataset):
    x = digits.train_images[:9]
    none = no_digits(x, torch.Generator().manual_seed(0), ("shuffled", "noise", "inverted"))
    assert none.shape == x.shape
    assert 0 <= none.min() <= none.max() <= 1
    np.testing.assert_array_equal(
        none[:3].flatten(1).sort(1).values, x[:3].flatten(1).sort(1).values
    )
    assert (none[:3] != x[:3]).any()
    assert all(len(picture.unique()) > 30 for picture in none[3:6])  # the digits have 17 levels
    np.testing.assert_array_equal(none[6:], 1 - x[6:])


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_judge_learns_kinds_that_there_are(dataset: str):
    kinds = zoo(dataset)["judge"].no_digits
    assert set(kinds) <= set(NO_DIGITS)
    assert len(set(kinds)) == len(kinds) >= 2


def edit(path: Path, change: Callable[[dict], object]):
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    edit_hash(path)


MODEL, FEATURES = "model.safetensors", "features.safetensors"
DAMAGE: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "absent": (shutil.rmtree, CheckpointMissing, "No judge in"),
    "features absent": (lambda p: (p / FEATURES).unlink(), CheckpointMissing, FEATURES),
    "truncated": (
        lambda p: (p / MODEL).write_bytes((p / MODEL).read_bytes()[:-9]),
        CheckpointBad,
        "truncated",
    ),
    "other weights": (
        lambda p: edit(p / MODEL, lambda t: t.pop("last.bias")),
        CheckpointBad,
        r"missing: last\.bias",
    ),
    "fewer radii": (
        lambda p: edit(p / FEATURES, lambda t: t.update(radii=t["radii"][:7])),
        CheckpointBad,
        r"'features' of shape \(360, 16\)",
    ),
    "no radii": (
        lambda p: edit(p / FEATURES, lambda t: t.pop("radii")),
        CheckpointBad,
        "missing: radii",
    ),
    "NaN": (
        lambda p: edit(p / FEATURES, lambda t: t.update(radii=t["radii"] * np.nan)),
        CheckpointBad,
        "NaN or infinite",
    ),
    "not its hash": (
        lambda p: edit_meta(p, sha256={MODEL: "0", FEATURES: "0"}),
        CheckpointBad,
        "SHA-256",
    ),
    "no accuracy": (lambda p: edit_meta(p, measures={}), CheckpointBad, "'accuracy'"),
    "no real digits": (
        lambda p: edit_meta(p, measures={"accuracy": 1, "samples": 9}),
        CheckpointBad,
        "'real'",
    ),
    "real digits without an interval": (
        lambda p: edit_meta(p, measures={"accuracy": 1, "samples": 9, "real": {"recognised": 1}}),
        CheckpointBad,
        "no finite 'recognised_low' of real digits",
    ),
    "half a sample": (
        lambda p: edit_meta(p, measures={"accuracy": 1, "samples": 0.5}),
        CheckpointBad,
        "'samples'",
    ),
    "no features": (
        lambda p: edit(p / FEATURES, lambda t: t.update({k: v[:0] for k, v in t.items()})),
        CheckpointBad,
        "features of no real digit",
    ),
    "a radius alone": (
        lambda p: edit(p / FEATURES, lambda t: t.update(radii=np.ones((), np.float32))),
        CheckpointBad,
        r"'features' of shape \(360, 16\)",
    ),
    "of another data set": (
        lambda p: edit_meta(p, dataset="mnist"),
        CheckpointBad,
        "the judge of 'mnist', but lies in 'digits'",
    ),
    "no judge in meta": (
        lambda p: edit_meta(p, model={"height": 8}),
        CheckpointBad,
        "no valid network",
    ),
    "no meta": (lambda p: (p / "meta.json").write_text("{"), CheckpointBad, "not valid JSON"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_with_the_fix(kind: str, tmp_path: Path):
    damage, error, message = DAMAGE[kind]
    path = tmp_path / "digits" / JUDGE
    shutil.copytree(ROOT / "digits" / JUDGE, path)
    damage(path)
    with pytest.raises(error, match=message) as caught:
        load_judge("digits", tmp_path)
    assert "python train.py --dataset digits --models judge" in str(caught.value)


def test_its_settings_are_readable():
    text = (ROOT / "mnist" / JUDGE / "meta.json").read_text()
    assert max(map(len, text.splitlines())) <= 200
    assert len(json.loads(text)["history"]) == zoo("mnist")[JUDGE].train.epochs
