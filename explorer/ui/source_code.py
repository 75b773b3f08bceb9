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

    `module` as in "explorer.objectives". Raises ValueError where there is no such module or no
    such name at its top level.
    """
    path = _PROJECT.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ValueError(f"No module {module}: there is no {path}.")
    return _read(path, name, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _read(path: Path, name: str, modified_ns: int) -> str:
    lines = path.read_text(encoding="utf-8")
    for node in ast.parse(lines).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(lines.splitlines()[first - 1 : node.end_lineno])
    raise ValueError(f"{path.name} has no function {name}.")
