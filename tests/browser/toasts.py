"""Notices that vanish after a few seconds: kept, however late a test looks."""

from __future__ import annotations

from playwright.sync_api import Page

KEEP = """
window.toastsSeen = new Set();
new MutationObserver(() => {
  for (const toast of document.querySelectorAll('[data-testid="stToast"]')) {
    window.toastsSeen.add(toast.textContent);
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def keep_toasts(page: Page) -> None:
    """From the next address on remember what every toast says."""
    page.add_init_script(KEEP)


def wait_for_toast(page: Page, words: str) -> None:
    """Wait until a toast has said this, whether or not it is still there."""
    page.wait_for_function(
        "words => [...window.toastsSeen].some(text => text.includes(words))", arg=words
    )
