"""The Map's tools and its links in a real browser, against numpy, torch and the data set."""

import re
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from explorer.checkpoints import Checkpoint
from tests.browser.attributes import numbers, wait_for_numbers
from tests.browser.canvas import read_tiles
from tests.browser.frames import wait_for_frame
from tests.browser.held import Held
from tests.browser.link import wait_for_link
from tests.browser.live_app import MapPage
from tests.browser.map_probe import expected_reach, in_view, loneliest, overlay, pixel
from tests.browser.shipped import decoded, load


def tiles(page: Page, test_id: str) -> np.ndarray:
    return read_tiles(page.get_by_test_id(test_id))


def test_neighbours_of_the_point_as_pictures(app_url, page, vae, mnist):
    view, mu = MapPage(page, app_url), vae.codes.mu
    z = np.array(view.hover(1.3, 0.45).z)
    nearest = np.argsort(np.linalg.norm(mu - z, axis=1), kind="stable")[:6]
    written = ",".join(map(str, nearest))
    expect(page.get_by_test_id("neighbour-tiles")).to_have_attribute("data-indices", written)
    np.testing.assert_allclose(tiles(page, "neighbour-tiles"), decoded(vae, mu[nearest]), atol=2)
    expect(page.get_by_test_id("neighbour-originals")).to_have_attribute("data-indices", written)
    originals = mnist.test_images[nearest, 0].numpy() * 255
    np.testing.assert_allclose(tiles(page, "neighbour-originals"), originals, atol=0.5)
    page.get_by_test_id("neighbour-tiles").hover(position={"x": 5, "y": 5})
    expect(view.digit_canvas).to_have_attribute(
        "data-z", ",".join(map(repr, mu[nearest[0]].tolist()))
    )


def test_originals_that_have_not_come_are_told_and_no_others_stand_there(app_url, page):
    held = Held(page, "**/originals/**")
    view = MapPage(page, app_url, "?dataset=digits")
    row = page.locator(".neighbour-row").first
    originals, decoded_row = (page.get_by_test_id(f"neighbour-{n}") for n in ("originals", "tiles"))
    expect(decoded_row).to_have_attribute("data-count", "6")
    expect(originals).to_be_hidden()
    expect(row.get_by_text("loading\u2026")).to_be_visible()
    assert originals.bounding_box()["height"] == decoded_row.bounding_box()["height"]
    place = decoded_row.bounding_box()
    held.let_go()
    expect(originals).to_be_visible()
    expect(row.get_by_text("loading\u2026")).to_have_count(0)
    assert decoded_row.bounding_box() == place  # their room was kept

    held.hold()
    first = originals.get_attribute("data-indices")
    view.hover(1.7, 0.6)
    expect(decoded_row).not_to_have_attribute("data-indices", first)
    expect(originals).to_be_hidden()  # those of another point, and their classes with them
    expect(row.locator(".pointed-captions")).to_be_hidden()
    held.answer_empty()
    expect(row.get_by_text("not loaded")).to_be_visible()
    expect(originals).to_be_hidden()
    view.hover(-1.7, 0.2)  # asked for anew
    expect(originals).to_have_attribute("data-indices", re.compile(r"\d"))
    expect(originals).to_be_visible()
    written = decoded_row.get_attribute("data-indices")
    expect(originals).to_have_attribute("data-indices", written)
    labels = load("digits/vae-2d").codes.labels[[int(n) for n in written.split(",")]]
    expect(row.locator(".pointed-captions b")).to_have_text([str(label) for label in labels])


def expect_path(page: Page, checkpoint: Checkpoint, a: np.ndarray, b: np.ndarray) -> None:
    """The strip shows the path from a to b, and counts the codes near each step."""
    points = np.array(a) + np.linspace(-1 / 8, 9 / 8, 11)[:, None] * (np.array(b) - np.array(a))
    strip = page.get_by_test_id("path-strip")
    wait_for_numbers(strip, "data-z", points.ravel(), 1e-5)
    np.testing.assert_allclose(tiles(page, "path-strip"), decoded(checkpoint, points), atol=2)
    mu = checkpoint.codes.mu
    distances = np.linalg.norm(mu[None] - points[:, None], axis=2)
    reach = expected_reach(mu, checkpoint.codes.logvar)
    counts = numbers(strip.get_attribute("data-counts"))
    assert (counts >= (distances <= reach * 0.9999).sum(axis=1)).all()
    assert (counts <= (distances <= reach * 1.0001).sum(axis=1)).all()
    captions = page.locator(".strip .pointed-captions > span").all_text_contents()
    assert [int(re.search(r"\d+$", text).group()) for text in captions] == counts.tolist()


