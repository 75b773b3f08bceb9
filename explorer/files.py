"""Files that are either whole or not there, whenever the process is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_OLD = ".old"


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
    the earlier directory whole under a hidden name, where `standing_directory` finds it for
    readers until the next call has put a new one in its place.
    """
    staged = path.with_name(f".{path.name}.new")
    old = _old(path)
    shutil.rmtree(staged, ignore_errors=True)
    for name, content in files.items():
        write_atomically(staged / name, content)
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(path, old)
    os.replace(staged, path)
    shutil.rmtree(old, ignore_errors=True)


def standing_directory(path: Path) -> Path:
    """Where the content of `path` lies: there, or aside if its replacement was killed half-way."""
    return _old(path) if not path.exists() and _old(path).exists() else path


def standing_names(folder: Path) -> list[str]:
    """Names of what stands in a folder, sorted, with what a killed replacement has set aside."""
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    aside = {name[1 : -len(_OLD)] for name in names if name.startswith(".") and name.endswith(_OLD)}
    return sorted({name for name in names if not name.startswith(".")} | aside)


def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}{_OLD}")
