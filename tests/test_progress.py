"""Progress: plain lines without a terminal, a bar with one."""

import io

from explorer.progress import TrainingProgress


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
