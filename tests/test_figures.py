"""Figures in texts: each is the model's own, and the shipped lessons hold no typed ones."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.checkpoints import Checkpoint, Family, load_checkpoint
from explorer.figures import QUANTITIES, bad_fields, filled
from explorer.judge import load_judge
from explorer.lessons import lesson_files
from explorer.places import HOME, LESSONS
from explorer.ui.pages.beta import fixed_digits

ROOT = HOME / "checkpoints"
FIELD = re.compile(r"\{\{.*?\}\}")


def shipped(name: str) -> Checkpoint | Family:
    return load_checkpoint(f"mnist/{name}", ROOT)


def stored(name: str) -> dict:
    return json.loads((ROOT / "mnist" / name / "meta.json").read_text())


def test_fields_are_the_figures_of_meta_json():
    meta, member = stored("vae-2d"), stored("beta-2d")["members"][4]
    kl, walks = meta["metrics"]["kl"], meta["measures"]["continuity"]
    text = "{{kl vae-2d .2f}} {{active beta-2d@4 d}} {{step vae-2d %}}"
    assert member["beta"] == 4
    assert filled(text, shipped) == (
        f"{kl:.2f} {member['metrics']['active_units']} {100 * walks['step_median']:.0f}\u00a0%"
    )
    ratio = stored("reconstruction-2d")["metrics"]["kl"] / kl
    assert filled("{{kl reconstruction-2d/vae-2d .1f}}", shipped) == f"{ratio:.1f}"


def test_radii_are_those_of_the_codes():
    mu = shipped("reconstruction-2d").codes.mu.astype(float)
    radii = np.sqrt(mu[:, 0] ** 2 + mu[:, 1] ** 2)
    assert filled("{{radius reconstruction-2d .3f}}", shipped) == f"{np.median(radii):.3f}"
    outside = f"{100 * np.mean(radii > 3):.0f}\u00a0%"
    assert filled("{{outside reconstruction-2d %}}", shipped) == outside


def test_what_is_not_there_is_a_dash():
    def unmeasured(name: str) -> Checkpoint | None:
        found = shipped("vae-2d")
        meta = {key: value for key, value in found.meta.items() if key != "measures"}
        return replace(found, meta=meta) if name == "vae-2d" else None

    assert filled("{{kl none .1f}} {{step vae-2d %}}", unmeasured) == "– –"
    assert filled("{{kl vae-2d/none .1f}} {{kl vae-2d .0f}}", unmeasured) == "– 7"


@pytest.mark.parametrize(
    "text", ["{{}}", "{{kl}}", "{{kl vae-2d}}", "{{kl vae-2d .9f}}", "{{wit vae-2d .1f}}"]
)
def test_a_field_that_says_nothing_is_told(text: str):
    (problem,) = bad_fields(f"a {text} b {{{{kl vae-2d .1f}}}}")
    assert "kl vae-2d .1f" in problem or "Allowed: reconstruction, kl" in problem


@pytest.mark.parametrize("path", lesson_files(LESSONS), ids=lambda path: path.stem)
def test_lessons_take_their_figures_from_the_models(path):
    """No decimals and no shares are typed; every field has its figure."""
    text = path.read_text(encoding="utf-8").partition("## ")[2]
    assert not bad_fields(text)
    prose = [line for line in text.splitlines() if not line.startswith(("state:", "guesses:"))]
    typed = re.findall(r"\d+\.\d+|\d+\s?%", FIELD.sub("", "\n".join(prose)))
    assert typed == TYPED.get(path.stem, [])
    found = [filled(field, shipped) for field in FIELD.findall(text)]
    assert all(re.search(r"\d", figure) for figure in found)


# What no field holds: the judge's limit, and a share of spread that a test below computes.
TYPED = {"03-completeness": ["90 %"], "06-twenty-dimensions": ["18 %"]}


def test_every_quantity_is_one_of_a_shipped_model():
    for name in QUANTITIES:
        assert re.search(r"\d", filled(f"{{{{{name} vae-2d .3f}}}}", shipped)), name


def test_the_plane_of_the_dimensions_lesson_holds_so_much_of_the_spread():
    mu = shipped("vae-20d").codes.mu.astype(float)
    spread = np.linalg.eigvalsh(np.cov(mu.T))
    assert round(100 * spread[-2:].sum() / spread.sum()) == 18


def read_by_the_judge(family: Family, beta: float, digits: list[int]) -> list[int]:
    member = family.at(beta)
    judge = load_judge(family.name.split("/")[0], ROOT)
    pictures = member.model.decode(torch.from_numpy(member.codes.mu[digits]))
    return judge.judge(pictures).labels.tolist()


def test_the_digits_of_the_collapse_lesson_are_read_as_it_says():
    """All eight at beta 1 and 4; 0, 1, 3 and 7 at beta 13. One unit at 24, none at 32."""
    family = shipped("beta-2d")
    digits = fixed_digits(family.at(1))
    assert family.at(1).codes.labels[digits].tolist() == list(range(8))
    for beta in (0, 1, 4):
        assert read_by_the_judge(family, beta, digits) == list(range(8))
    right = [n for n, read in enumerate(read_by_the_judge(family, 13, digits)) if n == read]
    assert right == [0, 1, 3, 7]
    active = [family.at(beta).meta["metrics"]["active_units"] for beta in (18, 24, 32)]
    assert active == [2, 1, 0]
