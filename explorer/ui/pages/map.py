"""The page 'Map': what lies where in a 2-D latent space."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.collapse import why_collapsed
from explorer.fields import KINDS
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import loss_of, model_source
from explorer.ui.fields import field_url
from explorer.ui.guide import Guide, guides
from explorer.ui.measures import measures_of, real_digits
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import choose_checkpoint
from explorer.ui.terms import marked

MAX_SEED = 999_999


def fields(count: int) -> tuple[state.Field, ...]:
    """The page's state, for a model with so many test digits."""
    return (
        state.POINT,  # the pin
        state.CLASSES,
        state.SHAPES,
        state.whole(state.DIGIT, count),  # the chosen test digit
        state.several("show", ("ellipses", "manifold"), page="map"),
        state.number("tiles", 8, 32, page="map"),  # of the manifold, from side to side
        state.choice("grid", ("quantiles", "linear"), page="map"),  # where the tiles lie
        state.choice("field", KINDS, page="map"),  # under the points; absent: none
        state.choice("tool", ("neighbours", "path", "samples", "draw"), page="map"),
        state.point("a", page="map"),  # both ends of the path
        state.point("b", page="map"),
        state.choice("draws", ("25", "100"), page="map"),  # number of samples
        state.choice("from", ("prior", "posterior"), page="map"),  # what they are drawn from
        state.whole("seed", MAX_SEED + 1, page="map"),
    )


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Map: what lies where?", anchor=False)
    checkpoint = choose_checkpoint(dataset, "-2d")
    if checkpoint is None:
        return
    picture = canvas_room("map")
    st.markdown(marked(f"{_description(checkpoint)} {why_collapsed(checkpoint.meta)}".strip()))
    has_originals = offer_originals(dataset)
    page_fields = fields(len(checkpoint.codes.labels))
    with picture:
        data = {
            "model": model_source(checkpoint),
            "fields": _fields(checkpoint),
            "guide": guides(_guide(checkpoint)),
        }
        _explore(data, state.read(page_fields), page_fields, has_originals)


def _fields(checkpoint: Checkpoint) -> dict[str, Any]:
    """Where the browser finds the model's fields, and how many samples the judge recognises."""
    measures, real = measures_of(checkpoint), real_digits(checkpoint.name.split("/")[0])
    return {
        "url": field_url(checkpoint),
        "recognised": measures["completeness"]["prior"]["recognised"] if measures else None,
        "real": real["recognised"] if real else None,
    }


def _guide(checkpoint: Checkpoint) -> Guide:
    is_collapsed = checkpoint.meta["metrics"].get("active_units") == 0
    return Guide(
        do="Move the pointer over the plane: the decoder paints the digit that lies there. "
        "Click to hold it.",
        touch="Tap the plane, or hold and drag: the decoder paints the digit that lies there.",
        notice="is the picture the same wherever you go? All codes of this model lie on one point."
        if is_collapsed
        else "what does the decoder paint where two colours meet, and where no dots lie?",
    )


def _description(checkpoint: Checkpoint) -> str:
    """One sentence on what this model is and how good it is, in the project's loss convention."""
    score = checkpoint.meta["metrics"]["negative_elbo"]
    return (
        f"Loss: **{loss_of(checkpoint)}**, test −ELBO **{score:.1f} nats**. "
        "Reconstruction is summed over pixels, KL over dimensions."
    )


@st.fragment
def _explore(
    data: dict[str, Any],
    values: state.Values,
    page_fields: tuple[state.Field, ...],
    has_originals: bool,
) -> None:
    live_canvas("map", values, page_fields, originals=has_originals, **data)
