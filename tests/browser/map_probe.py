"""Reads what the Map's canvases show, and computes what they should."""

import numpy as np
import torch
from playwright.sync_api import Locator, Page

from explorer.checkpoints import Checkpoint, load_checkpoint
from explorer.ui.server import checkpoint_root
from tests.browser.live_app import MapPage

# Read from a copy: the canvases themselves are made for drawing.
READ_CANVAS = """canvas => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return { data: Array.from(copy.getImageData(0, 0, width, height).data), width };
}"""


def load(name: str) -> Checkpoint:
    """A shipped checkpoint or family."""
    return load_checkpoint(name, root=checkpoint_root())


def numbers(text: str) -> np.ndarray:
    """The numbers of a data attribute."""
    return np.array(text.split(","), dtype=float)


def decoded(checkpoint: Checkpoint, points: np.ndarray) -> np.ndarray:
    """What Python decodes at points (N, 2), as (N, H, W) grey levels."""
    with torch.no_grad():
        means = checkpoint.model.decode(torch.tensor(np.float32(points)))
    return 255 * means[:, 0].numpy()


def read_canvas(locator: Locator) -> np.ndarray:
    """A canvas as (H, W, 4)."""
    read = locator.evaluate(READ_CANVAS)
    return np.array(read["data"], dtype=np.uint8).reshape(-1, read["width"], 4)


def tiles(page: Page, test_id: str, side: int = 28) -> np.ndarray:
    """The tiles of a grid, (N, H, W) grey levels."""
    locator = page.get_by_test_id(test_id)
    picture = read_canvas(locator)[..., 0]
    count = int(locator.get_attribute("data-count"))
    columns = int(locator.get_attribute("data-columns"))
    corners = [(n // columns * (side + 1), n % columns * (side + 1)) for n in range(count)]
    return np.array([picture[y : y + side, x : x + side] for y, x in corners])


def overlay(page: Page) -> np.ndarray:
    """The canvas that follows the cursor."""
    return read_canvas(page.locator(".map-overlay"))


def wait_for_frame(page: Page) -> None:
    """Return when what was asked for before has been painted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def pixel(view: MapPage, x: float, y: float) -> tuple[int, int]:
    """Column and row of a displayed point on the map's canvases (device pixel ratio 1)."""
    box, (px, py) = view.map.bounding_box(), view.position(x, y)
    return int(px - box["x"]), int(py - box["y"])


def in_view(view: MapPage, points: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """Which of the points (N, 2) are in view, and not within the margin of its edge."""
    (left, right), (bottom, top) = view.ranges()
    inside = (points > [left + margin, bottom + margin]) & (points < [right - margin, top - margin])
    return inside.all(axis=1)


def loneliest(view: MapPage, mu: np.ndarray, margin: float = 0.5) -> int:
    """The code in view that is furthest from its neighbours."""
    inside = np.flatnonzero(in_view(view, mu, margin))
    gaps = [np.sort(np.linalg.norm(mu - mu[n], axis=1))[1] for n in inside]
    return int(inside[np.argmax(gaps)])
