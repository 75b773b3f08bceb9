"""The map that lives in the browser: its JavaScript, its style and this typed wrapper.

The browser fetches weights and codes by URL, decodes and draws; Python hears of pins only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.canvas.bundle import bundle

_FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "latent_map",
    js=bundle(_FOLDER / "js" / "main.js"),
    css=(_FOLDER / "canvas.css").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class MapModel:
    """What the browser needs to know to show one 2-D model; small, for it is sent as JSON."""

    name: str  # "<dataset>/<name>"
    beta: float | None  # of a family's member
    height: int  # pixels
    width: int  # pixels
    modelUrl: str  # noqa: N815, JavaScript's spelling
    codesUrl: str  # noqa: N815
    prefix: str  # of the member's tensors, such as "07."
    rotation: tuple[float, float, float, float]  # row by row; display = mu @ rotation
    palette: tuple[str, ...]  # "#rrggbb" a class


@dataclass(frozen=True)
class PinMessage:
    """A pin that the user has just set (z in the model's coordinates) or removed (None)."""

    z: Any  # as the browser sent it, unchecked


def latent_map(model: MapModel, pin: tuple[float, float] | None, *, key: str) -> PinMessage | None:
    """Mount the map with its digit; returns the user's new pin, or None where there is none.

    `pin` is the point pinned at first. Keep it the same in fragment reruns: the browser knows
    its own pins, and only a changed argument makes it start anew.
    """
    result = _component(key=key, data={**asdict(model), "pin": pin}, on_pin_change=lambda: None)
    message = result.pin
    return PinMessage(message.get("z")) if isinstance(message, dict) else None
