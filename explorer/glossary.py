"""The glossary's file, read strictly: the terms, what they mean, and where each can be seen.

A term is a heading `## name`, then `also: other words`, if any, `see: [text](page?state)`, an empty
line and one paragraph. A page may be any; the interface knows which there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GLOSSARY = Path(__file__).with_name("glossary.md")
_TITLE = "# Glossary"
_SEE = re.compile(r"\[([^\]]+)\]\(([a-z]+)(?:\?([^)]+))?\)")
_EDGE = "A-Za-z0-9_"  # alike in Python and in the browser


@dataclass(frozen=True)
class Term:
    """One word of the trade."""

    name: str
    others: tuple[str, ...]  # words that mean it, too
    meaning: str  # a paragraph
    see: str  # what can be seen of it
    page: str  # on which page
    state: str  # of that page, as in the URL

    @property
    def words(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *self.others)


def read_glossary(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """The terms of a file, in its order; ValueError names the line of the first mistake."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != _TITLE:
        raise ValueError(f"{path.name}:1: must be “{_TITLE}”.")
    starts = [n for n, line in enumerate(lines) if line.startswith("## ")]
    ends = [*starts[1:], len(lines)]
    terms = tuple(
        _read_term(path.name, lines[start:end], start + 1)
        for start, end in zip(starts, ends, strict=True)
    )
    _check_words(path.name, terms, starts)
    return terms


def _read_term(file: str, lines: Sequence[str], first: int) -> Term:
    facts: dict[str, str] = {}
    body = 1
    while body < len(lines) and lines[body].strip():
        key, _, text = lines[body].partition(": ")
        if key not in ("also", "see") or key in facts or not text.strip():
            raise ValueError(
                f"{file}:{first + body}: expected “also: …” or “see: …” once each, or an empty "
                f"line, but found “{lines[body]}”."
            )
        facts[key] = text.strip()
        body += 1
    link = _SEE.fullmatch(facts.get("see", ""))
    if link is None:
        raise ValueError(f"{file}:{first}: needs a line “see: [text](page?state)”.")
    meaning = [line for line in lines[body:] if line.strip()]
    if len(meaning) != 1:
        raise ValueError(f"{file}:{first}: needs one paragraph, on one line; has {len(meaning)}.")
    others = tuple(_split(facts["also"])) if "also" in facts else ()
    name = lines[0].removeprefix("## ").strip()
    return Term(name, others, meaning[0].strip(), link[1], link[2], link[3] or "")


def _split(text: str) -> list[str]:
    """Words between commas; a comma within brackets separates nothing, as in N(0, I)."""
    return [word.strip() for word in re.split(r",(?![^(]*\))", text)]


def _check_words(file: str, terms: Sequence[Term], starts: Sequence[int]) -> None:
    owners: dict[str, str] = {}
    for term, start in zip(terms, starts, strict=True):
        for word in term.words:
            other = owners.setdefault(word.lower(), term.name)
            if not word or other != term.name or term.words.count(word) > 1:
                raise ValueError(f"{file}:{start + 1}: “{word}” already means “{other}”.")


def terms_by_word(terms: Sequence[Term]) -> Mapping[str, Term]:
    """Every word in small letters, with what it means."""
    return {word.lower(): term for term in terms for word in term.words}


def words_pattern(terms: Sequence[Term]) -> str:
    """A regular expression for all words, the longest first, for Python and JavaScript alike.

    A word may begin with a capital and end with the s of a plural, unless it has capitals itself.
    """
    words = sorted({word for term in terms for word in term.words}, key=len, reverse=True)
    return f"(?<![{_EDGE}])(?:{'|'.join(map(_word_pattern, words))})(?![{_EDGE}])"


def _word_pattern(word: str) -> str:
    escaped = re.sub(r"[()|.^$*+?{}\[\]\\]", r"\\\g<0>", word)
    first = word[0]
    if not (first.isascii() and first.islower()):
        return escaped
    plural = "" if word.endswith("s") or not word[-1].isalpha() else "s?"
    return f"[{first.upper()}{first}]{escaped[1:]}{plural}"


def term_of(word: str, terms: Mapping[str, Term]) -> Term:
    """What a word that the pattern has found means; `terms` by word."""
    small = word.lower()
    return terms[small] if small in terms else terms[small.removesuffix("s")]
