"""Measures on the pages: the table's figures are meta.json's; unmeasured models name the fix."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.checkpoints import load_checkpoint
from explorer.checks import MEASURES_VERSION
from explorer.judge import load_judge
from explorer.ui.conclusions import compared, over_beta
from explorer.ui.measures import measures_table
from explorer.ui.pages import beta, continuity, map
from explorer.written import percent
from tests.ui.app_test import AppTest, run_page

SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints"
CELL = re.compile(r'<td data-key="([a-z-]+)" data-value="([^"]+)">([^<]+)(?:<small>([^<]+))?')
STEPS = ("step_median", "step_p95", "jumps")
ROW = re.compile(r'data-row="([^"]+)">.*?</tr>', re.DOTALL)


def figures(n: int) -> dict:
    """Measures of a model, all different."""

    def around(name: str, value: float) -> dict:
        return {name: value, f"{name}_low": value - 0.01, f"{name}_high": value + 0.01}

    return {
        "version": MEASURES_VERSION,
        "judge": load_judge("digits", SHIPPED).fingerprint,
        "samples": 360,
        "completeness": {
            kind: {
                **around("recognised", share),
                "effective_classes": 3.0 + n / 10,
                **around("coverage", share / 2),
            }
            for kind, share in (("prior", 0.2 + n / 50), ("fitted", 0.3 + n / 50))
        },
        "continuity": {
            "walks": 1000,
            "no_change": 0.0,
            "step_median": 0.01 + n / 100,
            "step_p95": 0.2 + n / 100,
            "jumps": n / 100,
        },
        "information": {"nats": 1.0 + n / 10, "cap": 5.886104},
    }


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """The shipped models of digits with figures of our own."""
    shutil.copytree(SHIPPED / "digits", tmp_path / "digits")
    for n, path in enumerate(sorted(tmp_path.glob("digits/*/meta.json"))):
        meta = json.loads(path.read_text())
        if path.parent.name == "judge":
            continue
        for k, member in enumerate(meta.get("members", [meta])):
            member["measures"] = figures(n + k)
        path.write_text(json.dumps(meta))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    return tmp_path


def forget(root: Path, model: str) -> None:
    """Take a model's measures away, or those of a family's last member."""
    path = root / "digits" / model / "meta.json"
    meta = json.loads(path.read_text())
    del meta.get("members", [meta])[-1]["measures"]
    path.write_text(json.dumps(meta))


def run(page: str) -> AppTest:
    app = run_page(page, "digits")
    assert not app.error
    return app


def test_table_holds_the_stored_figures_and_real_digits_beside(root):
    names = {"First": "reconstruction-2d", "Second & last": "vae-2d"}
    models = {title: load_checkpoint(f"digits/{name}", root) for title, name in names.items()}
    real = figures(7)["completeness"]["prior"]
    html = measures_table(models, real)
    rows = {match[1]: CELL.findall(match[0]) for match in ROW.finditer(html)}
    assert list(rows) == ["First", "Second &amp; last", "Real digits"]
    for title, model in zip(list(rows)[:2], models.values(), strict=True):
        cells = {key: (float(value), text, small) for key, value, text, small in rows[title]}
        measures, metrics = model.meta["measures"], model.meta["metrics"]
        prior, fitted = (measures["completeness"][kind] for kind in ("prior", "fitted"))
        walks = measures["continuity"]
        assert {key: value for key, (value, _, _) in cells.items()} == {
            "prior-recognised": prior["recognised"],
            "fitted-recognised": fitted["recognised"],
            "effective-classes": prior["effective_classes"],
            "step": walks["step_median"],
            "jumps": walks["jumps"],
            "information": measures["information"]["nats"],
            "kl": metrics["kl"],
            "active-units": metrics["active_units"],
            "coverage": prior["coverage"],
        }
        low, high = (100 * prior[f"recognised_{end}"] for end in ("low", "high"))
        assert cells["prior-recognised"][1:] == (
            percent(prior["recognised"]),
            f"{low:.0f} to {high:.0f}",
        )
        assert cells["step"][1:] == (
            percent(walks["step_median"]),
            f"95 %: {percent(walks['step_p95'])}",
        )
        assert cells["coverage"][1:] == (percent(prior["coverage"]), "360 samples")
        assert cells["information"][2] == ""
    assert {key for key, *_ in rows["Real digits"]} == {
        "prior-recognised",
        "effective-classes",
        "coverage",
    }
    assert "Real digits" not in measures_table(models, None)
    # Each column is explained for those who cannot hover.
    heads = re.findall(r'<th scope="col" title="([^"]+)">', html)
    assert len(heads) == 9
    assert re.findall("<dd>([^<]+)</dd>", html) == heads


def test_no_change_and_the_cap_are_said_in_the_table(root):
    collapsed = figures(1)
    collapsed["continuity"] |= {"no_change": 1, **dict.fromkeys(STEPS)}
    full = figures(2)
    full["information"]["nats"] = full["information"]["cap"]
    model = load_checkpoint("digits/vae-2d", root)
    models = {
        title: replace(model, meta={**model.meta, "measures": measures})
        for title, measures in (("Collapsed", collapsed), ("Full", full))
    }
    rows = {match[1]: match[0] for match in ROW.finditer(measures_table(models, None))}
    assert '<td data-key="step">no change</td>' in rows["Collapsed"]
    assert '<td data-key="jumps">–</td>' in rows["Collapsed"]
    assert "5.89<small>at its cap, ln 360</small>" in rows["Full"]


def test_objectives_shows_the_table_and_what_it_comes_to(root):
    app = run("objectives")
    assert app.subheader[0].value == "Completeness, continuity and information in numbers"
    assert any("None of these is read alone" in caption.value for caption in app.caption)
    titles = {"Reconstruction only": "reconstruction-2d", "KL only": "kl-2d"}
    titles |= {"Reconstruction + KL": "vae-2d"}
    measures = {
        title: load_checkpoint(f"digits/{name}", root).meta["measures"]
        for title, name in titles.items()
    }
    assert compared(measures) in [markdown.value for markdown in app.markdown]


def test_objectives_names_the_command_for_what_is_not_measured(root):
    forget(root, "kl-2d")
    forget(root, "vae-2d")
    said = [caption.value for caption in run("objectives").caption]
    command = f"`python -m explorer measure kl-2d vae-2d --dataset digits --store --root {root}`"
    assert any(command in text for text in said)
    assert not any("read alone" in text for text in said)


def sent(monkeypatch, page, name: str) -> dict:
    """What a page sends to the browser."""
    seen = []
    monkeypatch.setattr(page, "live_canvas", lambda *_, **data: seen.append(data))
    run(name)
    return seen[0]


def test_beta_sends_each_member_s_figures(root, monkeypatch):
    data = sent(monkeypatch, beta, "beta")
    assert data["unmeasured"] is None
    assert 0.9 < data["real"] <= 1
    family = load_checkpoint("digits/beta-2d", root)
    for member, shown in zip(family.members, data["members"], strict=True):
        measures = member.meta["measures"]
        prior = measures["completeness"]["prior"]
        assert shown["measures"] == {
            "recognised": prior["recognised"],
            "recognisedLow": prior["recognised_low"],
            "recognisedHigh": prior["recognised_high"],
            "step": measures["continuity"]["step_median"],
            "stepHigh": measures["continuity"]["step_p95"],
            "information": measures["information"]["nats"],
        }
    measures = [member.meta["measures"] for member in family.members]
    assert data["conclusion"] == over_beta(family.betas, measures)
    assert data["informationCap"] == measures[0]["information"]["cap"]


def test_beta_names_the_command_where_a_member_is_not_measured(root, monkeypatch):
    forget(root, "beta-2d")
    data = sent(monkeypatch, beta, "beta")
    assert f"measure beta-2d --dataset digits --store --root {root}`" in data["unmeasured"]


@pytest.mark.parametrize("key", ["judge", "version"])
@pytest.mark.parametrize("page", ["objectives", "beta", "map", "continuity"])
def test_another_judges_figures_are_not_shown_beside_this_ones(root, monkeypatch, page, key):
    """As after `train.py --models judge --overwrite`: real digits have this judge's figures."""
    for path in root.glob("digits/*/meta.json"):
        if path.parent.name == "judge":
            continue
        meta = json.loads(path.read_text())
        for member in meta.get("members", [meta]):
            member["measures"][key] = "0" * 64
        path.write_text(json.dumps(meta))
    command = rf"measured yet by the judge that is here\. .*--store --root {root}`"
    if page == "objectives":
        app = run("objectives")
        assert re.search(command, " ".join(caption.value for caption in app.caption))
        assert not any("data-row" in html.value for html in app.get("html"))
    elif page == "beta":
        data = sent(monkeypatch, beta, "beta")
        assert re.search(command, data["unmeasured"])
        assert [member["measures"] for member in data["members"]] == [None] * len(data["members"])
    elif page == "map":
        assert sent(monkeypatch, map, "map")["fields"]["recognised"] is None
    else:
        models = sent(monkeypatch, continuity, "continuity")["models"]
        assert [model["recognised"] for model in models] == [None] * 3


def test_map_sends_how_many_samples_the_judge_recognises(root, monkeypatch):
    expected = load_checkpoint("digits/vae-2d", root).meta["measures"]["completeness"]["prior"]
    fields = sent(monkeypatch, map, "map")["fields"]
    assert fields["url"] == "fields/digits/vae-2d"
    assert fields["recognised"] == expected["recognised"]
    assert 0.9 < fields["real"] <= 1
    forget(root, "vae-2d")
    shutil.rmtree(root / "digits" / "judge")
    fields = sent(monkeypatch, map, "map")["fields"]
    assert (fields["recognised"], fields["real"]) == (None, None)


@pytest.mark.parametrize(
    ("page", "key", "known"),
    [("map", "field", ["change", "class", "density"]), ("beta", "charts", ["measures"])],
)
def test_links_keep_the_new_states_and_drop_nonsense(root, page, key, known):
    for written in [*known, "nonsense"]:
        app = run_page(page, "digits", **{key: written})
        assert (key in app.query_params) == (written in known)
        assert len(app.toast) == (written not in known)
