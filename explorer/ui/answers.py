"""Answers that take long: computed one at a time on a thread of their own, kept, and bounded.

The server sends weights, pages and scripts from forty threads. A request that waits here holds none
of them, equal questions are computed once, and too many questions are put off. PyTorch gets one
thread: each thread that computes with it keeps memory and threads of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

BUSY = 503
BUSY_HEADERS = {"retry-after": "1"}  # seconds


class Busy(Exception):
    """A question that is put off: too many are there before it."""


class Answers:
    """Answers to questions of one kind.

    `kept` answers stay, the oldest are forgotten first; `places` questions are taken at a time; a
    question that has not had its turn within `patience` seconds is put off, so that what nobody
    waits for any more is not computed. `clock` gives seconds.
    """

    def __init__(
        self,
        kept: int,
        places: int,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kept, self.places, self.patience = kept, places, patience
        self._clock = clock
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._asked: dict[Hashable, Future] = {}
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")

    @property
    def waiting(self) -> int:
        """How many different questions have no answer yet."""
        return len(self._asked)

    def forget(self) -> None:
        """Drop all that is kept."""
        with self._lock:
            self._answers.clear()

    async def to(self, question: Hashable, compute: Callable[[], Any]) -> Any:
        """The answer to a question, which `compute` gives on the thread of its own.

        Raises Busy where the question is put off, and what `compute` raises; neither is kept.
        """
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
            asked = self._asked.get(question)
            if asked is None:
                if len(self._asked) >= self.places:
                    raise Busy("Many questions are being answered: this one is asked again.")
                until = self._clock() + self.patience
                asked = self._worker.submit(self._computed, question, compute, until)
                self._asked[question] = asked
        # Whoever goes away takes the answer from nobody else.
        return await asyncio.shield(asyncio.wrap_future(asked))

    def _computed(self, question: Hashable, compute: Callable[[], Any], until: float) -> Any:
        try:
            if self._clock() > until:
                raise Busy("This question has waited for long: it is asked again.")
            answer = compute()
            with self._lock:
                self._answers[question] = answer
                while len(self._answers) > self.kept:
                    self._answers.popitem(last=False)
            return answer
        finally:
            with self._lock:
                del self._asked[question]


def use_one_thread() -> None:
    """Have PyTorch compute on the calling thread alone; imports it."""
    import torch

    torch.set_num_threads(1)
