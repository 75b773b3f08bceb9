"""The offer to download MNIST's originals, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.delta_generator import DeltaGenerator

import explorer.ui.originals
from explorer.errors import DataMissing
from explorer.files import write_atomically
from explorer.originals import load_originals, mnist_path
from tests.ui.app_test import AppTest, run

PIXELS = np.zeros((10_000, 28, 28), dtype=np.uint8)
IDX = bytes.fromhex("00000803 00002710 0000001c 0000001c") + PIXELS.tobytes()


def page(dataset: str) -> None:
    import streamlit as st

    from explorer.ui.originals import offer_originals

    st.text(f"there: {offer_originals(dataset)}")


def page_with_fragment() -> None:
    import streamlit as st

    from explorer.ui.originals import offer_originals
    from explorer.ui.server import cached_originals

    st.text(f"outside: {cached_originals('mnist') is not None}")
    st.fragment(lambda: st.text(f"inside: {offer_originals('mnist')}"))()


def offer(dataset: str = "mnist") -> AppTest:
    return run(AppTest.from_function(page, args=(dataset,)))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path))
    return tmp_path


def replace_download(monkeypatch: pytest.MonkeyPatch, error: str | None = None) -> None:
    """Let a download take three steps without a network, and then fail or succeed."""

    def download(data_root: Path) -> Iterator[tuple[int, int]]:
        yield from ((0, 1_600_000), (800_000, 1_600_000), (1_600_000, 1_600_000))
        if error is not None:
            raise DataMissing(error)
        write_atomically(mnist_path(data_root), IDX)

    monkeypatch.setattr(explorer.ui.originals, "download_test_images", download)


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_nothing_is_said_where_the_originals_are_there(root: Path, dataset: str):
    write_atomically(mnist_path(root), IDX)
    app = offer(dataset)
    assert app.text[0].value == "there: True"
    assert not app.button
    assert not app.markdown
    assert not app.exception


def test_digits_need_no_file(root: Path):
    assert offer("digits").text[0].value == "there: True"


def test_absent_originals_are_offered_with_their_size(root: Path):
    app = offer()
    assert app.text[0].value == "there: False"
    assert "not on this computer" in app.markdown[0].value
    assert app.button[0].label == "Download (1.6 MB)"
    assert not app.error


def test_a_download_ends_with_the_originals_there(root: Path, monkeypatch: pytest.MonkeyPatch):
    replace_download(monkeypatch)
    app = offer()
    app.button[0].click().run()
    assert not app.exception
    assert app.text[0].value == "there: True"
    assert not app.button
    np.testing.assert_array_equal(load_originals("mnist", root), PIXELS)


def test_a_download_inside_a_fragment_runs_the_whole_page_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    replace_download(monkeypatch)
    app = run(AppTest.from_function(page_with_fragment))
    assert [text.value for text in app.text] == ["outside: False", "inside: False"]
    app.button[0].click().run()
    assert [text.value for text in app.text] == ["outside: True", "inside: True"]


def test_the_bar_grows_with_the_download(root: Path, monkeypatch: pytest.MonkeyPatch):
    replace_download(monkeypatch, "It fails at the end.")
    shown = []
    bar = DeltaGenerator.progress

    def note(place: DeltaGenerator, value: float, text: str) -> DeltaGenerator:
        shown.append((value, text))
        return bar(place, value, text)

    monkeypatch.setattr(DeltaGenerator, "progress", note)
    offer().button[0].click().run()
    assert shown == [(0, "0.0 of 1.6 MB"), (0.5, "0.8 of 1.6 MB"), (1, "1.6 of 1.6 MB")]


def test_a_failed_download_is_told_and_can_be_repeated(root: Path, monkeypatch: pytest.MonkeyPatch):
    replace_download(monkeypatch, "No mirror answers. Put the file there by hand.")
    app = offer()
    app.button[0].click().run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "No mirror answers. Put the file there by hand."
    ]
    assert app.text[0].value == "there: False"
    replace_download(monkeypatch)
    app.button[0].click().run()
    assert not app.error
    assert app.text[0].value == "there: True"


def test_a_damaged_file_is_named_and_mended(root: Path, monkeypatch: pytest.MonkeyPatch):
    write_atomically(mnist_path(root), b"half")
    replace_download(monkeypatch)
    app = offer()
    assert str(mnist_path(root)) in app.error[0].value
    app.button[0].click().run()
    assert not app.error
    assert app.text[0].value == "there: True"


def test_a_data_set_without_originals_has_nothing_to_download(root: Path):
    app = offer("unknown")
    assert app.text[0].value == "there: False"
    assert not app.button
    assert not app.exception
