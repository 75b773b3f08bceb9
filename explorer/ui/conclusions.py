"""What measured figures come to, in one sentence, whichever models they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.walks import usual_step
from explorer.written import is_at_cap, listed, percent

Measures = Mapping[str, Any]  # of a model, as `explorer.metrics.measure` gives them
NO_INFORMATION = 0.005  # nats: written as 0.00


def _recognised(measures: Measures) -> float:
    return measures["completeness"]["prior"]["recognised"]


def _step(measures: Measures) -> float | None:
    return usual_step(measures["continuity"])


def _is_as_good(measures: Measures, best: Measures) -> bool:
    """Whether a share of samples lies within the error of the best one's."""
    low = best["completeness"]["prior"]["recognised_low"]
    return measures["completeness"]["prior"]["recognised_high"] >= low


def _nats(measures: Measures) -> str:
    information = measures["information"]
    return f"{information['nats']:.2f}{' (its cap)' if is_at_cap(information) else ''}"


def _spread(measures: Measures) -> str:
    """A share of samples, and over how many classes they are spread."""
    share = _recognised(measures)
    classes = measures["completeness"]["prior"]["effective_classes"]
    return percent(share) + (f", spread over {classes:.1f} classes" if share else "")


def compared(models: Mapping[str, Measures]) -> str:
    """The conclusion of a table of models, by title: whom the judge reads, who jumps, who knows.

    Each title stands in it once a part, with its own figure.
    """
    best = max(_recognised(m) for m in models.values())
    if best == 0:
        return "The judge recognises no sample of the prior in any of them."
    ranked = sorted(models, key=lambda title: -_recognised(models[title]))
    shares = [f"{title} ({_spread(models[title])})" for title in ranked]
    is_close = len(ranked) > 1 and _is_as_good(models[ranked[1]], models[ranked[0]])
    first = 2 if is_close else 1
    parts = [
        f"The judge recognises most samples of {listed(shares[:first])}"
        + (f", fewer of {listed(shares[first:])}" if shares[first:] else "")
    ]
    moving = sorted(
        (title for title in models if _step(models[title]) is not None),
        key=lambda title: _step(models[title]),
    )
    if moving:
        steps = [f"{title} ({percent(_step(models[title]))})" for title in moving]
        parts.append(
            f"walks have the smallest steps in {steps[0]}"
            + (f", larger ones in {listed(steps[1:])}" if steps[1:] else "")
        )
    if still := [title for title in models if title not in moving]:
        verb = "do" if len(still) > 1 else "does"
        parts.append(
            f"{listed(still)} {verb} not change on most walks, which is nothing good: "
            f"{'their codes carry' if len(still) > 1 else 'its codes carry'} "
            f"{listed([_nats(models[title]) for title in still])} nats of information"
        )
    return "; ".join(parts) + "."


def over_beta(betas: Sequence[float], members: Sequence[Measures]) -> str:
    """The conclusion of a family: the best beta for samples, and how walk and information go."""
    shares = [_recognised(m) for m in members]
    best = shares.index(max(shares))
    if shares[best] == 0:
        return "The judge recognises no sample of the prior of any member."
    close = [n for n, m in enumerate(members) if _is_as_good(m, members[best])]
    written = listed([f"{betas[n]:g}" for n in close])
    figures = listed([percent(shares[n]) for n in close])
    parts = [f"The judge recognises most samples at β = {written}: {figures}"]
    moving = [n for n, m in enumerate(members) if _step(m) is not None]
    if len(moving) > 1:
        first, last = moving[0], moving[-1]
        parts.append(
            f"from β = {betas[first]:g} to {betas[last]:g} the largest step of a walk goes from "
            f"{percent(_step(members[first]))} to {percent(_step(members[last]))} of the way, and "
            f"information from {_nats(members[first])} to {_nats(members[last])} nats"
        )
    still = [n for n in range(len(members)) if n not in moving]
    if still and still == list(range(still[0], len(members))):
        parts.append(
            f"from β = {betas[still[0]]:g} on nothing changes on most walks, and "
            f"{percent(max(shares[n] for n in still))} of the samples are recognised"
        )
    return "; ".join(parts) + "."
