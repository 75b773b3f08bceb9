"""Files of tensors (safetensors), read within bounds.

What a header says of lengths and places is a claim; nothing is read or reserved for it beyond the
file's own size. Never unpickles, never imports torch.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from explorer.checks import META, bad
from explorer.errors import CheckpointMissing
from explorer.fixes import how_to_mend

MAX_BYTES = 2**30  # of a file; the largest of the zoo has 21 MB
MAX_HEADER_BYTES = 2**20  # that of a family of thirteen has 15 kB


def read_file(path: Path, most: int = MAX_BYTES) -> bytes:
    """A file's content, of so many bytes at most.

    Raises CheckpointMissing where it is absent, CheckpointBad where it is larger or unreadable.
    """
    try:
        size = path.stat().st_size if path.is_file() else None
        content = path.read_bytes() if size is not None and size <= most else None
    except OSError as error:
        raise bad(path, f"cannot be read ({error.strerror})") from error
    if size is None:
        raise _missing(path)
    if content is None:
        raise bad(path, f"has {size:,} bytes; allowed: {most:,}")
    return content


def read_header(path: Path) -> dict[str, dict[str, Any]]:
    """What a file's header says of its tensors, by name, without reading them.

    Raises CheckpointMissing where the file is absent, CheckpointBad where its header is damaged.
    """
    try:
        with open(path, "rb") as file:
            size = path.stat().st_size
            length = int.from_bytes(file.read(8), "little")
            return _entries(length, size, file.read(min(length, MAX_HEADER_BYTES)))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise _missing(path) from error
    except OSError as error:
        raise bad(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise bad(path, str(error)) from error


def _missing(path: Path) -> CheckpointMissing:
    fix = how_to_mend(path.parent)
    return CheckpointMissing(f"{path} is missing or no regular file. To mend it, {fix}")


def _entries(length: int, size: int, header: bytes) -> dict[str, dict[str, Any]]:
    """The tensors of a header that is said to be so long; raises ValueError where it is none."""
    try:
        if not 0 < length <= min(size - 8, MAX_HEADER_BYTES):
            raise ValueError
        entries = json.loads(header)
        tensors = {name: entry for name, entry in entries.items() if name != "__metadata__"}
        for entry in tensors.values():
            whole = [*entry["shape"], *entry["data_offsets"]]
            if len(entry["data_offsets"]) != 2 or not all(type(n) is int and n >= 0 for n in whole):
                raise ValueError
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ValueError("has no readable safetensors header") from error
    promised = 8 + length + max((entry["data_offsets"][1] for entry in tensors.values()), default=0)
    if size != promised:
        raise ValueError(
            f"has {size:,} bytes but its header promises {promised:,}: it was truncated or changed"
        )
    return tensors


def check_format(path: Path, content: bytes) -> None:
    """Tell a pickle or a truncated file from safetensors by its first bytes and its length."""
    if content[:2] == b"PK" or (content[:1] == b"\x80" and content[1:2] in b"\x02\x03\x04\x05"):
        raise bad(
            path,
            "is a pickle (as torch.save writes), not safetensors; it is never opened, because a "
            "pickle can run code",
        )
    length = int.from_bytes(content[:8], "little")
    try:
        _entries(length, len(content), content[8 : 8 + min(length, MAX_HEADER_BYTES)])
    except ValueError as error:
        raise bad(path, str(error)) from error


def check_hash(path: Path, content: bytes, expected: object) -> None:
    """Compare a file's SHA-256 with the one in meta.json."""
    actual = hashlib.sha256(content).hexdigest()
    if actual != expected:
        raise bad(
            path,
            f"has SHA-256 {actual[:12]}..., but {META} says {str(expected)[:12]}...: the two do "
            "not belong together",
        )


def read_tensors(path: Path, content: bytes) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file."""
    try:
        return load(content)
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise bad(path, f"holds tensors that cannot be read ({str(error)[:200]})") from error
