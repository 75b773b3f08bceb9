"""The page 'Theory': the formulas behind the models, each as a picture with its numbers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.formulas import DIFFERENCES, formula_sources
from explorer.ui.guide import Guide, guides
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import choose_checkpoint

PAGE = "theory"
SECTIONS = ("posterior", "symbols", "gradient", "montecarlo", "modes", "likelihood")

GUIDES = {
    "posterior": Guide(
        do="Drag the blue ellipse q(z|x), or its round handles: the ELBO and the gap follow.",
        notice="wherever you drag, log p(x) stays, and the gap is the KL from ellipse to hill.",
    ),
    "symbols": Guide(
        do="Move a slider, or throw a new ε: every symbol of the loss is worked out for one digit.",
        notice="which symbols change with ε, and which only with μ and σ?",
    ),
    "gradient": Guide(
        do="Change μ, σ or the number of samples: two ways to estimate the same gradient.",
        notice="both are right on average. Whose estimates lie closer together?",
    ),
    "montecarlo": Guide(
        do="Move q and p: the KL between them by its formula, and estimated from samples.",
        notice="how much do the estimates narrow from one row to the next?",
    ),
    "modes": Guide(
        do="Drag the two humps of p apart: one Gaussian q is fitted to them, in two ways.",
        notice="which q covers both humps, and which settles on one?",
    ),
    "likelihood": Guide(
        do="Move σ: the same picture and the same decoder, with the error written in several ways.",
        notice="how does the share of the KL in the loss change from bar to bar?",
    ),
}

# Sections 'posterior' and 'symbols': q as it was moved by hand, mu1, mu2, logvar1, logvar2.
MOVED = state.point("q", 4, PAGE)

# Sections about a few numbers, and what their sliders allow.
SECTION_FIELDS = (
    state.choice("gf", ("square", "raised", "sine"), PAGE),  # 'gradient': f
    state.choice("gby", ("mu", "sigma"), PAGE),  # by what it is differentiated
    state.choice("gsamples", ("1", "10", "100"), PAGE),
    state.number("gmu", -3, 3, PAGE),
    state.number("gsigma", 0.1, 3, PAGE),
    state.whole("gseed", 1000, PAGE),
    state.choice("kof", ("kl", "elbo"), PAGE),  # 'montecarlo': what is estimated
    state.number("kmu", -3, 3, PAGE),  # q, then p
    state.number("ksigma", 0.1, 3, PAGE),
    state.number("kmup", -3, 3, PAGE),
    state.number("ksigmap", 0.1, 3, PAGE),
    state.whole("kseed", 1000, PAGE),
    state.number("hump1", -4, 4, PAGE),  # 'modes'
    state.number("hump2", -4, 4, PAGE),
    state.number("width1", 0.2, 2, PAGE),
    state.number("width2", 0.2, 2, PAGE),
    state.number("weight", 0.05, 0.95, PAGE),
    state.number("lsigma", 0.02, 25, PAGE),  # 'likelihood'
)


def fields(digits: int) -> tuple[state.Field, ...]:
    """The page's state, for a model with so many test digits."""
    return (
        state.choice("section", SECTIONS, PAGE),
        state.whole(state.DIGIT, digits),
        state.choice("input", ("digit", "drawn"), PAGE),  # where the image x comes from
        MOVED,
        state.point("eps", 2, PAGE),  # 'symbols': the noise
        *SECTION_FIELDS,
    )


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Theory: where do the terms come from?", anchor=False)
    checkpoint = choose_checkpoint(dataset, "-2d")
    if checkpoint is None:
        return
    _forget_moved_in_another_model(checkpoint)
    page_fields = fields(len(checkpoint.codes.labels))
    values = state.read(page_fields)
    place = canvas_room(PAGE)
    has_originals = offer_originals(dataset)
    data = {
        "model": model_source(checkpoint),
        "originals": has_originals,
        "formulas": formula_sources(),
        "differences": DIFFERENCES,
        "guide": guides(GUIDES),
    }
    with place:
        _explore(data, page_fields, values)


def _forget_moved_in_another_model(checkpoint: Checkpoint) -> None:
    """A place on the plane means nothing on another model's."""
    model = f"{checkpoint.name} {checkpoint.index}"
    before = st.session_state.get("theory.model", model)
    st.session_state["theory.model"] = model
    if model != before:
        state.change(MOVED, None)


@st.fragment
def _explore(
    data: dict[str, Any], page_fields: tuple[state.Field, ...], values: state.Values
) -> None:
    live_canvas(PAGE, values, page_fields, **data)
