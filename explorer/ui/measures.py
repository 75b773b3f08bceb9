"""Continuity, completeness and information of stored models, as pages show them.

The figures stand in each checkpoint's meta.json; one that has none is named with the command that
measures it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from explorer.checkpoints import Checkpoint
from explorer.fixes import can_train, measure_command, train_command
from explorer.places import JUDGE, checkpoint_root
from explorer.ui.judged import judge_of

NONE = "–"
REAL_DIGITS = "Real digits"


def measures_of(checkpoint: Checkpoint) -> Mapping[str, Any] | None:
    """The stored measures of a model or of a family's member.

    None where it has none, or has another judge's than the one that stands beside it: what that one
    said of the real digits could not be shown with them.
    """
    measures = checkpoint.meta.get("measures")
    judge = judge_of(checkpoint.name.split("/")[0])
    if measures is None or judge is None or measures["judge"] == judge.fingerprint:
        return measures
    return None


def real_digits(dataset: str) -> Mapping[str, float] | None:
    """The completeness of real training digits against real test digits; None without a judge."""
    judge = judge_of(dataset)
    return None if judge is None else judge.measures["real"]


def unmeasured(dataset: str, names: Sequence[str]) -> str:
    """What to say of models without measures by the present judge, with the commands for them."""
    root = checkpoint_root()
    measure = f"`{measure_command(dataset, names, root)}`"
    if not can_train(dataset, [JUDGE]):
        return f"Continuity and completeness are not measured: {dataset} has no judge."
    if judge_of(dataset) is None:
        return (
            "Continuity and completeness are not measured: there is no judge yet. Train it with "
            f"`{train_command(dataset, root, [JUDGE])}`, then measure them with {measure}."
        )
    return (
        "Continuity and completeness are not measured yet by the judge that is here. Measure them "
        f"with {measure}."
    )


def measures_table(models: Mapping[str, Checkpoint], real: Mapping[str, float] | None) -> str:
    """Rows of the models, by title, and of real digits, as HTML; all of them are measured."""
    head = "".join(
        f'<th scope="col" title="{escape(hint)}">{title}<small>{unit}</small></th>'
        for title, unit, hint in _COLUMNS
    )
    rows = [(title, _cells(checkpoint)) for title, checkpoint in models.items()]
    if real is not None:
        rows.append((REAL_DIGITS, _real_cells(real)))
    body = "".join(
        f'<tr data-testid="measures-row" data-row="{escape(title)}">'
        f'<th scope="row">{escape(title)}{_note(title)}</th>{"".join(cells)}</tr>'
        for title, cells in rows
    )
    return f"""
<style>{_CSS}</style>
<div class="measures" data-testid="measures" tabindex="0" role="region"
  aria-label="Continuity, completeness and information of the three models">
<table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>
<details class="measures-words"><summary>What the columns say</summary><dl>{_words()}</dl></details>
"""


def _note(title: str) -> str:
    return "<small>in place of samples</small>" if title == REAL_DIGITS else ""


def _words() -> str:
    """The columns' hints once more: a finger and the keyboard cannot hover."""
    return "".join(
        f"<dt>{title}, {unit}</dt><dd>{escape(hint)}</dd>" for title, unit, hint in _COLUMNS
    )


_COLUMNS = (
    (
        "Change",
        "a step of 0.1",
        "Continuity: how much the picture changes over a step of 0.1, as a share of the change "
        "between two prior samples. Small is continuous; a constant decoder has 0.",
    ),
    (
        "Stretch",
        "median",
        "Continuity, locally: the change of the picture for a unit of z in the direction of the "
        "strongest change, the median over the prior.",
    ),
    (
        "Coverage",
        "on N(0, I)",
        "Completeness: the share of real test digits that have a decoded prior sample among "
        "their nearest neighbours, with its 95 % interval.",
    ),
    (
        "Coverage",
        "fitted Gaussian",
        "The same with samples of a Gaussian fitted to the model's own codes: fair to a loss "
        "without KL, which is never told where the prior is.",
    ),
    (
        "p > 0.9",
        "of samples",
        "The share of prior samples of which the judge is sure. It may be sure of noise: read it "
        "beside the coverage only.",
    ),
    (
        "Classes",
        "of 10",
        "How many classes the prior samples are spread over: exp of the entropy of the counts.",
    ),
    ("KL", "nats", "Information: how much a code says about its digit."),
    ("Active", "units", "Dimensions whose posterior mean moves with the image."),
)


def _cell(key: str, value: float | None, text: str, interval: str = "") -> str:
    if value is None:
        return f"<td>{NONE}</td>"
    small = f"<small>{interval}</small>" if interval else ""
    return f'<td data-key="{key}" data-value="{value!r}">{text}{small}</td>'


def _coverage(key: str, found: Mapping[str, float]) -> str:
    interval = f"{found['coverage_low']:.3f} to {found['coverage_high']:.3f}"
    return _cell(key, found["coverage"], f"{found['coverage']:.3f}", interval)


def _completeness(prior: Mapping[str, float], fitted: str) -> list[str]:
    share, classes = prior["confident_share"], prior["effective_classes"]
    return [
        _coverage("prior-coverage", prior),
        fitted,
        _cell("confident-share", share, f"{100 * share:.0f} %"),
        _cell("effective-classes", classes, f"{classes:.1f}"),
    ]


def _cells(checkpoint: Checkpoint) -> list[str]:
    measures, metrics = checkpoint.meta["measures"], checkpoint.meta["metrics"]
    continuity, completeness = measures["continuity"], measures["completeness"]
    change, stretch = continuity["change"], continuity.get("stretch_median")
    return [
        _cell("change", change, f"{change:.4f}"),
        _cell("stretch", stretch, NONE if stretch is None else f"{stretch:.3g}"),
        *_completeness(completeness["prior"], _coverage("fitted-coverage", completeness["fitted"])),
        _cell("kl", metrics["kl"], f"{metrics['kl']:.2f}"),
        _cell("active-units", metrics["active_units"], str(metrics["active_units"])),
    ]


def _real_cells(real: Mapping[str, float]) -> list[str]:
    none = _cell("", None, "")
    return [none, none, *_completeness(real, none), none, none]


_CSS = """
.measures { overflow-x: auto; max-width: 66rem; }
.measures table { border-collapse: collapse; width: 100%; margin: 0;
  font-variant-numeric: tabular-nums; }
.measures :is(td, th) { border: 0; padding: 0.3rem 0.5rem; text-align: right;
  vertical-align: top; font-size: 1rem; white-space: nowrap; }
.measures th { font-weight: 600; }
.measures thead th[title] { text-decoration: underline dotted; text-underline-offset: 0.2em;
  cursor: help; }
.measures tbody tr { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.measures tbody th { text-align: left; padding-left: 0; }
.measures-words { margin-top: 0.5rem; }
.measures-words summary { cursor: pointer; }
.measures-words dt { font-weight: 600; margin-top: 0.4rem; }
.measures-words dd { margin: 0; }
.measures small { display: block; font-size: 0.85rem; font-weight: 400; opacity: 0.75; }
"""
