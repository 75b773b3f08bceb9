"""Lessons in folders: which there are, and the files that are none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from explorer.errors import LessonBad
from explorer.lesson_format import Lesson, Rules, parse_lesson

DOCUMENTATION = "README.md"  # in a folder of lessons: no lesson


def find_lessons(
    folders: Iterable[Path], rules: Rules
) -> tuple[dict[str, Lesson], list[tuple[Path, tuple[str, ...]]]]:
    """The lessons of some folders by name, in order, and the files that are none with their errors.

    A folder that is not there is such a "file" as well.
    """
    lessons: dict[str, Lesson] = {}
    broken: list[tuple[Path, tuple[str, ...]]] = []
    for folder in folders:
        if not folder.is_dir():
            broken.append((folder, (f"{folder} is not a folder. Create it, or name another.",)))
            continue
        for path in sorted(folder.glob("*.md")):
            if path.name.lower() == DOCUMENTATION.lower():
                continue
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


def load_lesson(path: Path, rules: Rules) -> Lesson:
    """Read and check one file. Raises LessonBad with everything that is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not text in UTF-8" if isinstance(error, ValueError) else "cannot be read"
        raise LessonBad((f"{path} {reason}: {error}. Save it as plain text in UTF-8.",)) from None
    return parse_lesson(text, path, rules)
