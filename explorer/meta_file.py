"""A checkpoint's meta.json changed in place, while its weights stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from explorer.checks import MAX_META_BYTES, META, bad
from explorer.errors import CheckpointBad
from explorer.files import write_atomically
from explorer.meta_text import meta_text
from explorer.tensor_files import read_file

Meta = dict[str, Any]


def change_meta(
    folder: Path,
    hashes: Mapping[str, str],
    parse: Callable[[Path, bytes], Meta],
    change: Callable[[Meta], Meta],
) -> None:
    """Read a folder's meta.json anew, change it and write it, atomically.

    `hashes` are those of the weights that the change is about. Raises CheckpointBad where others
    stand there now, or a number is not finite.
    """
    path = folder / META
    meta = parse(path, read_file(path, MAX_META_BYTES))
    if meta["sha256"] != hashes:
        raise CheckpointBad(
            f"{path} belongs to other weights than those that were measured: it was replaced "
            "meanwhile, and is left as it is. Measure it again."
        )
    try:
        text = meta_text(change(meta))
    except ValueError as error:
        raise bad(path, "holds NaN or infinity") from error
    write_atomically(path, text)
