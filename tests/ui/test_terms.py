"""Terms in Python's text, the links of the glossary, and the sentences of the guides."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from explorer.ui.guide import Guide, guides
from explorer.ui.pages import continuity, dimensions, objectives, theory
from explorer.ui.scene_pages import PAGES, SceneRules
from explorer.ui.terms import glossary, marked, marked_html, slug


def test_markdown_carries_each_term_once_and_code_and_links_stay():
    text = "The KL, **the KL** and `KL`; [a prior](x), *prior* samples."
    assert marked(text) == (
        "The [KL](glossary?term=kl), **the KL** and `KL`; [a prior](x), "
        "*[prior](glossary?term=prior)* [samples](glossary?term=sample)."
    )


def test_html_carries_each_term_once_and_tags_stay():
    html = '<p title="KL">KL and <code>nats</code> <a href="x">prior</a> KL</p>'
    assert marked_html(html) == (
        '<p title="KL"><a href="glossary?term=kl">KL</a> and <code>nats</code> '
        '<a href="x">prior</a> KL</p>'
    )


def test_a_term_is_not_explained_by_itself():
    (prior,) = (term for term in glossary() if term.name == "prior")
    assert marked_html("A prior of codes", skipped=prior) == (
        'A prior of <a href="glossary?term=code">codes</a>'
    )


def test_slugs_differ():
    slugs = [slug(term) for term in glossary()]
    assert len(set(slugs)) == len(slugs)
    assert all(slugs)


@pytest.mark.parametrize("term", glossary(), ids=lambda term: term.name)
def test_what_can_be_seen_of_a_term_is_a_state_of_a_page(term):
    assert term.page in PAGES
    texts = dict(parse_qsl(term.state, strict_parsing=True)) if term.state else {}
    rules = SceneRules().page(term.page, "mnist", texts)
    for key, text in texts.items():
        assert rules.keys[key].canonical(text) == text, key


ONE_LINE = 120  # letters beside a projector's sidebar, at 1280 pixels


@pytest.mark.parametrize(
    "guide",
    [objectives.GUIDE, *(g for p in (continuity, dimensions, theory) for g in p.GUIDES.values())],
    ids=lambda guide: guide.do,
)
def test_a_guide_fits_into_one_line_of_a_projector(guide: Guide):
    for text in (guide.do, guide.touch, f"Now look: {guide.notice}"):
        assert len(text) <= ONE_LINE


def test_a_page_without_tabs_has_one_guide():
    assert guides(Guide("Do.", "See.")) == {"": {"do": "Do.", "notice": "See.", "touch": ""}}
    assert list(guides(theory.GUIDES)) == list(theory.SECTIONS)
