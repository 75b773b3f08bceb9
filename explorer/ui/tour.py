"""The tour: three pictures in a minute, on the real pages, offered to a browser once.

The browser draws the card and remembers that it was offered; Python turns the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from explorer.ui import state
from explorer.ui.canvas.live import live_canvas
from explorer.ui.pages import beta, objectives

_STEP = "tour.step"  # in the session: which step is shown, None before and after the tour


@dataclass(frozen=True)
class Step:
    """One stop: a page in a state, and what to do there."""

    page: str  # its url_path
    title: str
    text: str


STEPS = (
    Step(
        "objectives",
        "Cross a gap",
        "On the left map, move the pointer slowly from one cloud of dots to another. In the empty "
        "space between them the decoder was never trained, and often draws no digit. On the right "
        "the KL has pulled the clouds together: there is hardly a gap to cross.",
    ),
    Step(
        "objectives",
        "Draw from the prior",
        "The same 25 random points in all three. Left: they fall in a small patch; much of what "
        "was encoded lies beyond it and is never drawn. Middle: the decoder was never trained. "
        "Right: they fall all over the codes.",
    ),
    Step(
        "beta",
        "Watch the posterior collapse",
        "Drag the slider from 1 to 60. The heavier the KL weighs, the closer the codes come to "
        "one point, until the decoder gives the same mean image everywhere.",
    ),
)


def show(pages: Mapping[str, object]) -> None:
    """Mount the card and follow it; `pages` are Streamlit's, by url_path."""
    step = st.session_state.get(_STEP)
    report = live_canvas("tour", {}, step=step, steps=[asdict(one) for one in STEPS])
    if not isinstance(report, Mapping) or "step" not in report:
        return
    wanted = report["step"]
    is_step = isinstance(wanted, int) and 0 <= wanted < len(STEPS)
    st.session_state[_STEP] = wanted if is_step else None
    if is_step:
        _prepare(wanted)
        st.switch_page(pages[STEPS[wanted].page])
    st.rerun()


def _prepare(step: int) -> None:
    """The state in which a step's page opens."""
    state.change(_field(objectives.FIELDS, "show"), "prior" if step == 1 else None)
    state.change(state.number(state.BETA, 0, 60, beta.PAGE), "1")


def _field(fields: Sequence[state.Field], key: str) -> state.Field:
    return next(field for field in fields if field.key == key)
