"""The limit of open files, in a process of its own: a raised one could not be lowered again."""

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="this system has no limits to raise")

CODE = """
import resource
from explorer.ui.server import raise_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
raise_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "raised"), [(64, 128, 128), (128, 128, 128), (100, 70_000, 65_536)]
)
def test_the_soft_limit_rises_towards_the_hard_one(soft: int, hard: int, raised: int):
    if hard > resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 0:
        pytest.skip("this system allows fewer open files")
    code = CODE.format(soft=soft, hard=hard)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(raised), str(hard)]
