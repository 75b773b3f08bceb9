"""`python -m explorer measure`: continuity and completeness of models in one table.

Every figure of completeness has the real digits' own beside it, and a share of confident samples
never stands without coverage; `explorer.metrics.measure` says what is computed.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from explorer.checkpoints import Checkpoint, load_checkpoint, store_measures
from explorer.judge import Judge, load_judge
from explorer.progress import MeasureProgress

CODES = {"prior": "N(0, I)", "fitted": "fitted"}  # where the samples of completeness come from
HEADER = (
    f"{'model':24}{'beta':>6}{'KL':>8}{'active':>7}{'change':>8}{'stretch':>9}{'p95':>7}{'area':>8}"
    f"  {'codes':10}{'coverage':>8}  {'95 % interval':15}{'p > 0.9':>7}{'classes':>9}"
)


def measure_checkpoints(flags: argparse.Namespace) -> list[dict[str, Any]]:
    """One dict a model or member, real digits first; the table is printed without `flags.json`."""
    judge = load_judge(flags.dataset, flags.root)
    found = [
        load_checkpoint(f"{flags.dataset}/{name}", flags.root)
        for name in dict.fromkeys(flags.names)
    ]
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
                progress.begin(label)
                measures.append(measure(member.model, member.codes.mu, judge))
                progress.model(label)
                rows.append(model_row(member, measures[-1]))
                if not flags.json:
                    print(format_row(rows[-1]), flush=True)
            if flags.store:
                store_measures(checkpoint, measures)
    finally:
        progress.close()
    return rows


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
    return f"{row['name']:77}  {'-':10}{_completeness(row['completeness']['real'])}"


def format_row(row: Mapping[str, Any]) -> str:
    """Two lines, one for each Gaussian that codes are drawn from."""
    kl, active = (
        f"{row[key]:{kind}}" if row[key] is not None else "-" for key, kind in _INFORMATION
    )
    local = row["continuity"]
    figures = "".join(
        f"{local[key]:{width}.1f}" if key in local else f"{'-':>{width}}"
        for key, width in (("stretch_median", 9), ("stretch_p95", 7), ("area_median", 8))
    )
    first = f"{row['name']:24}{row['beta']:6g}{kl:>8}{active:>7}{local['change']:8.4f}{figures}"
    lines = [
        f"{start:77}  {codes:10}{_completeness(row['completeness'][key])}"
        for start, (key, codes) in zip((first, ""), CODES.items(), strict=True)
    ]
    return "\n".join(lines)


_INFORMATION = (("kl", ".2f"), ("active_units", "d"))


def _completeness(figures: Mapping[str, float]) -> str:
    interval = f"{figures['coverage_low']:.4f}-{figures['coverage_high']:.4f}"
    return (
        f"{figures['coverage']:8.4f}  {interval:15}{figures['confident_share']:7.3f}"
        f"{figures['effective_classes']:9.2f}"
    )
