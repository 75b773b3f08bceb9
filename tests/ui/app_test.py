"""A script or a page of the app without a browser, opened by a link."""

from __future__ import annotations

import re

import pytest

AppTest = pytest.importorskip("streamlit.testing.v1").AppTest

TIMEOUT_S = 30


def run(app: AppTest, /, **query: str) -> AppTest:
    """Run an app as a link with this query opens it; nothing may raise."""
    app.default_timeout = TIMEOUT_S  # of later runs as well
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def run_page(page: str, dataset: str, /, **query: str) -> AppTest:
    """Run one of the pages alone."""
    script = f"from explorer.ui.pages import {page}\n{page}.show({dataset!r})"
    return run(AppTest.from_string(script), **query)


def said(app: AppTest) -> str:
    """All that its Markdown says."""
    return " ".join(plain(text.value) for text in app.markdown)


def plain(markdown: str) -> str:
    """Markdown as it is read: terms without their links to the glossary."""
    return re.sub(r"\[([^\]]*)\]\(glossary\?term=[a-z-]+\)", r"\1", markdown)
