"""State as text: what is valid, what is dropped with a notice, what a report can change."""

import json

import pytest

from explorer.ui import state
from tests.ui import app_test
from tests.ui.app_test import AppTest

FIELDS = (
    state.POINT,
    state.CLASSES,
    state.whole(state.DIGIT, 360),
    state.number("beta", 0, 60, page="test"),
    state.choice("scales", ("own", "equal"), page="test"),
    state.point("code", 20, page="test"),
)


@pytest.mark.parametrize(
    ("field", "text", "canonical"),
    [
        (state.POINT, "0.5,-0.25", "0.5,-0.25"),
        (state.POINT, "1e1, 2.0000001", "10,2"),
        (state.POINT, "-0.0000001,0", "0,0"),
        (state.POINT, "1", None),
        (state.POINT, "1,2,3", None),
        (state.POINT, "nan,0", None),
        (state.POINT, "inf,0", None),
        (state.POINT, "10001,0", None),
        (state.POINT, "", None),
        (state.CLASSES, "9,3,3", "3,9"),
        (state.CLASSES, "", ""),
        (state.CLASSES, "10", None),
        (state.CLASSES, "3,", None),
        (FIELDS[2], "007", "7"),
        (FIELDS[2], "360", None),
        (FIELDS[2], "-1", None),
        (FIELDS[2], "٣", None),
        (FIELDS[3], "60", "60"),
        (FIELDS[3], "60.1", None),
        (FIELDS[4], "equal", "equal"),
        (FIELDS[4], "EQUAL", None),
        (FIELDS[5], ",".join(["0.1"] * 20), ",".join(["0.1"] * 20)),
    ],
)
def test_canonical_text(field, text, canonical):
    assert field.canonical(text) == canonical
    if canonical is not None:
        assert field.canonical(canonical) == canonical


def script() -> None:
    """A page that takes one report, if the test has left one in the session."""
    import json

    import streamlit as st

    from explorer.ui import state
    from tests.ui.test_state import FIELDS

    state.read(FIELDS)
    if "report" in st.session_state:
        state.receive(FIELDS, json.loads(st.session_state["report"]))
    st.session_state["now"] = json.dumps(state.current(FIELDS))


def run(query: dict[str, str], reports: tuple[object, ...] = ()) -> AppTest:
    app = app_test.run(AppTest.from_function(script), **query)
    for report in reports:
        app.session_state["report"] = json.dumps(report)
        app.run()
    assert not app.exception
    return app


def now(app: AppTest) -> dict[str, str]:
    return json.loads(app.session_state["now"])


def test_url_is_read_once_and_written_in_its_canonical_form():
    app = run({"z": "1.50, -2", "classes": "7,1"})
    assert now(app) == {"z": "1.5,-2", "classes": "1,7"}
    assert app.query_params["z"] == "1.5,-2"
    assert not app.toast


def test_nonsense_is_noticed_and_left_out():
    app = run({"z": "<b>here</b>", "beta": "99"})
    assert now(app) == {}
    assert [toast.value.split(" is not ")[0] for toast in app.toast] == [
        "The link's z “bhereb”",
        "The link's beta “99”",
    ]
    assert "z" not in app.query_params


def test_report_changes_the_state_and_null_forgets_and_the_next_run_writes_the_url():
    app = run({"z": "1,1", "beta": "4"}, ({"z": "2,2", "digit": "5"}, {"z": None}))
    assert now(app) == {"beta": "4", "digit": "5"}
    app.run()
    assert "z" not in app.query_params
    assert app.query_params["digit"] == "5"


def test_what_a_report_says_wrongly_is_left_as_it_was():
    app = run({"z": "1,1"}, ({"z": "nan,1", "beta": 3, "unknown": "x"}, ["z"], "z", 7, None))
    assert now(app) == {"z": "1,1"}
