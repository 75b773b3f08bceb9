"""The checkpoint files over HTTP: whole, by range, uncompressed, and nothing else."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware

from explorer.ui.server import checkpoint_routes, file_url

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
    for place in ("root/mnist/vae-2d", "elsewhere", "elsewhere/vae-2d"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "model.safetensors").write_bytes(CONTENT)
        meta = {"sha256": {"model.safetensors": SHA, "codes.safetensors": SHA}}
        (tmp_path / place / "meta.json").write_text(json.dumps(meta))
    app = GZipMiddleware(Starlette(routes=checkpoint_routes()))

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


def test_url_holds_the_hash():
    assert file_url("mnist/vae-2d", "model.safetensors", "ab12") == f"{PATH[1:]}?sha256=ab12"
