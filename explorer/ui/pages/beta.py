"""The page 'Beta': a family of models from beta 0 to collapse, as a film under the hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint, Family
from explorer.checks import TENSOR_FILES
from explorer.collapse import collapsed_reconstruction, predicted_active_units
from explorer.errors import ExplorerError
from explorer.latent import ACTIVE_VARIANCE, nearest_codes
from explorer.places import checkpoint_root
from explorer.statistics import Statistics, load_statistics
from explorer.ui import state
from explorer.ui.canvas.live import canvas_room, live_canvas
from explorer.ui.canvas.source import model_source
from explorer.ui.conclusions import over_beta
from explorer.ui.convention import show_convention
from explorer.ui.guide import Guide, guides
from explorer.ui.measures import measures_of, real_digits, unmeasured
from explorer.ui.notices import plain
from explorer.ui.originals import offer_originals
from explorer.ui.sidebar import DEFAULT_BETA, choose_model, has_metrics
from explorer.walks import usual_step

FAMILY = "family"  # the sidebar's key: another choice of models than the other pages'
PAGE = "beta"
METRICS = ("reconstruction", "kl", "active_units", "kl_per_dimension", "code_variance")
FIXED_CLASSES = 8  # one test digit of each of so many classes is followed
NEIGHBOURS = 10  # codes: those of such a digit are of its own class
CANDIDATES = 200  # digits of a class, at most, of which one is chosen
CHARTS = state.choice("charts", ("measures",), page=PAGE)  # absent: how the family collapses
SPEED = state.choice("speed", ("slow", "fast"), page=PAGE)  # absent: normal
_CHARTS = "beta-charts"  # of the session: whether Plotly's charts are open
DECIMALS = 4  # of what the browser draws, not of what it computes with


def show(dataset: str) -> None:
    """Draw the page."""
    st.header("Beta: watch the posterior collapse", anchor=False)
    family = choose_model(dataset, "d", FAMILY, prefix="beta-")
    if family is None:
        return
    if not isinstance(family, Family):
        st.error(no_family(family.name))
        return
    if not all(has_metrics(member, METRICS) for member in family.members):
        return
    statistics = _statistics(dataset)
    fields = page_fields(family)
    values = state.read(fields)
    film, foot = canvas_room(PAGE), st.container()
    with foot:
        show_convention(family, statistics)
        has_originals = offer_originals(dataset)
    with film:
        _film(family, _data(family, statistics), has_originals, values)


def no_family(name: str) -> str:
    """What is said where a single model bears a family's name."""
    return f"{name} is a single model: this page needs a family of betas."


def page_fields(family: Family) -> tuple[state.Field, ...]:
    """The page's state; which betas and axes there are depends on the family."""
    beta = state.number(state.BETA, family.betas[0], family.betas[-1], page=PAGE)
    dims = family.meta["model"]["latent_dims"]
    axes = () if dims == 2 else (state.two_dimensions("axes", dims, PAGE),)
    return (beta, SPEED, CHARTS, *axes, state.CLASSES, state.SHAPES)


def _statistics(dataset: str) -> Statistics | None:
    try:
        return load_statistics(dataset, checkpoint_root())
    except ExplorerError as error:
        st.warning(f"{plain(str(error))} Until then the page shows no prediction.")
        return None


def _data(family: Family, statistics: Statistics | None) -> dict[str, Any]:
    """What the browser needs beside weights and codes."""
    digits = _digits_of(family.meta["sha256"][TENSOR_FILES[1]], family.at(DEFAULT_BETA))
    members = _members(family, digits)
    is_measured = all(member["measures"] is not None for member in members)
    return {
        "members": members,
        "digits": digits,
        "start": family.at(DEFAULT_BETA).beta,
        "activeVariance": ACTIVE_VARIANCE,
        "prediction": _prediction(family, statistics),
        "guide": guides(_guide(family)),
        **_measures(family, is_measured),
    }


def _guide(family: Family) -> Guide:
    dead = [one.beta for one in family.members if one.meta["metrics"]["active_units"] == 0]
    return Guide(
        do=f"Drag the slider from {family.at(DEFAULT_BETA).beta:g} to {family.betas[-1]:g}: "
        "the KL weighs more and more in the loss.",
        notice=f"from β = {min(dead):g} on the codes lie on one point, and every digit comes back "
        "as the same grey picture."
        if dead
        else "which digits can no longer be told apart, and where do their codes lie?",
    )


