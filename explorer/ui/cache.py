"""Every cache of the app: thin wrappers, bounded, shared by all sessions.

What is cached is read by all and changed by none.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.checkpoints import Checkpoint, Family, load_checkpoint
from explorer.checks import META

MAX_CHECKPOINTS = 8  # a family takes about 20 MB


def cached_checkpoint(name: str, root: Path) -> Checkpoint | Family:
    """Load "<dataset>/<name>" once; a checkpoint that was trained again is loaded again.

    Raises what `load_checkpoint` raises; errors are not cached.
    """
    meta = root / name / META
    modified_ns = meta.stat().st_mtime_ns if meta.is_file() else 0
    return _load(name, str(root), modified_ns)


@st.cache_resource(max_entries=MAX_CHECKPOINTS, show_spinner=False)
def _load(name: str, root: str, modified_ns: int) -> Checkpoint | Family:
    return load_checkpoint(name, root)
