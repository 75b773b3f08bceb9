"""The routes that decode points, have the pictures judged, and send what the judge said.

The browser decodes the same points itself; a verdict is sent with the point that it belongs to.
PyTorch is imported by the first question, which therefore waits some seconds.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from explorer.checkpoints import Checkpoint, list_checkpoints
from explorer.errors import ExplorerError
from explorer.fixes import can_train, train_command
from explorer.judge import Judge
from explorer.places import JUDGE, checkpoint_root
from explorer.roulette import Judged, explained, judged, neighbourhood, prior_batch, survey
from explorer.ui.answers import BUSY, BUSY_HEADERS, Answers, Busy, use_one_thread
from explorer.ui.cache import cached_checkpoint, cached_judge

_HEADERS = {"cache-control": "no-cache"}
# A class plays the same samples, so many are kept: 5 to 40 kB each. A page asks for three models.
_ANSWERS = Answers(kept=256, places=24, patience=20)


class _Refused(Exception):
    """A question that has no answer, with the reason in words and the HTTP status."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def judge_of(dataset: str) -> Judge | None:
    """The judge of a data set; None where it is missing or bad."""
    try:
        return cached_judge(dataset, checkpoint_root())
    except ExplorerError:
        return None


def judge_facts(dataset: str) -> dict[str, float] | None:
    """What the page says of the judge: the share of real digits that it recognises.

    With it the number of samples of a model's stored share. None where there is no judge.
    """
    judge = judge_of(dataset)
    if judge is None:
        return None
    measures = judge.measures
    return {"samples": measures["samples"], "real": measures["real"]["recognised"]}


def without_judge(dataset: str) -> str:
    """What the browser is told where a judge is missing or bad; no folder is named to it."""
    fix = "There is none that can be trained for it."
    if can_train(dataset, [JUDGE]):
        fix = f"Train it with: {train_command(dataset, None, [JUDGE])}"
    return f"The judge of {dataset} cannot be used. {fix}"


def _number(request: Request, key: str) -> int:
    text = request.query_params.get(key, "")
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise _Refused(f"{key} must be a whole number from 0.")
    return int(text)


def _checkpoint(dataset: str, name: str) -> Checkpoint:
    full = f"{dataset}/{name}"
    if full not in list_checkpoints(checkpoint_root()):
        raise _Refused(f"No such model: {full[:60]}.", 404)
    try:
        checkpoint = cached_checkpoint(full, checkpoint_root())
    except ExplorerError:  # its message names folders of this computer; the page shows it
        raise _Refused(f"The model {full} could not be loaded.", 404) from None
    if not isinstance(checkpoint, Checkpoint) or checkpoint.codes.mu.shape[1] != 2:
        raise _Refused(f"{full} is not a model of two dimensions.")
    return checkpoint


def _judge(dataset: str) -> Judge:
    judge = judge_of(dataset)
    if judge is None:
        raise _Refused(without_judge(dataset), 404)
    return judge


def _verdicts(checkpoint: Checkpoint, judge: Judge, found: Judged) -> dict[str, Any]:
    """What the judge said of points; of those off the data the nearest real digit, else -1."""
    nearest, blurred = np.full(len(found.z), -1), np.zeros(len(found.z), dtype=bool)
    if found.is_off.any():
        why = explained(checkpoint.model, judge, found)
        nearest[found.is_off], blurred[found.is_off] = why
    return {
        "z": found.z.tolist(),  # float32 as float64: the browser rounds back to the same
        "labels": found.labels.tolist(),
        "confidence": found.confidence.round(4).tolist(),
        "recognised": found.is_recognised.tolist(),
        "off": found.is_off.tolist(),
        "nearest": nearest.tolist(),
        "blurred": blurred.tolist(),
    }


def _prior(checkpoint: Checkpoint, judge: Judge, seed: int, batch: int) -> dict[str, Any]:
    found = judged(checkpoint.model, judge, prior_batch(seed, batch))
    return _verdicts(checkpoint, judge, found)


def _around(checkpoint: Checkpoint, judge: Judge, digit: int) -> dict[str, Any]:
    mu = checkpoint.codes.mu
    if digit >= len(mu):
        raise _Refused(f"No test digit {digit}: they go from 0 to {len(mu) - 1}.")
    found = neighbourhood(checkpoint.model, judge, mu[digit])
    return {
        **_verdicts(checkpoint, judge, found.rings),
        "centre": _verdicts(checkpoint, judge, found.centre),
        "kept": None if found.kept is None else found.kept.tolist(),
        "offShares": found.off.tolist(),
    }


def _many(checkpoint: Checkpoint, judge: Judge) -> dict[str, Any]:
    codes = checkpoint.codes
    found = survey(checkpoint.model, judge, codes.mu, codes.labels)
    return {
        "digits": found.digits.tolist(),
        "own": found.is_own.tolist(),
        "kept": [None if np.isnan(row).any() else row.tolist() for row in found.kept],
        "offShares": found.off.tolist(),
    }


_KINDS = {
    "prior": (_prior, ("seed", "batch")),
    "around": (_around, ("digit",)),
    "many": (_many, ()),
}


def _judged(kind: str, checkpoint: Checkpoint, judge: Judge, numbers: tuple[int, ...]) -> bytes:
    use_one_thread()
    answer = _KINDS[kind][0](checkpoint, judge, *numbers)
    return json.dumps(answer, allow_nan=False).encode()


def _question(request: Request) -> tuple[str, Checkpoint, Judge, tuple[int, ...]]:
    """What is asked for; raises _Refused."""
    dataset, name, kind = (request.path_params[key] for key in ("dataset", "name", "kind"))
    if kind not in _KINDS:
        raise _Refused(f"Only {', '.join(_KINDS)} can be asked for.", 404)
    numbers = tuple(_number(request, key) for key in _KINDS[kind][1])
    return kind, _checkpoint(dataset, name), _judge(dataset), numbers


async def _serve(request: Request) -> Response:
    try:
        asked = await run_in_threadpool(_question, request)
        kind, checkpoint, judge, numbers = asked
        versions = tuple(m.meta["sha256"]["model.safetensors"] for m in (checkpoint, judge))
        body = await _ANSWERS.to((*versions, kind, numbers), partial(_judged, *asked))
    except _Refused as refusal:
        return _refused(str(refusal), refusal.status)
    except ValueError as error:  # no such seed or batch
        return _refused(str(error), 400)
    except Busy as busy:
        return _refused(str(busy), BUSY, BUSY_HEADERS)
    return Response(body, media_type="application/json", headers=_HEADERS)


def _refused(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text, status_code=status, headers={**_HEADERS, **(headers or {})})


def judged_routes() -> list[Route]:
    """The route that the app adds to Streamlit's own."""
    return [Route("/judged/{dataset}/{name}/{kind}", _serve)]
