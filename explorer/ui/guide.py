"""The sentence under a page's title: what to do, and after the first moves what to notice.

The browser shows them and counts the moves; pages say them. Both are about the model that is shown:
what to notice is taken from its figures, or asked as a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Guide:
    """What to do on a page, or on one of its tabs, and what to notice then."""

    do: str
    notice: str
    touch: str = ""  # to do where there is no mouse; empty: the same


def guides(shown: Guide | Mapping[str, Guide]) -> dict[str, dict[str, str]]:
    """What `live_canvas` takes as `guide`: of the page, or by the name of what it shows."""
    named = {"": shown} if isinstance(shown, Guide) else shown
    return {name: asdict(guide) for name, guide in named.items()}
