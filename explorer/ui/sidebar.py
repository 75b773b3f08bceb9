"""The sidebar: which data set, which model, and of a family which beta."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import streamlit as st

from explorer.checkpoints import Checkpoint, Family, list_checkpoints
from explorer.errors import ExplorerError
from explorer.fixes import how_to_get, how_to_mend, train_command
from explorer.places import checkpoint_root
from explorer.ui import state
from explorer.ui.cache import cached_checkpoint
from explorer.ui.notices import tell
from explorer.written import listed
from explorer.zoo import IMAGE_SIZES, zoo

FIRST_DATASET = "mnist"
MODEL_ORDER = ("vae-2d", "reconstruction-2d", "kl-2d", "vae-20d", "beta-2d", "beta-20d")
DEFAULT_BETA = 1.0


def choose_dataset() -> str | None:
    """Draw the selector that all pages share; None, with a message, where nothing is trained."""
    root = checkpoint_root()
    datasets = {name.split("/")[0] for name in list_checkpoints(root)}
    if not datasets:
        commands = (train_command(dataset, root) for dataset in IMAGE_SIZES)
        st.info(
            "There is nothing to show yet: no models in {}. Train them with `{}`, or offline and "
            "in two minutes with `{}`.".format(root, *commands)
            + " Without EXPLORER_CHECKPOINTS the shipped ones are shown."
            * bool(os.environ.get("EXPLORER_CHECKPOINTS"))
        )
        return None
    return _select("Data set", state.DATASET, sorted(datasets, key=dataset_order))


def choose_model(
    dataset: str, suffix: str, key: str = state.MODEL, prefix: str = ""
) -> Checkpoint | Family | None:
    """Draw a page's selector of the models of such a name, and load the chosen one.

    Names begin with `prefix` and end with `suffix`; `key` names the choice in the URL. None, with a
    message, where that fails.
    """
    models = models_of(dataset, suffix, prefix)
    if not models:
        rows = zoo(dataset if dataset in IMAGE_SIZES else FIRST_DATASET)
        names = [name for name in rows if name.startswith(prefix) and name.endswith(suffix)]
        kind = (
            "a family of models over beta"
            if prefix
            else f"a model of {suffix.strip('-').upper()} codes"
        )
        _say_what_lacks(f"This page shows {kind}, and {dataset} has none yet.", dataset, names)
        return None
    return load(f"{dataset}/{_select('Model', key, models)}")


def models_of(dataset: str, suffix: str, prefix: str = "") -> list[str]:
    """The names of a data set's models that begin and end so; the first is a page's default."""
    start = f"{dataset}/{prefix}"
    names = [name for name in list_checkpoints(checkpoint_root()) if name.startswith(start)]
    models = [name.split("/")[1] for name in names if name.endswith(suffix)]
    return sorted(models, key=_model_order)


def keep(key: str, chosen: str) -> None:
    """Choose from Python's side, before the widget of this key is drawn."""
    st.session_state[key] = chosen
    _keep(key, chosen)


def load(name: str) -> Checkpoint | Family | None:
    """Load "<dataset>/<name>"; None, with a message, where that fails."""
    try:
        return cached_checkpoint(name, checkpoint_root())
    except ExplorerError as error:
        tell(error, "\n\nEverything else in the sidebar goes on working.")
        return None


def load_all(dataset: str, models: Sequence[str]) -> list[Checkpoint] | None:
    """Load models that a page shows together; None, with one message, where that fails."""
    missing = [model for model in models if model not in models_of(dataset, model)]
    if missing:
        together, lacking = listed(models), listed(missing)
        words = f"This page compares {together}, and {dataset} has no {lacking} yet."
        _say_what_lacks(words, dataset, missing)
        return None
    loaded: list[Checkpoint] = []
    for model in models:
        checkpoint = load(f"{dataset}/{model}")
        if checkpoint is None:
            return None
        loaded.append(checkpoint)
    return loaded


def _say_what_lacks(words: str, dataset: str, models: Sequence[str]) -> None:
    """What a page lacks and how to get it: nothing is wrong with what there is."""
    st.info(f"{words} {how_to_get(dataset, models, checkpoint_root())}")


def has_metrics(checkpoint: Checkpoint, keys: Iterable[str]) -> bool:
    """Whether a page's figures are in meta.json, which asks for the -ELBO alone; else a message."""
    missing = [key for key in keys if key not in checkpoint.meta["metrics"]]
    if missing:
        st.error(
            f"{checkpoint.name} has no {' and no '.join(missing)} in its metrics. To mend it, "
            f"{how_to_mend(checkpoint.path)}"
        )
    return not missing


def choose_checkpoint(dataset: str, suffix: str, key: str = state.MODEL) -> Checkpoint | None:
    """`choose_model`, and of a family the member; None, with a message, where there is none."""
    found = choose_model(dataset, suffix, key)
    return _choose_member(found) if isinstance(found, Family) else found


def _choose_member(family: Family) -> Checkpoint:
    """Draw the slider of a family's betas; the member that it says."""
    options = [f"{beta:g}" for beta in family.betas]
    default = f"{family.at(DEFAULT_BETA).beta:g}"
    state.notice_invalid(state.BETA, [default, *options])
    _recall(state.BETA, options)
    chosen = st.sidebar.select_slider(
        "β, weight of the KL", options, value=default, key=state.BETA, bind="query-params"
    )
    _keep(state.BETA, chosen)
    return family.at(float(chosen))


def _select(label: str, key: str, options: list[str]) -> str:
    state.notice_invalid(key, options)
    _recall(key, options)
    chosen = st.sidebar.selectbox(label, options, key=key, bind="query-params")
    _keep(key, chosen)
    return chosen


# Streamlit forgets a widget when a page without it is shown; a choice is kept until its page comes
# back. It is set as the widget's value, not as its default, which the URL would not show.
def _recall(key: str, options: list[str]) -> None:
    kept = st.session_state.get(f"{state.CHOSEN}{key}")
    if key not in st.session_state and key not in st.query_params and kept in options:
        st.session_state[key] = kept


def _keep(key: str, chosen: str) -> None:
    st.session_state[f"{state.CHOSEN}{key}"] = chosen


def dataset_order(dataset: str) -> tuple[bool, str]:
    """To sort data sets by: the app opens on the first."""
    return dataset != FIRST_DATASET, dataset


def _model_order(model: str) -> tuple[int, str]:
    known = model in MODEL_ORDER
    return MODEL_ORDER.index(model) if known else len(MODEL_ORDER), model
