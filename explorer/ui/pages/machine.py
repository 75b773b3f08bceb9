"""The page 'Machine': what happens to one digit, from its pixels to its loss."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.guide import Guide, guides
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import choose_checkpoint

PAGE = "machine"
MODEL = "vae"  # the model's key in the URL: of any number of dimensions
STAGES = ("picture", "encoder", "posterior", "noise", "code", "decoder", "output", "loss")

GUIDE = Guide(
    do="Press Play, or throw the dice and drag z: everything after it is computed again.",
    notice="throw again: which numbers change, and which stay as they are?",
)


def fields(dims: int, digits: int) -> tuple[state.Field, ...]:
    """The page's state for codes of so many dimensions of so many test digits."""
    return (
        state.whole(state.DIGIT, digits),
        state.choice("input", ("digit", "drawn"), PAGE),  # where the image x comes from
        state.point("eps", dims, PAGE),  # the noise that was thrown
        code_field(dims),
        state.choice("stage", STAGES, PAGE),  # where the pass is stopped; absent: nowhere
    )


def code_field(dims: int) -> state.Field:
    """z, where it was put by hand."""
    return state.point("code", dims, PAGE)


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Machine: what happens to a digit?", anchor=False)
    checkpoint = choose_checkpoint(dataset, "", key=MODEL)
    if checkpoint is None:
        return
    digits, dims = checkpoint.codes.mu.shape
    _forget_code_of_another_model(checkpoint, dims)
    page_fields = fields(dims, digits)
    values = state.read(page_fields)
    place = canvas_room(PAGE)
    has_originals = offer_originals(dataset)
    with place:
        _explore(_data(checkpoint, has_originals), page_fields, values)


def _forget_code_of_another_model(checkpoint: Checkpoint, dims: int) -> None:
    """A z that was put by hand means nothing among another model's codes."""
    model = f"{checkpoint.name} {checkpoint.index}"
    before = st.session_state.get("machine.model", model)
    st.session_state["machine.model"] = model
    if model != before:
        state.change(code_field(dims), None)


def _data(checkpoint: Checkpoint, has_originals: bool) -> dict[str, Any]:
    """What the browser needs beside weights and codes."""
    return {
        "model": model_source(checkpoint),
        "originals": has_originals,
        "guide": guides(GUIDE),
        # Nats, one a dimension, on average; without them dimensions keep their order.
        "kl": checkpoint.meta["metrics"].get("kl_per_dimension"),
        "objective": {
            "reconstruction": checkpoint.meta["objective"]["reconstruction"],
            "sharedEpochs": checkpoint.meta["train"].get("shared_epochs", 0),
            "beta": checkpoint.beta,
        },
    }


@st.fragment
def _explore(
    data: dict[str, Any], page_fields: tuple[state.Field, ...], values: state.Values
) -> None:
    live_canvas(PAGE, values, page_fields, **data)
