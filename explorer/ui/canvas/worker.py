"""The script of the worker that decodes what takes longer than a frame, and its route."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer.ui.canvas.bundle import bundle

_PATH = "canvas/worker.js"


@cache
def _script() -> str:
    return bundle(Path(__file__).parent / "js" / "worker.js")


@cache
def worker_url() -> str:
    """Where the browser finds the script, relative to the page; another script, another URL."""
    return f"{_PATH}?sha256={hashlib.sha256(_script().encode()).hexdigest()}"


def _serve(request: Request) -> Response:
    headers = {"cache-control": "no-cache"}
    return Response(_script(), media_type="text/javascript", headers=headers)


def worker_routes() -> list[Route]:
    """The route that the app adds to Streamlit's own."""
    return [Route(f"/{_PATH}", _serve)]
