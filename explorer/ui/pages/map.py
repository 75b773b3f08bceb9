"""The page 'Map': what lies where in a 2-D latent space."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.latent import nearest_codes, prior_log_density
from explorer.palette import CLASS_COLOURS
from explorer.ui import state
from explorer.ui.canvas import MapModel, latent_map
from explorer.ui.server import file_url
from explorer.ui.sidebar import choose_checkpoint

NEIGHBOURS = 8
IDENTITY = (1.0, 0.0, 0.0, 1.0)


def show() -> None:
    """Draw the page."""
    st.title("Map", anchor=False)
    checkpoint = choose_checkpoint()
    if checkpoint is not None:
        st.markdown(_description(checkpoint))
        _explore(checkpoint, state.pinned_point())


def _description(checkpoint: Checkpoint) -> str:
    """One sentence on what this model is and how good it is, in the project's loss convention."""
    score = checkpoint.meta["metrics"]["negative_elbo"]
    return (
        f"Loss: **{_loss(checkpoint)}**, test −ELBO **{score:.1f} nats**. "
        "Reconstruction is summed over pixels, KL over dimensions."
    )


def _loss(checkpoint: Checkpoint) -> str:
    if not checkpoint.meta["objective"]["reconstruction"]:
        return "KL alone"
    if checkpoint.beta == 0:
        return "reconstruction alone (β = 0)"
    if checkpoint.beta == 1:
        return "reconstruction + KL"
    return f"reconstruction + {checkpoint.beta:g} × KL"


@st.fragment
def _explore(checkpoint: Checkpoint, first_pin: state.Point | None) -> None:
    map_column, panel_column = st.columns([3.6, 1], gap="medium")
    with map_column:
        message = latent_map(_map_model(checkpoint), first_pin, key=state.MAP_COMPONENT)
    if message is not None:
        state.pin_point(state.parse_point(message.z))
    with panel_column:
        _panel(checkpoint, state.pinned_point())


def _map_model(checkpoint: Checkpoint) -> MapModel:
    meta, rotation = checkpoint.meta, checkpoint.rotation
    urls = {file: file_url(checkpoint.name, file, sha) for file, sha in meta["sha256"].items()}
    is_member = checkpoint.index is not None
    return MapModel(
        name=checkpoint.name,
        beta=checkpoint.beta if is_member else None,
        height=meta["model"]["height"],
        width=meta["model"]["width"],
        modelUrl=urls["model.safetensors"],
        codesUrl=urls["codes.safetensors"],
        prefix=f"{checkpoint.index:02d}." if is_member else "",
        rotation=IDENTITY if rotation is None else tuple(rotation.ravel().tolist()),
        palette=CLASS_COLOURS,
    )


def _panel(checkpoint: Checkpoint, pin: state.Point | None) -> None:
    """What Python knows about the pinned point."""
    if pin is None:
        st.subheader("Pinned point", anchor=False)
        st.markdown("Click the map to pin a point and see the test digits nearest to it.")
        return
    z = np.array(pin)
    density = float(np.exp(prior_log_density(z)))
    peak = float(np.exp(prior_log_density(np.zeros_like(z))))
    indices = nearest_codes(checkpoint.codes.mu, z, NEIGHBOURS)
    distances = np.linalg.norm(checkpoint.codes.mu[indices] - z, axis=1)
    labels = checkpoint.codes.labels[indices]
    st.html(_panel_html(pin, density, density / peak, labels, distances))


def _panel_html(
    pin: state.Point, density: float, share: float, labels: np.ndarray, distances: np.ndarray
) -> str:
    peak_share = "less than 0.01 %" if share < 1e-4 else f"{100 * share:.2g} %"
    rows = "".join(
        f'<li data-testid="neighbour" data-label="{label}" data-distance="{distance:.6g}">'
        f'<b style="{_swatch(CLASS_COLOURS[label])}">{label}</b>{distance:.3f}</li>'
        for label, distance in zip(labels, distances, strict=True)
    )
    return f"""
<style>{PANEL_CSS}</style>
<div class="pin-panel" data-testid="pin-panel">
  <h3>Pinned point z</h3>
  <p data-testid="pinned-z" data-z="{pin[0]!r},{pin[1]!r}">
    ({_signed(pin[0])}, {_signed(pin[1])})</p>
  <h3>Prior density</h3>
  <p data-testid="prior-density" data-density="{density:.6g}">{density:.3g}
    <small>{peak_share} of peak</small></p>
  <h3>Nearest test digits <small>and their distance</small></h3>
  <ol>{rows}</ol>
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
.pin-panel h3 { font-size: 0.9rem; font-weight: 600; opacity: 0.75; padding: 0; margin: 0; }
.pin-panel p { font-size: 1.35rem; font-weight: 600; margin: 0 0 1rem;
  font-variant-numeric: tabular-nums; }
.pin-panel small { font-size: 0.85rem; font-weight: 400; opacity: 0.85; }
.pin-panel ol { list-style: none; margin: 0.5rem 0 0; padding: 0; display: grid; gap: 0.4rem;
  grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr)); }
.pin-panel li { display: flex; align-items: center; gap: 0.5rem; margin: 0;
  font-size: 1rem; font-variant-numeric: tabular-nums; }
.pin-panel b { width: 1.9rem; height: 1.9rem; border-radius: 6px;
  display: grid; place-items: center; font-size: 1.2rem; }
"""
