"""Checkpoints: the round trip, and the API that notebooks use."""

import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from explorer.checkpoints import Family, list_checkpoints, load_checkpoint, save_checkpoint
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


@pytest.mark.parametrize("name", ["digits/x", "cifar/vae-2d"])
def test_unknown_name_lists_what_there_is_and_names_no_command_that_would_fail(
    name: str, small_zoo: Path
):
    with pytest.raises(CheckpointMissing, match=r"Found: (beta-2d, vae-20d, vae-2d|none)\.$"):
        load_checkpoint(name, small_zoo)


def test_a_notebook_shows_a_checkpoint_in_a_line(small_zoo: Path):
    family = load_checkpoint("digits/beta-2d", small_zoo)
    assert "beta-2d" in repr(family)
    assert "beta=4.0" in repr(family.at(4))
    assert max(len(repr(c)) for c in (family, family.at(4))) < 100 + len(str(small_zoo))


@pytest.mark.parametrize(
    "name", ["vae-2d", "", "a/b/c", "digits/../digits/vae-2d", "digits//x", "digits/.."]
)
def test_a_name_without_its_data_set_is_explained(name: str, small_zoo: Path):
    with pytest.raises(BadSetting, match=r"allowed: '<dataset>/<name>'.*Found: digits/beta-2d, "):
        load_checkpoint(name, small_zoo)


def test_finished_files_are_readable_by_others(small_zoo: Path):
    for file in (small_zoo / "digits" / "vae-2d").iterdir():
        assert file.stat().st_mode & stat.S_IROTH
