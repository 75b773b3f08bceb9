"""Checkpoints: the round trip, the API that notebooks use, and every way a file can be bad."""

import json
import pickle
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors.numpy import load_file, save_file

from explorer.checkpoints import Family, list_checkpoints, load_checkpoint, save_checkpoint
from explorer.checks import check_hash
from explorer.data import Dataset
from explorer.errors import BadSetting, CheckpointBad, CheckpointMissing
from explorer.models import VAE
from explorer.training import fit, initial_state
from explorer.zoo import zoo


def test_single_model_api(small_zoo: Path, digits: Dataset):
    c = load_checkpoint("digits/vae-2d", root=small_zoo)
    assert c.betas is None
    assert c.meta["objective"]["convention"].startswith("loss = reconstruction")
    assert c.codes.mu.shape == c.codes.logvar.shape == (360, 2)
    assert c.codes.mu.dtype == c.codes.logvar.dtype == np.float32
    np.testing.assert_array_equal(c.codes.labels, digits.test_labels)
    mu, logvar = c.model.encode(digits.test_images)
    np.testing.assert_allclose(mu.numpy(), c.codes.mu, atol=1e-5)
    np.testing.assert_allclose(logvar.numpy(), c.codes.logvar, atol=1e-5)
    pictures = c.model.decode(mu)
    assert pictures.shape == (360, 1, 8, 8)
    assert 0 <= pictures.min() <= pictures.max() <= 1
    assert c.model is c.model
    assert not c.model.training
    assert all(p.dtype == torch.float32 for p in c.model.parameters())


def test_history_and_metrics_are_recorded(small_zoo: Path):
    meta = load_checkpoint("digits/vae-2d", root=small_zoo).meta
    assert len(meta["history"]) == meta["train"]["epochs"] == 2
    metrics = meta["metrics"]
    assert metrics["negative_elbo"] == pytest.approx(metrics["reconstruction"] + metrics["kl"])
    assert sum(metrics["kl_per_dimension"]) == pytest.approx(metrics["kl"], rel=1e-4)
    assert meta["packages"]["torch"] == torch.__version__.partition("+")[0]
    assert meta["pixel_range"] == [0, 1]


def test_layouts_are_kept(small_zoo: Path):
    c = load_checkpoint("digits/vae-20d", root=small_zoo)
    assert c.codes.mu.shape == (360, 20)
    assert c.codes.layouts["pca"].shape == (360, 2)


def test_family_api(small_zoo: Path, digits: Dataset):
    family = load_checkpoint("digits/beta-2d", root=small_zoo)
    assert isinstance(family, Family)
    assert family.betas == (0.0, 1.0, 4.0, 60.0)
    for asked, expected in ((0.4, 0.0), (0.5, 0.0), (0.51, 1.0), (1000, 60.0), (-3, 0.0)):
        assert family.at(asked).beta == expected
    member = family.at(4)
    assert member.index == 2
    assert member.meta["beta"] == 4
    np.testing.assert_allclose(member.rotation @ member.rotation.T, np.eye(2), atol=1e-6)
    np.testing.assert_array_equal(family.at(1).rotation, np.eye(2))
    # The codes are the model's own, never rotated.
    mu, _ = member.model.encode(digits.test_images)
    np.testing.assert_allclose(mu.numpy(), member.codes.mu, atol=1e-5)
    for attribute in ("model", "codes"):
        with pytest.raises(BadSetting, match=r"family.*\.at\(beta\).*0, 1, 4, 60"):
            getattr(family, attribute)
    with pytest.raises(BadSetting, match="nan"):
        family.at(float("nan"))


def test_half_precision_moves_no_pixel_by_more_than_1_5e_3(digits: Dataset):
    """The decoder as trained against the decoder as stored, over the prior."""
    spec = zoo("digits")["vae-2d"]
    state = initial_state(spec.model, 0, 1)
    train = replace(spec.train, epochs=40)
    for _ in fit(spec.model, train, (1.0,), True, digits.train_images, digits.test_images, state):
        pass
    pictures = []
    z = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0))
    for convert in (lambda p: p, lambda p: p.half().float()):
        model = VAE(spec.model, torch.Generator())
        model.load_state_dict({name: convert(p[0]) for name, p in state.parameters.items()})
        pictures.append(model.decode(z).detach())
    difference = (pictures[0] - pictures[1]).abs().max()
    assert 0 < difference < 1.5e-3


def test_list_names_data_set_and_model(small_zoo: Path, tmp_path: Path):
    assert list_checkpoints(small_zoo) == ["digits/beta-2d", "digits/vae-20d", "digits/vae-2d"]
    assert list_checkpoints(tmp_path / "nothing") == []


