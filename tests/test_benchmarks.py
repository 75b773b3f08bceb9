"""The benchmarks say what they do when they are asked, and do nothing before."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURES = REPOSITORY / "benchmarks" / "screenshots"
SCRIPTS = ("browser", "evidence", "judged_storm", "screenshots", "train_speed")


def run(script: str, *flags: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, f"benchmarks/{script}.py", *flags],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_is_given_and_an_unknown_flag_refused(script: str):
    helped, refused = run(script, "--help"), run(script, "--nonsense")
    assert helped.returncode == 0, helped.stderr
    assert helped.stdout.startswith(f"usage: {script}.py")
    assert refused.returncode == 2
    assert "--nonsense" in refused.stderr


@pytest.mark.parametrize("script", ["evidence", "screenshots"])
def test_what_needs_the_originals_says_where_they_go(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path))
    before = {path.name: path.stat().st_mtime_ns for path in PICTURES.iterdir()}
    done = run(script)
    assert done.returncode == 1
    assert f"not in {tmp_path}. Set MNIST_ROOT" in done.stderr
    assert {path.name: path.stat().st_mtime_ns for path in PICTURES.iterdir()} == before
