"""A lesson that is presented in a browser's tab, for its tests."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.live_app import READY_TIMEOUT_MS

# Pages and panel lie in shadow roots of their own: both must speak of the same turn.
IS_SHOWN = """([lesson, scene]) => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const [panel] = all("[data-testid=presenter]");
  if (!panel || panel.dataset.scene !== String(scene) || !panel.dataset.turn) return false;
  const pages = all(".page");
  const query = new URLSearchParams(location.search);
  const isSearching = all('.theory-evidence[data-settled="false"]')
    .some((e) => e.getClientRects().length);
  return pages.length === 1 && pages[0].dataset.turn === panel.dataset.turn && !isSearching &&
    query.get("lesson") === lesson && query.get("scene") === String(scene);
}"""


class PresenterPage:
    """The presenter in a browser's tab."""

    def __init__(self, page: Page, url: str, lesson: str, scene: int = 1) -> None:
        self.page = page
        self.lesson = lesson
        page.goto(f"{url}/?lesson={lesson}&scene={scene}")
        self.wait(scene)

    def wait(self, scene: int) -> None:
        """Return once the scene is shown, its page in the scene's state."""
        self.page.wait_for_function(IS_SHOWN, arg=[self.lesson, scene], timeout=READY_TIMEOUT_MS)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def turn(self, scene: int, key: str = "PageDown") -> None:
        """Press a key and wait for the scene that it turns to."""
        self.press(key)
        self.wait(scene)

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    @property
    def canvas(self) -> Locator:
        """The page's root."""
        return self.page.locator(".page")

    def query(self) -> dict[str, str]:
        """What the address says."""
        return {key: texts[0] for key, texts in parse_qs(urlsplit(self.page.url).query).items()}

    def expect_scene(self, scene: int, total: int) -> None:
        expect(self.part("presenter-counter")).to_have_text(f"Scene {scene} of {total}")
