"""What the canvases of a page show: read, and waited for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from playwright.sync_api import Locator

# Read from a copy: the canvases themselves are made for drawing. A character a byte travels fast.
READ_CANVAS = """canvas => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  return {
    bytes: Array.from(data, (byte) => String.fromCharCode(byte)).join(""),
    width,
    facts: { ...canvas.dataset },
  };
}"""

SHOWS = """([canvas, expected, tolerance]) => {
  const { width, height } = canvas;
  if (height !== expected.length || width !== expected[0].length) return false;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  return expected.flat().every((grey, n) => Math.abs(data[4 * n] - grey) <= tolerance);
}"""


def read_with_facts(canvas: Locator) -> tuple[np.ndarray, dict[str, str]]:
    """A canvas as (H, W, 4), and its data attributes at the same moment."""
    read = canvas.evaluate(READ_CANVAS)
    pixels = np.frombuffer(read["bytes"].encode("latin-1"), dtype=np.uint8)
    return pixels.reshape(-1, read["width"], 4), read["facts"]


def read_canvas(canvas: Locator) -> np.ndarray:
    """A canvas as (H, W, 4)."""
    return read_with_facts(canvas)[0]


def read_grey(canvas: Locator) -> np.ndarray:
    """The grey levels that a canvas of digits shows, (H, W); clear pixels are 0."""
    return read_canvas(canvas)[..., 0]


def read_tiles(canvas: Locator, side: int = 28) -> np.ndarray:
    """The tiles of a grid that says how many it has, (N, side, side), row by row."""
    pixels, facts = read_with_facts(canvas)
    count, columns = int(facts["count"]), int(facts["columns"])
    corners = [(n // columns * (side + 1), n % columns * (side + 1)) for n in range(count)]
    return np.array([pixels[y : y + side, x : x + side, 0] for y, x in corners])


def tiled(pictures: np.ndarray, columns: int, gap: int = 1) -> np.ndarray:
    """Pictures (N, H, W) as a grid of tiles shows them, row by row, with clear gaps of 0."""
    count, height, width = pictures.shape
    rows = -(-count // columns)
    grid = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap))
    for n, picture in enumerate(pictures):
        top, left = n // columns * (height + gap), n % columns * (width + gap)
        grid[top : top + height, left : left + width] = picture
    return grid


def wait_for_grey(canvas: Locator, expected: ArrayLike, tolerance: float = 0) -> None:
    """Wait until a canvas shows these grey levels (H, W)."""
    canvas.page.wait_for_function(
        SHOWS, arg=[canvas.element_handle(), np.asarray(expected).tolist(), tolerance]
    )
