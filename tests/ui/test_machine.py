"""The page 'Machine' without a browser: it runs on any model, any link and without MNIST."""

from pathlib import Path

import pytest

from explorer.ui import state
from explorer.ui.pages import machine
from tests.ui.app_test import AppTest, run_page
from tests.ui.random_zoo import save_random

BETAS = (0.0, 1.0, 60.0)


@pytest.fixture
def zoo(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path))
    for name, dims, betas in (("vae-2d", 2, ()), ("vae-20d", 20, ()), ("beta-2d", 2, BETAS)):
        save_random(tmp_path, f"mnist/{name}", dims=dims, count=40, betas=betas)
    return tmp_path


def run(**query: str) -> AppTest:
    return run_page("machine", "mnist", **query)


def test_runs_without_mnist_on_every_model_and_offers_the_originals(zoo):
    app = run()
    assert app.header[0].value.startswith("Machine: ")
    assert app.selectbox[0].options == ["vae-2d", "vae-20d", "beta-2d"]
    assert any("Download" in button.label for button in app.button)
    assert not app.error
    for name in ("vae-20d", "beta-2d"):
        app.selectbox(key=machine.MODEL).set_value(name).run()
        assert not app.exception
        assert not app.error
    assert app.select_slider[0].value == "1"


def test_state_of_a_link_is_kept(zoo):
    query = {
        "digit": "39",
        "input": "drawn",
        "eps": "1.25,-0.5",
        "code": "0.5,-1",
        "stage": "decoder",
    }
    app = run(**query)
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query


@pytest.mark.parametrize(
    ("key", "text"),
    [("stage", "end"), ("eps", "1"), ("code", "nan,0"), ("input", "photo"), ("digit", "40")],
)
def test_nonsense_is_noticed_and_left_out(zoo, key, text):
    app = run(**{key: text})
    assert len(app.toast) == 1
    assert key not in app.query_params


def test_a_code_put_by_hand_is_forgotten_in_another_model_and_the_throw_is_not(zoo):
    app = run(code="0.5,-1", eps="1,1")
    app.selectbox(key=machine.MODEL).set_value("beta-2d").run()
    assert not app.exception
    assert "code" not in app.query_params
    assert app.query_params["eps"] == "1,1"
    app.selectbox(key=machine.MODEL).set_value("vae-20d").run()
    assert "eps" not in app.query_params  # of two numbers


def test_every_stage_of_the_browser_can_be_linked_to():
    source = Path(machine.__file__).parents[1] / "canvas/js/views/machine/stages.js"
    table = source.read_text().split("STAGES = {")[1].split("};")[0]
    keys = [line.split(":")[0].strip() for line in table.strip().splitlines()]
    assert tuple(keys) == machine.STAGES


def test_its_fields_are_its_own_but_for_the_digit():
    shared = {field.key for field in machine.fields(2, 10) if not field.page}
    assert shared == {state.DIGIT}
