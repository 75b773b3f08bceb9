"""Every key of the session and of the URL, named once, and what counts as a valid value.

A state is text under a key, the same text in the URL, in the session and in the browser's reports,
so that there is one way to read it and one way to write it. What the visitor does to a picture the
browser writes into the URL at once, and Python hears of it before it runs for another reason. What
cannot be understood falls back to the default with a notice; nothing a URL or a browser sends
raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from explorer.palette import CLASS_COLOURS

# Keys of the sidebar's widgets, which keep themselves in the URL.
DATASET = "dataset"
MODEL = "model"
BETA = "beta"

STAGE = "stage"  # of the session: what a lesson's scene hides on its page, absent without a lesson

MAX_COORDINATE = 1e4  # latent units; decoders saturate long before
DECIMALS = 6  # of a coordinate in the URL: below a thousandth of a pixel at the first zoom

_SESSION = "state."  # how the session's keys begin of what pages keep
CHOSEN = "kept."  # and of what the sidebar's widgets were, also while a page lacks them

Values = dict[str, str]  # key -> canonical text; a key that is absent has its default


@dataclass(frozen=True)
class Field:
    """One piece of a page's state."""

    key: str  # in the URL, in the session and in the browser's reports
    canonical: Callable[[str], str | None]  # a text as it is kept; None where it means nothing
    allowed: str  # in words, for the notice
    page: str = ""  # whose own it is; empty where the pages share it

    @property
    def session_key(self) -> str:
        """Where the session keeps it; never a widget's key."""
        return f"{_SESSION}{self.page}.{self.key}"


def parse_numbers(text: object, count: int) -> tuple[float, ...] | None:
    """So many finite numbers, separated by commas; None for anything else, however odd."""
    if not isinstance(text, str) or text.count(",") != count - 1:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    return numbers if all(abs(n) <= MAX_COORDINATE for n in numbers) else None  # NaN fails as well


def write_numbers(numbers: Sequence[float]) -> str:
    """Numbers as text, rounded as the browser rounds them, without needless zeros."""
    return ",".join(
        f"{round(n, DECIMALS) + 0:.{DECIMALS}f}".rstrip("0").rstrip(".") for n in numbers
    )


def point(key: str, dims: int = 2, page: str = "") -> Field:
    """A latent point: so many coordinates."""

    def canonical(text: str) -> str | None:
        numbers = parse_numbers(text, dims)
        return None if numbers is None else write_numbers(numbers)

    return Field(key, canonical, f"{dims} numbers within ±{MAX_COORDINATE:g}", page)


def whole(key: str, below: int, page: str = "") -> Field:
    """A whole number from 0, such as a test digit's index."""

    def canonical(text: str) -> str | None:
        is_number = isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text)
        return str(int(text)) if is_number and int(text) < below else None

    return Field(key, canonical, f"a whole number from 0 to {below - 1}", page)


def number(key: str, low: float, high: float, page: str = "") -> Field:
    """A number within limits."""

    def canonical(text: str) -> str | None:
        numbers = parse_numbers(text, 1)
        return write_numbers(numbers) if numbers and low <= numbers[0] <= high else None

    return Field(key, canonical, f"a number from {low:g} to {high:g}", page)


def choice(key: str, options: Sequence[str], page: str = "") -> Field:
    """One of a few words."""
    return Field(key, lambda text: text if text in options else None, " or ".join(options), page)


def several(key: str, options: Sequence[str], page: str = "") -> Field:
    """Any of a few words, separated by commas, each once and in the options' order."""

    def canonical(text: str) -> str | None:
        words = text.split(",") if isinstance(text, str) and text else []
        if not set(words) <= set(options):
            return None
        return ",".join(option for option in options if option in words)

    return Field(key, canonical, f"any of {', '.join(options)}", page)


def two_dimensions(key: str, dims: int, page: str = "") -> Field:
    """Two different dimensions of a code, numbered from 1 as on the pages."""

    def canonical(text: str) -> str | None:
        found = re.fullmatch(r"([0-9]{1,4}),([0-9]{1,4})", text) if isinstance(text, str) else None
        numbers = [int(part) for part in found.groups()] if found else []
        if len(set(numbers)) != 2 or not all(1 <= n <= dims for n in numbers):
            return None
        return ",".join(map(str, numbers))

    return Field(key, canonical, f"two different dimensions from 1 to {dims}", page)


def is_kept(key: str) -> bool:
    """Whether a session's key is a page's state or a choice of the sidebar's."""
    return key.startswith((_SESSION, CHOSEN))


POINT = point("z")
DIGIT = "digit"  # whole(DIGIT, number of test digits): the same digit on every page
CLASSES = several("classes", [str(label) for label in range(len(CLASS_COLOURS))])
SHAPES = choice("shapes", ("on",))  # of the classes on all maps; absent: a dot each


def read(fields: Sequence[Field]) -> Values:
    """The state of a page that is about to be drawn: the session's, or at first the URL's.

    What the URL says wrongly is told in a notice and dropped. The URL, which Streamlit clears when
    another page is opened, is written again.
    """
    for field in fields:
        if field.session_key in st.session_state:
            continue
        written = st.query_params.get(field.key)
        text = field.canonical(written) if written is not None else None
        if written is not None and text is None:
            st.toast(
                f"The link's {field.key} “{_plain(written)}” is not {field.allowed}. "
                "It is left out.",
            )
        st.session_state[field.session_key] = text
    values = current(fields)
    _write_url(fields, values)
    return values


def receive(fields: Sequence[Field], report: object) -> None:
    """Take the browser's report of the whole state of its page: key -> text, or None.

    What is not understood is left as it was. The browser has written its address itself.
    """
    if not isinstance(report, Mapping):
        return
    for field in fields:
        if field.key not in report:
            continue
        value = report[field.key]
        text = field.canonical(value) if isinstance(value, str) else None
        if text is not None or value is None:
            st.session_state[field.session_key] = text


def current(fields: Sequence[Field]) -> Values:
    """The state as the session has it, without what means nothing in another data set."""
    texts = {field.key: st.session_state.get(field.session_key) for field in fields}
    return {
        field.key: texts[field.key]
        for field in fields
        if texts[field.key] is not None and field.canonical(texts[field.key]) is not None
    }


def change(field: Field, text: str | None) -> None:
    """Set a state from Python's side; takes effect when the field's page is next drawn."""
    st.session_state[field.session_key] = None if text is None else field.canonical(text)


def _write_url(fields: Sequence[Field], values: Values) -> None:
    """Write what differs; what the browser has in its address already changes nothing there."""
    before = st.query_params.to_dict()
    texts = {field.key: values.get(field.key) for field in fields}
    if changed := {key: text for key, text in texts.items() if text and before.get(key) != text}:
        st.query_params.update(changed)  # one message
    for key, text in texts.items():
        if not text and key in before:
            del st.query_params[key]


def notice_invalid(key: str, allowed: Sequence[str]) -> None:
    """Say once that the URL named a choice that does not exist; the widget takes its default."""
    wanted = st.query_params.get(key)
    if key not in st.session_state and wanted is not None and wanted not in allowed:
        st.toast(
            f"The link asks for {key} “{_plain(wanted)}”, which is not here. "
            f"Showing {allowed[0]} instead.",
        )


def _plain(written: str) -> str:
    """The beginning of what a URL says, without anything that Markdown would act on."""
    return re.sub(r"[^\w .,+-]", "", written)[:40]
