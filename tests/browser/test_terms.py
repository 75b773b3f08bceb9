"""Words that explain themselves: on hover, focus, click and tap, in both kinds of text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.glossary import read_glossary, words_pattern

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def objectives(app_url, page) -> Page:
    page.goto(f"{app_url}/objectives")
    expect(page.locator('.term[data-term="posterior"]')).to_be_visible()
    return page


def note(page: Page) -> Locator:
    return page.get_by_test_id("term-note")


def drawn(page: Page, term: str) -> Locator:
    """A word of a canvas view."""
    return page.locator(f'.term[data-term="{term}"]').first


def written(page: Page, term: str) -> Locator:
    """A word of Python's text."""
    return page.locator(f'[data-testid="stMain"] a[href="glossary?term={term}"]').first


def test_each_term_is_marked_once_and_no_control_is(objectives):
    terms = objectives.locator(".page .term").evaluate_all(
        "all => all.map(e => [e.dataset.term, Boolean(e.closest('button, select, label'))])"
    )
    names = [name for name, _ in terms]
    assert {"reconstruction", "kl", "elbo", "prior", "posterior"} <= set(names)
    assert len(set(names)) == len(names)
    assert not any(is_control for _, is_control in terms)


def test_a_hover_explains_and_leaving_ends_it(objectives):
    drawn(objectives, "posterior").hover()
    expect(note(objectives)).to_contain_text("Which codes could have made this picture.")
    expect(note(objectives)).to_contain_text("Theory, Evidence")
    objectives.mouse.move(20, 700)
    expect(note(objectives)).to_be_hidden()


def test_the_keyboard_opens_it_escape_closes_it_and_it_is_read_aloud(objectives):
    word = drawn(objectives, "elbo")
    word.focus()
    expect(note(objectives)).to_be_visible()
    expect(word).to_have_role("button")
    expect(word).to_have_accessible_description(re.compile("A lower bound of log p"))
    objectives.keyboard.press("Escape")
    expect(note(objectives)).to_be_hidden()
    objectives.keyboard.press("Enter")
    expect(note(objectives)).to_be_visible()


def test_a_click_on_python_s_text_explains_and_stays_on_the_page(objectives, app_url):
    word = written(objectives, "kl")
    word.click()
    expect(note(objectives)).to_contain_text("How far one distribution is from another")
    expect(objectives).to_have_url(f"{app_url}/objectives")
    assert len(objectives.context.pages) == 1
    expect(word).to_have_accessible_description(re.compile("How far one distribution"))


def test_it_never_covers_what_is_dragged(objectives):
    drawn(objectives, "kl").click()
    expect(note(objectives)).to_be_visible()
    box = objectives.get_by_test_id("latent-canvas").first.bounding_box()
    objectives.mouse.move(box["x"] + 80, box["y"] + 80)
    objectives.mouse.down()
    expect(note(objectives)).to_be_hidden()
    word = drawn(objectives, "kl").bounding_box()
    objectives.mouse.move(word["x"] + 3, word["y"] + 3, steps=4)
    objectives.mouse.up()
    expect(note(objectives)).to_be_hidden()


def test_nothing_is_asked_of_the_server(objectives):
    asked = []
    objectives.on("request", lambda request: asked.append(request.url))
    for term in ("kl", "elbo", "prior"):
        drawn(objectives, term).click()
        expect(note(objectives)).to_have_attribute("data-term", term)
    assert asked == []


def test_a_tap_explains_on_a_phone_within_the_screen(app_url, new_page):
    page = new_page(**PHONE)
    page.goto(f"{app_url}/objectives")
    word = drawn(page, "posterior")
    word.scroll_into_view_if_needed()
    word.tap()
    expect(note(page)).to_be_visible()
    box, place = note(page).bounding_box(), word.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= place["y"] + place["height"] or box["y"] + box["height"] <= place["y"]


def test_escape_in_a_lesson_closes_the_explanation_first(app_url, page):
    page.goto(f"{app_url}/?lesson=two-terms&scene=2")
    panel = page.get_by_test_id("presenter")
    panel.locator(".term").first.click()
    expect(note(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(note(page)).to_be_hidden()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_the_glossary_is_the_last_page_and_begins_with_the_wanted_term(app_url, page):
    page.goto(f"{app_url}/glossary?term=iwae")
    expect(page.locator(".glossary .is-wanted dt")).to_contain_text("IWAE")
    assert page.locator(".glossary > div").count() == len(read_glossary()) + 1
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.last).to_have_text("Glossary")
    page.get_by_role("link", name="Theory, KL by samples").first.click()
    expect(page.locator('[data-page="theory"]')).to_have_attribute("data-section", "montecarlo")


def test_the_browser_finds_what_python_finds(page):
    terms = read_glossary()
    pattern = words_pattern(terms)
    text = "; ".join(word for term in terms for word in term.words) + " Posteriors 3σ KLs N(0, I)x"
    found = page.evaluate(
        "([pattern, text]) => [...text.matchAll(new RegExp(pattern, 'g'))].map((m) => m[0])",
        [pattern, text],
    )
    assert found == [match[0] for match in re.finditer(pattern, text)]
