"""meta.json as text that people can read and that stays small: an epoch of the history a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WIDTH = 160  # columns; what fits stands on one line
DIGITS = 7  # significant, of measured figures: what float32 holds
# Settings are kept as they are given.
_MEASURED = ("history", "shared_history", "measures", "metrics")


def meta_text(meta: Mapping[str, Any]) -> bytes:
    """The content of a meta.json; raises ValueError where a number is not finite."""
    return (_render(_rounded(meta), 0) + "\n").encode()


def _rounded(value: Any, measured: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(v, measured or key in _MEASURED) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v, measured) for v in value]
    return float(f"{value:.{DIGITS}g}") if measured and isinstance(value, float) else value


def _render(value: Any, indent: int) -> str:
    """JSON in which a list of numbers, and anything that fits, stands on one line."""
    line = json.dumps(value, allow_nan=False)
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
    )
    if not value or not nested or indent + len(line) <= WIDTH:
        return line
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_render(v, indent + 1)}" for key, v in value.items()]
    else:
        parts = [_render(v, indent + 1) for v in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    space = " " * (indent + 1)
    inside = f",\n{space}".join(parts)
    return f"{opening}\n{space}{inside}\n{' ' * indent}{closing}"
