"""The sidebar: which data set, which model, and of a family which beta."""

from __future__ import annotations

import streamlit as st

from explorer.checkpoints import Checkpoint, Family, list_checkpoints
from explorer.errors import ExplorerError
from explorer.ui import state
from explorer.ui.cache import cached_checkpoint
from explorer.ui.server import checkpoint_root

FIRST_DATASET = "mnist"
FIRST_MODELS = ("vae-2d", "reconstruction-2d", "kl-2d", "beta-2d")
DEFAULT_BETA = 1.0


def choose_checkpoint() -> Checkpoint | None:
    """Draw the selectors and load what they say; None, with a message, where that fails."""
    root = checkpoint_root()
    names = [name for name in list_checkpoints(root) if name.endswith("-2d")]
    if not names:
        st.error(
            f"No 2-D checkpoints in {root}. Train them with `python train.py`, or offline and in "
            "a minute with `python train.py --dataset digits`."
        )
        return None
    datasets = sorted({name.split("/")[0] for name in names}, key=_dataset_order)
    dataset = _select("Data set", state.DATASET, datasets)
    models = [name.split("/")[1] for name in names if name.startswith(f"{dataset}/")]
    model = _select("Model", state.MODEL, sorted(models, key=_model_order))
    try:
        checkpoint = cached_checkpoint(f"{dataset}/{model}", root)
    except ExplorerError as error:
        st.error(f"{error}\n\nThe other models in the sidebar go on working.")
        return None
    return _choose_member(checkpoint) if isinstance(checkpoint, Family) else checkpoint


def _dataset_order(dataset: str) -> tuple[bool, str]:
    return dataset != FIRST_DATASET, dataset


def _model_order(model: str) -> tuple[int, str]:
    known = model in FIRST_MODELS
    return FIRST_MODELS.index(model) if known else len(FIRST_MODELS), model


def _select(label: str, key: str, options: list[str]) -> str:
    state.notice_invalid(key, options)
    return st.sidebar.selectbox(label, options, key=key, bind="query-params")


def _choose_member(family: Family) -> Checkpoint:
    options = [f"{beta:g}" for beta in family.betas]
    default = f"{family.at(DEFAULT_BETA).beta:g}"
    state.notice_invalid(state.BETA, [default, *options])
    chosen = st.sidebar.select_slider(
        "β, weight of the KL",
        options,
        value=default,
        key=state.BETA,
        bind="query-params",
    )
    return family.at(float(chosen))
