"""Serves the checkpoints' binary files, whole or by byte range, and the original test images.

Streamlit's own messages would carry the weights again at each rerun; by URL the browser fetches
them once and caches them. Knows nothing of pages or sessions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from urllib.parse import quote

import numpy as np
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from explorer.checkpoints import list_checkpoints
from explorer.checks import META, TENSOR_FILES
from explorer.errors import ExplorerError
from explorer.files import standing_directory
from explorer.originals import load_originals, mnist_path
from explorer.places import checkpoint_root, data_root

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
    try:
        expected = json.loads(path.with_name(META).read_bytes())["sha256"][file]
    except (OSError, ValueError, KeyError, TypeError):
        expected = None
    if expected is None or request.query_params.get("sha256") != expected or not path.is_file():
        return PlainTextResponse("This file has changed: reload the page.", status_code=404)
    return FileResponse(path, media_type="application/octet-stream", headers=_CHECKPOINT_HEADERS)


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


def below(base: str, routes: Iterable[Route]) -> list[Route]:
    """The same routes below a path, as Streamlit has its own below `server.baseUrlPath`."""
    prefix = f"/{base.strip('/')}".rstrip("/")
    return [Route(prefix + route.path, route.endpoint) for route in routes]


def app_routes() -> list[Route]:
    """The routes that the app adds to Streamlit's own."""
    return [
        Route("/checkpoints/{dataset}/{name}/{file}", _serve_checkpoint),
        Route("/originals/{dataset}/{index}", _serve_original),
    ]
