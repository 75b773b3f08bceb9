"""Words of the trade, explained where they stand: on hover, on focus and on tap.

Text that Python writes carries links to the glossary's page, made here; in the canvas views the
browser marks the words itself. One picture of the component holds all meanings and shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from explorer.glossary import Term, read_glossary, term_of, terms_by_word, words_pattern

PAGE = "glossary"  # its url_path
TERM = "term"  # key of the URL: which term the page begins with

# What is left as it is: links, code and images; in HTML tags, and what stands in some of them.
_MARKDOWN_PARTS = re.compile(r"(`[^`]*`|!?\[[^\]]*\]\([^)]*\))")
_HTML_PARTS = re.compile(
    r"(<style.*?</style>|<code.*?</code>|<a\b.*?</a>|<summary.*?</summary>|<[^>]*>)", re.DOTALL
)


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """The shipped terms."""
    return read_glossary()


def slug(term: Term) -> str:
    """A term's name in the URL."""
    return re.sub(r"[^a-z0-9]+", "-", term.name.lower()).strip("-")


def address(term: Term) -> str:
    """The glossary's page at a term, relative to any page."""
    return f"{PAGE}?{TERM}={slug(term)}"


def marked(markdown: str) -> str:
    """Markdown whose terms, each the first time it stands there, explain themselves."""
    return _mark(
        markdown, _MARKDOWN_PARTS, lambda word, term: f"[{word}]({address(term)})", skipped=None
    )


def marked_html(html: str, skipped: Term | None = None) -> str:
    """The same for HTML; `skipped` is left out, as in its own explanation."""
    return _mark(
        html, _HTML_PARTS, lambda word, term: f'<a href="{address(term)}">{word}</a>', skipped
    )


def _mark(
    text: str,
    parts: re.Pattern[str],
    link: Callable[[str, Term], str],
    skipped: Term | None,
) -> str:
    pattern, by_word = _found_by()
    seen = {skipped}

    def replace(match: re.Match[str]) -> str:
        term = term_of(match[0], by_word)
        if term in seen:
            return match[0]
        seen.add(term)
        return link(match[0], term)

    pieces = parts.split(text)  # every second one is left as it is
    pieces[::2] = [pattern.sub(replace, piece) for piece in pieces[::2]]
    return "".join(pieces)


@lru_cache(maxsize=1)
def _found_by() -> tuple[re.Pattern[str], dict[str, Term]]:
    return re.compile(words_pattern(glossary())), dict(terms_by_word(glossary()))
