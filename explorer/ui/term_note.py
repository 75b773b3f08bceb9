"""The note that explains a term: mounted once a page with all meanings, to ask for none later."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from explorer.glossary import Term, words_pattern
from explorer.ui.canvas.live import live_panel
from explorer.ui.scene_pages import PAGES
from explorer.ui.terms import PAGE, TERM, glossary, slug

_LINK_CSS = f"""
a[href^="{PAGE}?{TERM}="] {{
  color: inherit !important;
  text-decoration: underline dotted !important;
  text-decoration-thickness: 0.1em !important;
  text-underline-offset: 0.2em;
  cursor: help;
}}
"""


@lru_cache(maxsize=1)
def _sent() -> dict[str, object]:
    """What the browser needs."""
    return {
        "pattern": words_pattern(glossary()),
        "page": f"{PAGE}?{TERM}=",
        "terms": [
            {
                "name": term.name,
                "slug": slug(term),
                "words": [word.lower() for word in term.words],
                "meaning": term.meaning,
                "see": term.see,
                "seeAt": see_at(term),
            }
            for term in glossary()
        ],
    }


def see_at(term: Term) -> str:
    """The address, relative to any page, where a term can be seen."""
    return f"{PAGES[term.page].path or './'}{f'?{term.state}' if term.state else ''}"


def show() -> None:
    """Mount what explains the terms of a page."""
    st.html(f"<style>{_LINK_CSS}</style>")
    live_panel("terms", **_sent())
