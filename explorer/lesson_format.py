"""A lesson's text, read strictly: every mistake is told with its line and its fix.

The format is described in lessons/README.md. What a scene may show (pages, their state, their
controls) is asked of `Rules`, which the interface supplies: this module knows no page.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl

from explorer.errors import LessonBad
from explorer.figures import bad_fields
from explorer.lesson_report import Report

DIGITS = tuple("0123456789")  # what a class guesses, unless the scene says otherwise
MAX_GUESSES = 10  # a key each
MAX_MINUTES = 120
MAX_SCENES = 60

_FENCE = "---"
_FACTS = ("title", "summary", "minutes", "dataset")
_REQUIRED_FACTS = ("title", "summary", "minutes")
_SCENE_KEYS = ("page", "state", "hide", "predict", "guesses")
_QUESTION, _REVEAL = "Question:", "Reveal:"


class Text(Protocol):
    """One key of a page's state: `canonical` gives None for what means nothing."""

    canonical: Callable[[str], str | None]
    allowed: str


@dataclass(frozen=True)
class PageRules:
    """What a scene may say of one page."""

    keys: Mapping[str, Text]  # of the page's state
    controls: Sequence[str]  # that can be hidden
    pictures: Sequence[str]  # that can be predicted
    problem: str = ""  # why nothing can be said of the state: the model is damaged


class Rules(Protocol):
    """What the interface can show."""

    datasets: Sequence[str]
    pages: Sequence[str]

    def page(self, page: str, dataset: str, state: Mapping[str, str]) -> PageRules:
        """Of a page; which keys there are may depend on the models that a state chooses."""


@dataclass(frozen=True)
class Scene:
    """One picture with its text."""

    title: str
    page: str
    state: Mapping[str, str]  # canonical texts; a key that is absent has its default
    hide: tuple[str, ...] = ()  # controls
    predict: tuple[str, ...] = ()  # pictures that are hidden until the reveal
    guesses: tuple[str, ...] = ()  # what can be guessed, at most MAX_GUESSES
    text: str = ""  # Markdown, as are the next two
    question: str = ""
    reveal: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson as a teacher wrote it."""

    name: str  # in the URL
    path: Path
    title: str
    summary: str
    minutes: int
    dataset: str
    scenes: tuple[Scene, ...]


@dataclass
class _Block:
    """A scene as it stands in the file: its keys with their lines, then its text."""

    title: str
    line: int
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    body: list[tuple[int, str]] = field(default_factory=list)


def lesson_name(path: Path) -> str:
    """The name of a file's lesson: "02-continuity.md" is "continuity"; numbers give the order."""
    return re.sub(r"^[0-9]+[-_ ]*", "", path.stem)


def parse_lesson(text: str, path: Path, rules: Rules) -> Lesson:
    """A lesson from its text; `path` names it. Raises LessonBad with everything that is wrong."""
    report = Report(path)
    name = lesson_name(path)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        report.say(
            1,
            f"the file's name gives the lesson the name “{name}”, which stands in its links. "
            "Allowed: small letters a to z, digits and hyphens. Rename the file.",
        )
    lines = text.splitlines()
    _refuse_images(lines, report)
    facts, start = _facts(lines, report)
    minutes = _minutes(facts, report)
    dataset = _dataset(facts, rules, report)
    blocks = _blocks(lines, start, report)
    if len(blocks) > MAX_SCENES:
        told = f"there are {len(blocks)} scenes. Allowed: at most {MAX_SCENES}."
        report.say(blocks[MAX_SCENES].line, told)
    scenes = [_scene(block, dataset, rules, report) for block in blocks[:MAX_SCENES]]
    if not blocks:
        report.say(
            len(lines) or 1, "there is no scene. Begin one with a line such as “## First look”."
        )
    if report.problems:
        raise LessonBad(report.told_all())
    return Lesson(
        name, path, facts["title"][1], facts["summary"][1], minutes, dataset, tuple(scenes)
    )


def _refuse_images(lines: list[str], report: Report) -> None:
    """An image from elsewhere would tell its server who reads the lesson."""
    for line, text in enumerate(lines, 1):
        if "![" in text:
            told = "lessons have no images of their own: the pages are the pictures. Remove “![”."
            report.say(line, told)


