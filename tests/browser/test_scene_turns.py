"""What a scene shows whatever was done on its page before: maps moved, samples falling."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.attributes import change
from tests.browser.live_app import LiveApp
from tests.browser.plane import ranges, wait_for_ranges
from tests.browser.presenter_page import PresenterPage

# Two scenes a page, alike but for their texts; and those of the roulette.
STATES = {
    "map": "z=0.5,1",
    "objectives": "z=0.5,1",
    "continuity": "from=0&to=3",
    "beta": "beta=4",
    "dimensions": "digit=5&tab=map&layout=pca",
    "theory": "digit=1",
    "machine": "digit=1",
}
PAGES = list(STATES)
ROULETTE = 2 * len(PAGES) + 1

FACTS = "---\ntitle: Turns\nsummary: Turns.\nminutes: 5\ndataset: mnist\n---\n"


def scene(page: str, state: str) -> str:
    return f"\n## On the page {page}\npage: {page}\nstate: {state}\n\nText.\n"


@pytest.fixture(scope="module")
def own_url(tmp_path_factory) -> Iterator[str]:
    """An app whose teacher has a lesson of his own."""
    folder = tmp_path_factory.mktemp("lessons")
    pairs = [scene(page, state) for page, state in STATES.items() for _ in range(2)]
    roulette = [scene("continuity", "view=roulette"), scene("continuity", "view=roulette&seed=1")]
    lesson = FACTS + "".join([*pairs, *roulette, scene("map", "z=1,1")])
    (folder / "turns.md").write_text(lesson, encoding="utf-8")
    with LiveApp(EXPLORER_LESSONS=str(folder)) as app:
        app.wait_until_healthy()
        yield app.url


def maps(shown: PresenterPage) -> list[Locator]:
    """The maps that can be seen."""
    return [one for one in shown.part("latent-canvas").all() if one.is_visible()]


@pytest.mark.parametrize("page_name", PAGES)
def test_a_map_that_was_moved_is_whole_in_the_next_scene(own_url, page, page_name):
    first = 2 * PAGES.index(page_name) + 1
    shown = PresenterPage(page, own_url, "turns", first)
    for one in maps(shown):
        expect(one).to_have_attribute("data-ready", "true")
    whole = [ranges(one) for one in maps(shown)]
    assert whole
    for one in maps(shown):
        one.focus()
        change(one, "data-x-range", lambda: shown.press("+"))
    shown.turn(first + 1)
    for one, wanted in zip(maps(shown), whole, strict=True):
        wait_for_ranges(one, wanted, 1e-6)


@pytest.mark.parametrize("step", ["PageDown", "PageUp"])
def test_samples_that_fall_in_one_scene_do_not_in_another(own_url, page, step):
    """The scene after it is on the same page, the one before it with other samples."""
    number = ROULETTE + (step == "PageUp")
    shown = PresenterPage(page, own_url, "turns", number)
    shown.part("roulette-play").click()
    expect(shown.part("fallen")).not_to_have_attribute("data-fallen", "0")
    shown.turn(number + (1 if step == "PageDown" else -1), step)
    expect(shown.part("roulette-play")).to_have_text("Play")
    expect(shown.part("fallen")).to_have_attribute("data-fallen", "0")
    assert "fallen" not in shown.query()


def test_samples_are_still_when_their_scene_is_turned_to_again(own_url, page):
    shown = PresenterPage(page, own_url, "turns", ROULETTE + 1)
    shown.part("roulette-play").click()
    expect(shown.part("fallen")).not_to_have_attribute("data-fallen", "0")
    shown.turn(ROULETTE + 2)
    shown.turn(ROULETTE + 1, "PageUp")
    expect(shown.part("roulette-play")).to_have_text("Play")
    expect(shown.part("fallen")).to_have_attribute("data-fallen", "0")
    assert shown.query()["seed"] == "1"
    assert "fallen" not in shown.query()
