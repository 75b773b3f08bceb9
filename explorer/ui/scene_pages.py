"""What a lesson's scenes can show: the pages, their state, their controls, and how each is set.

Checking a lesson opens no model: what a state may say of one stands in its meta.json and in the
header of its codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.checkpoints import list_checkpoints
from explorer.checks import LABELS, MAX_META_BYTES, META, TENSOR_FILES, bad, parse_meta
from explorer.errors import CheckpointBad, ExplorerError, LessonLacks
from explorer.files import Version, standing_directory, version_of
from explorer.lesson_format import Lesson, PageRules, Scene
from explorer.places import checkpoint_root
from explorer.tensor_files import read_file, read_header
from explorer.ui import state
from explorer.ui.pages import beta, continuity, dimensions, machine, objectives, theory
from explorer.ui.pages import map as map_page
from explorer.ui.sidebar import DEFAULT_BETA, dataset_order, keep, models_of
from explorer.zoo import IMAGE_SIZES, zoo

MAP = "map"  # its path is empty


@dataclass(frozen=True)
class Outline:
    """What is known of a model without opening it."""

    dims: int
    digits: int  # in its data set's test set
    betas: tuple[float, ...]  # empty where it is no family
    meta: Mapping[str, Any]


@dataclass(frozen=True)
class ScenePage:
    """One page that scenes can show."""

    fields: Callable[[Outline], Sequence[state.Field]]
    controls: Mapping[str, str]  # name in a lesson -> CSS selector within the page
    # The same for canvases that can be hidden until the reveal, and for words that would tell them.
    pictures: Mapping[str, str]
    path: str  # in the URL
    model: str = ""  # the sidebar's key for the choice of a model; empty where there is none
    suffix: str = "-2d"  # of the models to choose from, and their prefix
    prefix: str = ""
    has_beta: bool = True  # whether the sidebar asks for a family's beta
    together: Sequence[str] = ()  # the models that the page shows beside each other
    forget: Sequence[str] = field(default=())  # keys of the session that hold what came before


_EXPORT = {"export": '[data-testid^="export-"]'}
_LEGEND = {"legend": ".legend-bar"}
_DECODED = '[data-testid="decoded-digit"]'
_DIGIT = {"digit": _DECODED}

PAGES = {
    MAP: ScenePage(
        lambda model: map_page.fields(model.digits),
        {
            **_LEGEND,
            **_EXPORT,
            "layers": '[data-testid^="toggle-"], .manifold-options, .control-choice',
            "facts": ".digit-facts",
            "tools": ".segments",
            "panel": ".tool-panel",
            "strip": ".strip",
        },
        {
            "digit": f"{_DECODED}, .digit-facts, .field-value, .tool-panel-neighbours canvas, "
            ".tool-panel-neighbours p",
            "path": '[data-testid="path-strip"], .strip .pointed-captions, .strip .fact',
            "samples": '[data-testid="sample-tiles"], .tool-panel-samples .pointed-captions',
        },
        path="",
        model=state.MODEL,
    ),
    machine.PAGE: ScenePage(
        lambda model: machine.fields(model.dims, model.digits),
        {
            **_EXPORT,
            "play": ".pass-controls",
            "words": ".machine-said",
            "sources": ".input-sources, .input-steps",
            "dice": '[data-testid="throw-dice"]',
            "loss": ".machine-loss",
        },
        {**_DIGIT, "code": ".is-code canvas, .code-said"},
        path=machine.PAGE,
        model=machine.MODEL,
        suffix="",
        forget=("machine.model",),
    ),
    objectives.PAGE: ScenePage(
        lambda model: (*objectives.FIELDS, state.whole(state.DIGIT, model.digits)),
        {
            **_LEGEND,
            **_EXPORT,
            "views": ".toolbar > .control",
            "readout": '[data-testid="z-readout"]',
            "digits": '[aria-label^="Test digit"]',
            "lines": ".objective-line",
            "pictures": ".objective-lower",
            "figures": ".objective-metrics",
            "sentences": ".objective-sentence",
        },
        {
            **_DIGIT,
            "reconstruction": '[data-testid="reconstruction"]',
            "samples": '[data-testid="prior-samples"]',
        },
        path=objectives.PAGE,
        together=objectives.NAMES,
    ),
    beta.PAGE: ScenePage(
        lambda model: beta.page_fields(model),
        {
            **_LEGEND,
            **_EXPORT,
            "play": ".film-controls > .control-group, .film-controls .control-choice",
            "slider": ".film-controls",
            "words": ".film-said",
            "charts": ".film-charts",
            "manifold": ".film-manifold",
            "strips": ".film-strips",
            "measures": ".film-column > .control",
            "numbers": ".film-facts",
        },
        {
            "manifold": ".film-manifold .tiles",
            "digits": ".film-digits > .tiles",
            "samples": ".film-samples .tiles",
            "units": ".film-units canvas, .film-note, .film-facts",
        },
        path=beta.PAGE,
        model=beta.FAMILY,
        suffix="d",
        prefix="beta-",
        has_beta=False,
    ),
    dimensions.PAGE: ScenePage(
        lambda model: dimensions.fields(model.dims, model.digits),
        {
            **_LEGEND,
            **_EXPORT,
            "start": ".start-controls",
            "pictures": ".start-pictures",
            "tabs": ".tab-list",
            "reset": '[data-testid="reset-code"]',
            "dead": ".dead",
            "others": ".slider-tools",
            "side": ".code-side, .traversal-key",
        },
        {**_DIGIT, "grid": ".traversal-tiles .tiles"},
        path=dimensions.PAGE,
        model=dimensions.NETWORK,
        suffix="-20d",
        forget=("dimensions.model",),
    ),
    continuity.PAGE: ScenePage(
        lambda model: (
            *continuity.FIELDS,
            *(state.whole(key, model.digits, continuity.PAGE) for key in ("from", "to")),
            state.whole(state.DIGIT, model.digits),
        ),
        {
            **_LEGEND,
            **_EXPORT,
            "tabs": ".tab-list",
            "words": ".continuity-lead",
            "tools": ".tab-panel .toolbar",
            "digits": ".continuity-side",
            "facts": ".walk-fact, .ring-fact, .off-reason, .roulette-captions, "
            ".roulette-fact:not(.is-headline)",
            "pictures": ".continuity-below",
        },
        {
            "digit": f"{_DECODED}, .verdict",
            "strips": ".walk-strip .tiles, .roulette-strip .tiles, .roulette-captions",
        },
        path=continuity.PAGE,
        together=continuity.NAMES,
    ),
    theory.PAGE: ScenePage(
        lambda model: theory.fields(model.digits),
        {
            **_EXPORT,
            "tabs": ".tab-list",
            "words": ".theory-says",
            "image": ".theory-side",
            "sources": ".input-sources, .input-steps",
            "formulas": ".formulas",
        },
        _DIGIT,
        path=theory.PAGE,
        model=state.MODEL,
    ),
}


class SceneRules:
    """What lessons may say, by the checkpoints that are here: `explorer.lesson_format.Rules`."""

    def __init__(self) -> None:
        here = {name.split("/")[0] for name in list_checkpoints(checkpoint_root())}
        absent = sorted(IMAGE_SIZES.keys() - here, key=dataset_order)  # that there could be
        self.datasets = [*sorted(here, key=dataset_order), *absent]
        self.pages = tuple(PAGES)

    def page(self, page: str, dataset: str, state_texts: Mapping[str, str]) -> PageRules:
        """See `explorer.lesson_format.Rules`."""
        shown = PAGES[page]
        dataset = state_texts.get(state.DATASET, dataset)
        keys = {state.DATASET: state.choice(state.DATASET, self.datasets)}
        models = models_of(dataset, shown.suffix, shown.prefix)
        _require_models(shown, dataset, models, state_texts)
        if shown.model:
            keys[shown.model] = state.choice(shown.model, models)
        model = state_texts.get(shown.model, "") if shown.model else ""
        parts = tuple(shown.controls), tuple(shown.pictures)
        if not models:
            return PageRules(keys, *parts)
        try:
            outline = _outline(dataset, model if model in models else models[0], shown)
        except ExplorerError as error:
            return PageRules(keys, *parts, problem=str(error))
        if shown.has_beta and outline.betas:
            betas = [f"{value:g}" for value in outline.betas]
            keys[state.BETA] = state.choice(state.BETA, betas)
        keys |= {one.key: one for one in shown.fields(outline)}
        return PageRules(keys, *parts)


def _require_models(
    shown: ScenePage, dataset: str, models: Sequence[str], state_texts: Mapping[str, str]
) -> None:
    """Raises LessonLacks where a scene's page would say that its models are not here."""
    rows = zoo(dataset) if dataset in IMAGE_SIZES else {}
    rows = [n for n in rows if n.startswith(shown.prefix) and n.endswith(shown.suffix)]
    wanted = list(shown.together)
    if shown.model and state_texts.get(shown.model) in rows:
        wanted = [state_texts[shown.model]]
    elif not (models or wanted):
        wanted = rows
    if missing := [name for name in wanted if name not in models]:
        raise LessonLacks(", ".join(f"{dataset}/{name}" for name in missing))


