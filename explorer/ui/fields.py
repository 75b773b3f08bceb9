"""Serves fields of the Map: numbers on a grid over the part of the plane in view.

The judge and the derivatives need torch, which is imported when the first field is asked for. One
field is computed at a time, whoever asks: twenty at once would take as long, and all processors.
"""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import quote

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from explorer.checkpoints import Checkpoint, Family, list_checkpoints
from explorer.errors import ExplorerError
from explorer.fields import (
    KINDS,
    Region,
    change_field,
    checked_region,
    class_field,
    code_bandwidth,
    density_field,
    grid_shape,
)
from explorer.judge import Judge
from explorer.places import checkpoint_root
from explorer.ui.answers import BUSY, BUSY_HEADERS, Answers, Busy, use_one_thread
from explorer.ui.cache import cached_checkpoint
from explorer.ui.judged import judge_of, without_judge
from explorer.ui.state import MAX_COORDINATE, parse_numbers

_HEADERS = {"cache-control": "no-store", "content-encoding": "identity"}

# 20 or 30 kB each. A field takes up to a second: who waits for twenty has left the view.
_ANSWERS = Answers(kept=48, places=24, patience=20)


def field_url(checkpoint: Checkpoint) -> str:
    """Where the browser finds a model's fields, relative to the page; add `/<kind>?x=..&y=..`."""
    return f"fields/{quote(checkpoint.name)}"


async def _serve(request: Request) -> Response:
    asked = await run_in_threadpool(_question, request)
    if isinstance(asked, Response):
        return asked
    checkpoint, judge, kind, region = asked
    hashes = [found.meta["sha256"]["model.safetensors"] for found in (checkpoint, judge) if found]
    key = (*hashes, checkpoint.index, kind, region)
    try:
        return await _ANSWERS.to(key, partial(_computed, *asked))
    except Busy as busy:
        return _refused(BUSY, str(busy), BUSY_HEADERS)


def _question(request: Request) -> Response | tuple[Checkpoint, Judge | None, str, Region]:
    """What is asked for, or in words why there is nothing."""
    name = "{dataset}/{name}".format(**request.path_params)
    kind = request.path_params["kind"]
    if kind not in KINDS:
        return _refused(404, f"No such field: there are {', '.join(KINDS)}.")
    if name not in list_checkpoints(checkpoint_root()):
        return _refused(404, "No such model.")
    ranges = [parse_numbers(request.query_params.get(axis), 2) for axis in "xy"]
    if None in ranges:
        return _refused(400, f"x and y must be two numbers each, within ±{MAX_COORDINATE:g}.")
    try:
        region = checked_region(*ranges)
    except ExplorerError as error:
        return _refused(400, str(error))
    try:
        checkpoint = _model(name, request.query_params.get("beta"))
    except ExplorerError:
        return _refused(404, f"{name} cannot be loaded.")  # the page says why, naming folders
    if checkpoint is None or checkpoint.codes.mu.shape[1] != 2:
        return _refused(400, f"{name} has no plane, or no such beta: fields are of 2-D models.")
    dataset = request.path_params["dataset"]
    judge = judge_of(dataset) if kind == "class" else None
    if kind == "class" and judge is None:
        return _refused(404, without_judge(dataset))
    return checkpoint, judge, kind, region


def _model(name: str, beta: str | None) -> Checkpoint | None:
    """The model, or the family's member; None where the beta is missing or is none."""
    found = cached_checkpoint(name, checkpoint_root())
    if not isinstance(found, Family):
        return found
    numbers = parse_numbers(beta, 1)
    return found.at(numbers[0]) if numbers else None


def _computed(checkpoint: Checkpoint, judge: Judge | None, kind: str, region: Region) -> Response:
    """The grid's numbers row by row from the top, and in a header its shape and region.

    Little-endian float32, a number a cell; of classes the confidence, then a byte a cell with the
    class, then a byte a cell that is 1 where the picture is off the data.
    """
    use_one_thread()
    rows, columns = grid_shape(region)
    facts = {"rows": rows, "columns": columns, "x": region[:2], "y": region[2:]}
    if judge is not None:
        labels, confidence, is_off = class_field(checkpoint, judge, region)
        content = confidence.astype("<f4").tobytes() + labels.tobytes()
        content += is_off.astype(np.uint8).tobytes()
    elif kind == "change":
        content = change_field(checkpoint, region).astype("<f4").tobytes()
    else:
        facts["bandwidth"] = code_bandwidth(checkpoint.codes.mu)
        content = density_field(checkpoint, region).astype("<f4").tobytes()
    headers = {**_HEADERS, "x-field": json.dumps(facts)}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _refused(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text, status_code=status, headers={**_HEADERS, **(headers or {})})


def field_routes() -> list[Route]:
    """The route that the app adds to Streamlit's own."""
    return [Route("/fields/{dataset}/{name}/{kind}", _serve)]
