"""What pages say, as their sources have it: string and template literals that hold words.

What is computed stands as a hole, {}, in a text. Docstrings, comments and styles are no texts.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from explorer.places import HOME

UI = HOME / "explorer" / "ui"
SCRIPTS = UI / "canvas" / "js"
HOLE = "{}"
_STYLE = re.compile(r"\{[^{}]*[\w-]+\s*:[^{}]*;", re.S)
_BEFORE_REGEX = re.compile(r"(?:^|[(,=:\[!&|?{};>+]|\breturn)\s*$")
_LEXEMES = re.compile(r"//[^\n]*|/\*.*?\*/|(?P<quote>[\"'`])|(?P<slash>/)|(?P<brace>[{}])", re.S)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/")
_STRINGS = {quote: re.compile(rf"(?:\\.|[^{quote}\\])*", re.S) for quote in ('"', "'")}
_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*", re.S)


class Text(NamedTuple):
    """A text and where it is written."""

    place: str  # file and line
    words: str


def page_texts() -> list[Text]:
    """All texts of the app's pages, the glossary's among them."""
    found = [
        *(text for path in sorted(UI.rglob("*.py")) for text in python_texts(path)),
        *(text for path in sorted(SCRIPTS.rglob("*.js")) for text in script_texts(path)),
        *(
            Text(f"glossary.md:{line}", words)
            for line, words in enumerate((UI.parent / "glossary.md").read_text().splitlines(), 1)
        ),
    ]
    return [t for t in found if re.search(r"[^\W\d_]{2,}|%", t.words) and " " in t.words]


def python_texts(path: Path) -> Iterator[Text]:
    """The literals of a module that are no docstrings; an f-string is one text with holes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = set()  # parts of f-strings, how their values are written, docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
        elif isinstance(node, ast.FormattedValue):
            inner.add(id(node.format_spec))
        elif isinstance(node, ast.Expr):
            inner.add(id(node.value))
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            words = "".join(
                part.value if isinstance(part, ast.Constant) else HOLE for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value
        else:
            continue
        if not _STYLE.search(words):
            yield Text(f"{path.name}:{node.lineno}", words)


def script_texts(path: Path) -> Iterator[Text]:
    """The literals of a JavaScript module; `${...}` is a hole, and its own literals are texts."""
    source = path.read_text(encoding="utf-8")
    found: list[tuple[int, str]] = []
    end = _script(source, 0, found, depth=None)
    assert end == len(source), path
    for start, literal in found:
        words = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), literal)
        if not _STYLE.search(words):
            yield Text(f"{path.name}:{source.count(chr(10), 0, start) + 1}", words)


def _script(source: str, at: int, found: list[tuple[int, str]], depth: int | None) -> int:
    """Collect the literals of code from `at`; with a depth, up to the brace that closes it."""
    while lexeme := _LEXEMES.search(source, at):
        at = lexeme.end()
        if quote := lexeme["quote"]:
            start, parts = lexeme.start(), []
            while quote == "`":
                part = _TEMPLATE.match(source, at)
                parts.append(part[0])
                at = part.end()
                if source[at] == "`":
                    break
                parts.append(HOLE)
                at = _script(source, at + len("${"), found, depth=1)
            else:
                part = _STRINGS[quote].match(source, at)
                parts, at = [part[0]], part.end()
            found.append((start, "".join(parts)))
            at += 1
        elif lexeme["slash"] and _BEFORE_REGEX.search(source, max(0, at - 20), at - 1):
            at = _REGEX.match(source, at - 1).end()
        elif depth is not None and lexeme["brace"]:
            depth += 1 if lexeme["brace"] == "{" else -1
            if depth == 0:
                return at
    return len(source)
