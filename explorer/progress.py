"""What a long run shows on the way: a bar in a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0


class TrainingProgress:
    """Progress of one model over `epochs` epochs (a family's members added up)."""

    def __init__(
        self, name: str, epochs: int, images: int, done: int = 0, stream: TextIO | None = None
    ) -> None:
        self.stream = stream or sys.stderr
        self.name, self.epochs, self.images = name, epochs, images
        self.done = self.first = done
        self.started = self.last_line = time.monotonic()
        self.bar = (
            tqdm(
                total=epochs,
                initial=done,
                desc=name,
                unit="epoch",
                file=self.stream,
                dynamic_ncols=True,
            )
            if self.stream.isatty()
            else None
        )

    def epoch(self, note: str, epochs: int = 1) -> None:
        """Count `epochs` more; `note` says what they gave, such as "133.2 nats"."""
        self.done += epochs
        seconds = max(time.monotonic() - self.started, 1e-9)
        rate = (self.done - self.first) * self.images / seconds
        note = f"{note}, {rate:,.0f} images/s"
        if self.bar is not None:
            self.bar.set_postfix_str(note, refresh=False)
            self.bar.update(epochs)
        elif self.done == self.epochs or self._line_is_due():
            left = seconds / (self.done - self.first) * (self.epochs - self.done)
            self._line(f"epoch {self.done}/{self.epochs}, {note}, {left:.0f} s left")

    def note(self, text: str) -> None:
        """One line that stays, such as a finished model's figures."""
        if self.bar is not None:
            self.bar.write(f"{self.name}: {text}", file=self.stream)
        else:
            self._line(text)

    def close(self) -> None:
        """Leave the terminal in order."""
        if self.bar is not None:
            self.bar.close()

    def _line_is_due(self) -> bool:
        return time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES

    def _line(self, text: str) -> None:
        self.last_line = time.monotonic()
        print(f"{self.name}: {text}", file=self.stream, flush=True)


class MeasureProgress:
    """Progress of measuring several models: a bar in a terminal, elsewhere a line a model.

    The table's rows go through it, since what is printed over a bar is torn.
    """

    def __init__(self, models: int, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.models, self.done = models, 0
        self.started = time.monotonic()
        self.bar = (
            tqdm(
                total=models,
                bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}",
                file=self.stream,
                dynamic_ncols=True,
            )
            if self.stream.isatty()
            else None
        )

    def begin(self, name: str, part: str, share: float) -> None:
        """Say which model's turn it is, what of it comes next, and the share of it that is done."""
        if self.bar is not None:
            self.bar.set_description_str(f"{name}, {part}", refresh=False)
            self.bar.n = self.done + share
            self.bar.refresh()

    def row(self, text: str) -> None:
        """Lines of the table, on the standard output, whether or not a bar is drawn."""
        if self.bar is not None:
            self.bar.write(text, file=sys.stdout)
        else:
            print(text, flush=True)

    def model(self, name: str) -> None:
        """Count a model that is done."""
        self.done += 1
        if self.bar is not None:
            self.bar.n = self.done
            self.bar.refresh()
        else:
            seconds = time.monotonic() - self.started
            print(
                f"{name}: {self.done}/{self.models} measured, {seconds:.1f} s",
                file=self.stream,
                flush=True,
            )

    def close(self) -> None:
        """Leave the terminal in order; the line of the total."""
        if self.bar is not None:
            self.bar.close()
        if self.models:
            total = f"{self.done} of {self.models} models measured"
            print(f"{total} in {time.monotonic() - self.started:.1f} s", file=self.stream)
