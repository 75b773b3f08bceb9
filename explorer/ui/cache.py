"""Every cache of the app: thin wrappers, bounded, shared by all sessions.

What is cached is read by all and changed by none, so nothing need be copied: that, and a pickle for
it, is what st.cache_data would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.checkpoints import Checkpoint, Family, load_checkpoint
from explorer.checks import JUDGE_FILES, META, TENSOR_FILES
from explorer.files import Version, standing_directory, version_of
from explorer.judge import Judge, load_judge
from explorer.places import JUDGE
from explorer.projection import PrincipalPlane, layout_trustworthiness, principal_plane
from explorer.walks import Walker, typical_ends

MAX_CHECKPOINTS = 8  # a family takes about 20 MB
MAX_JUDGES = 2  # one of each data set
MAX_PLANES = 64  # 500 bytes each
MAX_ENDS = 16  # of a walk: two numbers each
MAX_MEASURES = 512  # a number each; a model has 190 pairs of raw dimensions


Ends = tuple[int, int]  # test digits


def cached_checkpoint(name: str, root: Path) -> Checkpoint | Family:
    """Load "<dataset>/<name>" once; a checkpoint that was trained again is loaded again.

    Raises what `load_checkpoint` raises; errors are not cached.
    """
    return _load(name, str(root), _versions(root / name, TENSOR_FILES))


@st.cache_resource(max_entries=MAX_CHECKPOINTS, show_spinner=False)
def _load(name: str, root: str, versions: tuple[Version, ...]) -> Checkpoint | Family:
    return load_checkpoint(name, root)


def cached_judge(dataset: str, root: Path) -> Judge:
    """Load a data set's judge once; one that was trained again is loaded again.

    Raises what `load_judge` raises; errors are not cached.
    """
    return _load_judge(dataset, str(root), _versions(root / dataset / JUDGE, JUDGE_FILES))


@st.cache_resource(max_entries=MAX_JUDGES, show_spinner=False)
def _load_judge(dataset: str, root: str, versions: tuple[Version, ...]) -> Judge:
    return load_judge(dataset, root)


def _versions(folder: Path, files: Sequence[str]) -> tuple[Version, ...]:
    """Another value once one of a checkpoint's files has changed."""
    standing = standing_directory(folder)
    return tuple(version_of(standing / file) for file in (META, *files))


def cached_principal_plane(checkpoint: Checkpoint) -> PrincipalPlane:
    """The plane of a model's codes, computed once."""
    return _principal_plane(_codes_id(checkpoint), checkpoint.codes.mu)


def cached_trustworthiness(
    checkpoint: Checkpoint, kind: tuple[str | int, ...], layout: np.ndarray
) -> float:
    """`layout_trustworthiness` of a model's layout (N, 2), which `kind` names, measured once."""
    return _trustworthiness(_codes_id(checkpoint), kind, checkpoint.codes.mu, layout)


def cached_typical_ends(checkpoints: Sequence[Checkpoint], medians: Sequence[float | None]) -> Ends:
    """`typical_ends` of models that walk together, found once; medians of their largest steps."""
    versions = tuple(checkpoint.meta["sha256"]["model.safetensors"] for checkpoint in checkpoints)
    return _typical_ends(versions, tuple(medians), checkpoints)


def _codes_id(checkpoint: Checkpoint) -> tuple[str, int | None]:
    """A name for a model's codes: quicker to compare than the codes themselves."""
    return checkpoint.meta["sha256"]["codes.safetensors"], checkpoint.index


# Streamlit leaves out arguments with an underscore when it looks for what it has.
@st.cache_resource(max_entries=MAX_PLANES, show_spinner=False)
def _principal_plane(codes_id: tuple[str, int | None], _mu: np.ndarray) -> PrincipalPlane:
    return principal_plane(_mu)


@st.cache_resource(max_entries=MAX_MEASURES, show_spinner=False)
def _trustworthiness(
    codes_id: tuple[str, int | None], kind: tuple, _mu: np.ndarray, _layout: np.ndarray
) -> float:
    return layout_trustworthiness(_mu, _layout)


@st.cache_resource(max_entries=MAX_ENDS, show_spinner=False)
def _typical_ends(
    versions: tuple[str, ...], medians: tuple[float | None, ...], _checkpoints: Sequence[Checkpoint]
) -> Ends:
    walkers = [
        Walker(checkpoint.weights, checkpoint.codes.mu, median)
        for checkpoint, median in zip(_checkpoints, medians, strict=True)
    ]
    return typical_ends(walkers, _checkpoints[0].codes.labels, seed=0)
