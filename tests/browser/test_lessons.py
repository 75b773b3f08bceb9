"""Every shipped lesson played scene by scene on the real pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from explorer.lesson_format import Scene
from explorer.ui.presenter import all_lessons
from explorer.ui.scene_pages import PAGES, page_path
from tests.browser.presenter_page import PresenterPage

LESSONS = all_lessons()[0]

# Selectors within the page that match nothing that can be seen.
VISIBLE = """(root, selectors) => selectors.filter((selector) =>
  [...root.querySelectorAll(selector)].some((e) => e.getClientRects().length))"""

IS_VEILED = """(root, selectors) => selectors.map((selector) => {
  const found = [...root.querySelectorAll(selector)];
  return found.length > 0 && found.every((e) => e.tagName === "CANVAS"
    ? getComputedStyle(e).objectPosition.startsWith("-")
    : getComputedStyle(e).visibility === "hidden");
})"""

# Everything in the panel ends within it.
PANEL_FITS = """(panel) => {
  const { left, right } = panel.getBoundingClientRect();
  return [...panel.querySelectorAll("*")].map((e) => e.getBoundingClientRect())
    .every((box) => !box.width || (box.left >= left && box.right <= right));
}"""

FITS = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth];
}"""


def check_state(shown: PresenterPage, scene: Scene, dataset: str) -> None:
    """Everything that the scene says stands in the address, or in the sidebar as its default."""
    query = shown.query()
    path = shown.page.url.split("?")[0].rsplit("/", 1)[1]
    assert path == page_path(scene)
    for key, text in scene.state.items():
        if key in query:
            assert query[key] == text, (scene.title, key)
        else:  # a selector at its default writes nothing
            chosen = shown.page.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]')
            assert any(text in value for value in chosen.all_text_contents()), (scene.title, key)
    if "fallen" in scene.state:  # the judge has read them
        fallen = shown.part("fallen")
        expect(fallen).to_have_attribute("data-fallen", scene.state["fallen"])
    named = {"lesson", "scene", *scene.state}
    assert set(query) <= named, (scene.title, query)


def check_picture(shown: PresenterPage, scene: Scene) -> None:
    page = PAGES[scene.page]
    hidden = [page.controls[name] for name in scene.hide]
    assert shown.canvas.evaluate(VISIBLE, hidden) == []
    assert shown.part("stSidebar").is_hidden()
    assert shown.part("stHeader").is_hidden()
    assert shown.part("stToast").count() == 0
    expect(shown.page.locator(".notice")).to_be_hidden()
    assert shown.part("presenter").evaluate(PANEL_FITS), scene.title
    down, right = shown.page.evaluate(FITS)
    assert down <= 0, (scene.title, down)
    assert right <= 0, (scene.title, right)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_plays_from_its_first_scene_to_its_last(app_url, page, name):
    lesson = LESSONS[name]
    shown = PresenterPage(page, app_url, name)
    for number, scene in enumerate(lesson.scenes, 1):
        shown.wait(number)
        shown.expect_scene(number, len(lesson.scenes))
        expect(page.locator(".presenter h2")).to_have_text(scene.title)
        check_state(shown, scene, lesson.dataset)
        check_picture(shown, scene)
        veiled = [PAGES[scene.page].pictures[picture] for picture in scene.predict]
        assert all(shown.canvas.evaluate(IS_VEILED, veiled)), scene.title
        if scene.reveal:
            expect(shown.part("scene-reveal")).to_be_hidden()
            shown.press("PageDown")
            expect(shown.part("scene-reveal")).to_be_visible()
            assert not any(shown.canvas.evaluate(IS_VEILED, veiled)), scene.title
        scroll = page.locator(".presenter-body").evaluate("e => e.scrollHeight - e.clientHeight")
        assert scroll <= 0, (scene.title, scroll)
        shown.press("PageDown")
    shown.expect_scene(len(lesson.scenes), len(lesson.scenes))  # it ends there


def test_the_controls_and_pictures_that_lessons_can_name_are_on_their_pages(app_url, page):
    for name, stage in PAGES.items():
        page.goto(f"{app_url}/{stage.path}")
        root = page.locator(f'[data-page="{name}"]')
        for selector in (*stage.controls.values(), *stage.pictures.values()):
            found = root.locator(selector)
            expect(found.first, f"{name}: {selector}").to_be_attached()
