"""Command lines: mistakes, full disks, interruptions and closed pipes, without a traceback."""

import argparse
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import BadSetting
from explorer.flags import FlagParser, add_data_root, run
from explorer.places import HOME

REPOSITORY = Path(__file__).resolve().parent.parent
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/file")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (None, 0, ""),
        (BadSetting("beta is -1."), 2, "program: beta is -1.\n"),
        (FULL, 2, "program: out/file: No space left on device. Mend that first. Go on.\n"),
        (OSError("no route"), 2, "program: no route. Mend that first. Go on.\n"),
        (KeyboardInterrupt(), 130, "\nInterrupted. Go on.\n"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_status(
    error: BaseException | None, status: int, message: str, capsys: pytest.CaptureFixture[str]
):
    def work():
        if error is not None:
            raise error

    assert run("program", work, "Go on.") == status
    assert capsys.readouterr().err == message


def test_our_own_mistakes_keep_their_traceback():
    with pytest.raises(ZeroDivisionError):
        run("program", lambda: 1 / 0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_output_that_cannot_be_written_is_told():
    with open("/dev/full", "w") as full:
        done = list_zoo(stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("train.py: No space left on device.")
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_has_seen_enough_is_no_mistake():
    reading, writing = os.pipe()
    os.close(reading)
    done = list_zoo(stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def list_zoo(stdout: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "train.py", "--list", "--models", "judge"],
        cwd=REPOSITORY,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("environment", "arguments", "expected"),
    [
        (None, [], str(HOME / "data")),
        ("", [], str(HOME / "data")),
        ("elsewhere", [], "elsewhere"),
        ("elsewhere", ["--data-root", "here"], "here"),
    ],
)
def test_mnist_is_looked_for_where_the_app_looks_for_it(
    environment: str | None,
    arguments: list[str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv("MNIST_ROOT", raising=False)
    if environment is not None:
        monkeypatch.setenv("MNIST_ROOT", environment)
    parser = FlagParser()
    add_data_root(parser)
    assert parser.parse_args(arguments) == argparse.Namespace(data_root=Path(expected))
