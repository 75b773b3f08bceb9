"""The page 'Glossary': every term, what it means, and where it can be seen."""

from __future__ import annotations

from html import escape

import streamlit as st

from explorer.glossary import Term
from explorer.ui.term_note import see_at
from explorer.ui.terms import TERM, glossary, marked_html, slug


def show(dataset: str) -> None:
    """Draw the page; `?term=` names one that stands first."""
    st.header("Glossary: what does the word mean?", anchor=False)
    st.markdown("Look for a word here, or on any page point at one with dots under it, or tap it.")
    wanted = st.query_params.get(TERM)
    first = [term for term in glossary() if slug(term) == wanted]
    rest = sorted(glossary(), key=lambda term: term.name.lower())
    entries = [*(_entry(term, is_wanted=True) for term in first), *map(_entry, rest)]
    st.html(f'<style>{_CSS}</style><dl class="glossary" data-testid="glossary">{"".join(entries)}')


def _entry(term: Term, is_wanted: bool = False) -> str:
    also = f"<small>also: {escape(', '.join(term.others))}</small>" if term.others else ""
    return (
        f'<div{" class=is-wanted" if is_wanted else ""} data-term="{slug(term)}">'
        f"<dt>{escape(term.name)}{also}</dt>"
        f"<dd>{marked_html(escape(term.meaning), skipped=term)}"
        f' <a target="_self" href="{escape(see_at(term))}">{escape(term.see)}</a></dd></div>'
    )


_CSS = """
.glossary { columns: 26rem; column-gap: 2.5rem; margin: 0; padding: 0 !important; }
.glossary > div { break-inside: avoid; padding: 0.55rem 0.75rem; border-radius: 8px; }
.glossary > .is-wanted {
  column-span: all; margin-bottom: 0.75rem;
  background: color-mix(in srgb, currentColor 8%, transparent);
}
.glossary dt { font-weight: 700; font-size: 1.1rem; }
.glossary dt small { font-weight: 400; font-size: 0.9rem; opacity: 0.75; margin-left: 0.6em; }
.glossary a { color: inherit; }
.glossary dd { margin: 0.15rem 0 0; max-width: 46rem; }
"""
