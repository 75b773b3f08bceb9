"""The page 'Beta' without a browser: families only, its converter, and what it does without."""

import shutil
from pathlib import Path

import pytest

from explorer.ui import state
from explorer.ui.pages.beta import page_fields
from tests.ui.app_test import AppTest, run_page, said

ROOT = Path(__file__).resolve().parents[2]


def run(dataset: str = "mnist", **query: str) -> AppTest:
    return run_page("beta", dataset, **query)


@pytest.fixture
def copied(tmp_path, monkeypatch) -> Path:
    """The shipped digits families in a folder of their own."""
    shutil.copytree(ROOT / "checkpoints" / "digits", tmp_path / "digits")
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    return tmp_path


def test_only_families_are_offered():
    app = run()
    assert app.selectbox(key="family").options == ["beta-2d", "beta-20d"]
    assert app.selectbox(key="family").value == "beta-2d"
    assert not app.error
    assert not app.warning


def test_the_loss_is_written_and_the_tutorials_weight_converted():
    app = run()
    assert "summed over pixels) + β × KL (summed over latent dimensions)" in said(app)
    assert "**β = 7.84** here" in said(app)
    assert "Summed over pixels that is β = 0.01 (equally: 100 × reconstruction + KL)" in said(app)
    assert "averaged over 784 pixels it is β = 7.84, 784 times as much" in said(app)


def test_a_weight_on_the_reconstruction_is_inverted():
    app = run()
    app.selectbox(key="convert-pixels").set_value(False)
    app.number_input(key="convert-reconstruction-weight").set_value(100.0)
    app.number_input(key="convert-kl-weight").set_value(1.0).run()
    assert "**β = 0.01** here, or β′ = 1/β = **100** on the reconstruction" in said(app)
    app.number_input(key="convert-reconstruction-weight").set_value(1.0)
    app.number_input(key="convert-kl-weight").set_value(0.0).run()
    assert "**β = 0** here. " in said(app)
    assert "has **2**" in said(app)


def test_an_average_over_dimensions_is_undone():
    app = run(family="beta-20d")
    app.selectbox(key="convert-pixels").set_value(False)
    app.selectbox(key="convert-dims").set_value(True)
    app.number_input(key="convert-kl-weight").set_value(480.0).run()
    # 480 / 20 = 24: one eigenvalue, 32.2, is larger, and one unit was measured.
    assert "**β = 24** here" in said(app)
    assert "theory keeps **1** of 20 units alive" in said(app)
    assert "β = 24, has **1**" in said(app)


def test_without_statistics_the_page_says_so_and_goes_on(copied):
    (copied / "digits" / "statistics.safetensors").unlink()
    app = run("digits")
    assert "no prediction" in app.warning[0].value
    assert "statistics.safetensors" in app.warning[0].value
    assert "**β = 0.64** here" in said(app)
    assert "theory keeps" not in said(app)


def test_without_its_figures_a_family_names_the_fix(copied):
    meta = copied / "digits" / "beta-2d" / "meta.json"
    meta.write_text(meta.read_text().replace('"code_variance"', '"unknown"'))
    app = run("digits")
    assert len(app.error) == 1
    assert "no code_variance in its metrics" in app.error[0].value
    assert f"--models beta-2d --overwrite --out {copied}`" in app.error[0].value


def test_without_families_the_page_names_the_fix(copied):
    for name in ("beta-2d", "beta-20d"):
        shutil.rmtree(copied / "digits" / name)
    app = run("digits")
    assert "digits has none yet" in app.info[0].value
    assert not app.error
    # Those models alone, and where this app looks for them.
    command = f"python train.py --dataset digits --models beta-2d beta-20d --out {copied}"
    assert f"`{command}`" in app.info[0].value


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        (dict(beta="61"), "beta"),
        (dict(beta="nan"), "beta"),
        (dict(speed="warp"), "speed"),
        (dict(family="beta-20d", axes="3,3"), "axes"),
        (dict(family="beta-20d", axes="0,21"), "axes"),
        (dict(family="beta-20d", axes="1.5,2"), "axes"),
    ],
)
def test_nonsense_in_the_link_is_left_out(query, wrong):
    app = run(**query)
    assert len(app.toast) == 1
    assert wrong in app.toast[0].value
    assert app.session_state[f"state.beta.{wrong}"] is None


def test_state_of_a_link_is_kept():
    app = run(family="beta-20d", beta="7.3", axes="3,7", speed="slow", classes="1,4")
    assert not app.toast
    assert app.session_state["state.beta.beta"] == "7.3"
    assert app.session_state["state.beta.axes"] == "3,7"
    assert app.session_state["state.beta.speed"] == "slow"
    assert app.session_state[state.CLASSES.session_key] == "1,4"


def test_axes_belong_to_families_of_more_than_two_dimensions(small_zoo):
    from explorer.checkpoints import load_checkpoint

    plane = load_checkpoint("digits/beta-2d", small_zoo)
    keys = ["beta", "speed", "charts", "classes", "shapes"]
    assert [field.key for field in page_fields(plane)] == keys


def test_histories_are_drawn_once_they_are_asked_for():
    app = run(beta="8")
    assert "Training of the member" not in said(app)
    app.session_state["beta-charts"] = True
    app.run()
    assert not app.exception
    assert "Training of the member with β = 9" in said(app)
    assert [type(item).__name__ for item in app.get("plotly_chart")] == ["UnknownElement"] * 2
