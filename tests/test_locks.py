"""The lock of a training: one holder, none after it has gone, however it went."""

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import BadSetting
from explorer.locks import held

REPOSITORY = Path(__file__).resolve().parent.parent
HOLD = """
import sys
from pathlib import Path
from explorer.locks import held

with held(Path(sys.argv[1]), "digits/vae-2d"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_refused_until_the_holder_is_gone(tmp_path: Path):
    path = tmp_path / "digits" / "vae-2d.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(BadSetting, match=rf"vae-2d is being .* by process {other.pid}\."),
            held(path, "digits/vae-2d"),
        ):
            pass
        other.kill()  # leaves its file behind, and no lock
    with held(path, "digits/vae-2d"):
        assert path.read_text().isdigit()
    assert not path.exists()


def test_an_error_within_gives_the_lock_back(tmp_path: Path):
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), held(path, "it"):
        raise ZeroDivisionError
    with held(path, "it"):
        assert path.exists()
