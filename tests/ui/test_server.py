"""Checkpoint files and originals over HTTP: whole, by range, uncompressed, and nothing else."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware

from explorer.data import Dataset
from explorer.files import write_atomically
from explorer.originals import mnist_path
from explorer.places import data_root
from explorer.ui import server
from explorer.ui.server import app_routes, below, cached_originals, file_url

CONTENT = bytes(range(256)) * 40
SHA = hashlib.sha256(CONTENT).hexdigest()
PATH = "/checkpoints/mnist/vae-2d/model.safetensors"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def get(tmp_path, monkeypatch):
    """Ask the routes, behind a gzip middleware like Streamlit's, for a path."""
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "root"))
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path / "data"))
    for place in ("root/mnist/vae-2d", "elsewhere", "elsewhere/vae-2d"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "model.safetensors").write_bytes(CONTENT)
        meta = {"sha256": {"model.safetensors": SHA, "codes.safetensors": SHA}}
        (tmp_path / place / "meta.json").write_text(json.dumps(meta))
    app = GZipMiddleware(Starlette(routes=below("", app_routes())))

    def ask(path: str, sha256: str = SHA, **headers: str) -> Answer:
        scope = {
            "type": "http",
            "asgi": {"spec_version": "2.4"},
            "method": "GET",
            "path": path,
            "root_path": "",
            "query_string": f"sha256={sha256}".encode(),
            "headers": [(b"accept-encoding", b"gzip")]
            + [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        messages = []

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            messages.append(message)

        asyncio.run(app(scope, receive, send))
        raw = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(messages[0]["status"], raw, body)

    return ask


def test_whole_file_is_sent_as_it_is_and_cached_for_good(get):
    answer = get(PATH)
    assert answer.status == 200
    assert answer.body == CONTENT
    assert answer.headers["content-encoding"] == "identity"
    assert "immutable" in answer.headers["cache-control"]


def test_range(get):
    answer = get(PATH, range="bytes=300-1299")
    assert answer.status == 206
    assert answer.body == CONTENT[300:1300]
    assert answer.headers["content-range"] == f"bytes 300-1299/{len(CONTENT)}"


@pytest.mark.parametrize(
    "path",
    [
        "/checkpoints/mnist/vae-2d/meta.json",
        "/checkpoints/mnist/vae-2d/codes.safetensors",
        "/checkpoints/mnist/none/model.safetensors",
        "/checkpoints/../elsewhere/model.safetensors",  # matches the route, so a guard must act
        "/checkpoints/../elsewhere/vae-2d/model.safetensors",
        "/checkpoints/mnist/../vae-2d/model.safetensors",
        "/checkpoints/mnist/../../elsewhere/vae-2d/model.safetensors",
    ],
)
def test_nothing_else_is_served(get, path):
    answer = get(path)
    assert answer.status == 404
    assert CONTENT not in answer.body


def test_a_file_that_was_replaced_is_not_served_under_its_old_hash(get):
    assert get(PATH, sha256="0" * 64).status == 404


def test_the_hash_is_that_of_the_bytes_whatever_meta_says(get, tmp_path):
    path = tmp_path / "root" / "mnist" / "vae-2d" / "model.safetensors"
    assert get(PATH).body == CONTENT
    path.write_bytes(CONTENT[:-1] + b"x" + b"y")
    assert get(PATH).status == 404  # meta.json still names the old hash
    assert get(PATH, sha256=hashlib.sha256(path.read_bytes()).hexdigest()).status == 200


def test_the_bytes_are_hashed_once_a_change(get, tmp_path, monkeypatch):
    path = tmp_path / "root" / "mnist" / "vae-2d" / "model.safetensors"
    read = []
    monkeypatch.setattr(server, "read_file", lambda path: read.append(path) or path.read_bytes())
    for start in range(3):
        assert get(PATH, range=f"bytes={start}-9").status == 206
    assert len(read) == 1
    write_atomically(path, CONTENT + b"more")
    assert get(PATH).status == 404
    assert len(read) == 2


@pytest.mark.parametrize("path", [PATH, "/checkpoints/mnist/none/x", "/originals/digits/0"])
def test_no_browser_guesses_a_type(get, path):
    for _ in range(2):
        answer = get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_url_holds_the_hash():
    assert file_url("mnist/vae-2d", "model.safetensors", "ab12") == f"{PATH[1:]}?sha256=ab12"


def put_mnist(root: Path, seed: int) -> np.ndarray:
    """Write a file of random images in MNIST's format; returns the images."""
    pixels = np.random.default_rng(seed).integers(0, 256, (10_000, 28, 28), dtype=np.uint8)
    header = bytes.fromhex("00000803 00002710 0000001c 0000001c")
    write_atomically(mnist_path(root), header + pixels.tobytes())
    return pixels


def test_original_of_mnist_is_sent_as_it_is_and_never_kept(get, tmp_path):
    pixels = put_mnist(tmp_path / "data", seed=0)
    for index in (0, 7, 9999):
        answer = get(f"/originals/mnist/{index}")
        assert answer.status == 200
        assert answer.body == pixels[index].tobytes()
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-encoding"] == "identity"
        assert answer.headers["cache-control"] == "no-store"


def test_original_of_digits_is_always_there(get, digits: Dataset):
    answer = get("/originals/digits/359")
    assert answer.status == 200
    expected = np.rint(digits.test_images[359].numpy() * 255).astype(np.uint8)
    assert answer.body == expected.tobytes()


def test_original_that_is_absent_appears_after_a_download(get, tmp_path):
    answer = get("/originals/mnist/3")
    assert answer.status == 404
    assert b"are not here" in answer.body
    assert answer.headers["cache-control"] == "no-store"  # else a browser may keep the 404
    pixels = put_mnist(tmp_path / "data", seed=1)
    assert get("/originals/mnist/3").body == pixels[3].tobytes()


def test_damaged_originals_are_absent_and_name_no_folder(get, tmp_path):
    write_atomically(mnist_path(tmp_path / "data"), b"half")
    answer = get("/originals/mnist/3")
    assert answer.status == 404
    assert str(tmp_path).encode() not in answer.body


@pytest.mark.parametrize("index", ["360", "-1", "1.0", "+1", "1_0", "x", "²", "9" * 9, "9" * 9999])
def test_original_of_no_such_index(get, index: str):
    answer = get(f"/originals/digits/{index}")
    assert answer.status == 404
    assert answer.body == b"No such image: they are numbered from 0 to 359."


@pytest.mark.parametrize("dataset", ["cifar", ".."])
def test_originals_of_no_such_data_set(get, dataset: str):
    assert get(f"/originals/{dataset}/0").status == 404


def test_originals_are_loaded_once_until_the_file_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_ROOT", str(tmp_path))
    put_mnist(tmp_path, seed=2)
    first = cached_originals("mnist")
    assert cached_originals("mnist") is first
    pixels = put_mnist(tmp_path, seed=3)
    np.testing.assert_array_equal(cached_originals("mnist"), pixels)


def test_data_lie_beside_the_app_unless_the_environment_says_otherwise(monkeypatch):
    monkeypatch.setenv("MNIST_ROOT", "/elsewhere")
    assert data_root() == Path("/elsewhere")
    monkeypatch.delenv("MNIST_ROOT")
    assert data_root() == Path(server.__file__).resolve().parents[2] / "data"
