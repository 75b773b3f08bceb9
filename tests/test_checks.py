"""Every way in which a checkpoint's files can be bad, and the sentence that says so."""

import errno
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors.numpy import load_file, save_file

from explorer.checkpoints import load_checkpoint
from explorer.errors import CheckpointBad, CheckpointMissing
from explorer.tensor_files import check_hash


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


def set_header(path: Path, length: int, header: bytes = b"{}"):
    path.write_bytes(length.to_bytes(8, "little") + header)
    edit_hash(path)


def set_entries(path: Path, content: bytes = b"", **entries: object):
    header = json.dumps(entries).encode()
    set_header(path, len(header), header + content)


def entry(shape: list[int], *ends: object, dtype: str = "F16") -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": list(ends)}


def edit_model(path: Path, **changes: object):
    edit_meta(path, model={"height": 8, "width": 8, "latent_dims": 2, "hidden": [4]} | changes)


def edit_metrics(path: Path, **changes: object):
    edit_meta(path, metrics={"negative_elbo": 30.0} | changes)


NO_HEADER = "no readable safetensors header"
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
    "no code at all": (
        lambda p: edit_tensors(p / CODES, lambda t: t.update({k: v[:0] for k, v in t.items()})),
        CheckpointBad,
        "no test digit",
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
        "no valid network",
    ),
    "beta of the wrong kind": (lambda p: edit_meta(p, beta="one"), CheckpointBad, "'beta'"),
    "beta that is no number but true": (lambda p: edit_meta(p, beta=True), CheckpointBad, "'beta'"),
    "beta that no float holds": (lambda p: edit_meta(p, beta=10**400), CheckpointBad, "'beta'"),
    "a number without end": (
        lambda p: (p / META).write_text('{"beta": ' + 9999 * "1" + "}"),
        CheckpointBad,
        "not valid JSON",
    ),
    "JSON that is nested without end": (
        lambda p: (p / META).write_text(99999 * "["),
        CheckpointBad,
        "not valid JSON",
    ),
    "no objective": (lambda p: edit_meta(p, objective={}), CheckpointBad, "a reconstruction"),
    "no metrics": (lambda p: edit_meta(p, metrics="DROP"), CheckpointBad, "'negative_elbo'"),
    **{
        f"header of {length} bytes": (
            lambda p, length=length: set_header(p / CODES, length),
            CheckpointBad,
            NO_HEADER,
        )
        for length in (0, 3, 2**32, 2**60, 2**63 - 1, 2**64 - 1)
    },
    "header that is nested without end": (
        lambda p: set_header(p / CODES, 99_999, 99_999 * b"["),
        CheckpointBad,
        NO_HEADER,
    ),
    "header that is a list": (
        lambda p: set_header(p / CODES, 2, b"[]"),
        CheckpointBad,
        NO_HEADER,
    ),
    "places below zero": (
        lambda p: set_entries(p / CODES, labels=entry([1], -1, 0)),
        CheckpointBad,
        NO_HEADER,
    ),
    "places that are no numbers": (
        lambda p: set_entries(p / CODES, labels=entry([1], 0, "x")),
        CheckpointBad,
        NO_HEADER,
    ),
    "tensors that overlap": (
        lambda p: set_entries(p / CODES, bytes(4), mu=entry([2], 0, 4), logvar=entry([1], 2, 4)),
        CheckpointBad,
        "cannot be read",
    ),
    "more tensor than file": (
        lambda p: set_entries(p / CODES, bytes(4), mu=entry([2**40, 2**40], 0, 4)),
        CheckpointBad,
        "cannot be read",
    ),
    "no tensor of endless length": (
        lambda p: set_entries(p / CODES, mu=entry([0, 2**63], 0, 0)),
        CheckpointBad,
        "codes.safetensors",
    ),
    "a number for labels": (
        lambda p: edit_tensors(p / CODES, lambda t: set_to(t, "labels", 3)),
        CheckpointBad,
        r"'labels' of shape \(\)",
    ),
    "labels of another type": (
        lambda p: edit_tensors(p / CODES, lambda t: t.update(labels=t["labels"].astype("f4"))),
        CheckpointBad,
        "classes 0 to 9",
    ),
    "codes of another type": (
        lambda p: edit_tensors(p / CODES, lambda t: t.update(mu=t["mu"].astype("f8"))),
        CheckpointBad,
        "'mu' of type float64; allowed: float16 and float32",
    ),
    "codes of whole numbers": (
        lambda p: edit_tensors(p / CODES, lambda t: t.update(logvar=t["logvar"].astype("i8"))),
        CheckpointBad,
        "'logvar' of type int64",
    ),
    "a file that is larger than any checkpoint's": (
        lambda p: os.truncate(p / MODEL, 2**30 + 1),  # a hole: it takes no disk
        CheckpointBad,
        "1,073,741,825 bytes; allowed: 1,073,741,824",
    ),
    "a meta that is larger than any": (
        lambda p: (p / META).write_text(" " * (2**22 + 1)),
        CheckpointBad,
        "4,194,305 bytes; allowed: 4,194,304",
    ),
    "a million layers": (
        lambda p: edit_model(p, hidden=[4] * 1_000_000),
        CheckpointBad,
        r"hidden is \(4, 4, .*\.\.\.; allowed: at most 16 whole numbers from 1 to 8192",
    ),
    "a layer without end": (lambda p: edit_model(p, hidden=[10**9]), CheckpointBad, "to 8192"),
    "half a unit": (lambda p: edit_model(p, hidden=[4.5]), CheckpointBad, "whole numbers"),
    "a layer of words": (lambda p: edit_model(p, hidden=["x"]), CheckpointBad, "whole numbers"),
    "too many dimensions": (lambda p: edit_model(p, latent_dims=10**6), CheckpointBad, "to 512"),
    "an image that is too large": (lambda p: edit_model(p, height=10**6), CheckpointBad, "to 256"),
    "true for a width": (lambda p: edit_model(p, width=True), CheckpointBad, "to 256"),
    "an unknown setting": (lambda p: edit_model(p, **{"![x](//y)": 1}), CheckpointBad, "network"),
    "a format version of a thousand letters": (
        lambda p: edit_meta(p, format_version=1000 * "v"),
        CheckpointBad,
        r"version 'v{79}\.\.\.;",
    ),
    "figures of another number of dimensions": (
        lambda p: edit_metrics(p, kl_per_dimension=[1.0]),
        CheckpointBad,
        "no list of 2 finite numbers as 'kl_per_dimension'",
    ),
    "words for figures": (
        lambda p: edit_metrics(p, reconstruction="low"),
        CheckpointBad,
        "no finite 'reconstruction'",
    ),
    "a history of words": (lambda p: edit_meta(p, history=["x"]), CheckpointBad, "list of epochs"),
    "a thousand members": (
        lambda p: edit_meta(p, members=1000 * [{}]),
        CheckpointBad,
        "1 to 100 members",
    ),
    "members whose betas fall": (
        lambda p: edit_meta(
            p, members=[{"beta": beta, "metrics": {"negative_elbo": 1}} for beta in (2, 1)]
        ),
        CheckpointBad,
        "do not rise",
    ),
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


def test_a_file_that_cannot_be_read_is_named(small_zoo: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> bool:  # as a folder without rights does
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(CheckpointBad, match=r"meta\.json cannot be read \(Permission denied\)"):
        load_checkpoint("digits/vae-2d", small_zoo)


def test_hash_check_can_fail():
    with pytest.raises(CheckpointBad, match="SHA-256"):
        check_hash(Path("f"), b"content", "0" * 64)
