"""Joins ES modules into one script, for a page that cannot import by relative path.

Understands what these modules use and nothing more: `import { a, b } from "../folder/file.js";` at
the start of a line, and `export` before a declaration. Every module shares one scope afterwards, so
a name may be declared at the top level of one module only.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_IMPORT = re.compile(r'^import\s+\{([^}]*)\}\s+from\s+"(\.{1,2}/[\w/.-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function|class|const|let)\b)(?!default)", re.MULTILINE
)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import\b|export (?!default )).*", re.MULTILINE)


def bundle(entry: Path) -> str:
    """The source of `entry` and of all it imports, dependencies first.

    Raises ValueError, naming the module by its path from the entry's folder, for a missing module
    or export, a circle of imports, a name declared twice, or an import or export of another form.
    """
    sources: dict[str, str] = {}  # path from the entry's folder -> source, in dependency order
    _visit(entry.parent, entry.name, [], sources)
    _check_names(sources)
    parts = []
    for name, source in sources.items():
        stripped = _EXPORT.sub("", _IMPORT.sub("", source))
        unknown = _UNKNOWN.search(stripped)
        if unknown:
            raise ValueError(f"{name}: the bundler does not understand {unknown.group()!r}.")
        if name != entry.name and "export default" in stripped:
            raise ValueError(f"{name}: only {entry.name} may have a default export.")
        parts.append(f"// {name}\n{stripped.strip()}\n")
    return "\n".join(parts)


def _visit(folder: Path, name: str, importing: list[str], sources: dict[str, str]) -> None:
    if name in importing:
        raise ValueError(f"Modules import in a circle: {' -> '.join([*importing, name])}.")
    if name in sources:
        return
    path = folder / name
    if not path.is_file():
        raise ValueError(f"{importing[-1] if importing else 'bundle'}: no module {path}.")
    source = path.read_text(encoding="utf-8")
    for names, target in _IMPORT.findall(source):
        file = Path(os.path.normpath(Path(name).parent / target)).as_posix()
        _visit(folder, file, [*importing, name], sources)
        exported = {name for export, name in _DECLARATION.findall(sources[file]) if export}
        missing = {name.strip() for name in names.split(",") if name.strip()} - exported
        if missing:
            raise ValueError(f"{name}: {file} does not export {', '.join(sorted(missing))}.")
    sources[name] = source


def _check_names(sources: dict[str, str]) -> None:
    owners: dict[str, str] = {}
    for file, source in sources.items():
        for _, name in _DECLARATION.findall(source):
            if name in owners:
                raise ValueError(f"{name} is declared in both {owners[name]} and {file}.")
            owners[name] = file
