"""`python -m explorer measure`: continuity and completeness of models in one table.

Every figure of completeness has the real digits' own beside it, and a share of confident samples
never stands without coverage; `explorer.metrics.measure` says what is computed.
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
from explorer.judge import Judge, load_judge
from explorer.progress import MeasureProgress

CODES = ("prior", "fitted")  # where the samples of completeness come from
_START = 58  # columns up to the codes; the whole table has 100
HEADER = (
    f"{'model':17}{'beta':>4}{'KL':>7}{'active':>7}{'change':>8}{'stretch':>8}{'area':>7}"
    f"  {'codes':7}{'coverage (95 %)':19}{'p>0.9':>6}{'classes':>8}"
)
LEGEND = """\
KL        nats a digit, with the number of active units: what the codes say of the digits; at 0 the
          decoder ignores them, and change compares next to nothing with next to nothing
change    continuity: how much the picture changes over a step of 0.1, as a share of the change
          between any two codes of the prior; low is smooth (0.00250 for a linear decoder in 2-D)
stretch   the picture's change per unit of z in the direction in which it is largest; area: that of
          the patch of pictures that a unit of the plane becomes; medians over the plane, 2-D only
codes     what is decoded: codes of the prior N(0, I), or of a Gaussian fitted to the test digits'
coverage  completeness: share of real test digits with a sample nearer than their 5th nearest real
          digit, and its 95 % interval; high is complete, real digits show what can be reached
p>0.9     share of samples of which the judge is sure: of noise too, so read the coverage first
classes   over how many classes the samples spread, 1 to 10"""


def measure_checkpoints(flags: argparse.Namespace) -> list[dict[str, Any]]:
    """One dict a model or member, real digits first; the table is printed without `flags.json`.

    With `flags.store` each model's figures, and a family's all at once, are written when they are
    there, so that nothing is lost where a later one fails.
    """
    judge = load_judge(flags.dataset, flags.root)
    found = [
        load_checkpoint(f"{flags.dataset}/{name}", flags.root)
        for name in dict.fromkeys(flags.names)
    ]
    for checkpoint in found:
        _require_measurable(checkpoint, judge)
        if flags.store:
            _require_storable(checkpoint.path)
    members = [[c] if c.betas is None else c.members for c in found]
    rows = [real_row(judge)]
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
                measures.append(measure(member.model, member.codes.mu, judge, begin=begin))
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


def real_row(judge: Judge) -> dict[str, Any]:
    """The figures of real digits that the judge was not trained on, against real test digits."""
    return {
        "name": f"{judge.dataset}/real digits",
        "completeness": {"real": judge.measures["real"]},
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
    local = row["continuity"]
    first = (
        f"{_model(row):17}{row['beta']:4g}{_number(row['kl'], 7, 2)}"
        f"{_number(row['active_units'], 7, 0)}{local['change']:8.5f}"
        f"{_number(local.get('stretch_median'), 8)}{_number(local.get('area_median'), 7)}"
    )
    lines = [
        f"{start:{_START}}  {codes:7}{_completeness(row['completeness'][codes])}"
        for start, codes in zip((first, ""), CODES, strict=True)
    ]
    return "\n".join(lines)


def _model(row: Mapping[str, Any]) -> str:
    """The name without its data set, which all rows share."""
    return row["name"].partition("/")[2]


def _number(value: float | None, width: int, decimals: int | None = None) -> str:
    """A figure with so many decimals, by default as many as its size asks for; "-" for none."""
    if value is None:
        return f"{'-':>{width}}"
    if decimals is None:
        decimals = 1 if value >= 10 else 3
    return f"{value:{width}.{decimals}f}"


def _completeness(figures: Mapping[str, float]) -> str:
    interval = f"({figures['coverage_low']:.3f}-{figures['coverage_high']:.3f})"
    return (
        f"{figures['coverage']:.3f} {interval}{figures['confident_share']:6.3f}"
        f"{figures['effective_classes']:8.2f}"
    )
