"""Which beta is meant: the project's loss in one line, and a converter for other losses."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Family
from explorer.collapse import equivalent_beta, predicted_active_units
from explorer.config import LOSS_CONVENTION
from explorer.statistics import Statistics
from explorer.ui.terms import marked

TUTORIAL_WEIGHT = 0.01  # of the KL, as tutorials write it without saying sum or mean
LEAST_WEIGHT = 1e-9  # of the reconstruction: without any, no beta corresponds


@st.fragment
def show_convention(family: Family, statistics: Statistics | None) -> None:
    """Draw the line and the converter."""
    shape = family.meta["model"]
    pixels, dims = shape["height"] * shape["width"], shape["latent_dims"]
    st.subheader("Which β is meant?", anchor=False)
    st.markdown(f"Here: {LOSS_CONVENTION.replace('beta * KL', 'β × KL')}.")
    beta = _converted_beta(pixels, dims)
    st.markdown(marked(_meaning(family, statistics, beta)))
    st.markdown(marked(_tutorials(pixels, statistics)))


def _converted_beta(pixels: int, dims: int) -> float:
    first, second, third, fourth = st.columns(4)
    averages_pixels = first.selectbox(
        "A reconstruction",
        [True, False],
        format_func=lambda mean: f"averaged over {pixels} pixels" if mean else "summed over pixels",
        key="convert-pixels",
    )
    reconstruction_weight = second.number_input(
        "Weight of the reconstruction",
        LEAST_WEIGHT,
        value=1.0,
        format="%g",
        key="convert-reconstruction-weight",
    )
    averages_dims = third.selectbox(
        "A KL",
        [False, True],
        format_func=lambda mean: (
            f"averaged over {dims} dimensions" if mean else "summed over dimensions"
        ),
        key="convert-dims",
    )
    kl_weight = fourth.number_input(
        "Weight of the KL",
        0.0,
        value=TUTORIAL_WEIGHT,
        step=0.01,
        format="%g",
        key="convert-kl-weight",
    )
    return equivalent_beta(
        kl_weight,
        reconstruction_weight,
        averaged_pixels=pixels if averages_pixels else 1,
        averaged_dims=dims if averages_dims else 1,
    )


def _meaning(family: Family, statistics: Statistics | None, beta: float) -> str:
    inverse = f", or β′ = 1/β = **{1 / beta:.4g}** on the reconstruction" if beta > 0 else ""
    text = f"That loss is **β = {beta:.4g}** here{inverse}. "
    if statistics is not None:
        dims = family.meta["model"]["latent_dims"]
        alive = predicted_active_units(statistics.bernoulli_eigenvalues, beta, dims)
        text += f"At this β theory keeps **{alive}** of {dims} units alive"
    else:
        text += "There"
    nearest = family.at(beta)
    active = nearest.meta["metrics"]["active_units"]
    return f"{text}; the nearest trained member, β = {nearest.beta:g}, has **{active}**."


def _tutorials(pixels: int, statistics: Statistics | None) -> str:
    summed = equivalent_beta(TUTORIAL_WEIGHT)
    averaged = equivalent_beta(TUTORIAL_WEIGHT, averaged_pixels=pixels)
    text = (
        f"Tutorials like to write *reconstruction + {TUTORIAL_WEIGHT:g} × KL*. Summed over pixels "
        f"that is β = {summed:g} (equally: {1 / summed:g} × reconstruction + KL), almost no prior; "
        f"averaged over {pixels} pixels it is β = {averaged:g}, {averaged / summed:g} times as "
        "much. The reconstruction must be the same, the Bernoulli cross-entropy"
    )
    if statistics is None:
        return f"{text}."
    last = statistics.gaussian_eigenvalues[0]
    return f"{text}: with half the squared error instead, the last unit dies at β = {last:.3g}."
