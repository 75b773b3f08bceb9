"""Figures in texts, read from the models: a model that is trained again makes no lesson lie.

A field stands in double braces: a quantity, a model and a format,

    {{kl vae-2d .1f}}    {{active beta-2d@4 d}}    {{recognised vae-2d %}}

with a family's member behind an "@". Two models with a slash between them give the ratio of their
figures, `{{radius reconstruction-2d/vae-2d .1f}}`. Formats are `.0f` to `.3f`, `d`, and `%` for
shares. A figure that is not there, because the model is not or was not measured, is "–".
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from explorer.checkpoints import Checkpoint, Family
from explorer.checks import MEASURES_VERSION
from explorer.latent import PRIOR_RADIUS, median_radius, radii
from explorer.walks import usual_step
from explorer.written import percent

NONE = "–"

_FIELD = re.compile(r"\{\{(.*?)\}\}")
_MODEL = r"[a-z0-9-]+(?:@[0-9.]+)?"
_PARTS = re.compile(rf"([a-z_]+) ({_MODEL})(?:/({_MODEL}))? (\.[0-3]f|d|%)")

FindModel = Callable[[str], Checkpoint | Family | None]  # by its name, without the data set


def _measure(*keys: str) -> Callable[[Checkpoint], float]:
    def read(model: Checkpoint) -> float:
        found = model.meta["measures"]
        if found.get("version") != MEASURES_VERSION:
            raise KeyError("version")
        for key in keys:
            found = found[key]
        return found

    return read


def _metric(key: str) -> Callable[[Checkpoint], float]:
    return lambda model: model.meta["metrics"][key]


def _median_kl(model: Checkpoint) -> float:
    """The KL in nats of the median test digit: the mean is of a few codes that lie far out."""
    mu, logvar = model.codes.mu.astype(float), model.codes.logvar.astype(float)
    return float(np.median(0.5 * (mu**2 + np.exp(logvar) - 1 - logvar).sum(axis=1)))


QUANTITIES: dict[str, Callable[[Checkpoint], float]] = {
    "reconstruction": _metric("reconstruction"),
    "kl": _metric("kl"),
    "kl_median": _median_kl,
    "elbo": _metric("negative_elbo"),
    "active": _metric("active_units"),
    "dead": lambda model: model.codes.mu.shape[1] - model.meta["metrics"]["active_units"],
    "recognised": _measure("completeness", "prior", "recognised"),
    "classes": _measure("completeness", "prior", "effective_classes"),
    "step": lambda model: usual_step(_measure("continuity")(model)),
    "jumps": _measure("continuity", "jumps"),
    "information": _measure("information", "nats"),
    "radius": lambda model: median_radius(model.codes.mu),  # of the codes, in prior sigmas
    "outside": lambda model: float((radii(model.codes.mu) > PRIOR_RADIUS).mean()),
}


def bad_fields(text: str) -> list[str]:
    """What is wrong with the fields of a text, one sentence each."""
    problems = []
    for content in _FIELD.findall(text):
        parts = _PARTS.fullmatch(content)
        if parts is None:
            problems.append(
                f"“{{{{{content}}}}}” is no figure. Write one as in “{{{{kl vae-2d .1f}}}}”: a "
                "quantity, a model and a format (.0f to .3f, d or %)."
            )
        elif parts[1] not in QUANTITIES:
            problems.append(f"unknown figure “{parts[1]}”. Allowed: {', '.join(QUANTITIES)}.")
    return problems


def filled(text: str, find: FindModel) -> str:
    """A text with its fields' figures; its fields are well formed."""
    return _FIELD.sub(lambda field: _written(field[1], find), text)


def _written(content: str, find: FindModel) -> str:
    quantity, model, other, form = _PARTS.fullmatch(content).groups()
    value = _value(quantity, model, find)
    if other is not None and value is not None:
        below = _value(quantity, other, find)
        value = value / below if below else None
    if value is None:
        return NONE
    return percent(value) if form == "%" else f"{round(value) if form == 'd' else value:{form}}"


def _value(quantity: str, name: str, find: FindModel) -> float | None:
    name, _, beta = name.partition("@")
    found = find(name)
    if isinstance(found, Family):
        found = found.at(float(beta)) if beta else None
    try:
        return None if found is None else QUANTITIES[quantity](found)
    except KeyError:  # not measured, or by another version
        return None
