"""The command line as such: its commands, its options for Streamlit, and an early interruption."""

import subprocess
import sys
from pathlib import Path

import pytest

from explorer import opening
from explorer.cli import COMMANDS, main
from explorer.places import HOME

REPOSITORY = Path(__file__).resolve().parent.parent

INTERRUPT_AT_NUMPY = """
import runpy, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = sys.argv[1:]
sys.path.insert(0, "")
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_help_has_a_line_a_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for command, (_, words) in COMMANDS.items():
        assert any(line.startswith(command) and words[:20] in line for line in lines)


@pytest.mark.parametrize("program", ["latent-explorer", "python -m explorer", "train.py"])
def test_help_of_training_names_what_was_typed(program: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["train", "--help"], program)
    typed = program if program == "train.py" else f"{program} train"
    assert capsys.readouterr().out.startswith(f"usage: {typed} [-h]")


@pytest.mark.parametrize("script", ["train.py", "explorer/__main__.py measure vae-2d"])
def test_an_interruption_while_modules_are_loaded_is_one_sentence(script: str):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT_NUMPY, *script.split()],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 130
    assert done.stderr.strip().startswith("Interrupted.")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that Streamlit would have been given."""
    lines: list[list[str]] = []
    monkeypatch.setattr(opening.runpy, "run_module", lambda *a, **k: lines.append(sys.argv))
    monkeypatch.setattr(sys, "argv", sys.argv)
    for name in ("EXPLORER_CHECKPOINTS", "EXPLORER_LESSONS", "MNIST_ROOT"):
        monkeypatch.setenv(name, "")  # so that what the command sets is taken back
    return lines


def test_open_runs_streamlit_on_the_app(started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert main(["open"]) == 0
    ours = ["open", "--port", "8600", "--no-browser", "--root", "."]
    assert main([*ours, "--server.baseUrlPath", "explorer", "--theme.base=dark"]) == 0
    begin = ["streamlit", "run", str(HOME / "app.py")]
    assert started[0] == begin
    options = ["--server.port", "8600", "--server.headless", "true"]
    assert started[1] == [*begin, *options, "--server.baseUrlPath", "explorer", "--theme.base=dark"]
    assert opening.os.environ["EXPLORER_CHECKPOINTS"] == "."


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--port", "0"], "--port is 0; allowed: 1 to 65535"),
        (["--port", "http"], "invalid int value: 'http'"),
        (["--prot", "8600"], "unrecognized arguments: --prot"),
        (["--root", "not-there"], "--root is 'not-there', which is no folder"),
    ],
)
def test_a_bad_flag_of_open_is_one_sentence(started, flags, message, capsys):
    assert main(["open", *flags]) == 2
    errors = capsys.readouterr().err
    assert message in errors
    assert len(errors.strip().splitlines()) == 1
    assert started == []
