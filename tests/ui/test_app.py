"""The app's script without a browser: it runs, and says clearly what is wrong."""

from pathlib import Path

import pytest

from explorer.ui import state
from tests.ui import app_test
from tests.ui.app_test import AppTest, said
from tests.ui.random_zoo import save_random

APP = Path(__file__).resolve().parents[2] / "app.py"
BETAS = (0.0, 1.0, 4.0)


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def zoo(root) -> Path:
    for dataset in ("digits", "mnist"):
        save_random(root, f"{dataset}/kl-2d")
        save_random(root, f"{dataset}/vae-2d")
        save_random(root, f"{dataset}/beta-2d", betas=BETAS)
    return root


def run(**query: str) -> AppTest:
    return app_test.run(AppTest.from_file(str(APP)), **query)


def test_opens_on_mnist_vae_2d(zoo):
    app = run()
    assert [box.value for box in app.selectbox] == ["mnist", "vae-2d"]
    assert app.selectbox[1].options == ["vae-2d", "kl-2d", "beta-2d"]
    assert not app.error
    assert not app.toast
    assert "31.2 nats" in said(app)


def test_url_chooses_data_set_model_beta_and_point(zoo):
    app = run(dataset="digits", model="beta-2d", beta="4", z="0.5,-0.25")
    assert [box.value for box in app.selectbox] == ["digits", "beta-2d"]
    assert app.select_slider[0].value == "4"
    assert app.session_state[state.POINT.session_key] == "0.5,-0.25"
    assert "4 × KL" in said(app)
    assert not app.toast


def test_choosing_another_model(zoo):
    app = run()
    app.selectbox[1].set_value("beta-2d").run()
    assert not app.exception
    assert app.select_slider[0].options == ["0", "1", "4"]
    assert app.select_slider[0].value == "1"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (dict(dataset="cats"), ["cats"]),
        (dict(model="vae-99d"), ["vae-99d"]),
        (dict(model="beta-2d", beta="-1e999"), ["-1e999"]),
        (dict(z="1"), ["2 numbers"]),
        (dict(z="nan,0"), ["2 numbers"]),
        (dict(z="1e300,0"), ["2 numbers"]),
        (dict(dataset="", model="../../etc", z="<b>,![x](y)"), ["dataset", "etc", "b"]),
    ],
)
def test_nonsense_in_the_url_is_noticed_and_replaced(zoo, query, words):
    app = run(**query)
    assert app.selectbox[0].value == "mnist"
    assert len(app.toast) == len(words)
    notices = " ".join(toast.value for toast in app.toast)
    assert all(word in notices for word in words)
    assert "<" not in notices
    assert "[" not in notices
    assert app.session_state[state.POINT.session_key] is None


def test_a_broken_checkpoint_is_told_and_the_others_go_on(zoo):
    (zoo / "mnist" / "vae-2d" / "model.safetensors").write_bytes(b"broken")
    app = run()
    assert "model.safetensors" in app.error[0].value
    app.selectbox[1].set_value("kl-2d").run()
    assert not app.exception
    assert not app.error


def test_a_checkpoint_trained_again_is_loaded_again(zoo):
    meta = zoo / "mnist" / "vae-2d" / "meta.json"
    run()
    meta.write_text(meta.read_text().replace("31.25", "47.75"))
    assert "47.8 nats" in said(run())


def test_no_checkpoints_names_the_folder_and_the_fix(root):
    app = run()
    for dataset in ("mnist", "digits"):
        command = f"python train.py --dataset {dataset} --out {root}"  # not where nobody looks
        assert f"`{command}`" in app.info[0].value
    assert not app.error
