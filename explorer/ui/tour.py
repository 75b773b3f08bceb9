"""The tour: three gestures in a minute, on the real pages; offered once, and in the sidebar.

The browser draws the card beside what it speaks of and remembers that it was offered; Python turns
the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from explorer.checkpoints import list_checkpoints
from explorer.ui import state
from explorer.ui.canvas.live import live_panel
from explorer.ui.measures import measures_of
from explorer.ui.pages import beta, continuity
from explorer.ui.server import checkpoint_root
from explorer.ui.sidebar import keep, load
from explorer.walks import usual_step

VIEW = "tour"
_STEP = "tour.step"  # in the session: which step is shown, None before and after the tour
_IS_TURNING = "tour.turning"  # in the session: the step is not on its page yet

COPYING, BOTH = "reconstruction-2d", "vae-2d"  # the walk's two models


@dataclass(frozen=True)
class Step:
    """One stop: a page in a state, one gesture, and what to see then."""

    page: str  # its url_path
    needs: Sequence[str]  # checkpoints
    title: str
    do: str
    touch: str  # to do where there is no mouse
    see: str
    target: str  # CSS selector within the page: what the card points at


STEPS = (
    Step(
        "",
        (BOTH,),
        "A picture for each point",
        "Move the pointer over the plane, from one colour to another.",
        "Tap the plane, or slide a finger sideways over it.",
        "Each point is a code. The decoder paints the picture that belongs to it, also where no "
        "dot lies.",
        '[data-testid="latent-canvas"]',
    ),
    Step(
        beta.PAGE,
        ("beta-2d",),
        "Watch the posterior collapse",
        "Drag the slider to the right end.",
        "Drag the slider to the right end.",
        "The KL weighs more and more: the codes draw together, until all lie on one point and "
        "every digit comes back as the same grey picture.",
        '[data-testid="beta-slider"]',
    ),
    Step(
        continuity.PAGE,
        (COPYING, "kl-2d", BOTH),
        "Walk, and find the jump",
        "Drag the round handle along the left curve, from A to B.",
        "Drag the round handle along the curve, from A to B.",
        "",
        '[data-testid="walk-chart"]',
    ),
)


def turn(pages: Mapping[str, object], dataset: str) -> None:
    """Turn to the step's page, if one has just been asked for; `pages` by url_path."""
    if st.session_state.pop(_IS_TURNING, False):
        step = _steps(dataset)[st.session_state[_STEP]]
        st.switch_page(pages[step.page], query_params={})


def show(dataset: str) -> None:
    """Mount the card, and the sidebar's button that starts the tour again."""
    steps = _steps(dataset)
    if not steps:
        return
    st.sidebar.button("Take the tour", on_click=_begin, args=(0, dataset), key="tour-start")
    step = st.session_state.get(_STEP)
    live_panel(
        VIEW,
        on_report=lambda: _hear(dataset),
        step=step if step is not None and step < len(steps) else None,
        steps=[asdict(one) for one in steps],
    )


def _steps(dataset: str) -> list[Step]:
    """The steps whose models are here, with the figures of the last one's."""
    here = set(list_checkpoints(checkpoint_root()))
    steps = [one for one in STEPS if all(f"{dataset}/{name}" in here for name in one.needs)]
    return [
        Step(**{**asdict(one), "see": _jump(dataset)}) if one.page == continuity.PAGE else one
        for one in steps
    ]


def _jump(dataset: str) -> str:
    """What one of a walk's hundred steps does in two models, from their measures."""
    shares = []
    for name in (COPYING, BOTH):
        checkpoint = load(f"{dataset}/{name}")
        measures = checkpoint and measures_of(checkpoint)
        shares.append(usual_step(measures["continuity"]) if measures else None)
    if None in shares or shares[0] <= shares[1]:
        return "Does the picture change bit by bit, or all at once? A peak in the curve is a jump."
    without, both = (f"{100 * share:.0f}\u00a0%" for share in shares)
    return (
        "A peak in the curve is a jump. Over many walks, the largest of 100 steps makes "
        f"{without} of the whole change without the KL, and {both} with it."
    )


def _hear(dataset: str) -> None:
    """The browser asks for a step, or for the end of the tour."""
    report = st.session_state[VIEW].report
    if not isinstance(report, Mapping) or "step" not in report:
        return
    wanted = report["step"]
    if isinstance(wanted, int) and 0 <= wanted < len(_steps(dataset)):
        _begin(wanted, dataset)
    else:
        st.session_state[_STEP] = None


def _begin(step: int, dataset: str) -> None:
    """Put a step's page into the state in which the gesture shows what is said."""
    st.session_state[_STEP] = step
    st.session_state[_IS_TURNING] = True
    page = _steps(dataset)[step].page
    if page == beta.PAGE:
        keep(beta.FAMILY, "beta-2d")
        state.change(state.number(state.BETA, 0, 60, beta.PAGE), "1")
        state.change(beta.CHARTS, None)
    elif page == continuity.PAGE:
        for field in continuity.FIELDS:
            state.change(field, None)
    else:
        keep(state.MODEL, BOTH)
