"""`python -m explorer measure`: completeness, continuity and information of models in one table.

Every figure of completeness has the real digits' own beside it; `explorer.metrics.measure` says
what is computed. It needs no data set, but for the name "judge": the real digits themselves, whose
figures come from the images.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.checkpoints import Checkpoint, Family, load_checkpoint, store_measures
from explorer.errors import BadSetting
from explorer.files import require_writable
from explorer.judge import Judge, load_judge, store_judge_measures
from explorer.places import JUDGE
from explorer.progress import MeasureProgress
from explorer.walks import usual_step
from explorer.written import is_at_cap, percent

CODES = ("prior", "fitted")  # where the samples of completeness come from
_START = 21  # columns of the model's name and beta
_SAMPLED = 39  # columns of codes and completeness; the whole table has at most 100
HEADER = (
    f"{'model':17}{'beta':>4}  {'codes':7}{'recognised':>15}{'classes':>8}{'coverage':>9}"
    f"{'step':>7}{'95 %':>6}{'jumps':>6}{'info':>6}{'KL':>6}{'active':>7}"
)
LEGEND = """\
codes       what is decoded: samples of N(0, I), or of a Gaussian fitted to the test digits' codes
recognised  completeness: share of samples that the judge reads as one of the ten classes, and not
            as "no digit", with p > 0.9, and its 95 % interval; real digits show what can be reached
classes     over how many of the ten classes the recognised samples spread
coverage    diversity against real digits: share of them with a sample nearer than their 5th nearest
            real digit; it grows with the number of samples, which is that of the test digits
step        continuity: on straight walks between test digits of different classes, the largest of
            100 steps as a share of the distance between both end pictures; the median of 1,000
            walks, and what 95 % of them stay below; "-" where most walks end as they begin
jumps       share of those walks with a step above 25 %
info        information I(x; z), nats a digit, estimated from the test digits; "^" marks the cap, ln
            of their number: it may be more
KL          information plus the mismatch of all codes together with the prior, nats a digit
active      units whose posterior mean moves with the image"""


def measure_checkpoints(flags: argparse.Namespace) -> list[dict[str, Any]]:
    """One dict a model or member, real digits first; the table is printed without `flags.json`.

    With `flags.store` each model's figures, and a family's all at once, are written when they are
    there, so that nothing is lost where a later one fails.
    """
    judge = load_judge(flags.dataset, flags.root)
    names = list(dict.fromkeys(flags.names))
    found = [load_checkpoint(f"{flags.dataset}/{n}", flags.root) for n in names if n != JUDGE]
    for checkpoint in found:
        _require_measurable(checkpoint, judge)
    for folder in [judge.path] * (JUDGE in names) + [checkpoint.path for checkpoint in found]:
        if flags.store:
            _require_storable(folder)
    rows = [real_row(judge, _measured_judge(judge, flags) if JUDGE in names else judge.measures)]
    members = [[c] if c.betas is None else c.members for c in found]
    if not flags.json:
        print(f"{HEADER}\n{format_real(rows[0])}", flush=True)
    from explorer.metrics import measure

    progress = MeasureProgress(sum(map(len, members)))
    try:
        for checkpoint, its_members in zip(found, members, strict=True):
            measures = []
            for member in its_members:
                label = _label(member)
                begin = partial(progress.begin, label)
                measures.append(measure(member.model, member.codes, judge, begin=begin))
                progress.model(label)
                rows.append(model_row(member, measures[-1]))
                if not flags.json:
                    progress.row(format_row(rows[-1]))
            if flags.store:
                store_measures(checkpoint, measures)
    finally:
        progress.close()
    if not flags.json:
        print(f"\n{LEGEND}")
    return rows


def _measured_judge(judge: Judge, flags: argparse.Namespace) -> Mapping[str, Any]:
    """The judge's figures from real digits, stored where that is asked for."""
    from explorer.data import load_dataset
    from explorer.judge_build import judge_measures

    data = load_dataset(flags.dataset, flags.data_root)
    measures = judge_measures(judge.network, data, judge.real_features, judge.radii)
    if flags.store:
        store_judge_measures(judge, measures)
    return measures


def _require_measurable(found: Checkpoint | Family, judge: Judge) -> None:
    made, judged = (
        f"{m['height']} x {m['width']}" for m in (found.meta["model"], judge.meta["model"])
    )
    if made != judged:
        raise BadSetting(
            f"{found.name} makes pictures of {made} pixels, but the judge beside it was trained on "
            f"{judged}. Move the model to the folder of its own data set."
        )


def _require_storable(folder: Path) -> None:
    """Raises BadSetting before minutes of measuring rather than after them."""
    try:
        require_writable(folder)
    except OSError as error:
        raise BadSetting(
            f"{folder} cannot be written ({error.strerror}), so --store would store nothing. "
            "Mend that, or leave out --store."
        ) from error


def real_row(judge: Judge, measures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of real digits that the judge was not trained on, against real test digits."""
    return {
        "name": f"{judge.dataset}/real digits",
        "samples": measures["samples"],
        "completeness": {"real": measures["real"]},
    }


def model_row(member: Checkpoint, measures: Mapping[str, Any]) -> dict[str, Any]:
    """What is measured of a model, and the information that its metrics hold beside it."""
    metrics = {key: member.meta["metrics"].get(key) for key in ("kl", "active_units")}
    return {"name": member.name, "beta": member.beta, **metrics, **measures}


def _label(member: Checkpoint) -> str:
    return member.name if member.index is None else f"{member.name} beta {member.beta:g}"


def format_real(row: Mapping[str, Any]) -> str:
    """The line of the real digits."""
    return f"{_model(row):{_START}}  {'-':7}{_completeness(row['completeness']['real'])}"


def format_row(row: Mapping[str, Any]) -> str:
    """Two lines, one for each Gaussian that codes are drawn from."""
    walks, information = row["continuity"], row["information"]
    nats = f"{information['nats']:.2f}{'^' * is_at_cap(information)}"
    step = usual_step(walks)
    tail = (None, None) if step is None else (walks["step_p95"], walks["jumps"])
    first, second = (f"{codes:7}{_completeness(row['completeness'][codes])}" for codes in CODES)
    return (
        f"{_model(row):17}{row['beta']:4g}  {first:{_SAMPLED}}{_share(step, 7)}"
        f"{_share(tail[0], 6)}{_share(tail[1], 6)}{nats:>6}"
        f"{_number(row['kl'], 6, 1)}{_number(row['active_units'], 7, 0)}"
        f"\n{'':{_START}}  {second}"
    )


def _model(row: Mapping[str, Any]) -> str:
    """The name without its data set, which all rows share."""
    return row["name"].partition("/")[2]


def _number(value: float | None, width: int, decimals: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{decimals}f}"


def _share(value: float | None, width: int) -> str:
    return f"{'-' if value is None else percent(value):>{width}}"


def _completeness(figures: Mapping[str, float]) -> str:
    low, high = (f"{100 * figures[f'recognised_{end}']:.0f}" for end in ("low", "high"))
    recognised = f"{percent(figures['recognised'])} ({low}-{high})"
    return f"{recognised:>15}{figures['effective_classes']:8.1f}{_share(figures['coverage'], 9)}"
