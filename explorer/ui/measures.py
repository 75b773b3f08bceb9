"""Completeness, continuity and information of stored models, as pages show them.

The figures stand in each checkpoint's meta.json; one that has none is named with the command that
measures it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from explorer.checkpoints import Checkpoint
from explorer.checks import MEASURES_VERSION
from explorer.fixes import can_train, measure_command, train_command
from explorer.places import JUDGE, checkpoint_root
from explorer.ui.judged import judge_of
from explorer.walks import usual_step
from explorer.written import is_at_cap, percent

NONE = "–"
NO_CHANGE = "no change"
REAL_DIGITS = "Real digits"


def measures_of(checkpoint: Checkpoint) -> Mapping[str, Any] | None:
    """The stored measures of a model or of a family's member.

    None where it has none, has those of another version, which meant other things, or another
    judge's than the one that stands beside it: what that one said of the real digits could not be
    shown with them.
    """
    measures = checkpoint.meta.get("measures")
    if measures is None or measures.get("version") != MEASURES_VERSION:
        return None
    judge = judge_of(checkpoint.name.split("/")[0])
    return measures if judge is None or measures["judge"] == judge.fingerprint else None


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
        "Completeness and continuity are not measured yet by the judge that is here. Measure them "
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
        samples = next(iter(models.values())).meta["measures"]["samples"]
        rows.append((REAL_DIGITS, _real_cells(real, samples)))
    body = "".join(
        f'<tr data-testid="measures-row" data-row="{escape(title)}">'
        f'<th scope="row">{escape(title)}{_note(title)}</th>{"".join(cells)}</tr>'
        for title, cells in rows
    )
    return f"""
<style>{_CSS}</style>
<div class="measures" data-testid="measures" tabindex="0" role="region"
  aria-label="Completeness, continuity and information of the three models">
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
        "Recognised",
        "of N(0, I)",
        "Completeness: the share of the prior's samples that the judge reads as one of the ten "
        "classes with a probability above 0.9, and its 95 % interval. Noise and grey are read as "
        "“no digit”.",
    ),
    (
        "Recognised",
        "fitted Gaussian",
        "The same for samples of a Gaussian fitted to the model's own codes: fair to a loss "
        "without KL, which is never told where the prior is.",
    ),
    (
        "Classes",
        "of 10",
        "Over how many classes the recognised samples of the prior are spread: exp of the entropy "
        "of their counts.",
    ),
    (
        "Largest step",
        "median",
        "Continuity: on straight walks between test digits of different classes, the largest of "
        "100 steps of the picture as a share of the distance between both ends; the median of the "
        "walks, and what 95 % of them stay below. An even walk has 1 %.",
    ),
    (
        "Jumps",
        "above 25 %",
        "The share of those walks on which one of the 100 steps makes more than a quarter of the "
        "way.",
    ),
    (
        "Information",
        "nats",
        "How much a code says about which of the test pictures it came from, I(x; z), estimated "
        "from them. The estimate cannot be larger than ln of their number.",
    ),
    (
        "KL",
        "nats",
        "Information plus mismatch: how far all codes together are from the prior. Where the "
        "codes leave the prior, it is far more than the information.",
    ),
    ("Active", "units", "Dimensions whose posterior mean moves with the image."),
    (
        "Diversity",
        "of real digits",
        "Coverage: the share of real test digits that have one of as many samples of the prior "
        "among their nearest neighbours, in the judge's features. It asks for pictures as sharp as "
        "real ones, and grows with the number of samples.",
    ),
)


def _cell(key: str, value: float | None, text: str, small: str = "") -> str:
    """A figure with what stands below it; where there is none, the words instead of it."""
    data = "" if value is None else f' data-value="{value!r}"'
    below = f"<small>{escape(small)}</small>" if small else ""
    return f'<td data-key="{key}"{data}>{escape(text)}{below}</td>'


def _recognised(key: str, found: Mapping[str, float]) -> str:
    low, high = (f"{100 * found[f'recognised_{end}']:.0f}" for end in ("low", "high"))
    return _cell(key, found["recognised"], percent(found["recognised"]), f"{low} to {high}")


def _classes(found: Mapping[str, float]) -> str:
    classes = found["effective_classes"]
    return _cell("effective-classes", classes, f"{classes:.1f}" if classes else "0")


def _diversity(found: Mapping[str, float], samples: int) -> str:
    return _cell("coverage", found["coverage"], percent(found["coverage"]), f"{samples:,} samples")


def _walks(found: Mapping[str, Any]) -> list[str]:
    step = usual_step(found)
    if step is None:
        return [_cell("step", None, NO_CHANGE), _cell("jumps", None, NONE)]
    return [
        _cell(
            "step",
            step,
            percent(step),
            f"95 %: {percent(found['step_p95'])}",
        ),
        _cell("jumps", found["jumps"], percent(found["jumps"])),
    ]


def _information(found: Mapping[str, float]) -> str:
    digits = round(math.exp(found["cap"]))
    cap = f"at its cap, ln {digits:,}" if is_at_cap(found) else ""
    return _cell("information", found["nats"], f"{found['nats']:.2f}", cap)


def _cells(checkpoint: Checkpoint) -> list[str]:
    measures, metrics = checkpoint.meta["measures"], checkpoint.meta["metrics"]
    prior, fitted = (measures["completeness"][codes] for codes in ("prior", "fitted"))
    return [
        _recognised("prior-recognised", prior),
        _recognised("fitted-recognised", fitted),
        _classes(prior),
        *_walks(measures["continuity"]),
        _information(measures["information"]),
        _cell("kl", metrics["kl"], f"{metrics['kl']:.2f}"),
        _cell("active-units", metrics["active_units"], str(metrics["active_units"])),
        _diversity(prior, measures["samples"]),
    ]


def _real_cells(real: Mapping[str, float], samples: int) -> list[str]:
    none = f"<td>{NONE}</td>"
    recognised = _recognised("prior-recognised", real)
    return [recognised, none, _classes(real), *[none] * 5, _diversity(real, samples)]


_CSS = """
.measures { overflow-x: auto; max-width: 66rem; }
.measures table { border-collapse: collapse; width: 100%; margin: 0;
  font-variant-numeric: tabular-nums; }
.measures :is(td, th) { border: 0; padding: 0.3rem 0.34rem; text-align: right;
  vertical-align: top; font-size: 0.9375rem; white-space: nowrap; }
.measures th { font-weight: 600; }
.measures thead th[title] { text-decoration: underline dotted; text-underline-offset: 0.2em;
  cursor: help; }
.measures tbody tr { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.measures tbody th { text-align: left; padding-left: 0; width: 8rem; white-space: normal; }
.measures-words { margin-top: 0.5rem; }
.measures-words summary { cursor: pointer; }
.measures-words dt { font-weight: 600; margin-top: 0.4rem; }
.measures-words dd { margin: 0; }
.measures td small { max-width: 6rem; margin-left: auto; white-space: normal; }
.measures small { display: block; font-size: 0.85rem; font-weight: 400; opacity: 0.75; }
"""