def test_path_by_two_clicks_and_a_drag(app_url, page, vae):
    view = MapPage(page, app_url)
    page.get_by_test_id("tool-path").click()
    expect(page.locator(".strip")).to_be_visible()
    expect(page.get_by_text("Click the map to pin")).to_have_count(0)  # a click begins the path
    for place, key in (((-1, 1), "a"), ((1, -1.5), "b")):
        view.click(*place)
        expect(page).to_have_url(re.compile(f"[?&]{key}="))
    a, b = (written(page, key) for key in "ab")
    np.testing.assert_allclose([a, b], [(-1, 1), (1, -1.5)], atol=0.03)
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)
    expect_path(page, vae, a, b)

    before, strip = view.ranges(), page.get_by_test_id("path-strip")
    shown = strip.get_attribute("data-z")
    page.mouse.move(*view.position(*b))
    page.mouse.down()
    page.mouse.move(*view.position(1.5, 0.5), steps=5)
    page.wait_for_function(  # live, before the release
        "([strip, z]) => strip.dataset.z !== z", arg=[strip.element_handle(), shown]
    )
    np.testing.assert_array_equal(written(page, "b"), b)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(rf"[?&]b={b[0]:.6f}".rstrip("0")))
    np.testing.assert_allclose(written(page, "b"), (1.5, 0.5), atol=0.03)  # reported once
    np.testing.assert_array_equal(view.ranges(), before)  # nothing was panned
    expect_path(page, vae, written(page, "a"), written(page, "b"))
    view.click(0.5, 0.5)  # both ends are there: a click pins again
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    page.get_by_test_id("path-clear").click()
    expect(page).not_to_have_url(re.compile("[?&][ab]="))


def written(page: Page, key: str) -> np.ndarray:
    """A point as the URL has it."""
    return numbers(re.search(rf"[?&]{key}=([^&]*)", page.url.replace("%2C", ",")).group(1))


def test_an_end_of_the_path_is_dragged_by_a_finger(app_url, new_page):
    page = new_page(has_touch=True, viewport={"width": 820, "height": 1180})
    view = MapPage(page, app_url, "?tool=path&a=-1,1&b=1,-1")
    expect(page.get_by_test_id("path-strip")).to_have_attribute("data-count", "11")
    devtools, z = page.context.new_cdp_session(page), view.digit().z
    start, end = view.position(-1, 1), view.position(-0.5, 1.5)
    for kind, points in (("Start", [start]), ("Move", [end]), ("End", [])):
        fingers = [{"x": x, "y": y} for x, y in points]
        devtools.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": fingers})
    expect(page).not_to_have_url(re.compile(r"[?&]a=-1(,|%2C)1(&|$)"))
    np.testing.assert_allclose(written(page, "a"), (-0.5, 1.5), atol=0.03)
    assert view.digit().z == z  # the finger held the end, and pointed at nothing


def test_path_by_keyboard_and_its_link(app_url, page, vae):
    view = MapPage(page, app_url, "?tool=path&z=0.5,-0.75")
    page.get_by_test_id("path-a").press("Enter")
    expect(page).to_have_url(re.compile("[?&]a=0.5"))
    view.map.focus()
    for _ in range(3):
        view.change(lambda: page.keyboard.press("Shift+ArrowUp"))
    page.get_by_test_id("path-b").press("Enter")
    expect(page).to_have_url(re.compile("[?&]b="))
    expect_path(page, vae, written(page, "a"), written(page, "b"))
    MapPage(page, app_url, page.url.removeprefix(f"{app_url}/"))
    expect_path(page, vae, written(page, "a"), written(page, "b"))
    strip = page.get_by_test_id("path-strip")
    strip.focus()
    for _ in range(2):
        strip.press("ArrowRight")  # the first press points at the first tile
    wait_for_numbers(page.get_by_test_id("decoded-digit"), "data-z", written(page, "a"), 1e-6)