def _facts(lines: list[str], report: Report) -> tuple[dict[str, tuple[int, str]], int]:
    """The front matter by key with its lines, and the index of the first line after it."""
    if not lines or lines[0].strip() != _FENCE:
        report.say(1, f"the file does not begin with a line “{_FENCE}” and the lesson's title.")
        return {}, 0
    end = next((n for n in range(1, len(lines)) if lines[n].strip() == _FENCE), None)
    if end is None:
        report.say(1, f"the lesson's facts do not end. Put a line “{_FENCE}” below them.")
        return {}, len(lines)
    facts: dict[str, tuple[int, str]] = {}
    for n in range(1, end):
        if lines[n].strip():
            _take_key(facts, n + 1, lines[n], _FACTS, report)
    for key in _REQUIRED_FACTS:
        if not facts.get(key, (0, ""))[1]:
            report.say(facts.get(key, (1, ""))[0], f"there is no {key}. Add a line “{key}: …”.")
    return facts, end + 1


def _take_key(
    keys: dict[str, tuple[int, str]], line: int, text: str, known: Sequence[str], report: Report
) -> None:
    key, colon, value = (part.strip() for part in text.partition(":"))
    if not colon:
        report.say(
            line, f"“{text.strip()}” is no line “key: value”. Keys here: {', '.join(known)}."
        )
    elif key not in known:
        report.say(line, f"unknown key “{key}”. {_allowed(key, known)}")
    elif key in keys:
        report.say(line, f"{key} stands in line {keys[key][0]} already. Remove one of the two.")
    else:
        keys[key] = (line, value)