@st.fragment
def _film(family: Family, data: dict[str, Any], has_originals: bool, values: state.Values) -> None:
    fields = page_fields(family)
    hears = [state.BETA] if st.session_state.get(_CHARTS) else []
    live_canvas(PAGE, values, fields, hears, originals=has_originals, **data)
    beta = state.current(fields).get(state.BETA)
    _charts(family, DEFAULT_BETA if beta is None else float(beta))


@st.cache_data(max_entries=8, show_spinner=False)
def _digits_of(codes_hash: str, _member: Checkpoint) -> list[int]:
    """`fixed_digits`, once for each file of codes."""
    return fixed_digits(_member)


def fixed_digits(member: Checkpoint) -> list[int]:
    """A clear test digit of each of the first classes, the same in all members.

    The first whose nearest codes at beta 1 are all of its own class, or have most of it: a digit
    among those of another class would be read wrongly before any beta has done it.
    """
    mu, labels = member.codes.mu, member.codes.labels

    def purity(index: int) -> int:
        nearest = nearest_codes(mu, mu[index], NEIGHBOURS + 1)
        return int((labels[nearest] == labels[index]).sum())

    found = []
    for label in np.unique(labels)[:FIXED_CLASSES]:
        best, most = -1, 0
        for index in np.flatnonzero(labels == label)[:CANDIDATES]:
            if (own := purity(index)) > most:
                best, most = int(index), own
            if most == NEIGHBOURS + 1:
                break
        found.append(best)
    return found


def _members(family: Family, digits: list[int]) -> list[dict[str, Any]]:
    """What the browser needs of each member at once: its place, its metrics, eight posteriors."""
    return [
        {
            "source": model_source(member),
            "reconstruction": member.meta["metrics"]["reconstruction"],
            "kl": member.meta["metrics"]["kl"],
            "activeUnits": member.meta["metrics"]["active_units"],
            "klPerDimension": member.meta["metrics"]["kl_per_dimension"],
            "codeVariance": member.meta["metrics"]["code_variance"],
            "measures": _member_measures(member),
            # (digits, D): their ellipses, without fetching ten thousand others
            "variances": np.exp(member.codes.logvar[digits]).round(DECIMALS + 2).tolist(),
        }
        for member in family.members
    ]


def _measures(family: Family, is_measured: bool) -> dict[str, Any]:
    """What the members' figures come to, or what to say where one has not been measured."""
    dataset, name = family.name.split("/")
    if not is_measured:
        return {"unmeasured": unmeasured(dataset, [name])}
    real = real_digits(dataset)
    measures = [member.meta["measures"] for member in family.members]
    return {
        "unmeasured": None,
        "real": None if real is None else real["recognised"],
        "informationCap": measures[0]["information"]["cap"],
        "conclusion": over_beta(family.betas, measures),
    }


def _member_measures(member: Checkpoint) -> dict[str, float | None] | None:
    measures = measures_of(member)
    if measures is None:
        return None
    prior, walks = measures["completeness"]["prior"], measures["continuity"]
    step = usual_step(walks)
    return {
        "recognised": prior["recognised"],
        "recognisedLow": prior["recognised_low"],
        "recognisedHigh": prior["recognised_high"],
        "step": step,
        "stepHigh": None if step is None else walks["step_p95"],
        "information": measures["information"]["nats"],
    }


def _prediction(family: Family, statistics: Statistics | None) -> dict[str, Any] | None:
    """What the data alone say: thresholds of beta, and where a collapsed model stands."""
    if statistics is None:
        return None
    eigenvalues = statistics.bernoulli_eigenvalues
    dims = family.meta["model"]["latent_dims"]
    return {
        "thresholds": eigenvalues[:dims].astype(float).round(DECIMALS).tolist(),
        "activeUnits": [predicted_active_units(eigenvalues, beta, dims) for beta in family.betas],
        "collapsed": collapsed_reconstruction(statistics.mean_image),
    }


def _charts(family: Family, beta: float) -> None:
    """What a choice changes, drawn by Plotly, which is imported when first asked for."""
    expander = st.expander("Training history and all metrics", on_change="rerun", key=_CHARTS)
    if not expander.open:
        return
    from explorer.plots import metrics_against_beta, training_history  # 0.5 s and 40 MB

    member = family.at(beta)
    with expander:
        st.markdown(f"**Training of the member with β = {member.beta:g}**, the nearest trained one")
        shared = family.meta.get("shared_history", [])
        if shared:
            st.caption(f"All members share the first {len(shared)} epochs, at β = 1.")
        history = [*shared, *member.meta["history"]]
        st.plotly_chart(training_history(history), key="beta-history")
        st.markdown("**Test metrics of all members**")
        metrics = [member.meta["metrics"] for member in family.members]
        st.plotly_chart(metrics_against_beta(family.betas, metrics), key="beta-metrics")
