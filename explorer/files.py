"""Files that are either whole or not there, whenever the process is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_OLD = ".old"

Version = tuple[int, int] | None  # of a file: when it was written, and its size in bytes


def version_of(path: Path) -> Version:
    """Another value once a file has changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: temporary file beside it, fsync, rename.

    Raises OSError that names `path`: a full disk does not say by itself which one it is.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp's files are private
        os.replace(temporary, path)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _naming(path, error) from error
        raise


def require_writable(folder: Path) -> None:
    """Make a folder if it is not there; raises OSError that names it where it takes no file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _naming(folder, error) from error


def _naming(path: Path, error: OSError) -> OSError:
    return OSError(error.errno, error.strerror or str(error), str(path))


def write_directory_atomically(path: Path, files: Mapping[str, bytes]) -> None:
    """Make directory `path` appear at once with all of `files`, replacing an earlier one.

    Directories cannot be exchanged in one portable step: a kill between the two renames leaves
    the earlier directory whole under a hidden name, where `standing_directory` finds it for
    readers until the next call has put a new one in its place.
    """
    staged = path.with_name(f".{path.name}.new")
    old = _old(path)
    shutil.rmtree(staged, ignore_errors=True)
    try:
        for name, content in files.items():
            write_atomically(staged / name, content)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
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
