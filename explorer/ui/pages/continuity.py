"""The page 'Continuity and completeness': do near points decode alike, and every point validly?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.latent import median_radius
from explorer.roulette import MAX_FALLEN, RADII
from explorer.ui import state
from explorer.ui.cache import cached_typical_ends
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.guide import Guide, guides
from explorer.ui.judged import judge_facts
from explorer.ui.measures import measures_of
from explorer.ui.originals import has_originals
from explorer.ui.sidebar import load_all
from explorer.ui.terms import marked
from explorer.walks import usual_step

NAMES = ("reconstruction-2d", "kl-2d", "vae-2d")  # from left to right, as the browser has them
MAX_VERTICES = 24  # of a path drawn by hand
MAX_VERTEX = 1000  # latent units: beyond the outermost code of any model

PAGE = "continuity"

GUIDES = {
    "walk": Guide(
        do="Drag the handle on a curve: each model walks from digit A to digit B in its own codes.",
        notice="does the picture change bit by bit, or all at once? A peak in the curve is a jump.",
    ),
    "roulette": Guide(
        do="Press Play: random points of the prior fall on all three maps, and each is decoded.",
        notice="which model’s points come out as digits, and as digits of how many classes?",
    ),
    "neighbourhood": Guide(
        do="Drag the radius: a circle grows around one digit’s code, with 24 pictures on it.",
        notice="how far can you go from the code before the pictures show another digit?",
    ),
}


def _canonical_path(text: str) -> str | None:
    """A drawn path as it is kept: the coordinates of its vertices, one after another."""
    if not isinstance(text, str):
        return None
    count = text.count(",") + 1
    if count % 2 or not 2 <= count // 2 <= MAX_VERTICES:
        return None
    numbers = state.parse_numbers(text, count)
    if numbers is None or max(map(abs, numbers)) > MAX_VERTEX:
        return None
    return state.write_numbers(numbers)


FIELDS = (
    state.CLASSES,
    state.SHAPES,
    state.choice("view", ("walk", "roulette", "neighbourhood"), PAGE),
    state.Field("path", _canonical_path, f"2 to {MAX_VERTICES} points of the plane", PAGE),
    state.number("at", 0, 1, PAGE),  # share of the way
    state.choice("per", ("share", "unit"), PAGE),
    state.whole("seed", 1000, PAGE),
    state.choice("speed", ("slow", "normal", "fast"), PAGE),
    state.whole("fallen", MAX_FALLEN + 1, PAGE),
    state.number("radius", RADII[0], RADII[-1], PAGE),
    state.choice("codes", ("near", "all"), PAGE),
)


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Continuity and completeness: can I go anywhere?", anchor=False)
    checkpoints = load_all(dataset, NAMES)
    if checkpoints is None:
        return
    count = len(checkpoints[0].codes.labels)
    digits = (state.whole(key, count, PAGE) for key in ("from", "to"))
    fields = (*FIELDS, *digits, state.whole(state.DIGIT, count))
    values = state.read(fields)
    models = [_model(checkpoint) for checkpoint in checkpoints]
    facts = {
        "judge": judge_facts(dataset),
        "originals": has_originals(dataset),
        "ends": cached_typical_ends(
            checkpoints, [_median(checkpoint) for checkpoint in checkpoints]
        ),
    }
    with canvas_room(PAGE):
        _explore(models, facts, fields, values)
    st.caption(
        marked(
            "Continuity: points close together decode to similar pictures. Completeness: every "
            "point that the prior samples decodes to a valid picture. The three models differ only "
            "in their loss."
        )
    )


def _model(checkpoint: Checkpoint) -> dict[str, Any]:
    """What the browser needs of one model; its figures are absent where it was not measured."""
    measures = measures_of(checkpoint)
    return {
        "source": model_source(checkpoint),
        "recognised": measures["completeness"]["prior"]["recognised"] if measures else None,
        "walks": dict(measures["continuity"]) if measures else None,
        "radius": median_radius(checkpoint.codes.mu),
    }


def _median(checkpoint: Checkpoint) -> float | None:
    """The median of the largest steps on its walks; None where nothing changes or is measured."""
    measures = measures_of(checkpoint)
    return usual_step(measures["continuity"]) if measures else None


@st.fragment
def _explore(
    models: list[dict[str, Any]],
    facts: dict[str, Any],
    fields: Sequence[state.Field],
    values: state.Values,
) -> None:
    live_canvas(PAGE, values, fields, models=models, radii=RADII, guide=guides(GUIDES), **facts)