def test_samples_of_the_prior(app_url, page, vae):
    view = MapPage(page, app_url)
    page.get_by_test_id("tool-samples").click()
    grid = page.get_by_test_id("sample-tiles")
    expect(grid).to_have_attribute("data-count", "25")
    first = numbers(grid.get_attribute("data-z")).reshape(-1, 2)
    np.testing.assert_allclose(tiles(page, "sample-tiles"), decoded(vae, first), atol=2)
    page.get_by_test_id("sample-again").click()
    expect(page).to_have_url(re.compile("seed=2"))
    page.get_by_test_id("sample-count").select_option("100")
    expect(grid).to_have_attribute("data-count", "100")
    wait_for_link(page, seed="2", draws="100")
    z = numbers(grid.get_attribute("data-z")).reshape(-1, 2)
    assert not np.isclose(z[:25], first).any()
    assert np.abs(z.mean(axis=0)).max() < 0.4  # four standard errors
    assert (np.abs(z.std(axis=0) - 1) < 0.3).all()
    np.testing.assert_allclose(tiles(page, "sample-tiles"), decoded(vae, z), atol=2)

    # Each falls where the map says it does; pointing at the place marks the tile, and back.
    lonely = max(
        np.flatnonzero(in_view(view, z, 0.5)),
        key=lambda n: np.sort(np.linalg.norm(z - z[n], axis=1))[1],
    )
    view.hover(*z[lonely])
    mark = page.locator(".tool-panel-samples .pointed-mark")
    expect(mark).to_be_visible()
    box, cell = grid.bounding_box(), mark.bounding_box()
    assert round((cell["x"] - box["x"]) / cell["width"]) == lonely % 13
    assert round((cell["y"] - box["y"]) / cell["height"]) == lonely // 13
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    wait_for_numbers(view.digit_canvas, "data-z", z[0], 1e-5)

    link = page.url.removeprefix(f"{app_url}/")
    MapPage(page, app_url, link)
    expect(grid).to_have_attribute("data-count", "100")
    np.testing.assert_array_equal(numbers(grid.get_attribute("data-z")).reshape(-1, 2), z)


def test_samples_of_the_chosen_digit_s_posterior(app_url, page, vae):
    view = MapPage(page, app_url, "?tool=samples&from=posterior&draws=100")
    grid = page.get_by_test_id("sample-tiles")
    hint = page.get_by_test_id("sample-hint")
    expect(grid).to_be_hidden()  # no digit is chosen
    expect(hint).to_contain_text("Click a code")
    index = loneliest(view, vae.codes.mu)
    view.click(*vae.codes.mu[index])
    expect(grid).to_have_attribute("data-count", "100")
    z = numbers(grid.get_attribute("data-z")).reshape(-1, 2)
    eps = (z - vae.codes.mu[index]) / np.exp(vae.codes.logvar[index] / 2)
    assert np.abs(eps.mean(axis=0)).max() < 0.4
    assert (np.abs(eps.std(axis=0) - 1) < 0.3).all()
    np.testing.assert_allclose(tiles(page, "sample-tiles"), decoded(vae, z), atol=2)
    view.hover(-3.4, 3.4)  # wherever the pointer is, it says whose posterior this is
    expect(hint).to_have_text(f"The posterior of test digit {index}, a {vae.codes.labels[index]}.")
    page.get_by_test_id("sample-source").select_option("prior")
    expect(hint).to_be_hidden()


SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.5, 0.5), (0.45, 0.85)]


