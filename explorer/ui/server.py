"""Serves the checkpoints' binary files to the browser, whole or by byte range.

Streamlit's own messages would carry the weights again at each rerun; by URL the browser fetches
them once and caches them. Knows nothing of pages or sessions.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from explorer.checkpoints import list_checkpoints
from explorer.checks import META, TENSOR_FILES
from explorer.files import standing_directory

_PROJECT = Path(__file__).resolve().parents[2]

_HEADERS = {
    # The URL holds the file's hash, so what it names never changes.
    "cache-control": "public, max-age=31536000, immutable",
    # Named so that the gzip middleware leaves the body alone: weights shrink by a few per cent
    # only, and compressing them at every request takes longer than sending them.
    "content-encoding": "identity",
}


def checkpoint_root() -> Path:
    """The folder of the checkpoints: EXPLORER_CHECKPOINTS, else `checkpoints` beside app.py."""
    return Path(os.environ.get("EXPLORER_CHECKPOINTS") or _PROJECT / "checkpoints")


def file_url(name: str, file: str, sha256: str) -> str:
    """Where the browser finds a file of checkpoint "<dataset>/<name>", relative to the page."""
    return f"checkpoints/{quote(name)}/{file}?sha256={sha256}"


def _serve(request: Request) -> Response:
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
    return FileResponse(path, media_type="application/octet-stream", headers=_HEADERS)


def checkpoint_routes() -> list[Route]:
    """The routes that the app adds to Streamlit's own."""
    return [Route("/checkpoints/{dataset}/{name}/{file}", _serve)]
