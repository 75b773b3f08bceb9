"""Serves the checkpoints' binary files, whole or by byte range, and the original test images.

Streamlit's own messages would carry the weights again at each rerun; by URL the browser fetches
them once and caches them. Knows nothing of pages or sessions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from urllib.parse import quote

import numpy as np
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.checkpoints import list_checkpoints
from explorer.checks import TENSOR_FILES
from explorer.errors import ExplorerError
from explorer.files import Version, standing_directory, version_of
from explorer.originals import load_originals, mnist_path
from explorer.places import checkpoint_root, data_root
from explorer.tensor_files import read_file

_CHECKPOINT_HEADERS = {
    # The URL holds the file's hash, so what it names never changes.
    "cache-control": "public, max-age=31536000, immutable",
    # Named so that the gzip middleware leaves the body alone: weights shrink by a few per cent
    # only, and compressing them at every request takes longer than sending them.
    "content-encoding": "identity",
}
_ORIGINAL_HEADERS = {
    # Neither an image nor its absence is kept: a download or another MNIST_ROOT shows at once.
    "cache-control": "no-store",
    "content-encoding": "identity",
}

MAX_OPEN_FILES = 65_536  # of which a visitor's page takes three

_LOADING = Lock()  # a page asks for several originals at once; they are loaded once


def file_url(name: str, file: str, sha256: str) -> str:
    """Where the browser finds a file of checkpoint "<dataset>/<name>", relative to the page."""
    return f"checkpoints/{quote(name)}/{file}?sha256={sha256}"


def _serve_checkpoint(request: Request) -> Response:
    name = "{dataset}/{name}".format(**request.path_params)
    file = request.path_params["file"]
    # Only what is listed is served, so no path can lead out of the root.
    if file not in TENSOR_FILES or name not in list_checkpoints(checkpoint_root()):
        return PlainTextResponse("No such checkpoint file.", status_code=404)
    path = standing_directory(checkpoint_root() / name) / file
    version = version_of(path)
    found = _hash(path, version) if version and path.is_file() else None
    if found is None or request.query_params.get("sha256") != found:
        return PlainTextResponse("This file has changed: reload the page.", status_code=404)
    return FileResponse(path, media_type="application/octet-stream", headers=_CHECKPOINT_HEADERS)


@lru_cache(maxsize=64)
def _hash(path: Path, version: Version) -> str | None:
    """SHA-256 of a file's bytes in hex, computed once a change; None where it cannot be read."""
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except ExplorerError:
        return None


def cached_originals(dataset: str) -> np.ndarray | None:
    """`load_originals`, once for all sessions; a file that has come or changed is read again.

    Raises what `load_originals` raises; errors are not cached.
    """
    root = data_root()
    try:
        found = mnist_path(root).stat()
        version = (found.st_mtime_ns, found.st_size)
    except OSError:
        version = None
    with _LOADING:
        return _load_originals(dataset, root, version)


@lru_cache(maxsize=2)  # one of each data set: 8 MB
def _load_originals(dataset: str, root: Path, version: tuple[int, int] | None) -> np.ndarray | None:
    return load_originals(dataset, root)


def _serve_original(request: Request) -> Response:
    dataset, index = (request.path_params[key] for key in ("dataset", "index"))
    try:
        images = cached_originals(dataset)
    except ExplorerError:
        images = None  # the page says what is wrong: its message names folders of this computer
    if images is None:
        problem = "The original images of this data set are not here."
    elif not (index.isascii() and index.isdigit() and len(index) < 9 and int(index) < len(images)):
        problem = f"No such image: they are numbered from 0 to {len(images) - 1}."
    else:
        content = images[int(index)].tobytes()
        return Response(content, media_type="application/octet-stream", headers=_ORIGINAL_HEADERS)
    return PlainTextResponse(problem, status_code=404, headers=_ORIGINAL_HEADERS)


def raise_open_files() -> None:
    """Raise the soft limit of open files towards the hard one; systems without limits have none.

    Many systems allow a process 256 or 1,024, which 84 or 340 visitors use up.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS allows less than it says
        return


def below(base: str, routes: Iterable[Route]) -> list[Route]:
    """The same routes below a path, as Streamlit has its own below `server.baseUrlPath`."""
    prefix = f"/{base.strip('/')}".rstrip("/")
    middleware = [Middleware(_NoSniff)]
    return [Route(prefix + route.path, route.endpoint, middleware=middleware) for route in routes]


class _NoSniff:
    """Says that no answer is of another type than its header says, whatever its bytes look like."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                # A new list: a kept response's own would grow with every answer.
                headers = [*message["headers"], (b"x-content-type-options", b"nosniff")]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_header)


def app_routes() -> list[Route]:
    """The routes that the app adds to Streamlit's own."""
    return [
        Route("/checkpoints/{dataset}/{name}/{file}", _serve_checkpoint),
        Route("/originals/{dataset}/{index}", _serve_original),
    ]
