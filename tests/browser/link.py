"""What the address in the browser says of the page's state; Python writes it a key at a time."""

from __future__ import annotations

from playwright.sync_api import Page

SAYS = """texts => {
  const shown = new URLSearchParams(location.search);
  return Object.entries(texts).every(([key, text]) => shown.get(key) === text);
}"""


def wait_for_link(page: Page, **texts: str | None) -> None:
    """Wait until the address has these texts by key, and lacks the keys of None."""
    page.wait_for_function(SAYS, arg=texts)
