"""Every key of the session and of the URL, named once, and what counts as a valid value.

A key has the same name in the session's state and in the URL. What cannot be understood falls
back to a default with a notice; nothing a URL or a browser sends raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import streamlit as st

DATASET = "dataset"
MODEL = "model"
BETA = "beta"
POINT = "z"

MAP_COMPONENT = "map"  # the browser component's own key

MAX_COORDINATE = 1e4  # latent units; decoders saturate long before

Point = tuple[float, float]


def parse_point(values: object) -> Point | None:
    """Two finite numbers as a latent point; None for anything else, however odd."""
    if not isinstance(values, (list, tuple)) or len(values) != 2:
        return None
    try:
        x, y = (float(value) for value in values)
    except (TypeError, ValueError, OverflowError):
        return None
    if not all(math.isfinite(v) and abs(v) <= MAX_COORDINATE for v in (x, y)):
        return None
    return x, y


def notice_invalid(key: str, allowed: Sequence[str]) -> None:
    """Say once that the URL named a choice that does not exist; the widget takes its default."""
    wanted = st.query_params.get(key)
    if key not in st.session_state and wanted is not None and wanted not in allowed:
        st.toast(
            f"The link asks for {key} “{_plain(wanted)}”, which is not here. "
            f"Showing {allowed[0]} instead.",
            icon=":material/info:",
        )


def pinned_point() -> Point | None:
    """The pinned point in the model's coordinates, taken from the URL when a session begins."""
    if POINT not in st.session_state:
        written = st.query_params.get(POINT)
        point = parse_point(written.split(",")) if written is not None else None
        if written is not None and point is None:
            st.toast(
                f"The link's point “{_plain(written)}” is not two numbers within "
                f"±{MAX_COORDINATE:g}. Nothing is pinned.",
                icon=":material/info:",
            )
            del st.query_params[POINT]
        st.session_state[POINT] = point
    return st.session_state[POINT]


def pin_point(point: Point | None) -> None:
    """Keep the pinned point in the session and in the URL; None removes it."""
    st.session_state[POINT] = point
    if point is not None:
        st.query_params[POINT] = ",".join(f"{value:.6g}" for value in point)
    elif POINT in st.query_params:
        del st.query_params[POINT]


def _plain(written: str) -> str:
    """The beginning of what a URL says, without anything that Markdown would act on."""
    return re.sub(r"[^\w .,+-]", "", written)[:40]
