"""Files and directories are whole or not there, also when writing stops half-way."""

import contextlib
import errno
import os
from pathlib import Path

import pytest

from explorer.files import (
    require_writable,
    standing_directory,
    standing_names,
    write_atomically,
    write_directory_atomically,
)


def test_a_file_is_replaced_and_leaves_nothing_beside_it(tmp_path: Path):
    path = tmp_path / "deep" / "file"
    for content in (b"first", b"second"):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert os.listdir(path.parent) == ["file"]
    assert path.stat().st_mode & 0o044  # readable by others, unlike a temporary file


def test_a_full_disk_is_told_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(handle: int):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=r"No space left.*model\.new/a") as caught:
        write_directory_atomically(tmp_path / "model", {"a": b"1"})
    assert caught.value.errno == errno.ENOSPC
    assert os.listdir(tmp_path) == []  # what was half written takes no room


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path):
    require_writable(tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError) as caught:
        require_writable(tmp_path / "file" / "folder")
    assert caught.value.filename == str(tmp_path / "file" / "folder")


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "file"
    write_atomically(path, b"first")

    def fail(handle: int):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"second")
    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["file"]


def test_a_directory_is_replaced_as_a_whole(tmp_path: Path):
    target = tmp_path / "model"
    write_directory_atomically(target, {"a": b"1", "b": b"2"})
    write_directory_atomically(target, {"a": b"3"})
    assert {p.name: p.read_bytes() for p in target.iterdir()} == {"a": b"3"}
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.parametrize("renames_before_the_kill", [0, 1, 2])
def test_a_kill_at_any_rename_leaves_an_old_or_a_new_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames_before_the_kill: int
):
    target = tmp_path / "model"
    write_directory_atomically(target, {"a": b"old"})
    real, count = os.replace, 0

    def replace(source: object, destination: object):
        nonlocal count
        if Path(source).is_dir():
            if count == renames_before_the_kill:
                raise KeyboardInterrupt
            count += 1
        real(source, destination)

    monkeypatch.setattr(os, "replace", replace)
    with contextlib.suppress(KeyboardInterrupt):
        write_directory_atomically(target, {"a": b"new"})
    monkeypatch.undo()
    expected = b"old" if renames_before_the_kill < 2 else b"new"
    assert (standing_directory(target) / "a").read_bytes() == expected
    assert standing_names(tmp_path) == ["model"]
    write_directory_atomically(target, {"a": b"newer"})
    assert (target / "a").read_bytes() == b"newer"
    assert os.listdir(tmp_path) == ["model"]
