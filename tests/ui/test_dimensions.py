"""The page 'Dimensions' without a browser: it runs on any checkpoint and any URL."""

from pathlib import Path

import numpy as np
import pytest

from explorer.checkpoints import load_checkpoint
from explorer.ui import state
from explorer.ui.pages import dimensions
from tests.ui.app_test import AppTest, run_page, said
from tests.ui.random_zoo import save_random

DIMS = 20
BETAS = (0.0, 1.0, 60.0)
ACTIVE = {0.0: 20, 1.0: 5, 60.0: 0}


def metrics(beta: float) -> dict:
    active = np.arange(DIMS) < ACTIVE[beta]
    return {
        "negative_elbo": 31.25,
        "kl_per_dimension": np.where(active, 1.5, 0.0).tolist(),
        "code_variance": np.where(active, 0.9, 1e-4).tolist(),
    }


@pytest.fixture
def zoo(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    for name, betas in (("vae-20d", ()), ("beta-20d", BETAS)):
        save_random(tmp_path, f"digits/{name}", dims=DIMS, count=40, betas=betas, metrics=metrics)
    return tmp_path


def run(**query: str) -> AppTest:
    return run_page("dimensions", "digits", **query)


def kept(app: AppTest, key: str, page: str = dimensions.PAGE) -> str | None:
    return app.session_state[f"state.{page}.{key}"]


def test_opens_on_the_model_of_its_own_and_says_how_many_are_active(zoo):
    app = run()
    assert app.selectbox[0].options == ["vae-20d", "beta-20d"]
    assert "5 of 20" in said(app)
    assert "7.5 nats" in said(app)
    assert not app.error
    assert not app.toast


def test_a_member_is_chosen_by_its_beta(zoo):
    app = run(network="beta-20d", beta="60")
    assert app.select_slider[0].value == "60"
    assert "0 of 20" in said(app)
    app.select_slider[0].set_value("0").run()
    assert not app.exception
    assert "20 of 20" in said(app)


def test_the_url_is_kept_as_the_browser_writes_it(zoo):
    code = ",".join(["0.125", "-1.5"] * 10)
    query = dict(code=code, start="prior", tab="map", layout="raw", axes="3,17", open="dead")
    app = run(**query, digit="39")
    for key, value in query.items():
        assert kept(app, key) == value
    assert kept(app, state.DIGIT, "") == "39"
    assert not app.toast


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("code", "1,2"),
        ("code", ",".join(["nan"] * 20)),
        ("start", "nowhere"),
        ("tab", "MAP"),
        ("layout", "tsne"),
        ("axes", "1,1"),
        ("axes", "0,3"),
        ("axes", "1,21"),
        ("axes", "1;2"),
        ("open", "others,roof"),
        ("digit", "40"),
    ],
)
def test_nonsense_in_the_url_is_noticed_and_left_out(zoo, key, text):
    app = run(**{key: text})
    assert len(app.toast) == 1
    assert key in app.toast[0].value
    assert kept(app, key, "" if key == "digit" else dimensions.PAGE) is None


def test_a_digit_s_code_is_forgotten_with_its_model_and_a_prior_sample_is_not(zoo):
    code = ",".join(["0.5"] * 20)
    for start, expected in (("digit", None), ("drawn", None), ("prior", code), ("mean", code)):
        app = run(code=code, start=start, network="beta-20d", beta="0")
        assert kept(app, "code") == code
        app.run()
        assert kept(app, "code") == code  # the same model
        app.select_slider[0].set_value("1").run()
        assert kept(app, "code") == expected, start


def test_axes_are_numbered_from_one_and_default_to_the_largest_kl(zoo):
    checkpoint = load_checkpoint("digits/vae-20d", zoo)
    assert dimensions.chosen_axes(checkpoint, None) == (0, 1)
    assert dimensions.chosen_axes(checkpoint, "3,17") == (2, 16)


def test_trustworthiness_is_printed_for_the_layout_that_is_shown(zoo):
    printed = {
        layout: " ".join(html.body for html in run(tab="map", layout=layout).get("html"))
        for layout in ("umap", "pca", "raw")
    }
    for layout, text in printed.items():
        assert f'data-layout="{layout}"' in text
        assert "all 40 codes" in text
    assert len(set(printed.values())) == 3
    member = run(network="beta-20d", tab="map").get("html")
    assert any('data-layout="pca"' in html.body for html in member)  # it has no UMAP
    assert not any("trustworthiness" in html.body for html in run().get("html"))


def test_a_checkpoint_without_the_figures_names_the_fix(zoo):
    meta = zoo / "digits" / "vae-20d" / "meta.json"
    meta.write_text(meta.read_text().replace("kl_per_dimension", "other"))
    app = run()
    assert "kl_per_dimension" in app.error[0].value
    assert "--models vae-20d" in app.error[0].value
