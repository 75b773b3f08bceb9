"""What elements say of themselves in data attributes: read, and waited for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from playwright.sync_api import Locator

IS_CHANGED = "([element, name, before]) => element.getAttribute(name) !== before"

ARE_NEAR = """([element, name, expected, tolerance]) => {
  const text = element.getAttribute(name);
  if (!text) return false;
  const shown = text.split(",").map(Number);
  const isNear = (n, i) => Math.abs(n - expected[i]) <= tolerance;
  return shown.length === expected.length && shown.every(isNear);
}"""


def numbers(text: str) -> np.ndarray:
    """The numbers of a data attribute."""
    return np.array(text.split(","), dtype=float)


def change(element: Locator, attribute: str, action: Callable[[], object]) -> None:
    """Run an action and wait until it has changed an attribute.

    For actions that change it once; for others wait for where it ends.
    """
    before = element.get_attribute(attribute)
    action()
    element.page.wait_for_function(IS_CHANGED, arg=[element.element_handle(), attribute, before])


def wait_for_numbers(
    element: Locator, attribute: str, expected: ArrayLike, tolerance: float
) -> None:
    """Wait until an attribute's numbers are near these, one or several."""
    wanted = np.atleast_1d(np.asarray(expected, dtype=float)).tolist()
    element.page.wait_for_function(
        ARE_NEAR, arg=[element.element_handle(), attribute, wanted, tolerance]
    )
