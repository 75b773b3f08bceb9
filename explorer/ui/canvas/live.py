"""One component draws every page's picture in the browser.

It fetches weights and codes by URL, decodes and draws, and keeps its page's state in the address.
Python hears that state, as text by key, when it is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.palette import CLASS_COLOURS
from explorer.ui import state
from explorer.ui.canvas.bundle import bundle
from explorer.ui.canvas.worker import worker_url
from explorer.ui.screen import ROOM_HEIGHT

_KEEPER = "keeper"  # main.js's view
_FIELDS = "live.fields"  # of the session: the page that was drawn last, and its state's fields

_FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "latent_canvas",
    js=bundle(_FOLDER / "js" / "main.js"),
    css="\n".join(path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.css"))),
)


def canvas_room(view: str) -> DeltaGenerator:
    """The place of a page's picture, to be made before what comes below it.

    It keeps its room until the browser says that the picture stands, see LOADING_CSS in
    explorer/ui/screen.py.
    """
    return st.container(key=f"room-{view}", height=ROOM_HEIGHT, border=False)


def live_canvas(
    view: str,
    values: Mapping[str, str],
    fields: Sequence[state.Field],
    hears: Sequence[str] = (),
    /,
    **data: Any,
) -> None:
    """Mount a page's picture, whose state the browser keeps in the address.

    `view` is one of main.js's; `values` are the state's texts by key and `fields` what they may be;
    `data` is what else the view needs, small, for it is sent as JSON. In a fragment keep all of it
    the same from rerun to rerun: the browser knows its own state, and only a changed argument makes
    it draw anew. The session learns the state before anything else of Streamlit's runs Python, and
    by a rerun at once where one of the keys `hears` has changed.
    """

    st.session_state[_FIELDS] = (view, tuple(fields))
    _mount(view, lambda: _receive(view, "report"), state=dict(values), hears=list(hears), **data)


def _receive(view: str, value: str) -> None:
    """Take a page's state from a component's value, before the rerun that it causes."""
    shown, fields = st.session_state.get(_FIELDS, ("", ()))
    component = st.session_state.get(view)
    found = component.get(value) if component else None
    if view == _KEEPER:
        is_shown = isinstance(found, Mapping) and found.get("view") == shown
        found = found.get("state") if is_shown else None
    state.receive(fields, found)


@st.fragment
def keep_state() -> None:
    """Mount the way by which the browser tells a page's state; once for all pages, beside them.

    A page's own component goes with its page, and what it has just said with it. In a fragment: a
    whole rerun could undo the turn to another page that comes in the same moment.
    """
    _mount(_KEEPER, on_state_change=lambda: _receive(_KEEPER, "state"))


def live_panel(view: str, on_report: Callable[[], None] = lambda: None, **data: Any) -> object:
    """Mount what is no page; returns what the browser has just asked for, unchecked, or None.

    `on_report` runs before the rerun that a report causes.
    """
    return _mount(view, on_report, **data)


def _mount(
    view: str,
    on_report: Callable[[], None] = lambda: None,
    on_state_change: Callable[[], None] = lambda: None,
    **data: Any,
) -> object:
    sent = {"view": view, "palette": CLASS_COLOURS, "worker": worker_url()}
    sent["stage"] = st.session_state.get(state.STAGE)
    # As one text: in a dict of lists Streamlit looks for data frames, with pandas, at every rerun.
    text = json.dumps({**sent, **data}, allow_nan=False)
    callbacks = {"on_report_change": on_report, "on_state_change": on_state_change}
    return _component(key=view, data={"json": text}, **callbacks).report
