"""What the app's judge answers of the models of `digits`, and what the page says of it."""

from __future__ import annotations

import json
import urllib.request

from tests.browser.shipped import load


def asked(app_url: str, path: str) -> dict:
    """What the app's route answers."""
    with urllib.request.urlopen(f"{app_url}/judged/digits/{path}", timeout=60) as answer:
        return json.load(answer)


def reason(answer: dict, at: int) -> str:
    """What is said of a picture that is off the data; of another one nothing."""
    if not answer["off"][at]:
        return ""
    share = int(100 * answer["confidence"][at])
    blurred = ", too blurred for the judge" if answer["blurred"][at] else ""
    label = load("digits/vae-2d").codes.labels[answer["nearest"][at]]
    return f"No digit: {share}\u00a0%{blurred}. Nearest real one: a {label}"
