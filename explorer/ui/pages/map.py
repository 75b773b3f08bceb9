"""The page 'Map': what lies where in a 2-D latent space."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint, Family
from explorer.collapse import why_collapsed
from explorer.fields import KINDS
from explorer.latent import nearest_codes, prior_log_density
from explorer.palette import CLASS_COLOURS
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import loss_of, model_source
from explorer.ui.fields import field_url
from explorer.ui.guide import Guide, guides
from explorer.ui.measures import measures_of, real_digits
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import choose_member, choose_model
from explorer.ui.terms import marked, marked_html

NEIGHBOURS = 8
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
    checkpoint = choose_model(dataset, "-2d")
    if checkpoint is None:
        return
    if isinstance(checkpoint, Family):
        checkpoint = choose_member(checkpoint)
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
        _explore(checkpoint, data, state.read(page_fields), page_fields, has_originals)


def _fields(checkpoint: Checkpoint) -> dict[str, Any]:
    """Where the browser finds the model's fields, and the coverage that the judge's need."""
    measures, real = measures_of(checkpoint), real_digits(checkpoint.name.split("/")[0])
    return {
        "url": field_url(checkpoint),
        "coverage": measures["completeness"]["prior"]["coverage"] if measures else None,
        "real": real["coverage"] if real else None,
    }


def _guide(checkpoint: Checkpoint) -> Guide:
    is_collapsed = checkpoint.meta["metrics"].get("active_units") == 0
    return Guide(
        do="Move the pointer over the plane: the decoder paints the digit that lies there. "
        "Click to hold it.",
        touch="Tap the plane, or drag over it: the decoder paints the digit that lies there.",
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
    checkpoint: Checkpoint,
    data: dict[str, Any],
    values: state.Values,
    page_fields: tuple[state.Field, ...],
    has_originals: bool,
) -> None:
    report = live_canvas("map", values, originals=has_originals, **data)
    state.receive(page_fields, report)
    now = state.current(page_fields)
    is_path_begun = now.get("tool") == "path" and not {"a", "b"} <= now.keys()
    _panel(checkpoint, state.parse_numbers(now.get("z"), 2), is_path_begun)


def _panel(checkpoint: Checkpoint, pin: tuple[float, ...] | None, is_path_begun: bool) -> None:
    """What Python knows about the pinned point; while a path lacks an end, a click sets that."""
    if pin is None:
        if not is_path_begun:
            st.markdown(
                "Click or tap the map to pin a point and see the test digits nearest to it."
            )
        return
    z = np.array(pin)
    density = float(np.exp(prior_log_density(z)))
    peak = float(np.exp(prior_log_density(np.zeros_like(z))))
    indices = nearest_codes(checkpoint.codes.mu, z, NEIGHBOURS)
    distances = np.linalg.norm(checkpoint.codes.mu[indices] - z, axis=1)
    labels = checkpoint.codes.labels[indices]
    st.html(marked_html(_panel_html(pin, density, density / peak, labels, distances)))


def _panel_html(
    pin: tuple[float, ...], density: float, share: float, labels: np.ndarray, distances: np.ndarray
) -> str:
    peak_share = "&lt; 0.01 %" if share < 1e-4 else f"{100 * share:.2g} %"
    rows = "".join(
        f'<li data-testid="neighbour" data-label="{label}" data-distance="{distance:.6g}">'
        f'<b style="{_swatch(CLASS_COLOURS[label])}">{label}</b>{distance:.3f}</li>'
        for label, distance in zip(labels, distances, strict=True)
    )
    return f"""
<style>{PANEL_CSS}</style>
<div class="pin-panel" data-testid="pin-panel">
  <div><h3>Pinned point z</h3>
  <p data-testid="pinned-z" data-z="{pin[0]!r},{pin[1]!r}">
    ({_signed(pin[0])}, {_signed(pin[1])})</p></div>
  <div><h3>Prior density</h3>
  <p data-testid="prior-density" data-density="{density:.6g}">{density:.3g}
    <small>{peak_share} of peak</small></p></div>
  <div><h3>Nearest test digits and their distance</h3>
  <ol>{rows}</ol></div>
</div>"""


def _swatch(colour: str) -> str:
    """A class's colour as background, under text that contrasts with it (Rec. 709 luma)."""
    red, green, blue = bytes.fromhex(colour[1:])
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return f"background: {colour}; color: {'#14171c' if luma > 125 else '#ffffff'}"


def _signed(value: float) -> str:
    """Two decimals with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


PANEL_CSS = """
.pin-panel { display: flex; flex-wrap: wrap; gap: 0.5rem 1.75rem; }
.pin-panel h3 { font-size: 0.9rem; font-weight: 600; opacity: 0.75; padding: 0; margin: 0; }
.pin-panel p { font-size: 1.15rem; font-weight: 600; margin: 0; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.pin-panel small { font-size: 0.85rem; font-weight: 400; opacity: 0.85; }
.pin-panel ol { list-style: none; margin: 0.15rem 0 0; padding: 0; display: flex;
  flex-wrap: wrap; gap: 0.3rem 0.5rem; }
.pin-panel li { display: flex; align-items: center; gap: 0.25rem; margin: 0;
  font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.pin-panel b { width: 1.4rem; height: 1.4rem; border-radius: 5px;
  display: grid; place-items: center; font-size: 1rem; }
"""
