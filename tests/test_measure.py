"""`measure`: known decoders, the command line, and the figures that are stored with the zoo."""

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import measuring, metrics
from explorer.checkpoints import Checkpoint, load_checkpoint, store_measures
from explorer.checks import COMPLETENESS, CONTINUITY, INFORMATION, MEASURES_VERSION
from explorer.cli import main
from explorer.completeness import completeness
from explorer.errors import CheckpointBad
from explorer.judge import load_judge
from explorer.measuring import LEGEND
from explorer.metrics import fitted_samples, measure
from explorer.places import JUDGE
from explorer.written import percent
from explorer.zoo import IMAGE_SIZES, zoo

ROOT = Path(__file__).resolve().parent.parent / "checkpoints"
MODELS = [(d, name) for d in IMAGE_SIZES for name in zoo(d) if name != JUDGE]


def members_of(dataset: str, name: str) -> list[Checkpoint]:
    found = load_checkpoint(f"{dataset}/{name}", ROOT)
    return [found] if found.betas is None else list(found.members)


def figures_of(decode: Callable, dims: int = 2) -> dict[str, float]:
    judge = load_judge("digits", ROOT)
    z = torch.randn(360, dims, generator=torch.Generator().manual_seed(0))
    return completeness(judge.real_features, judge.radii, *judge.look_at(decode, z))


def test_a_constant_grey_is_recognised_as_nothing():
    figures = figures_of(lambda z: torch.full((len(z), 1, 8, 8), 0.5))
    assert figures["recognised"] == figures["effective_classes"] == figures["coverage"] == 0


def test_noise_is_recognised_as_nothing():
    waves = 1e5 * torch.randn(2, 64, generator=torch.Generator().manual_seed(1)).double()

    def noisy(z: torch.Tensor) -> torch.Tensor:
        """A picture of its own for each code, whatever lies near it."""
        return (0.5 + 0.5 * torch.sin(z.double() @ waves)).float().reshape(-1, 1, 8, 8)

    figures = figures_of(noisy)
    assert figures["recognised"] <= 0.02
    assert figures["coverage"] <= 0.02


def test_one_digit_again_and_again_is_recognised_and_is_one_class(digits):
    figures = figures_of(lambda z: digits.test_images[:1].expand(len(z), -1, -1, -1))
    assert figures["recognised"] == figures["effective_classes"] == 1
    assert figures["coverage"] < 0.05


def test_fitted_samples_have_the_mean_and_covariance_of_the_codes():
    rng = np.random.default_rng(0)
    mu = (rng.normal(size=(5000, 3)) @ rng.normal(size=(3, 3)) + [5, -2, 0]).astype(np.float32)
    mu[:, 2] = mu[:, 0] + mu[:, 1]  # a direction in which nothing varies
    noise = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(0))
    samples = fitted_samples(mu, noise).numpy()
    np.testing.assert_allclose(samples.mean(axis=0), mu.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.cov(samples.T), np.cov(mu.T), atol=0.06)
    same = fitted_samples(np.full((9, 2), 3, np.float32), noise[:4, :2])
    np.testing.assert_allclose(same, 3, atol=1e-6)


def require_stored(stored: dict, recomputed: dict):
    """Equal but for how processors round: a share moves by a picture or two."""
    assert {key: stored[key] for key in ("version", "judge", "samples")} == {
        key: recomputed[key] for key in ("version", "judge", "samples")
    }
    pairs = [(stored[part], recomputed[part]) for part in ("continuity", "information")]
    pairs += [
        (stored["completeness"][codes], recomputed["completeness"][codes])
        for codes in ("prior", "fitted")
    ]
    for expected, found in pairs:
        assert expected.keys() == found.keys()
        for key, value in expected.items():
            # None, where nothing changes on a walk, is equal to itself only.
            close = value if value is None else pytest.approx(value, abs=0.01, rel=0.01)
            assert found[key] == close, key


@pytest.mark.parametrize(
    ("dataset", "name"), [("digits", "vae-20d"), ("digits", "kl-2d"), ("mnist", "vae-2d")]
)
def test_stored_figures_are_recomputed(dataset: str, name: str):
    """From the shipped weights alone: neither data set is needed."""
    (member,) = members_of(dataset, name)
    found = measure(member.model, member.codes, load_judge(dataset, ROOT))
    require_stored(member.meta["measures"], found)


