"""The house: imports point down only, the light modules stay light, files stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = sorted(p for p in (ROOT / "explorer").rglob("*.py") if "ui" not in p.parts)
EVERYTHING = sorted([*(ROOT / "explorer").rglob("*.py"), ROOT / "app.py", ROOT / "train.py"])
SOURCES = sorted([*(ROOT / "explorer").rglob("*.py"), *(ROOT / "explorer").rglob("*.js")])


def imported_modules(path: Path) -> set[str]:
    """Full names of all modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def identifier(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", LIBRARY, ids=identifier)
def test_library_knows_nothing_of_streamlit_or_the_entries(path: Path):
    for name in imported_modules(path):
        assert name.partition(".")[0] not in ("streamlit", "app", "train"), name
        assert not name.startswith("explorer.ui"), name


@pytest.mark.parametrize("path", EVERYTHING, ids=identifier)
def test_no_module_reads_pickles(path: Path):
    modules = imported_modules(path)
    assert not {name.partition(".")[0] for name in modules} & {"pickle", "joblib", "dill"}
    assert "torch.load" not in path.read_text()


def test_the_app_s_side_of_the_library_needs_no_torch(small_zoo: Path):
    """In a fresh interpreter: loading, listing and neighbours leave torch out of sys.modules."""
    code = (
        "import sys\n"
        "from explorer.checkpoints import list_checkpoints, load_checkpoint\n"
        "from explorer import latent, originals, palette, statistics\n"
        "import explorer.ui.pages.map, explorer.ui.server\n"
        "for name in list_checkpoints(sys.argv[1]): load_checkpoint(name, sys.argv[1])\n"
        "heavy = {'torch', 'sklearn', 'umap', 'torchvision'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code, str(small_zoo)], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", SOURCES, ids=identifier)
def test_a_file_holds_one_noun(path: Path):
    assert len(path.read_text().splitlines()) <= 350
    assert path.stem not in ("utils", "helpers", "common")


@pytest.mark.parametrize("entry", ["app.py", "train.py"])
def test_entries_are_short(entry: str):
    assert len((ROOT / entry).read_text().splitlines()) < 60