def test_saving_then_loading_gives_the_same_arrays(small_zoo: Path, tmp_path: Path):
    source = small_zoo / "digits" / "vae-2d"
    weights, codes = (load_file(source / f"{f}.safetensors") for f in ("model", "codes"))
    meta = json.loads((source / "meta.json").read_text())
    save_checkpoint("digits/copy", tmp_path, meta, weights, codes)
    copy = load_checkpoint("digits/copy", tmp_path)
    for name, array in weights.items():
        np.testing.assert_array_equal(copy.weights[name], array)
    np.testing.assert_array_equal(copy.codes.mu, codes["mu"])


def test_nothing_is_written_that_could_not_be_loaded(small_zoo: Path, tmp_path: Path):
    source = small_zoo / "digits" / "vae-2d"
    weights, codes = (load_file(source / f"{f}.safetensors") for f in ("model", "codes"))
    weights["decoder.0.bias"][0] = np.nan
    meta = json.loads((source / "meta.json").read_text())
    with pytest.raises(CheckpointBad, match="NaN"):
        save_checkpoint("digits/copy", tmp_path, meta, weights, codes)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_replacement_set_aside_is_listed_and_loads(small_zoo: Path, tmp_path: Path):
    shutil.copytree(small_zoo / "digits" / "vae-2d", tmp_path / "digits" / ".vae-2d.old")
    assert list_checkpoints(tmp_path) == ["digits/vae-2d"]
    assert load_checkpoint("digits/vae-2d", tmp_path).codes.mu.shape == (360, 2)


def edit_tensors(path: Path, change: Callable[[dict], None], rehash: bool = True):
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    if rehash:
        edit_hash(path)


