"""One component draws every page's picture in the browser.

It fetches weights and codes by URL, decodes and draws; Python hears of clicks and releases only,
as the page's whole state in text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.palette import CLASS_COLOURS
from explorer.ui.canvas.bundle import bundle
from explorer.ui.canvas.worker import worker_url
from explorer.ui.screen import ROOM_HEIGHT
from explorer.ui.state import STAGE

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
    state: Mapping[str, str],
    on_report: Callable[[], None] = lambda: None,
    **data: Any,
) -> object:
    """Mount a page's picture; returns what the browser has just reported, unchecked, or None.

    `view` is one of main.js's; `state` is text by key, as the URL has it; `data` is what else the
    view needs, small, for it is sent as JSON. In a fragment keep all of it the same from rerun to
    rerun: the browser knows its own state, and only a changed argument makes it draw anew.
    `on_report` runs before the rerun that a report causes.
    """
    sent = {"view": view, "state": dict(state), "palette": CLASS_COLOURS, "worker": worker_url()}
    sent["stage"] = st.session_state.get(STAGE)
    # As one text: in a dict of lists Streamlit looks for data frames, with pandas, at every rerun.
    text = json.dumps({**sent, **data}, allow_nan=False)
    return _component(key=view, data={"json": text}, on_report_change=on_report).report