@pytest.mark.parametrize(("dataset", "name"), MODELS)
def test_every_shipped_model_has_its_figures(dataset: str, name: str):
    judge = load_judge(dataset, ROOT)
    for member in members_of(dataset, name):
        measures = member.meta["measures"]
        assert measures["version"] == MEASURES_VERSION
        assert measures["judge"] == judge.fingerprint
        assert measures["samples"] == judge.measures["samples"]
        assert tuple(measures["continuity"]) == CONTINUITY
        assert tuple(measures["information"]) == INFORMATION
        assert measures["information"]["nats"] <= measures["information"]["cap"]
        # Information is a part of the KL; both are estimates of the same test digits.
        assert measures["information"]["nats"] <= member.meta["metrics"]["kl"] + 0.05
        assert measures["completeness"].keys() == {"prior", "fitted"}
        for figures in measures["completeness"].values():
            assert tuple(figures) == COMPLETENESS
            for key in ("recognised", "coverage"):
                assert figures[f"{key}_low"] <= figures[key] <= figures[f"{key}_high"]


@pytest.fixture
def judged_zoo(small_zoo: Path, tmp_path: Path) -> Path:
    """A copy of the small zoo with the shipped judge beside it."""
    root = tmp_path / "judged"
    shutil.copytree(small_zoo, root)
    shutil.copytree(ROOT / "digits" / JUDGE, root / "digits" / JUDGE)
    return root


def test_table_json_and_store_say_the_same(judged_zoo: Path, capsys: pytest.CaptureFixture[str]):
    flags = ["measure", "vae-2d", "beta-2d", "--dataset", "digits", "--root", str(judged_zoo)]
    assert main(flags) == 0
    printed = capsys.readouterr()
    table = printed.out.splitlines()
    rows = 1 + 1 + 2 * (1 + 4)  # header, real digits, two a model and member
    assert "real digits" in table[1]
    assert max(map(len, table)) <= 100
    assert table[rows:] == ["", *LEGEND.splitlines()]
    explained = [line.split()[0] for line in LEGEND.splitlines() if line[0] != " "]
    assert explained == table[0].replace(" 95 % ", " ").split()[2:]
    assert "5 of 5 models measured in" in printed.err
    assert "measures" not in load_checkpoint("digits/vae-2d", judged_zoo).meta

    assert main([*flags, "--json", "--store"]) == 0
    real, *rows = json.loads(capsys.readouterr().out)
    assert real["completeness"]["real"] == load_judge("digits", ROOT).measures["real"]
    family = load_checkpoint("digits/beta-2d", judged_zoo)
    metas = [load_checkpoint("digits/vae-2d", judged_zoo).meta, *(m.meta for m in family.members)]
    for k, (row, meta) in enumerate(zip(rows, metas, strict=True)):
        require_stored(meta["measures"], row)
        assert row["beta"] == meta["beta"]
        assert row["kl"] == meta["metrics"]["kl"]
        assert f"{row['information']['nats']:.2f}" in table[2 + 2 * k]
        walks = row["continuity"]
        # Of walks that hardly ever change a picture nothing is said.
        keys = ("step_median", "step_p95", "jumps")
        said = [percent(walks[key]) if walks["no_change"] <= 0.5 else "-" for key in keys]
        words = " ".join(said).split()
        assert " ".join(words) in " ".join(table[2 + 2 * k].split())
        for line, codes in zip(table[2 + 2 * k :], ("prior", "fitted"), strict=False):
            figures = row["completeness"][codes]
            low, high = (100 * figures[f"recognised_{end}"] for end in ("low", "high"))
            assert codes in line
            assert f"{percent(figures['recognised'])} ({low:.0f}-{high:.0f})" in line
            assert f"{figures['effective_classes']:.1f}" in line
            assert percent(figures["coverage"]) in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["vae-2d"], "No judge in"),
        (["vae-2d"], "`python train.py --dataset digits --models judge --out "),
        ([], "NAME"),
        (["vae-2d", "--dataset", "cifar"], "'cifar'"),
        (["mnist/vae-2d"], "'mnist/vae-2d'; allowed: a model's name"),
        ([""], "allowed: a model's name"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: list[str], message: str, small_zoo: Path, capsys: pytest.CaptureFixture[str]
):
    flags = ["measure", "--root", str(small_zoo), "--dataset", "digits", *arguments]
    assert main(flags) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.strip().splitlines()) == 1
    assert printed.out == ""


