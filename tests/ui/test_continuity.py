"""The page 'Continuity and completeness' without a browser: its state, and without its models."""

import json
import shutil
from pathlib import Path

import pytest

from explorer.checkpoints import load_checkpoint
from explorer.checks import COMPLETENESS, CONTINUITY, INFORMATION, MEASURES_VERSION
from explorer.ui.pages import continuity
from explorer.walks import Walker, typical_ends
from tests.ui.app_test import AppTest, plain, run_page
from tests.ui.test_objectives import SPREAD, save


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    for model in SPREAD:
        save(tmp_path, model)
    return tmp_path


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    """What the page sends to the browser."""
    calls = []

    def canvas(view: str, values: dict, fields: object, **data: object) -> None:
        json.dumps(data, allow_nan=False)
        calls.append({"view": view, "values": values, **data})

    monkeypatch.setattr(continuity, "live_canvas", canvas)
    return calls


def run(**query: str) -> AppTest:
    return run_page("continuity", "mnist", **query)


def test_says_what_the_two_words_mean(root, sent):
    app = run()
    assert app.header[0].value == "Continuity and completeness: can I go anywhere?"
    assert "Continuity: points close together decode to similar pictures." in plain(
        app.caption[0].value
    )
    assert "Completeness: every point that the prior samples" in plain(app.caption[0].value)
    assert not app.error
    assert not app.toast


def test_sends_three_models_in_order_their_radius_and_no_judge_where_there_is_none(root, sent):
    run()
    names = [model["source"]["name"] for model in sent[0]["models"]]
    assert names == ["mnist/reconstruction-2d", "mnist/kl-2d", "mnist/vae-2d"]
    wide, none, both = (model["radius"] for model in sent[0]["models"])
    assert wide == pytest.approx(10 * both, rel=1e-5)
    assert none < 1e-5
    assert sent[0]["judge"] is None
    assert [model["recognised"] for model in sent[0]["models"]] == [None] * 3


def test_says_nothing_of_originals_that_are_not_there(root, sent, monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path / "empty"))
    app = run()
    assert sent[0]["originals"] is False
    assert not app.button
    assert len(app.markdown) == 0


def test_without_measures_the_walk_is_of_the_first_two_digits(root, sent):
    run()
    assert sent[0]["ends"] == (0, 1)
    assert [model["walks"] for model in sent[0]["models"]] == [None] * 3


def test_the_shipped_models_walk_between_a_typical_pair(sent):
    run_page("continuity", "digits")
    shipped = [load_checkpoint(f"digits/{name}") for name in continuity.NAMES]
    walks = [model.meta["measures"]["continuity"] for model in shipped]
    assert [model["walks"] for model in sent[0]["models"]] == walks
    walkers = [
        Walker(model.weights, model.codes.mu, found["step_median"])
        for model, found in zip(shipped, walks, strict=True)
    ]
    assert sent[0]["ends"] == typical_ends(walkers, shipped[0].codes.labels, seed=0)


def test_sends_the_share_that_was_measured(root, sent):
    path = root / "mnist" / "vae-2d" / "meta.json"
    meta = json.loads(path.read_text())
    prior = dict.fromkeys(COMPLETENESS, 0.625)
    meta["measures"] = {
        "version": MEASURES_VERSION,
        "judge": "of a judge that is not here",
        "samples": 10,
        "completeness": {"prior": prior, "fitted": {**prior, "recognised": 0.5}},
        "continuity": dict.fromkeys(CONTINUITY, 0.1),
        "information": dict.fromkeys(INFORMATION, 1.0),
    }
    path.write_text(json.dumps(meta))
    run()
    assert [model["recognised"] for model in sent[0]["models"]] == [None, None, 0.625]


@pytest.mark.parametrize("model", SPREAD)
def test_a_missing_model_is_named_with_the_command_that_trains_it(root, sent, model):
    shutil.rmtree(root / "mnist" / model)
    app = run()
    (said,) = [note.value for note in app.info]
    assert f"mnist has no {model} yet. Train it with `python train.py" in said
    assert f"--models {model} --out {root}`" in said
    assert not app.error
    assert not sent


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("view", "run"),
        ("per", "step"),
        ("at", "1.01"),
        ("at", "nan"),
        ("from", "50"),
        ("to", "-1"),
        ("digit", "50"),
        ("seed", "1000"),
        ("speed", "light"),
        ("fallen", "1001"),
        ("radius", "0"),
        ("radius", "3.5"),
        ("codes", "none"),
        ("path", "1,2"),
        ("path", "1,2,3"),
        ("path", "1,2,3,x"),
        ("path", "1,2,3,1e9"),
        ("path", ",".join(["1"] * 50)),
    ],
)
def test_nonsense_is_noticed_and_left_out(root, sent, key, written):
    app = run(**{key: written})
    assert len(app.toast) == 1
    assert key in app.toast[0].value
    assert key not in app.query_params
    assert key not in sent[0]["values"]


def test_state_of_a_link_is_kept(root, sent):
    query = {
        "view": "roulette",
        "per": "unit",
        "at": "0.25",
        "from": "3",
        "to": "49",
        "path": "0,0,1.5,-2,3,0",
        "seed": "7",
        "speed": "slow",
        "fallen": "120",
        "radius": "1.5",
        "codes": "all",
        "digit": "12",
        "classes": "1,3",
    }
    app = run(**query)
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query
    assert sent[0]["values"] == query
