"""The page 'Objectives' without a browser: what it says, and what it does without its models."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from explorer.ui.pages import objectives
from explorer.ui.sidebar import load_all
from tests.ui.app_test import AppTest, plain, run_page
from tests.ui.random_zoo import save_random

SPREAD = {"reconstruction-2d": 10.0, "kl-2d": 1e-6, "vae-2d": 1.0}
METRICS = {
    "reconstruction-2d": {"reconstruction": 100.0, "kl": 300.25, "negative_elbo": 400.25},
    "kl-2d": {"reconstruction": 500.0, "kl": 0.0, "negative_elbo": 500.0},
    "vae-2d": {"reconstruction": 101.5, "kl": 6.25, "negative_elbo": 107.75},
}


def save(root: Path, model: str) -> None:
    """A random model whose codes lie in a ring."""
    angles = np.linspace(0, 6, 50)
    ring = SPREAD[model] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ring[np.arange(50) % 10 < 4] *= 0.1  # classes 0 to 3
    save_random(
        root,
        f"mnist/{model}",
        metrics=lambda beta: METRICS[model],
        codes={"mu": ring.astype(np.float32)},
    )


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path / "no-mnist"))
    for model in SPREAD:
        save(tmp_path, model)
    return tmp_path


def run(**query: str) -> AppTest:
    return run_page("objectives", "mnist", **query)


def test_runs_and_says_what_the_three_share(root):
    app = run()
    assert app.header[0].value == "Objectives: why both terms?"
    assert "only the loss differs" in plain(app.caption[0].value)
    assert not app.error
    assert not app.toast


def test_offers_the_originals_where_they_are_missing(root):
    app = run()
    assert any("original" in text.value for text in app.markdown)
    assert any("Download" in button.label for button in app.button)


def test_sentences_follow_from_the_figures(root):
    copying, _, both = load_all("mnist", objectives.NAMES)
    first, second, third = objectives._sentences(copying, both)
    # Classes 4 to 9, three fifths of the codes, lie at 10 sigma; the others at 1.
    assert "60\u00a0% of them, with nearly all 4s, 5s, 6s, 7s, 8s and 9s, lie beyond 3σ" in first
    assert "Every posterior is the prior" in second
    assert "101.5 instead of 100.0 buys KL 6.2 instead of 300.2: 100\u00a0% of the codes" in third


@pytest.mark.parametrize("model", SPREAD)
def test_a_missing_model_is_named_with_the_command_that_trains_it(root, model):
    shutil.rmtree(root / "mnist" / model)
    app = run()
    (said,) = [note.value for note in app.info]
    assert f"mnist has no {model} yet. Train it with `python train.py" in said
    assert f"--models {model} --out {root}`" in said
    assert not app.error
    assert not app.caption


def test_a_broken_model_is_told_and_the_page_stops(root):
    (root / "mnist" / "kl-2d" / "codes.safetensors").write_bytes(b"broken")
    app = run()
    assert "codes.safetensors" in app.error[0].value
    assert not app.caption


def test_metrics_that_are_not_there_are_named(root):
    path = root / "mnist" / "vae-2d" / "meta.json"
    meta = json.loads(path.read_text())
    del meta["metrics"]["kl"]
    path.write_text(json.dumps(meta))
    app = run()
    assert "mnist/vae-2d has no kl in its metrics" in app.error[0].value
    assert "--models vae-2d --overwrite" in app.error[0].value


@pytest.mark.parametrize(
    ("key", "written"),
    [("seed", "1000"), ("scales", "both"), ("show", "everything"), ("digit", "50"), ("z", "x")],
)
def test_nonsense_is_noticed_and_left_out(root, key, written):
    app = run(**{key: written})
    assert len(app.toast) == 1
    assert key in app.toast[0].value
    assert key not in app.query_params


def test_state_of_a_link_is_kept(root):
    query = {"seed": "7", "scales": "equal", "show": "prior,samples", "digit": "49", "z": "1,-2"}
    app = run(**query)
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query
