"""The page 'Dimensions': what each dimension of a code of many means."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint
from explorer.latent import ACTIVE_VARIANCE
from explorer.projection import TRUST_NEIGHBOURS, trustworthiness_subset
from explorer.ui import state
from explorer.ui.cache import cached_principal_plane, cached_trustworthiness
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.guide import Guide, guides
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import choose_checkpoint, has_metrics
from explorer.ui.terms import marked

PAGE = "dimensions"
NETWORK = "network"  # the model's key in the URL; the map's own is among 2-D models
UMAP, PCA, RAW = LAYOUTS = ("umap", "pca", "raw")
LAYOUT_NAMES = {UMAP: "UMAP", PCA: "PCA", RAW: "two raw dimensions"}

METRICS = ("kl_per_dimension", "code_variance")
START = state.choice("start", ("digit", "prior", "mean", "drawn"), PAGE)
TAB = state.choice("tab", ("sliders", "grid", "map"), PAGE)
LAYOUT = state.choice("layout", LAYOUTS, PAGE)
OPEN = state.several("open", ("others", "dead"), PAGE)
GUIDES = {
    "sliders": Guide(
        do="Drag a slider: one number of the digit’s code changes, and the decoder paints it anew.",
        notice="compare the top slider with the one at the bottom: which changes the picture more?",
    ),
    "grid": Guide(
        do="Point at a picture in the grid: each row changes one number of the code. "
        "Click to go on from there.",
        touch="Tap a picture in the grid: each row changes one number of the code.",
        notice="which rows make another digit of it, and which only slant it or thicken it?",
    ),
    "map": Guide(
        do="Point at a dot to see its digit; click it to start there.",
        touch="Tap a dot to see its digit and to start there.",
        notice="are dots of one colour together, and are a clicked code’s true neighbours near it?",
    ),
}
MOVED_WITH_MODEL = ("digit", "drawn")  # starts whose code is another in another model


def fields(dims: int, digits: int) -> tuple[state.Field, ...]:
    """The page's state for codes of so many dimensions of so many test digits."""
    return (
        state.CLASSES,
        state.SHAPES,
        state.whole(state.DIGIT, digits),
        state.point("code", dims, PAGE),
        START,
        TAB,
        LAYOUT,
        OPEN,
        state.two_dimensions("axes", dims, PAGE),
    )


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Dimensions: what does each of the 20 mean?", anchor=False)
    checkpoint = choose_checkpoint(dataset, "-20d", key=NETWORK)
    if checkpoint is None:
        return
    if not has_metrics(checkpoint, METRICS):
        return
    place = canvas_room(PAGE)
    st.markdown(marked(_description(checkpoint)))
    digits, dims = checkpoint.codes.mu.shape
    _forget_code_of_another_model(checkpoint, dims)
    values = state.read(fields(dims, digits))
    with place:
        _explore(checkpoint, _data(checkpoint), values)


def _description(checkpoint: Checkpoint) -> str:
    metrics = checkpoint.meta["metrics"]
    kl = metrics["kl_per_dimension"]
    active = sum(variance > ACTIVE_VARIANCE for variance in metrics["code_variance"])
    return (
        f"β = **{checkpoint.beta:g}**: **{active} of {len(kl)}** dimensions are active; "
        f"together they carry **{sum(kl):.1f} nats** of KL."
    )


def _forget_code_of_another_model(checkpoint: Checkpoint, dims: int) -> None:
    """A code that began at an image means nothing in another model: it begins there anew."""
    model = f"{checkpoint.name} {checkpoint.index}"
    before = st.session_state.get("dimensions.model", model)
    st.session_state["dimensions.model"] = model
    start = state.current([START]).get(START.key, "digit")
    if model != before and start in MOVED_WITH_MODEL:
        state.change(state.point("code", dims, PAGE), None)


def _data(checkpoint: Checkpoint) -> dict[str, Any]:
    """What the browser needs beside weights and codes."""
    metrics = checkpoint.meta["metrics"]
    plane = cached_principal_plane(checkpoint)
    return {
        "model": model_source(checkpoint),
        "kl": metrics["kl_per_dimension"],  # nats, one a dimension
        "active": [variance > ACTIVE_VARIANCE for variance in metrics["code_variance"]],
        "plane": {"axes": plane.axes.tolist(), "mean": plane.mean.tolist()},
        "planeShare": plane.variance_share,
        "hasUmap": UMAP in checkpoint.codes.layouts,
        "guide": guides(GUIDES),
    }


@st.fragment
def _explore(checkpoint: Checkpoint, data: dict[str, Any], values: state.Values) -> None:
    digits, dims = checkpoint.codes.mu.shape
    canvas, below = st.container(), st.container()
    with below:
        measure = st.empty()
        has_originals = offer_originals(checkpoint.meta["dataset"])
    with canvas:
        hears = (TAB.key, LAYOUT.key, "axes")  # the sentence on trustworthiness is of these
        live_canvas(PAGE, values, fields(dims, digits), hears, originals=has_originals, **data)
    now = state.current(fields(dims, digits))
    if now.get(TAB.key) == "map":
        with measure:
            st.html(_trustworthiness(checkpoint, now))


def _trustworthiness(checkpoint: Checkpoint, values: state.Values) -> str:
    """How far the picture that is shown can be trusted, in a sentence."""
    codes = checkpoint.codes
    kind = values.get(LAYOUT.key, UMAP)
    if kind == UMAP and UMAP not in codes.layouts:
        kind = PCA
    axes = chosen_axes(checkpoint, values.get("axes")) if kind == RAW else ()
    layout = _layout(checkpoint, kind, axes)
    if len(codes.mu) <= 2 * TRUST_NEIGHBOURS + 1:
        return "<p>Too few codes to measure the picture's trustworthiness.</p>"
    value = cached_trustworthiness(checkpoint, (kind, *axes), layout)
    subset, total = len(trustworthiness_subset(len(codes.mu))), len(codes.mu)
    of = f"{subset:,} of {total:,} codes" if subset < total else f"all {total:,} codes"
    return (
        f'<p data-testid="trustworthiness" data-value="{value!r}" data-layout="{kind}">'
        f"Trustworthiness of {LAYOUT_NAMES[kind]}: <b>{value:.3f}</b> (1 is perfect), over "
        f"{TRUST_NEIGHBOURS} neighbours, {of}.</p>"
    )


def chosen_axes(checkpoint: Checkpoint, text: str | None) -> tuple[int, int]:
    """Two dimensions, numbered from 0; unless chosen, those with the largest KL."""
    if text:
        first, second = (int(part) - 1 for part in text.split(","))
        return first, second
    order = np.argsort(-np.array(checkpoint.meta["metrics"]["kl_per_dimension"]), kind="stable")
    return int(order[0]), int(order[1])


def _layout(checkpoint: Checkpoint, kind: str, axes: tuple[int, ...]) -> np.ndarray:
    codes = checkpoint.codes
    if kind == UMAP:
        return codes.layouts[UMAP]
    if kind == PCA:
        return cached_principal_plane(checkpoint).project(codes.mu)
    return codes.mu[:, list(axes)]
