"""The page 'Objectives': what each term of the loss does, on three models that differ in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.latent import PRIOR_RADIUS, radii
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.conclusions import compared
from explorer.ui.guide import Guide, guides
from explorer.ui.measures import measures_of, measures_table, real_digits, unmeasured
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import has_metrics, load_all
from explorer.ui.terms import marked
from explorer.written import listed

TITLES = {  # from left to right, as the browser has them
    "reconstruction-2d": "Reconstruction only",
    "kl-2d": "KL only",
    "vae-2d": "Reconstruction + KL",
}
NAMES = tuple(TITLES)
METRICS = {"reconstruction": "reconstruction", "kl": "kl", "elbo": "negative_elbo"}
NEARLY_ALL = 0.95  # of a class

PAGE = "objectives"
GUIDE = Guide(
    do="Move the pointer over one of the maps: all three models decode the same point z.",
    touch="Tap a map, or hold and drag: all three models decode the same point z.",
    notice="which models paint digits inside the circles, where random points of the prior fall?",
)
FIELDS = (
    state.POINT,
    state.CLASSES,
    state.SHAPES,
    state.choice("scales", ("own", "equal"), PAGE),
    state.several("show", ("prior", "samples"), PAGE),
    state.whole("seed", 1000, PAGE),
)


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Objectives: why both terms?", anchor=False)
    checkpoints = load_all(dataset, NAMES)
    if checkpoints is None:
        return
    if not all(has_metrics(checkpoint, METRICS.values()) for checkpoint in checkpoints):
        return
    fields = (*FIELDS, state.whole(state.DIGIT, len(checkpoints[0].codes.labels)))
    values = state.read(fields)
    place = canvas_room(PAGE)
    st.caption(
        marked(
            "The three share their architecture, their initial weights and the order of the "
            "training images; only the loss differs. Figures are means over the test set in nats "
            "an image: reconstruction is summed over pixels, KL over dimensions."
        )
    )
    _measures(dataset, checkpoints)
    has_originals = offer_originals(dataset)
    with place:
        _explore(_models(checkpoints), fields, values, has_originals)


def _models(checkpoints: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    """What the browser needs of each model."""
    copying, _, both = checkpoints
    sentences = _sentences(copying, both)
    return [
        {
            "source": model_source(checkpoint),
            "metrics": {key: _metric(checkpoint, key) for key in METRICS},
            "notes": _notes(checkpoint),
            "sentence": sentence,
        }
        for checkpoint, sentence in zip(checkpoints, sentences, strict=True)
    ]


@st.fragment
def _explore(
    models: list[dict[str, Any]],
    fields: Sequence[state.Field],
    values: state.Values,
    has_originals: bool,
) -> None:
    live_canvas(PAGE, values, fields, models=models, originals=has_originals, guide=guides(GUIDE))


def _measures(dataset: str, checkpoints: Sequence[Checkpoint]) -> None:
    """Completeness, continuity and information in one table, and what the figures come to."""
    st.subheader("Completeness, continuity and information in numbers", anchor=False)
    missing = [c.name.split("/")[1] for c in checkpoints if measures_of(c) is None]
    if missing:
        st.caption(unmeasured(dataset, missing))
        return
    models = dict(zip(TITLES.values(), checkpoints, strict=True))
    st.html(measures_table(models, real_digits(dataset)))
    st.markdown(compared({title: model.meta["measures"] for title, model in models.items()}))
    st.caption(
        "None of these is read alone: a decoder that always draws the same picture never jumps, "
        "and one that draws a single class well is recognised. An autoencoder's scale is "
        "arbitrary, so that N(0, I) misses its codes: the fitted Gaussian is fair to it."
    )


def _metric(checkpoint: Checkpoint, key: str) -> float:
    return checkpoint.meta["metrics"][METRICS[key]]


def _notes(checkpoint: Checkpoint) -> dict[str, str]:
    """What the points of a map are: the posteriors' means, or a sample of each."""
    if checkpoint.meta["objective"]["reconstruction"]:
        return {"means": "Codes μ", "samples": "Samples"}
    return {"means": "Codes μ: all in one point", "samples": "Samples: the prior's cloud"}


def _sentences(copying: Checkpoint, both: Checkpoint) -> list[str]:
    """What each model shows, from its own figures; two or three lines below a map."""
    is_outside = radii(copying.codes.mu) > PRIOR_RADIUS
    is_within = radii(both.codes.mu) <= PRIOR_RADIUS
    return [
        f"Nothing ties the codes to the prior: {_percent(is_outside.mean())} of them"
        f"{_outsiders(copying.codes.labels, is_outside)} lie beyond {PRIOR_RADIUS}σ, where it "
        "hardly ever draws a sample.",
        "Every posterior is the prior, so z says nothing; the untrained decoder paints nearly the "
        "same grey all over the prior.",
        f"Reconstruction {_metric(both, 'reconstruction'):.1f} instead of "
        f"{_metric(copying, 'reconstruction'):.1f} buys KL {_metric(both, 'kl'):.1f} instead of "
        f"{_metric(copying, 'kl'):.1f}: {_percent(is_within.mean())} of the "
        f"codes lie within {PRIOR_RADIUS}σ.",
    ]


def _outsiders(labels: np.ndarray, is_outside: np.ndarray) -> str:
    """The classes of which nearly all are outside, as a part of a sentence."""
    names = [
        f"{label}s"
        for label in np.unique(labels)
        if is_outside[labels == label].mean() >= NEARLY_ALL
    ]
    return f", with nearly all {listed(names)}," if names else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"