def _allowed(wrong: str, known: Sequence[str]) -> str:
    """What is allowed instead, and the nearest of it."""
    near = difflib.get_close_matches(wrong, known, 1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    return f"Allowed: {', '.join(known) or 'none'}.{hint}"


def _minutes(facts: Mapping[str, tuple[int, str]], report: Report) -> int:
    line, text = facts.get("minutes", (1, ""))
    is_whole = re.fullmatch(r"[0-9]{1,3}", text) is not None
    if text and not (is_whole and 1 <= int(text) <= MAX_MINUTES):
        report.say(line, f"minutes is “{text}”. Allowed: a whole number from 1 to {MAX_MINUTES}.")
    return int(text) if is_whole else 0


def _dataset(facts: Mapping[str, tuple[int, str]], rules: Rules, report: Report) -> str:
    line, text = facts.get("dataset", (1, rules.datasets[0]))
    if text not in rules.datasets:
        report.say(line, f"unknown data set “{text}”. {_allowed(text, rules.datasets)}")
        return rules.datasets[0]
    return text


def _blocks(lines: list[str], start: int, report: Report) -> list[_Block]:
    """The scenes: a heading, lines of keys until a blank one, then text."""
    blocks: list[_Block] = []
    in_keys = False
    for line, text in enumerate(lines[start:], start + 1):
        if re.match(r"##(?!#)", text):
            blocks.append(_Block(text[2:].strip(), line))
            in_keys = True
            if not blocks[-1].title:
                report.say(line, "a scene has no title. Write it behind the “##”.")
        elif not blocks:
            if text.strip():
                report.say(line, "text before the first scene. Begin a scene with “## Its title”.")
        elif in_keys and text.strip():
            _take_key(blocks[-1].keys, line, text, _SCENE_KEYS, report)
        else:
            in_keys = False
            blocks[-1].body.append((line, text))
            for problem in bad_fields(text):
                report.say(line, problem)
    return blocks


def _scene(block: _Block, dataset: str, rules: Rules, report: Report) -> Scene | None:
    """A scene, where nothing is wrong with it that would make the rest senseless."""
    line, page = block.keys.get("page", (block.line, ""))
    if page not in rules.pages:
        what = f"unknown page “{page}”" if page else f"the scene “{block.title}” names no page"
        report.say(line, f"{what}. {_allowed(page, rules.pages)}")
        return None
    state = _state_texts(block, report)
    allowed = rules.page(page, dataset, {key: text for key, (_, text) in state.items()})
    if allowed.problem:
        report.say_of_model(line, allowed.problem)
        return None
    canonical = {
        key: _canonical(key, line, text, page, allowed, report)
        for key, (line, text) in state.items()
    }
    parts = _parts(block, report)
    scene = Scene(
        block.title,
        page,
        {key: text for key, text in canonical.items() if text is not None},
        _words(block, "hide", allowed.controls, report),
        _words(block, "predict", allowed.pictures, report),
        _guesses(block, report),
        *parts,
    )
    _check_question(scene, block, report)
    return scene


def _state_texts(block: _Block, report: Report) -> dict[str, tuple[int, str]]:
    """The state as it is written: as behind the “?” of a page's address."""
    line, written = block.keys.get("state", (block.line, ""))
    texts: dict[str, tuple[int, str]] = {}
    for part in filter(None, written.lstrip("?").split("&")):
        pairs = parse_qsl(part, keep_blank_values=True)
        if "=" not in part or not pairs:
            report.say(line, f"“{part}” in the state is no key=value, as in “z=0.5,1”.")
            continue
        key, text = pairs[0]
        if key in texts:
            report.say(line, f"the state says {key} twice. Remove one of the two.")
        texts[key.strip()] = (line, text.strip())
    return texts


def _canonical(
    key: str, line: int, text: str, page: str, rules: PageRules, report: Report
) -> str | None:
    if key not in rules.keys:
        known = _allowed(key, sorted(rules.keys))
        report.say(line, f"the page “{page}” has no “{key}” in its state. {known}")
        return None
    canonical = rules.keys[key].canonical(text)
    if canonical is None:
        report.say(line, f"{key} is “{text}”. Allowed: {rules.keys[key].allowed}.")
    return canonical


def _words(block: _Block, key: str, known: Sequence[str], report: Report) -> tuple[str, ...]:
    """Words separated by commas; “all” stands for all of them."""
    line, text = block.keys.get(key, (block.line, ""))
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in (*known, "all"):
            report.say(line, f"{key} names “{word}”. {_allowed(word, (*known, 'all'))}")
    return tuple(known) if "all" in words else tuple(dict.fromkeys(words))


def _guesses(block: _Block, report: Report) -> tuple[str, ...]:
    if "guesses" not in block.keys:
        return DIGITS if block.keys.get("predict", (0, ""))[1] else ()
    line, text = block.keys["guesses"]
    guesses = tuple(part.strip() for part in text.split("|") if part.strip())
    if not 2 <= len(guesses) <= MAX_GUESSES or len(set(guesses)) < len(guesses):
        report.say(
            line,
            f"guesses is “{text}”. Allowed: 2 to {MAX_GUESSES} different answers, separated by "
            "“|”, as in “a 4 | a 9 | neither”.",
        )
    return guesses


def _parts(block: _Block, report: Report) -> tuple[str, str, str]:
    """Text, question and reveal: the latter two begin with their word at the start of a line."""
    parts: dict[str, list[str]] = {"": []}
    now = ""
    for line, text in block.body:
        word = next((word for word in (_QUESTION, _REVEAL) if text.startswith(word)), None)
        if word is None:
            parts[now].append(text)
            continue
        if word in parts:
            report.say(line, f"the scene “{block.title}” has a second “{word}”. Remove it.")
        if word == _REVEAL and now != _QUESTION:
            report.say(line, "a reveal without a question. Write “Question: …” before it.")
        now = word
        parts.setdefault(word, []).append(text[len(word) :].strip())
    text, question, reveal = (
        "\n".join(parts.get(word, ())).strip() for word in ("", _QUESTION, _REVEAL)
    )
    return text, question, reveal


def _check_question(scene: Scene, block: _Block, report: Report) -> None:
    if scene.question and not scene.reveal:
        report.say(block.line, f"the question of “{scene.title}” has no “{_REVEAL} …” below it.")
    if not scene.question and (scene.predict or scene.guesses):
        key = "predict" if "predict" in block.keys else "guesses"
        report.say(
            block.keys[key][0], f"{key} needs a question. Write “{_QUESTION} …” below the text."
        )
