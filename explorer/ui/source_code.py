"""The library's functions as text, to be shown beside the formulas that they compute.

Read from the modules' files when a page is drawn, so that what is shown cannot go stale, and
without importing them: that would take torch, and a second.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]


def function_source(module: str, name: str) -> str:
    """The text of a function or class of a module of this project, decorators included.

    What is private to the module and does the function's work follows, in the order of use: often
    the formula itself. `module` as in "explorer.objectives". Raises ValueError where there is no
    such module or no such name at its top level.
    """
    path = _PROJECT.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ValueError(f"No module {module}: there is no {path}.")
    return _read(path, name, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _read(path: Path, name: str, modified_ns: int) -> str:
    text = path.read_text(encoding="utf-8")
    kinds = ast.FunctionDef | ast.ClassDef
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, kinds)}
    if name not in found:
        raise ValueError(f"{path.name} has no function {name}.")
    wanted = [name]
    for each in wanted:  # grows on the way
        uses = [n for n in ast.walk(found[each]) if isinstance(n, ast.Name)]
        uses.sort(key=lambda use: (use.lineno, use.col_offset))
        helpers = dict.fromkeys(use.id for use in uses if use.id.startswith("_"))
        wanted += [helper for helper in helpers if helper in found and helper not in wanted]
    return "\n\n\n".join(_text_of(found[each], text.splitlines()) for each in wanted)


def _text_of(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> str:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return "\n".join(lines[first - 1 : node.end_lineno])
