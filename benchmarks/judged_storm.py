"""100 questions for the judge at once, beside one visitor: `python benchmarks/judged_storm.py`.

All questions differ, so that none is answered from what is kept. Meanwhile the visitor asks for the
page, its weights, an original and the server's health in turn; the row tells the longest wait of
these, which is the figure with a bar, and how many questions were answered and how many were put
off, which a browser would ask again. The server has answered each kind of request once before: the
first question loads PyTorch, the first original scikit-learn. Exit status 1 where the bar is missed
or the visitor got no answer.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.visits import memory_mb
from explorer.checkpoints import load_checkpoint
from explorer.places import checkpoint_root
from tests.browser.live_app import LiveApp

QUESTIONS = 100
MODELS = ("reconstruction-2d", "kl-2d", "vae-2d")
WEIGHTS = "mnist/vae-2d"
BAR_S = 1.0
PAUSE_S = 0.02  # of the visitor, between two requests
TIMEOUT_S = 120
OK, BUSY = 200, 503


class Wait(NamedTuple):
    """How long the visitor waited for a route, and the status of the answer."""

    seconds: float
    path: str
    status: int


def fetch(url: str) -> int:
    """Read an address to its end and give the answer's status; 0 where there is none."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def question(number: int) -> str:
    """The address of a question that no other number has."""
    model = MODELS[number % len(MODELS)]
    return f"judged/mnist/{model}/prior?seed={number}&batch=0"


def visitor_paths() -> list[str]:
    """What a visitor's browser asks for besides."""
    digest = load_checkpoint(WEIGHTS, checkpoint_root()).meta["sha256"]["model.safetensors"]
    weights = f"checkpoints/{WEIGHTS}/model.safetensors?sha256={digest}"
    return ["", "_stcore/health", weights, "originals/digits/3"]


def visit(url: str, paths: list[str], is_over: threading.Event) -> list[Wait]:
    """Ask for one path after another until the storm is over."""
    waits = []
    while not is_over.is_set():
        for path in paths:
            started = time.monotonic()
            status = fetch(f"{url}/{path}")
            waits.append(Wait(time.monotonic() - started, path.partition("?")[0], status))
            is_over.wait(PAUSE_S)
    return waits


def storm(url: str) -> tuple[list[Wait], Counter[int]]:
    """The visitor's waits while all questions are asked at once, and how these were answered."""
    is_over = threading.Event()
    with ThreadPoolExecutor(1) as visitor, ThreadPoolExecutor(QUESTIONS) as crowd:
        visiting = visitor.submit(visit, url, visitor_paths(), is_over)
        asked = [f"{url}/{question(number)}" for number in range(1, QUESTIONS + 1)]
        answers = Counter(crowd.map(fetch, asked))
        is_over.set()
        return visiting.result(), answers


def main() -> None:
    """Measure and print; exit status 1 where the bar is missed."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with LiveApp() as app:
        app.wait_until_healthy()
        for path in (question(0), *visitor_paths()):
            fetch(f"{app.url}/{path}")
        before = memory_mb(app.process.pid)
        waits, answers = storm(app.url)
        after = memory_mb(app.process.pid)
    longest = max(waits)
    failed = sum(wait.status != OK for wait in waits)
    is_met = longest.seconds <= BAR_S and failed == 0
    print("| what | measured | bar | more |")
    print("|---|---|---|---|")
    print(
        f"| longest wait of another route beside {QUESTIONS} questions for the judge "
        f"| {longest.seconds:.2f} s{'' if is_met else ' (missed)'} | <= {BAR_S:g} s "
        f"| for /{longest.path}; {len(waits)} requests, {failed} failed; "
        f"questions: {answers[OK]} answered, {answers[BUSY]} put off, "
        f"{QUESTIONS - answers[OK] - answers[BUSY]} lost; "
        f"memory {before:.0f} MB before, {after:.0f} MB after |"
    )
    sys.exit(not is_met)


if __name__ == "__main__":
    main()
