"""What can go wrong by a user's doing; every message names the value, what is allowed and the fix.

    ExplorerError
    |-- BadSetting          (ValueError)         a flag, an environment variable, an argument
    |-- DataMissing         (FileNotFoundError)  a data set that is not where it was looked for
    |-- CheckpointMissing   (FileNotFoundError)  no such checkpoint
    |-- CheckpointExists    (FileExistsError)    a finished checkpoint stands in the way
    |-- CheckpointBad       (ValueError)         a checkpoint that cannot be trusted
    `-- LessonBad           (ValueError)         a lesson's file with mistakes
        `-- LessonLacks                          a lesson whose models are not here

Entries print these without a traceback; anything else is our own mistake and keeps its traceback.
"""

MAX_QUOTED = 80  # characters of a value in a message


def quoted(value: object) -> str:
    """A value as a message names it: its beginning, however long it is."""
    text = repr(value)
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}..."


class ExplorerError(Exception):
    """The root of every error that a user can mend; str() of it is the whole message."""

    def __str__(self) -> str:
        # OSError formats its arguments in its own way; our one argument is already a sentence.
        return str(self.args[0]) if self.args else ""


class BadSetting(ExplorerError, ValueError):
    """A setting whose value is not allowed."""


class DataMissing(ExplorerError, FileNotFoundError):
    """A data set that is absent or damaged and could not be downloaded."""


class CheckpointMissing(ExplorerError, FileNotFoundError):
    """A checkpoint, or one of its files, that is not there."""


class CheckpointExists(ExplorerError, FileExistsError):
    """A finished checkpoint of another configuration that must not be lost by accident."""


class CheckpointBad(ExplorerError, ValueError):
    """A checkpoint that is damaged, of an unknown format, or not what it says."""


class LessonBad(ExplorerError, ValueError):
    """A lesson's file with mistakes: a sentence each, all of them."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LessonLacks(LessonBad):
    """A lesson whose models are not here: nothing is wrong with its file, and one sentence says it.

    The sentence begins in its middle, to stand behind the lesson's name.
    """

    BEGIN = "needs "

    def __init__(self, models: str) -> None:
        super().__init__((f"{self.BEGIN}{models}: not here yet, see its pages.",))
