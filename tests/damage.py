"""Ways to damage a checkpoint's files, and what must be said of each."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

from explorer.checkpoints import load_checkpoint

MODEL, CODES, META = "model.safetensors", "codes.safetensors", "meta.json"
Damage = tuple[Callable[[Path], object], type[Exception], str]  # what is done, the error, its words


def edit_tensors(path: Path, change: Callable[[dict], None], rehash: bool = True):
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    if rehash:
        edit_hash(path)


def edit_hash(path: Path):
    """Make meta.json agree with a changed file, so that the next check has its turn."""
    meta = path.parent / "meta.json"
    content = json.loads(meta.read_text())
    content["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    meta.write_text(json.dumps(content))


def edit_meta(path: Path, **changes: object):
    meta = path / "meta.json"
    content = {**json.loads(meta.read_text()), **changes}
    meta.write_text(json.dumps({k: v for k, v in content.items() if v != "DROP"}))


def require_named(case: Damage, zoo: Path, folder: Path):
    """Damage a copy of digits/vae-2d and load it: the file and the fix are named."""
    damage, error, message = case
    path = folder / "digits" / "vae-2d"
    shutil.copytree(zoo / "digits" / "vae-2d", path)
    assert load_checkpoint("digits/vae-2d", folder).codes.labels.size == 360
    damage(path)
    with pytest.raises(error, match=message) as caught:
        load_checkpoint("digits/vae-2d", folder)
    assert isinstance(caught.value, (ValueError, OSError))
    assert "vae-2d" in str(caught.value)
    # The fix is the command that mends just this model; what is absent needs no overwriting.
    command = "python train.py --dataset digits --models vae-2d"
    command += " --overwrite" if path.exists() else ""
    assert f"{command} --out {folder}`" in str(caught.value)
