"""Files that are either whole or not there, whenever the process is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: temporary file beside it, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp's files are private
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_directory_atomically(path: Path, files: Mapping[str, bytes]) -> None:
    """Make directory `path` appear at once with all of `files`, replacing an earlier one.

    Directories cannot be exchanged in one portable step: a kill between the two renames leaves
    the earlier directory whole under a hidden name `.<name>.old`, from which the next call or
    `recover_directory` brings it back.
    """
    staged = path.with_name(f".{path.name}.new")
    old = path.with_name(f".{path.name}.old")
    shutil.rmtree(staged, ignore_errors=True)
    for name, content in files.items():
        write_atomically(staged / name, content)
    recover_directory(path)
    if path.exists():
        os.replace(path, old)
    os.replace(staged, path)
    shutil.rmtree(old, ignore_errors=True)


def recover_directory(path: Path) -> None:
    """Undo a replacement of `path` that was killed half-way."""
    old = path.with_name(f".{path.name}.old")
    if not old.exists():
        return
    if path.exists():
        shutil.rmtree(old)
    else:
        os.replace(old, path)