def page_path(scene: Scene) -> str:
    """The path of a scene's page in the URL."""
    return PAGES[scene.page].path


def stage(scene: Scene) -> dict[str, Any]:
    """What a page needs to hide of itself, by CSS selectors: at once, or until the reveal."""
    page = PAGES[scene.page]
    return {
        "hidden": list(scene.hide),
        "hide": ", ".join(page.controls[name] for name in scene.hide),
        "veil": ", ".join(page.pictures[name] for name in scene.predict),
    }


def set_scene(lesson: Lesson, scene: Scene) -> None:
    """Put a scene's page into its state, all of it: what the scene does not name has its default.

    Only the shapes of the classes stay as they are, if it does not name them: some eyes need them.
    Takes effect when the page is next drawn; to be called before the sidebar's widgets are.
    """
    page = PAGES[scene.page]
    dataset = scene.state.get(state.DATASET, lesson.dataset)
    keep(state.DATASET, dataset)
    for key in page.forget:
        st.session_state.pop(key, None)
    models = models_of(dataset, page.suffix, page.prefix)
    if not models:
        return  # the page says so
    model = scene.state.get(page.model, models[0]) if page.model else models[0]
    try:
        outline = _outline(dataset, model, page)
    except ExplorerError:
        return  # the page says so
    if page.model:
        keep(page.model, model)
    if page.has_beta and outline.betas:
        nearest = min(outline.betas, key=lambda beta: abs(beta - DEFAULT_BETA))
        keep(state.BETA, scene.state.get(state.BETA, f"{nearest:g}"))
    for one in page.fields(outline):
        if one == state.SHAPES and one.key not in scene.state:
            state.read([one])  # from the address, where a page is loaded anew
        else:
            state.change(one, scene.state.get(one.key))


