"""One process at a time: a lock on a file that ends with the process, however it ends.

The operating system keeps the lock (flock, on Windows a locked byte), so none is left behind by a
process that was killed. The file holds the number of the process, for the others to read. On a
network's file system it is as good as that file system's own locks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explorer.errors import BadSetting

_FAR = 1 << 20  # Windows lets nobody read a locked byte: not one of those that are written


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Hold the lock in `path` while the block runs; `what` names the work in the refusal.

    Raises BadSetting at once where another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _open(path, what)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        with suppress(OSError):  # Windows keeps an open file
            path.unlink()
        os.close(handle)


def _open(path: Path, what: str) -> int:
    """A handle that holds the lock of the file that now lies in `path`."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError as error:
            holder = os.read(handle, 20).decode(errors="replace") or "another one"
            os.close(handle)
            raise BadSetting(
                f"{what} is being trained already, by process {holder}. Wait until that has ended, "
                "or end it and go on with --resume."
            ) from error
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # the one who held it has removed the file meanwhile


def _lock(handle: int) -> None:
    """Raises OSError where another process has the lock."""
    if os.name == "nt":
        import msvcrt

        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
