"""Originals: the same images as the data sets', and a download that is whole or not there."""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread
from urllib.parse import urlsplit

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST

from explorer import data, originals
from explorer.data import Dataset
from explorer.errors import BadSetting, DataMissing
from explorer.originals import (
    MNIST_TEST_IMAGES,
    Source,
    download_test_images,
    load_originals,
    mnist_path,
)

HEADER = bytes.fromhex("00000803 00002710 0000001c 0000001c")
PIXELS = np.random.default_rng(0).integers(0, 256, (10_000, 28, 28), dtype=np.uint8)
IDX = HEADER + PIXELS.tobytes()
GZ = gzip.compress(IDX, compresslevel=1)
DATA = Path(__file__).resolve().parent.parent / "data"
FILE = "t10k-images-idx3-ubyte.gz"


def put(root: Path, content: bytes) -> Path:
    path = root / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def files_in(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


@dataclass
class Mirror:
    """A server on this computer: its address, and what it answers to which path."""

    url: str
    answers: dict[str, bytes]


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    answers: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = answers.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            if content is not None and self.command == "GET":
                with suppress(ConnectionError):  # whoever asked may have gone
                    self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Print nothing."""

        do_HEAD = do_GET  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Mirror(f"http://127.0.0.1:{server.server_port}/", answers)
    server.shutdown()
    thread.join()
    server.server_close()


def source(*mirrors: str) -> Source:
    return Source(FILE, len(GZ), hashlib.md5(GZ).hexdigest(), mirrors)


def test_the_same_data_sets_as_for_training():
    assert tuple(originals._LOADERS) == data.DATASETS


def test_digits_are_the_test_images_in_their_order(digits: Dataset, tmp_path: Path):
    images = load_originals("digits", tmp_path)
    assert images.dtype == np.uint8
    assert images.shape == (360, 8, 8)
    expected = np.rint(digits.test_images[:, 0].numpy().astype(float) * 255)
    np.testing.assert_array_equal(images, expected)


def test_mnist_is_the_test_images_in_their_order(mnist: Dataset):
    images = load_originals("mnist", os.environ.get("MNIST_ROOT", DATA))
    assert images.dtype == np.uint8
    assert images.shape == (10_000, 28, 28)
    np.testing.assert_array_equal(images, np.rint(mnist.test_images[:, 0].numpy() * 255))


def test_a_written_file_is_read_as_it_is(tmp_path: Path):
    put(tmp_path, IDX)
    np.testing.assert_array_equal(load_originals("mnist", tmp_path), PIXELS)


def test_absent_mnist_is_none(tmp_path: Path):
    assert load_originals("mnist", tmp_path) is None
    (tmp_path / "file").write_bytes(b"")
    assert load_originals("mnist", tmp_path / "file") is None


def test_unknown_data_set(tmp_path: Path):
    with pytest.raises(BadSetting, match=r"'cifar'.*mnist, digits"):
        load_originals("cifar", tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "0 bytes instead of 7,840,016"),
        (IDX[:-1], "7,840,015 bytes"),
        (IDX + b"\0", "7,840,017 bytes"),
        (GZ, "bytes instead of"),
        (bytes.fromhex("00000801") + IDX[4:], "header"),  # a file of labels
        (IDX[:8] + IDX[12:16] + IDX[8:12][::-1] + IDX[16:], "header"),
    ],
    ids=["empty", "short", "long", "still zipped", "labels", "sizes"],
)
def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, content: bytes, reason: str):
    path = put(tmp_path, content)
    with pytest.raises(DataMissing) as caught:
        load_originals("mnist", tmp_path)
    message = str(caught.value)
    for part in (str(path), reason, "Download it again"):
        assert part in message


def test_what_is_no_file_is_damaged(tmp_path: Path):
    mnist_path(tmp_path).mkdir(parents=True)
    with pytest.raises(DataMissing, match="damaged"):
        load_originals("mnist", tmp_path)


def test_the_source_is_torchvision_s():
    assert (MNIST_TEST_IMAGES.file, MNIST_TEST_IMAGES.md5) in MNIST.resources
    assert mnist_path("root") == Path("root", "MNIST", "raw", MNIST_TEST_IMAGES.file[:-3])


def test_download_reports_progress_and_leaves_one_whole_file(tmp_path: Path, mirror: Mirror):
    mirror.answers[f"/mnist/{FILE}"] = GZ
    reports = list(download_test_images(tmp_path, source(f"{mirror.url}mnist/")))
    done = [report[0] for report in reports]
    assert done[0] == 0
    assert done[-1] == len(GZ)
    assert done == sorted(set(done))
    assert len(done) > 10
    assert {total for _, total in reports} == {len(GZ)}
    np.testing.assert_array_equal(load_originals("mnist", tmp_path), PIXELS)
    assert files_in(tmp_path) == ["t10k-images-idx3-ubyte"]


def test_download_mends_a_damaged_file(tmp_path: Path, mirror: Mirror):
    put(tmp_path, b"half")
    mirror.answers[f"/{FILE}"] = GZ
    list(download_test_images(tmp_path, source(mirror.url)))
    np.testing.assert_array_equal(load_originals("mnist", tmp_path), PIXELS)


def test_the_next_mirror_is_asked_where_one_fails(tmp_path: Path, mirror: Mirror):
    mirror.answers[f"/wrong/{FILE}"] = GZ[:-9] + b"disturbed"
    mirror.answers[f"/right/{FILE}"] = GZ
    folders = [f"{mirror.url}{name}/" for name in ("absent", "wrong", "right")]
    reports = list(download_test_images(tmp_path, source(*folders)))
    assert reports.count((0, len(GZ))) == 3  # the bar starts again with each mirror
    np.testing.assert_array_equal(load_originals("mnist", tmp_path), PIXELS)


@pytest.mark.parametrize(
    "content",
    [GZ[:-9] + b"disturbed", GZ[:50_000], GZ + bytes(10**6), b""],
    ids=["disturbed", "cut off", "too long", "empty"],
)
def test_what_has_another_md5_is_refused(tmp_path: Path, mirror: Mirror, content: bytes):
    mirror.answers[f"/{FILE}"] = content
    with pytest.raises(DataMissing, match="MD5"):
        list(download_test_images(tmp_path, source(mirror.url)))
    assert files_in(tmp_path) == []


def test_when_all_mirrors_fail_each_is_named_with_its_reason(tmp_path: Path, mirror: Mirror):
    with create_server(("127.0.0.1", 0)) as closed:
        nobody = f"127.0.0.1:{closed.getsockname()[1]}"
    absent = urlsplit(mirror.url).netloc
    with pytest.raises(DataMissing) as caught:
        list(download_test_images(tmp_path, source(mirror.url, f"http://{nobody}/")))
    message = str(caught.value)
    expected = (FILE, f"{absent}: HTTP Error 404", f"{nobody}: Connection refused", "by hand")
    for part in (*expected, str(mnist_path(tmp_path).parent)):
        assert part in message
    assert "\n" not in message
    assert files_in(tmp_path) == []


def test_a_mirror_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(originals, "TIMEOUT_S", 0.1)
    with create_server(("127.0.0.1", 0)) as silent:  # accepts, and says nothing
        folder = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DataMissing, match="timed out"):
            list(download_test_images(tmp_path, source(folder)))


def test_a_mirror_that_drips_is_given_up(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(originals, "DEADLINE_S", -1)
    mirror.answers[f"/{FILE}"] = GZ
    with pytest.raises(DataMissing, match="not complete after"):
        list(download_test_images(tmp_path, source(mirror.url)))
    assert files_in(tmp_path) == []


def test_an_abandoned_download_leaves_nothing(tmp_path: Path, mirror: Mirror):
    mirror.answers[f"/{FILE}"] = GZ
    download = download_test_images(tmp_path, source(mirror.url))
    while next(download)[0] == 0:
        pass
    download.close()
    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, mirror: Mirror):
    mirror.answers[f"/{FILE}"] = GZ
    (tmp_path / "MNIST").write_bytes(b"a file in the folder's place")
    with pytest.raises(DataMissing, match=r"cannot be written.*by hand"):
        list(download_test_images(tmp_path, source(mirror.url)))


def test_torchvision_completes_what_was_downloaded_alone(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
):
    """It takes a folder with one of the four files for incomplete and loads all four."""
    labels = np.arange(10_000, dtype=np.uint8) % 10
    contents = {
        "train-images-idx3-ubyte.gz": gzip.compress(b"not read"),
        "train-labels-idx1-ubyte.gz": gzip.compress(b"not read"),
        FILE: GZ,
        "t10k-labels-idx1-ubyte.gz": gzip.compress(
            bytes.fromhex("00000801 00002710") + labels.tobytes()
        ),
    }
    mirror.answers.update({f"/{name}": content for name, content in contents.items()})
    list(download_test_images(tmp_path, source(mirror.url)))
    md5s = [(name, hashlib.md5(content).hexdigest()) for name, content in contents.items()]
    monkeypatch.setattr(MNIST, "resources", md5s)
    monkeypatch.setattr(MNIST, "mirrors", [mirror.url])
    test = MNIST(tmp_path, train=False, download=True)
    assert torch.equal(test.data, torch.from_numpy(PIXELS.copy()))
    assert test.targets.tolist() == labels.tolist()
    np.testing.assert_array_equal(load_originals("mnist", tmp_path), PIXELS)