def edit_hash(path: Path):
    """Make meta.json agree with a changed file, so that the next check has its turn."""
    import hashlib

    meta = path.parent / "meta.json"
    content = json.loads(meta.read_text())
    content["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    meta.write_text(json.dumps(content))


def edit_meta(path: Path, **changes: object):
    meta = path / "meta.json"
    content = {**json.loads(meta.read_text()), **changes}
    meta.write_text(json.dumps({k: v for k, v in content.items() if v != "DROP"}))


def replace_by_file(path: Path):
    shutil.rmtree(path)
    path.write_text("not a directory")


def replace_by_directory(path: Path):
    path.unlink()
    path.mkdir()


def save_bfloat16(path: Path):
    safetensors.torch.save_file({"a": torch.zeros(2, dtype=torch.bfloat16)}, path)
    edit_hash(path)


def set_to(tensors: dict, name: str, value: object):
    tensors[name] = np.array(value, dtype=tensors[name].dtype)


MODEL, CODES, META = "model.safetensors", "codes.safetensors", "meta.json"
DAMAGE: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "directory absent": (shutil.rmtree, CheckpointMissing, r"No checkpoint 'vae-2d'.*Found: none"),
    "file in place of the directory": (replace_by_file, CheckpointBad, "is a file, but"),
    "model file absent": (lambda p: (p / MODEL).unlink(), CheckpointMissing, MODEL),
    "codes file absent": (lambda p: (p / CODES).unlink(), CheckpointMissing, CODES),
    "meta absent": (lambda p: (p / META).unlink(), CheckpointMissing, META),
    "tensors of a type that numpy lacks": (
        lambda p: save_bfloat16(p / MODEL),
        CheckpointBad,
        "cannot be read",
    ),
    "directory in place of a file": (
        lambda p: replace_by_directory(p / MODEL),
        CheckpointMissing,
        "no regular file",
    ),
    "truncated": (
        lambda p: (p / MODEL).write_bytes((p / MODEL).read_bytes()[:-100]),
        CheckpointBad,
        "truncated",
    ),
    "truncated within the header": (
        lambda p: (p / MODEL).write_bytes((p / MODEL).read_bytes()[:50]),
        CheckpointBad,
        "no readable safetensors header",
    ),
    "empty": (lambda p: (p / MODEL).write_bytes(b""), CheckpointBad, "header"),
    "wrong hash": (
        lambda p: edit_tensors(
            p / MODEL, lambda t: set_to(t, "decoder.0.bias", t["decoder.0.bias"] + 1), rehash=False
        ),
        CheckpointBad,
        "SHA-256",
    ),
    "pickle renamed": (
        lambda p: (p / MODEL).write_bytes(pickle.dumps({"a": 1})),
        CheckpointBad,
        "is a pickle",
    ),
    "torch.save renamed": (
        lambda p: torch.save({"a": torch.zeros(1)}, p / MODEL),
        CheckpointBad,
        "is a pickle",
    ),
    "wrong shape": (
        lambda p: edit_tensors(p / MODEL, lambda t: set_to(t, "decoder.0.bias", [1, 2])),
        CheckpointBad,
        r"'decoder\.0\.bias' of shape \(2,\)",
    ),
    "weight absent": (
        lambda p: edit_tensors(p / MODEL, lambda t: t.pop("encoder.0.bias")),
        CheckpointBad,
        r"missing: encoder\.0\.bias",
    ),
    "surplus weight": (
        lambda p: edit_tensors(p / MODEL, lambda t: t.update(extra=np.zeros(1))),
        CheckpointBad,
        "unexpected: extra",
    ),
    "NaN weight": (
        lambda p: edit_tensors(
            p / MODEL, lambda t: set_to(t, "decoder.0.bias", t["decoder.0.bias"] * np.nan)
        ),
        CheckpointBad,
        "NaN or infinite",
    ),
    "codes of another length": (
        lambda p: edit_tensors(p / CODES, lambda t: set_to(t, "mu", t["mu"][:5])),
        CheckpointBad,
        r"'mu' of shape \(5, 2\)",
    ),
    "labels beyond 9": (
        lambda p: edit_tensors(p / CODES, lambda t: set_to(t, "labels", t["labels"] + 200)),
        CheckpointBad,
        "classes 0 to 9",
    ),
    "no labels": (
        lambda p: edit_tensors(p / CODES, lambda t: t.pop("labels")),
        CheckpointBad,
        "missing: labels",
    ),
    "malformed JSON": (
        lambda p: (p / META).write_text("{"),
        CheckpointBad,
        r"meta\.json is not valid JSON",
    ),
    "meta of bytes": (
        lambda p: (p / META).write_bytes(b"\xff\xfe\x00"),
        CheckpointBad,
        "not valid",
    ),
    "JSON of another kind": (lambda p: (p / META).write_text("[1]"), CheckpointBad, "JSON list"),
    "unknown format version": (
        lambda p: edit_meta(p, format_version=99),
        CheckpointBad,
        "format version 99.*reads 1",
    ),
    "no model in meta": (lambda p: edit_meta(p, model="DROP"), CheckpointBad, "'model'"),
    "nonsense model in meta": (
        lambda p: edit_meta(p, model={"height": -1, "width": 8, "latent_dims": 2, "hidden": [4]}),
        CheckpointBad,
        "no valid model",
    ),
    "beta of the wrong kind": (lambda p: edit_meta(p, beta="one"), CheckpointBad, "'beta'"),
    "no objective": (lambda p: edit_meta(p, objective={}), CheckpointBad, "a reconstruction"),
    "no metrics": (lambda p: edit_meta(p, metrics="DROP"), CheckpointBad, "'negative_elbo'"),
    "members that are no list": (lambda p: edit_meta(p, members={}), CheckpointBad, "'members'"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_with_the_file_and_the_fix(kind: str, small_zoo: Path, tmp_path: Path):
    damage, error, message = DAMAGE[kind]
    path = tmp_path / "digits" / "vae-2d"
    shutil.copytree(small_zoo / "digits" / "vae-2d", path)
    assert load_checkpoint("digits/vae-2d", tmp_path).codes.labels.size == 360
    damage(path)
    with pytest.raises(error, match=message) as caught:
        load_checkpoint("digits/vae-2d", tmp_path)
    assert isinstance(caught.value, (ValueError, OSError))
    assert "vae-2d" in str(caught.value)
    # The fix is the command that mends just this model; what is absent needs no overwriting.
    command = "python train.py --dataset digits --models vae-2d"
    command += "" if kind == "directory absent" else " --overwrite"
    assert f"{command} --out {tmp_path}`" in str(caught.value)


def test_unknown_name_lists_what_there_is(small_zoo: Path):
    with pytest.raises(
        CheckpointMissing, match=r"'x'.*Found: beta-2d, vae-20d, vae-2d.*--models x"
    ):
        load_checkpoint("digits/x", small_zoo)


@pytest.mark.parametrize("name", ["vae-2d", "", "a/b/c", "digits/../digits/vae-2d", "digits//x"])
def test_a_name_without_its_data_set_is_explained(name: str, small_zoo: Path):
    with pytest.raises(BadSetting, match=r"allowed: '<dataset>/<name>'.*Found: digits/beta-2d, "):
        load_checkpoint(name, small_zoo)


def test_hash_check_can_fail():
    with pytest.raises(CheckpointBad, match="SHA-256"):
        check_hash(Path("f"), b"content", "0" * 64)


def test_finished_files_are_readable_by_others(small_zoo: Path):
    for file in (small_zoo / "digits" / "vae-2d").iterdir():
        assert file.stat().st_mode & stat.S_IROTH
