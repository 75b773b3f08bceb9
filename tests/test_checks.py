"""Every way in which a checkpoint's meta.json can be bad, and the sentence that says so."""

from pathlib import Path

import pytest

from explorer.errors import CheckpointBad
from tests.damage import META, Damage, edit_meta, require_named


def edit_model(path: Path, **changes: object):
    edit_meta(path, model={"height": 8, "width": 8, "latent_dims": 2, "hidden": [4]} | changes)


def edit_metrics(path: Path, **changes: object):
    edit_meta(path, metrics={"negative_elbo": 30.0} | changes)


DAMAGE: dict[str, Damage] = {
    "malformed JSON": (
        lambda p: (p / META).write_text("{"),
        CheckpointBad,
        r"meta\.json is not valid JSON",
    ),
    "meta of bytes": (
        lambda p: (p / META).write_bytes(b"\xff\xfe\x00"),
        CheckpointBad,
        "not valid",
    ),
    "JSON of another kind": (lambda p: (p / META).write_text("[1]"), CheckpointBad, "JSON list"),
    "unknown format version": (
        lambda p: edit_meta(p, format_version=99),
        CheckpointBad,
        "format version 99.*reads 1",
    ),
    "no model in meta": (lambda p: edit_meta(p, model="DROP"), CheckpointBad, "'model'"),
    "nonsense model in meta": (
        lambda p: edit_meta(p, model={"height": -1, "width": 8, "latent_dims": 2, "hidden": [4]}),
        CheckpointBad,
        "no valid network",
    ),
    "beta of the wrong kind": (lambda p: edit_meta(p, beta="one"), CheckpointBad, "'beta'"),
    "beta that is no number but true": (lambda p: edit_meta(p, beta=True), CheckpointBad, "'beta'"),
    "beta that no float holds": (lambda p: edit_meta(p, beta=10**400), CheckpointBad, "'beta'"),
    "a number without end": (
        lambda p: (p / META).write_text('{"beta": ' + 9999 * "1" + "}"),
        CheckpointBad,
        "not valid JSON",
    ),
    "JSON that is nested without end": (
        lambda p: (p / META).write_text(99999 * "["),
        CheckpointBad,
        "not valid JSON",
    ),
    "no objective": (lambda p: edit_meta(p, objective={}), CheckpointBad, "a reconstruction"),
    "no metrics": (lambda p: edit_meta(p, metrics="DROP"), CheckpointBad, "'negative_elbo'"),
    "a meta that is larger than any": (
        lambda p: (p / META).write_text(" " * (2**22 + 1)),
        CheckpointBad,
        "4,194,305 bytes; allowed: 4,194,304",
    ),
    "a million layers": (
        lambda p: edit_model(p, hidden=[4] * 1_000_000),
        CheckpointBad,
        r"hidden is \(4, 4, .*\.\.\.; allowed: at most 16 whole numbers from 1 to 8192",
    ),
    "a layer without end": (lambda p: edit_model(p, hidden=[10**9]), CheckpointBad, "to 8192"),
    "half a unit": (lambda p: edit_model(p, hidden=[4.5]), CheckpointBad, "whole numbers"),
    "a layer of words": (lambda p: edit_model(p, hidden=["x"]), CheckpointBad, "whole numbers"),
    "too many dimensions": (lambda p: edit_model(p, latent_dims=10**6), CheckpointBad, "to 512"),
    "an image that is too large": (lambda p: edit_model(p, height=10**6), CheckpointBad, "to 256"),
    "true for a width": (lambda p: edit_model(p, width=True), CheckpointBad, "to 256"),
    "an unknown setting": (lambda p: edit_model(p, **{"![x](//y)": 1}), CheckpointBad, "network"),
    "a format version of a thousand letters": (
        lambda p: edit_meta(p, format_version=1000 * "v"),
        CheckpointBad,
        r"version 'v{79}\.\.\.;",
    ),
    "figures of another number of dimensions": (
        lambda p: edit_metrics(p, kl_per_dimension=[1.0]),
        CheckpointBad,
        "no list of 2 finite numbers as 'kl_per_dimension'",
    ),
    "words for figures": (
        lambda p: edit_metrics(p, reconstruction="low"),
        CheckpointBad,
        "no finite 'reconstruction'",
    ),
    "a history of words": (lambda p: edit_meta(p, history=["x"]), CheckpointBad, "list of epochs"),
    "a thousand members": (
        lambda p: edit_meta(p, members=1000 * [{}]),
        CheckpointBad,
        "1 to 100 members",
    ),
    "members whose betas fall": (
        lambda p: edit_meta(
            p, members=[{"beta": beta, "metrics": {"negative_elbo": 1}} for beta in (2, 1)]
        ),
        CheckpointBad,
        "do not rise",
    ),
    "members that are no list": (lambda p: edit_meta(p, members={}), CheckpointBad, "'members'"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_with_the_file_and_the_fix(kind: str, small_zoo: Path, tmp_path: Path):
    require_named(DAMAGE[kind], small_zoo, tmp_path)