def scene_state() -> dict[str, object]:
    """Whatever of the session a scene can set, as it is: data set, models, and pages' states."""
    return {key: value for key, value in st.session_state.items() if _is_set_by_scenes(key)}


def restore(before: Mapping[str, object]) -> None:
    """Put back what `scene_state` gave; to be called before the sidebar's widgets are drawn."""
    for key in [key for key in st.session_state if _is_set_by_scenes(key)]:
        if key not in before:
            del st.session_state[key]
    for key, value in before.items():
        st.session_state[key] = value


def _is_set_by_scenes(key: str) -> bool:
    models = {page.model for page in PAGES.values() if page.model}
    forgotten = {key for page in PAGES.values() for key in page.forget}
    return key in {state.DATASET, state.BETA} | models | forgotten or state.is_kept(key)


def _outline(dataset: str, model: str, page: ScenePage) -> Outline:
    """Of a model that a page can show; raises with the sentence that the page says, where it
    cannot."""
    folder = standing_directory(checkpoint_root() / dataset / model)
    codes = folder / TENSOR_FILES[1]
    outline = _read_outline(folder, codes, (version_of(folder / META), version_of(codes)))
    if page.prefix and not outline.betas:
        raise CheckpointBad(beta.no_family(f"{dataset}/{model}"))
    return outline


# The versions are an argument only so that what has changed is read again.
@lru_cache(maxsize=32)
def _read_outline(folder: Path, codes: Path, versions: tuple[Version, Version]) -> Outline:
    meta = parse_meta(folder / META, read_file(folder / META, MAX_META_BYTES))
    shape = read_header(codes).get(LABELS, {"shape": []})["shape"]
    if len(shape) != 1 or shape[0] == 0:
        raise bad(codes, "has labels that are not one class a test digit")
    betas = tuple(float(member["beta"]) for member in meta.get("members", ()))
    return Outline(meta["model"]["latent_dims"], shape[0], betas, meta)
