"""The page 'Theory' without a browser, and the library's functions that it shows."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from explorer.ui.formulas import DIFFERENCES, FORMULAS, formula_sources
from explorer.ui.pages import theory
from explorer.ui.source_code import function_source
from tests.ui import test_objectives
from tests.ui.app_test import AppTest, run_page

root = test_objectives.root  # a folder with three small models, and no MNIST


def run(**query: str) -> AppTest:
    return run_page("theory", "mnist", **query)


def test_runs_without_mnist_and_offers_its_originals(root):
    app = run()
    assert app.header[0].value.startswith("Theory: ")
    assert not app.error
    assert any("Download" in button.label for button in app.button)


def test_state_of_a_link_is_kept(root):
    query = {
        "section": "symbols",
        "digit": "49",
        "input": "drawn",
        "q": "0.5,-1,-6,-5.25",
        "eps": "1,-0.5",
    }
    app = run(**query)
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query


@pytest.mark.parametrize(
    ("key", "written"),
    [("section", "all"), ("q", "1,2"), ("eps", "nan,0"), ("input", "photo"), ("digit", "50")],
)
def test_nonsense_is_noticed_and_left_out(root, key, written):
    app = run(**{key: written})
    assert len(app.toast) == 1
    assert key not in app.query_params


def test_a_moved_q_is_forgotten_in_another_model(root):
    app = run(q="0.5,-1,-6,-5.25", eps="1,1")
    app.selectbox(key="model").set_value("reconstruction-2d").run()
    assert not app.exception
    assert "q" not in app.query_params
    assert app.query_params["eps"] == "1,1"


def test_every_section_has_formulas_and_every_formula_its_function():
    assert set(FORMULAS) == set(theory.SECTIONS)
    assert all(FORMULAS.values())
    assert DIFFERENCES.keys() == FORMULAS.keys()
    for section in formula_sources().values():
        for formula in section:
            module, _, function = formula["name"].rpartition(".")
            own = inspect.getsource(getattr(import_module(module), function)).rstrip("\n")
            assert formula["source"].startswith(own)


def test_source_is_read_anew_with_decorators(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.ui.source_code._PROJECT", tmp_path)
    file = tmp_path / "some.py"
    file.write_text("X = 1\n\n\n@property\ndef f(a):\n    return (\n        a\n    )\n\n\nY = 2\n")
    source = function_source("some", "f")
    assert source == "@property\ndef f(a):\n    return (\n        a\n    )"
    file.write_text("def f(a):\n    return 'another function'\n")
    assert "another" in ast.unparse(ast.parse(function_source("some", "f")))


def test_what_is_private_and_does_the_work_stands_below_once():
    source = function_source("explorer.estimators", "gradient_spreads")
    assert source.startswith("def gradient_spreads(")
    names = [line.split("(")[0] for line in source.splitlines() if line.startswith("def ")]
    assert names == [
        "def gradient_spreads",
        "def _spread",
        "def _score_samples",
        "def _reparameterised_samples",
    ]
    logits = function_source("explorer.objectives", "bernoulli_reconstruction")
    assert "class _BernoulliNats" in logits
    assert "\ndef squared_error" not in logits


@pytest.mark.parametrize(("module", "name"), [("explorer.nothing", "f"), ("explorer.latent", "f")])
def test_what_is_not_there_is_named(module, name):
    with pytest.raises(ValueError, match=r"nothing|function f"):
        function_source(module, name)


def test_reading_source_imports_nothing_of_the_library():
    code = (
        "import sys\n"
        "from explorer.ui.formulas import formula_sources\n"
        "assert formula_sources()\n"
        "assert not {'torch', 'explorer.objectives'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