@pytest.mark.parametrize(("name", "message"), [("x", "No checkpoint 'x'")])
def test_only_models_are_measured(
    name: str, message: str, judged_zoo: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["measure", name, "--dataset", "digits", "--root", str(judged_zoo)]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_a_name_may_say_its_data_set(judged_zoo: Path, capsys: pytest.CaptureFixture[str]):
    names = ["digits/vae-2d", "vae-2d"]
    flags = ["measure", *names, "--dataset", "digits", "--root", str(judged_zoo), "--json"]
    assert main(flags) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2  # real digits, and the model once


def test_what_was_measured_before_an_interruption_is_stored(
    judged_zoo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    done = []

    def measure_two(*args: object, **named: object) -> dict:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(measure(*args, **named))
        return done[-1]

    monkeypatch.setattr(metrics, "measure", measure_two)
    names = ["vae-2d", "beta-2d", "vae-20d"]
    flags = ["measure", *names, "--dataset", "digits", "--root", str(judged_zoo), "--store"]
    family = (judged_zoo / "digits/beta-2d/meta.json").read_bytes()
    assert main(flags) == 130
    printed = capsys.readouterr()
    assert "Interrupted. What was stored until here stays.\n" in printed.err
    assert "Traceback" not in printed.err
    assert "2 of 6 models measured" in printed.err
    require_stored(load_checkpoint("digits/vae-2d", judged_zoo).meta["measures"], done[0])
    assert (judged_zoo / "digits/beta-2d/meta.json").read_bytes() == family


def test_what_cannot_be_stored_is_not_measured(
    judged_zoo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def refuse(folder: Path) -> None:  # as a file system that is mounted read-only does
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(measuring, "require_writable", refuse)
    flags = ["measure", "vae-2d", "--dataset", "digits", "--root", str(judged_zoo)]
    assert main([*flags, "--store"]) == 2
    printed = capsys.readouterr()
    assert f"vae-2d cannot be written ({os.strerror(errno.EROFS)})" in printed.err
    assert "leave out --store" in printed.err
    assert printed.out == ""


def test_a_model_of_another_size_is_named(judged_zoo: Path, capsys: pytest.CaptureFixture[str]):
    shutil.copytree(ROOT / "mnist" / "kl-2d", judged_zoo / "digits" / "kl-2d")
    assert main(["measure", "kl-2d", "--dataset", "digits", "--root", str(judged_zoo)]) == 2
    message = "digits/kl-2d makes pictures of 28 x 28 pixels, but the judge beside it was trained"
    assert message in capsys.readouterr().err


def test_measures_are_not_stored_with_other_weights(judged_zoo: Path):
    found = load_checkpoint("digits/vae-2d", judged_zoo)
    measures = measure(found.model, found.codes, load_judge("digits", judged_zoo))
    path = found.path / "meta.json"
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "note": "added meanwhile"}))
    store_measures(found, [measures])
    assert load_checkpoint("digits/vae-2d", judged_zoo).meta["note"] == "added meanwhile"

    path.write_text(json.dumps({**stored, "sha256": {}}))
    with pytest.raises(CheckpointBad, match="replaced meanwhile"):
        store_measures(found, [measures])
    path.write_text(json.dumps({**stored, "note": float("nan")}))
    with pytest.raises(CheckpointBad, match="NaN or infinity"):
        store_measures(found, [measures])


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("", "continuity", None),
        ("", "completeness", [1]),
        ("continuity", "step_median", "0.01"),
        ("continuity", "no_change", float("inf")),
        ("prior", "recognised", None),
        ("information", "cap", None),
        ("fitted", "effective_classes", float("nan")),
        ("", "judge", None),
    ],
)
def test_measures_that_are_no_figures_are_named_with_the_fix(
    part: str, key: str, value: object, tmp_path: Path
):
    shutil.copytree(ROOT / "digits" / "vae-2d", tmp_path / "digits" / "vae-2d")
    path = tmp_path / "digits" / "vae-2d" / "meta.json"
    meta = json.loads(path.read_text())
    measures = meta["measures"]
    {**measures, **measures["completeness"], "": measures}[part][key] = value
    path.write_text(json.dumps(meta))
    command = f"python -m explorer measure vae-2d --dataset digits --store --root {tmp_path}"
    with pytest.raises(CheckpointBad, match=f"without a valid '.*{re.escape(command)}"):
        load_checkpoint("digits/vae-2d", tmp_path)