def test_a_drawn_digit_is_encoded_as_python_encodes_it(app_url, page, modules, vae):
    view = MapPage(page, app_url, "?tool=draw")
    box = page.get_by_test_id("drawing-pad").bounding_box()
    corners = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    stroke = [corners[0]]
    for start, end in pairwise(np.array(corners)):
        stroke += [tuple(start + (end - start) * n / 5) for n in range(1, 6)]
    stroke = [(round(x), round(y)) for x, y in stroke]
    page.mouse.move(*stroke[0])
    page.mouse.down()
    for place in stroke[1:]:
        page.mouse.move(*place)
        wait_for_frame(page)
    page.mouse.up()
    expect(page.get_by_test_id("drawn-digit")).to_have_attribute("data-points", str(len(stroke)))
    drawn = page.get_by_test_id("drawn-code")
    shares = [[(x - box["x"]) / box["width"], (y - box["y"]) / box["height"]] for x, y in stroke]
    pixels = modules.evaluate(
        """async stroke => {
          const { digitOfStrokes } = await import("/maths/drawing.js");
          return Array.from(digitOfStrokes([stroke], 28));
        }""",
        shares,
    )
    image = torch.tensor(pixels, dtype=torch.float32).reshape(1, 1, 28, 28)
    with torch.no_grad():
        mu, logvar = (part[0].numpy() for part in vae.model.encode(image))
    wait_for_numbers(drawn, "data-mu", mu, 1e-3)
    shown = numbers(drawn.get_attribute("data-mu"))
    np.testing.assert_allclose(numbers(drawn.get_attribute("data-logvar")), logvar, atol=1e-3)

    # Its reconstruction, its neighbours, its place and ellipse.
    np.testing.assert_allclose(view.digit().z, shown, atol=1e-6)
    np.testing.assert_allclose(view.digit().grey, decoded(vae, shown)[0], atol=2)
    nearest = np.argsort(np.linalg.norm(vae.codes.mu - shown, axis=1), kind="stable")[:6]
    near = page.locator(".tool-panel-draw").get_by_test_id("neighbour-tiles")
    expect(near).to_have_attribute("data-indices", ",".join(map(str, nearest)))
    column, row = pixel(view, *shown)
    assert overlay(page)[row - 10 : row + 11, column - 10 : column + 11, 3].max() > 200
    view.hover(0, 0)
    view.change(lambda: page.mouse.move(*stroke[0]))  # off the map: back to the drawing
    np.testing.assert_allclose(view.digit().z, shown, atol=1e-6)
    page.get_by_test_id("pad-clear").click()
    expect(drawn).not_to_have_attribute("data-mu", re.compile(".*"))


# All of it


def test_a_link_reopens_every_choice(app_url, page):
    query = (
        "?show=ellipses,manifold&tiles=12&grid=quantiles&tool=samples&from=posterior&draws=100"
        "&seed=7&digit=33&z=0.25,-0.5&classes=3,5&a=0.1,0.2&b=-1,-2"
    )
    view = MapPage(page, app_url, query)
    expect(view.map).to_have_attribute("data-manifold", "12")
    expect(view.map).to_have_attribute("data-ellipses", re.compile(r"\d+"))
    expect(page.get_by_test_id("sample-tiles")).to_have_attribute("data-count", "100")
    for toggle in ("toggle-ellipses", "toggle-manifold", "tool-samples"):
        expect(page.get_by_test_id(toggle)).to_have_attribute("aria-pressed", "true")
    assert view.digit().z == (0.25, -0.5)
    wanted = dict(part.split("=") for part in query[1:].split("&"))
    wait_for_link(page, **wanted)
    assert dict(parse_qsl(urlsplit(page.url).query)) == wanted  # and nothing else


def test_nonsense_choices_in_a_link_fall_back(app_url, page):
    opening = MapPage(page, app_url).digit().z
    view = MapPage(
        page, app_url, "?show=ghosts&tiles=1000&grid=3&tool=hammer&a=x&seed=-1&digit=10000"
    )
    expect(page.get_by_test_id("tool-neighbours")).to_have_attribute("aria-pressed", "true")
    assert view.digit().z == opening
    expect(page).not_to_have_url(re.compile(r"\?"))
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("tool", ["neighbours", "path", "samples", "draw"])
@pytest.mark.parametrize("size", [(1280, 720), (820, 1180), (390, 844)])
def test_nothing_is_cut_off(app_url, new_page, tool, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    view = MapPage(page, app_url, f"?tool={tool}&a=0,0&b=1,1&draws=100&show=manifold")
    expect(page.get_by_test_id(f"tool-{tool}")).to_have_attribute("aria-pressed", "true")
    root = view.page.locator(".page-map").bounding_box()
    for element in page.locator(".page-map .control, .page-map canvas, .pad-button").all():
        box = element.bounding_box()
        if box is None:
            continue  # not shown
        assert box["x"] >= root["x"] - 1
        assert box["x"] + box["width"] <= root["x"] + root["width"] + 1, element


def test_csv_of_a_path_has_its_steps(app_url, page):
    MapPage(page, app_url, "?tool=path&a=0,0&b=1,2")
    expect(page.get_by_test_id("path-strip")).to_have_attribute("data-count", "11")
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "step,z_1,z_2,test_digits_near"
    assert lines[2].startswith("1,0,0,")
    assert len(lines) == 12
