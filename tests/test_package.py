"""`pip install .`: the wheel holds what the app needs, and works from any folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from explorer.places import HOME

SOURCES = ("explorer", "checkpoints", "lessons", ".streamlit", "app.py", "train.py", "setup.py")
SOURCES += ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
OPEN_THE_APP = """
import sys
from pathlib import Path

import explorer.places
from streamlit.testing.v1 import AppTest

app = AppTest.from_file(str(explorer.places.HOME / "app.py"), default_timeout=60).run()
assert not app.exception, app.exception
assert not app.error, app.error[0].value
print(explorer.places.HOME, app.header[0].value, app.selectbox[0].options)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages with ours in it, built as pip builds it."""
    folder = tmp_path_factory.mktemp("package")
    for name in SOURCES:  # a build leaves its traces beside what it builds
        source, copy = HOME / name, folder / "source" / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    build = "from setuptools import build_meta; build_meta.build_wheel('..')"
    subprocess.run(
        [sys.executable, "-c", build], cwd=folder / "source", check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Python with the installed package, and without anything in the environment that helps it."""
    names = ("EXPLORER_CHECKPOINTS", "EXPLORER_LESSONS", "MNIST_ROOT")
    environment = {key: value for key, value in os.environ.items() if key not in names}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_package_is_one_folder_and_has_every_file(site: Path):
    installed = {path.name for path in site.iterdir() if path.suffix != ".dist-info"}
    assert installed == {"explorer"}
    ours = [p for p in (HOME / "explorer").rglob("*") if p.is_file() and p.suffix != ".pyc"]
    shipped = [
        path
        for folder in ("checkpoints", "lessons", ".streamlit")
        for path in (HOME / folder).rglob("*")
        if path.is_file()
    ]
    for path in ours:
        assert (site / path.relative_to(HOME)).is_file(), path
    for path in [*shipped, HOME / "app.py"]:
        assert (site / "explorer" / "shipped" / path.relative_to(HOME)).is_file(), path
    scripts = next(site.glob("*.dist-info")) / "entry_points.txt"
    assert "latent-explorer = explorer.cli:main" in scripts.read_text()
    assert not (site / PurePosixPath("explorer/shipped/setup.py")).exists()


def test_the_shipped_models_and_the_app_are_found_from_elsewhere(site: Path, tmp_path: Path):
    opened = run(site, tmp_path, "-c", OPEN_THE_APP)
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout.startswith(f"{site / 'explorer' / 'shipped'} ")
    assert "['mnist', 'digits']" in opened.stdout
    refused = run(site, tmp_path, "-m", "explorer", "evaluate", "vae-3d", "--dataset", "digits")
    assert refused.returncode == 2
    assert "Found: beta-20d, beta-2d, kl-2d" in refused.stderr
    command = "`latent-explorer train --dataset digits --models vae-2d --out there`"
    missing = ["evaluate", "vae-2d", "--dataset", "digits", "--root", "there"]
    assert command in run(site, tmp_path, "-m", "explorer", *missing).stderr
    assert list(tmp_path.iterdir()) == []
