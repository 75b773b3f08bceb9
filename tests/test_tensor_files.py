"""Every way in which a checkpoint's files of tensors can be bad, and the sentence that says so."""

import errno
import json
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from explorer.checkpoints import load_checkpoint
from explorer.errors import CheckpointBad, CheckpointMissing
from explorer.tensor_files import check_hash
from tests.damage import CODES, META, MODEL, Damage, edit_hash, edit_tensors, require_named

NO_HEADER = "no readable safetensors header"


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


DAMAGE: dict[str, Damage] = {
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
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_with_the_file_and_the_fix(kind: str, small_zoo: Path, tmp_path: Path):
    require_named(DAMAGE[kind], small_zoo, tmp_path)


def test_a_file_that_cannot_be_read_is_named(small_zoo: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path) -> bool:  # as a folder without rights does
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(CheckpointBad, match=r"meta\.json cannot be read \(Permission denied\)"):
        load_checkpoint("digits/vae-2d", small_zoo)


def test_hash_check_can_fail():
    with pytest.raises(CheckpointBad, match="SHA-256"):
        check_hash(Path("f"), b"content", "0" * 64)
