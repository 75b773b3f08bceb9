"""Lessons in folders: which there are, and the files that are none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from explorer.errors import LessonBad
from explorer.lesson_format import Lesson, Rules, parse_lesson

MAX_BYTES = 2**17  # of a lesson; a shipped one has 4 kB
MAX_FILES = 200  # in a folder
DOCUMENTATION = "README.md"  # in a folder of lessons: no lesson

# The lessons by name, in order, and the files that are none with what is wrong with them.
Shelf = tuple[dict[str, Lesson], list[tuple[Path, tuple[str, ...]]]]


def find_lessons(folders: Iterable[Path], rules: Rules) -> Shelf:
    """The lessons of some folders by name, in order, and the files that are none with their errors.

    A folder that is not there is such a "file" as well.
    """
    lessons: dict[str, Lesson] = {}
    broken: list[tuple[Path, tuple[str, ...]]] = []
    for folder in folders:
        if not folder.is_dir():
            broken.append((folder, (f"{folder} is not a folder. Create it, or name another.",)))
            continue
        paths = lesson_files(folder)
        if len(paths) > MAX_FILES:
            told = f"{folder} has {len(paths)} lessons. The first {MAX_FILES} are read."
            broken.append((folder, (told,)))
        for path in paths[:MAX_FILES]:
            try:
                lesson = load_lesson(path, rules)
            except LessonBad as error:
                broken.append((path, error.problems))
                continue
            if lesson.name in lessons:
                other = lessons[lesson.name].path
                problem = f"{path}: the name “{lesson.name}” is {other}'s. Rename this file."
                broken.append((path, (problem,)))
            else:
                lessons[lesson.name] = lesson
    return lessons, broken


def lesson_files(folder: Path) -> list[Path]:
    """The files of a folder that should be lessons, in order."""
    paths = sorted(folder.glob("*.md"))
    return [path for path in paths if path.name.lower() != DOCUMENTATION.lower()]


def load_lesson(path: Path, rules: Rules) -> Lesson:
    """Read and check one file. Raises LessonBad with everything that is wrong in it."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES or not path.is_file():  # a pipe would be waited for
            told = f"{size:,} bytes; allowed: a plain file of at most {MAX_BYTES:,}"
            raise LessonBad((f"{path} cannot be read: {told}.",))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not text in UTF-8" if isinstance(error, ValueError) else "cannot be read"
        raise LessonBad((f"{path} {reason}: {error}. Save it as plain text in UTF-8.",)) from None
    return parse_lesson(text, path, rules)
