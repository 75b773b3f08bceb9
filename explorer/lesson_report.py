"""The mistakes of a lesson's file, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MAX_PROBLEMS = 40  # that are told of one file
MAX_PROBLEM = 400  # characters of one


@dataclass
class Report:
    """Collects a file's mistakes, so that all are told at once."""

    path: Path
    problems: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)  # of a model, once a file
    untold: int = 0

    def say(self, line: int, what: str) -> None:
        """Note a mistake, of which an excerpt of any length may be a part."""
        self._add(line, what if len(what) <= MAX_PROBLEM else f"{what[:MAX_PROBLEM]}...")

    def say_of_model(self, line: int, what: str) -> None:
        """What is wrong with a model is the same in each scene that shows it."""
        if what not in self.told:
            self._add(line, what)
        self.told.add(what)

    def _add(self, line: int, what: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{self.path}:{line}: {what}")
        else:
            self.untold += 1

    def told_all(self) -> tuple[str, ...]:
        """The first of the mistakes, and how many more there are."""
        rest = (f"{self.path}: and {self.untold} more.",) if self.untold else ()
        return (*self.problems, *rest)
