"""`python -m explorer evaluate`: what it prints is what is stored, for users and for programs."""

import json
from pathlib import Path

import pytest

from explorer.checkpoints import load_checkpoint
from explorer.cli import main


def test_table_and_json_recompute_the_stored_metrics(
    small_zoo: Path, capsys: pytest.CaptureFixture[str]
):
    names = ["vae-2d", "beta-2d", "digits/vae-2d"]  # once each
    flags = ["evaluate", *names, "--dataset", "digits", "--root", str(small_zoo)]
    assert main(flags) == 0
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 1 + 1 + 4  # header, model, four members
    assert main([*flags, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    family = load_checkpoint("digits/beta-2d", small_zoo)
    metas = [load_checkpoint("digits/vae-2d", small_zoo).meta] + [m.meta for m in family.members]
    for row, meta, line in zip(rows, metas, table[1:], strict=True):
        assert row["beta"] == meta["beta"]
        assert f"{row['negative_elbo']:.2f}" in line
        for key, stored in meta["metrics"].items():
            assert row[key] == pytest.approx(stored, abs=1e-3), key


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "x", "--root", "."], "No checkpoint 'x'"),
        (["evaluate"], "NAME"),
        (["evaluate", "vae-2d", "--dataset", "cifar"], "'cifar'"),
        (["assess"], "'assess'"),
        ([], "command"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.strip().splitlines()) == 1
    assert printed.out == ""
