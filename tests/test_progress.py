"""Progress: plain lines without a terminal, a bar with one."""

import io
import sys

import pytest

from explorer.progress import MeasureProgress, TrainingProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_without_a_terminal():
    stream = io.StringIO()
    progress = TrainingProgress("mnist/vae-2d", 2, 60_000, stream=stream)
    for _ in range(2):
        progress.epoch("test -ELBO 133.1 nats")
    progress.note("done")
    progress.close()
    lines = stream.getvalue().splitlines()
    # The first epoch came within a moment of the start, so only the last has its line.
    assert lines[0].startswith("mnist/vae-2d: epoch 2/2, test -ELBO 133.1 nats, ")
    assert lines[0].endswith(" images/s, 0 s left")
    assert lines[1] == "mnist/vae-2d: done"
    assert "\r" not in stream.getvalue()


def test_a_bar_in_a_terminal_counts_from_where_a_resumed_training_stands():
    stream = Terminal()
    progress = TrainingProgress("mnist/beta-2d", 10, 60_000, done=4, stream=stream)
    progress.epoch("test -ELBO 133.1 nats", epochs=3)
    progress.note("kept")
    progress.close()
    text = stream.getvalue()
    assert "\r" in text
    assert "7/10" in text
    assert "133.1 nats" in text
    assert "kept" in text


def measure_two(progress: MeasureProgress):
    for name in ("mnist/vae-2d", "mnist/beta-2d beta 4"):
        for part, share in (("continuity", 0), ("completeness", 0.5)):
            progress.begin(name, part, share)
        progress.model(name)
        progress.row(f"row of {name}")
    progress.close()


def test_measuring_says_a_line_a_model_without_a_terminal(capsys: pytest.CaptureFixture[str]):
    stream = io.StringIO()
    measure_two(MeasureProgress(2, stream))
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("mnist/vae-2d: 1/2 measured, ")
    assert lines[1].startswith("mnist/beta-2d beta 4: 2/2 measured, ")
    assert lines[2].startswith("2 of 2 models measured in ")
    rows = "row of mnist/vae-2d\nrow of mnist/beta-2d beta 4\n"
    assert capsys.readouterr().out == rows


def test_rows_stand_on_lines_of_their_own_beside_a_bar(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)  # both streams are the terminal's
    monkeypatch.setattr(sys, "stderr", terminal)
    measure_two(MeasureProgress(2))
    shown = [line.rpartition("\r")[2].rstrip() for line in terminal.getvalue().split("\n")]
    assert shown[:2] == ["row of mnist/vae-2d", "row of mnist/beta-2d beta 4"]
    text = terminal.getvalue()
    for share in ("0%", "25%", "50%", "75%", "100%"):
        assert f" {share}|" in text
    assert "mnist/vae-2d, completeness" in text
