"""A checkpoint that is trained again while its page is open: everything is drawn by the new one."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import load_file

from explorer.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from explorer.ui.server import checkpoint_root
from tests.browser.attributes import numbers
from tests.browser.canvas import read_canvas
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import LiveApp, MapPage
from tests.browser.shipped import decoded

NAMES = ("mnist/vae-2d", "mnist/kl-2d")


def train_again(root: Path, name: str) -> None:
    """Replace a model by one that draws the negative of its pictures."""
    folder = root / name
    weights, codes = (load_file(folder / f"{file}.safetensors") for file in ("model", "codes"))
    last = max(key for key in weights if key.startswith("decoder.")).removesuffix(".weight")
    for part in ("weight", "bias"):
        weights[f"{last}.{part}"] = -weights[f"{last}.{part}"]
    meta = json.loads((folder / "meta.json").read_text())
    save_checkpoint(name, root, meta, weights, codes)


def choose_model(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=name, exact=True).click()


def mean_greys(view: MapPage, model: Checkpoint) -> np.ndarray:
    """Of every whole tile of the manifold: its mean on the canvas, and as Python decodes it."""
    expect(view.map).to_have_attribute("data-manifold", "8")
    wait_for_frame(view.page)
    xs, ys = (np.sort(numbers(view.map.get_attribute(f"data-manifold-{axis}"))) for axis in "xy")
    canvas = read_canvas(view.map)[..., 0].astype(float)
    (left, right), (_, top) = view.ranges()
    scale = canvas.shape[1] / (right - left)
    found = []
    for x_low, x, x_high in zip(xs, xs[1:], xs[2:], strict=False):
        for y_low, y, y_high in zip(ys, ys[1:], ys[2:], strict=False):
            columns = np.array([x_low + x, x + x_high]) / 2
            rows = np.array([y + y_high, y_low + y]) / 2
            x0, x1 = ((columns - left) * scale).astype(int)
            y0, y1 = ((top - rows) * scale).astype(int)
            if x0 >= 0 and y0 >= 0 and x1 < canvas.shape[1] and y1 < canvas.shape[0]:
                found.append((canvas[y0:y1, x0:x1].mean(), decoded(model, [x, y]).mean()))
    assert len(found) >= 4
    return np.array(found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copytree(checkpoint_root() / name, tmp_path / name)
    return tmp_path


def test_cursor_and_manifold_are_the_new_weights_after_a_rerun(root: Path, page: Page):
    with LiveApp(EXPLORER_CHECKPOINTS=str(root)) as app:
        app.wait_until_healthy()
        view = MapPage(page, app.url, "?show=manifold&tiles=8&grid=linear&classes=0")
        for number in range(2):
            model = load_checkpoint("mnist/vae-2d", root)
            z = (0.5, 0.25 + number)
            grey = view.hover(*z).grey
            assert np.abs(grey - decoded(model, view.digit().z)[0]).max() <= 1
            shown, expected = mean_greys(view, model).T
            # Codes and gaps lie over the tiles; the other weights' pictures are the negatives.
            nearer = np.abs(shown - expected) < np.abs(shown - (255 - expected))
            assert nearer.all(), (shown, expected)
            assert (np.median(expected) > 128) == bool(number)
            if number == 0:
                choose_model(page, "kl-2d")
                expect(view.digit_canvas).to_have_attribute("data-model", "mnist/kl-2d")
                train_again(root, "mnist/vae-2d")
                choose_model(page, "vae-2d")
                expect(view.digit_canvas).to_have_attribute("data-model", "mnist/vae-2d")
        page.close()  # before the server: a lost connection is a complaint
