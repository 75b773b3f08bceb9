"""Fields under the Map's points in a real browser, against the library's own numbers."""

import csv
import re

import numpy as np
import pytest
from playwright.sync_api import expect
from plotly.colors import sequential

from explorer.checkpoints import Checkpoint
from explorer.fields import Region, change_field, class_field, density_field, grid_shape
from explorer.judge import load_judge
from explorer.places import checkpoint_root
from tests.browser.attributes import numbers
from tests.browser.canvas import read_canvas
from tests.browser.frames import wait_for_frame
from tests.browser.live_app import MapPage
from tests.browser.map_probe import pixel
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import load

FIELD_TIMEOUT_MS = 60_000  # the first one imports torch

TABLES = """async () => {
  const { COLOUR_TABLES } = await import("/maths/colour_scales.js");
  return COLOUR_TABLES;
}"""
SCALE = """async ([domain, values]) => {
  const { LogScale } = await import("/maths/colour_scales.js");
  const scale = new LogScale(domain, "viridis");
  return [values.map((value) => scale.share(value)), scale.ticks];
}"""
# At one instant: both change while a view moves.
IS_OF_VIEW = """map => ["x", "y"].every((axis) => {
  const read = (name) => map.getAttribute(name)?.split(",").map(Number) ?? [];
  const [field, range] = [read(`data-field-${axis}`), read(`data-${axis}-range`)];
  return field.length === 2 && field.every((n, k) => Math.abs(n - range[k]) < 1e-9);
})"""
VALUES = """async ([field, points]) => {
  const { cellOn, valueOn } = await import("/maths/colour_scales.js");
  return points.map(([x, y]) => [valueOn(field, x, y), cellOn(field, x, y)]);
}"""


def lightness(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L* of sRGB colours (N, 3) of 0 to 255, under D65."""
    stored = rgb / 255
    linear = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    cubic = np.cbrt(luminance)
    return np.where(luminance > (6 / 29) ** 3, 116 * cubic - 16, luminance * (29 / 3) ** 3)


@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_scales_rise_in_lightness_evenly_and_are_the_published_ones(modules, name):
    table = np.array(modules.evaluate(TABLES)[name])
    assert table.shape == (256, 3)
    steps = np.diff(lightness(table))
    # A step is 0.3; whole grey levels shift a colour's lightness by up to half of that.
    assert (steps > -0.2).all()
    smooth = np.diff(lightness(table)[::15])
    assert smooth.min() > 0.6 * smooth.mean()
    assert smooth.max() < 1.5 * smooth.mean()
    published = getattr(sequential, name.capitalize())
    anchors = np.array([list(bytes.fromhex(colour[1:])) for colour in published])
    places = np.rint(np.linspace(0, 255, len(anchors))).astype(int)
    np.testing.assert_allclose(table[places], anchors, atol=3)


def test_scale_is_logarithmic_and_ends_hold_what_is_beyond(modules):
    shares, ticks = modules.evaluate(SCALE, [[0.5, 100], [0, 0.1, 0.5, 5, 50, 100, 1e4]])
    expected = np.log(np.array([0.5, 0.5, 0.5, 5, 50, 100, 100]) / 0.5) / np.log(200)
    np.testing.assert_allclose(shares, expected, atol=1e-12)
    assert ticks == [1, 10, 100]


def test_values_between_cells_against_numpy(modules):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(4, 6))
    field = {"values": values.ravel().tolist(), "rows": 4, "columns": 6, "x": [-1, 5], "y": [2, 6]}
    points = rng.uniform([-1.5, 1.5], [5.5, 6.5], size=(200, 2))
    found = modules.evaluate(VALUES, [field, points.tolist()])
    for (x, y), (value, cell) in zip(points, found, strict=True):
        if not (-1 <= x <= 5 and 2 <= y <= 6):
            assert (value, cell) == (None, -1)
            continue
        assert cell == int(6 - y) * 6 + int(x + 1)
        rows = [np.interp(x + 0.5, np.arange(6), row) for row in values]
        assert value == pytest.approx(np.interp(5.5 - y, np.arange(4), rows), abs=1e-9)


def wait_for_field(view: MapPage, kind: str) -> Region:
    """Wait until a field of the present view is painted; its region."""
    expect(view.map).to_have_attribute("data-field", kind, timeout=FIELD_TIMEOUT_MS)
    view.page.wait_for_function(IS_OF_VIEW, arg=view.map.element_handle())
    wait_for_frame(view.page)
    x, y = (numbers(view.map.get_attribute(f"data-field-{axis}")) for axis in "xy")
    return Region(*x, *y)


def at(field: np.ndarray, region: Region, x: float, y: float) -> float:
    """A field's value between its middles, by numpy."""
    rows, columns = grid_shape(region)
    across = region.left + (np.arange(columns) + 0.5) * (region.right - region.left) / columns
    down = region.top - (np.arange(rows) + 0.5) * (region.top - region.bottom) / rows
    lines = [np.interp(x, across, row) for row in field]
    return float(np.interp(-y, -down, lines))


def shown(page) -> float:
    return float(page.get_by_test_id("field-value").get_attribute("data-value"))


@pytest.mark.parametrize(
    ("kind", "compute"), [("change", change_field), ("density", density_field)]
)
def test_a_field_appears_and_says_python_s_value_under_the_pointer(
    app_url, page, vae, kind, compute
):
    view = MapPage(page, app_url)
    page.get_by_test_id("map-field").select_option(kind)
    expect(page).to_have_url(re.compile(f"field={kind}"))
    region = wait_for_field(view, kind)
    field = compute(vae, region)
    seen = set()
    for x, y in ((0.3, 0.4), (-1.1, -0.7), (1.6, 1.2)):
        z = view.hover(x, y).z
        wait_for_frame(page)
        assert shown(page) == pytest.approx(at(field, region, *z), rel=2e-3)
        seen.add(page.get_by_test_id("field-value").inner_text())
    assert len(seen) == 3
    assert page.get_by_test_id("field-said").inner_text().count(".") >= 2
    page.get_by_test_id("map-field").select_option("none")
    expect(page.get_by_test_id("field-bar")).to_be_hidden()
    expect(view.map).not_to_have_attribute("data-field", re.compile(".*"))
    expect(page).not_to_have_url(re.compile("field="))


def test_colours_are_the_scale_s_where_no_point_lies(app_url, page, vae, modules):
    view = MapPage(page, app_url, "?field=change")
    region = wait_for_field(view, "change")
    field = change_field(vae, region)
    table = np.array(modules.evaluate(TABLES)["viridis"])
    picture = read_canvas(view.map)[..., :3].astype(int)
    agree = []
    for x, y in np.random.default_rng(5).uniform(
        [region.left + 0.3, region.bottom + 0.3], [region.right - 0.3, region.top - 0.3], (300, 2)
    ):
        if np.linalg.norm(vae.codes.mu - [x, y], axis=1).min() < 0.15:
            continue
        share = np.log(at(field, region, x, y) / 0.5) / np.log(200)
        column, row = pixel(view, x, y)
        expected = table[round(255 * min(1, max(0, share)))]
        agree.append(np.abs(picture[row, column] - expected).max() < 20)
    assert len(agree) > 40
    assert np.mean(agree) > 0.8  # lines of the grid, circles and numerals cross some of them


def test_the_field_follows_the_view_and_the_link_reopens_it(app_url, page, vae):
    view = MapPage(page, app_url, "?field=density")
    first = wait_for_field(view, "density")
    everything = view.ranges()
    page.mouse.move(*view.position(0.5, 0.5))
    view.change(lambda: page.mouse.wheel(0, -400), "data-x-range")
    second = wait_for_field(view, "density")
    assert second.right - second.left < 0.8 * (first.right - first.left)
    view.hover(0.4, 0.6)
    wait_for_frame(page)
    expected = at(density_field(vae, second), second, *view.digit().z)
    assert shown(page) == pytest.approx(expected, rel=2e-3)
    view.map.focus()
    view.map.press("0")
    wait_for_ranges(view.map, everything, 1e-9)
    assert wait_for_field(view, "density") == pytest.approx(first)


def test_a_turned_member_s_field_is_displayed_as_its_codes_are(app_url, page):
    member = load("mnist/beta-2d").at(13)
    assert np.abs(member.rotation - np.eye(2)).max() > 0.1
    view = MapPage(page, app_url, "?model=beta-2d&beta=13&field=density")
    region = wait_for_field(view, "density")
    field = density_field(member, region)
    place = np.array([0.8, -0.5])
    z = np.array(view.hover(*place).z)
    wait_for_frame(page)
    assert shown(page) == pytest.approx(at(field, region, *(z @ member.rotation)), rel=5e-3)


def verdicts(checkpoint: Checkpoint, region: Region):
    judge = load_judge(checkpoint.name.split("/")[0], checkpoint_root())
    return class_field(checkpoint, judge, region)


@pytest.mark.parametrize(("name", "is_off"), [("vae-2d", False), ("kl-2d", True)])
def test_class_regions_say_the_judge_s_class_or_that_it_is_off_the_data(
    app_url, page, name, is_off
):
    """Digits are on the data, the grey of an untrained decoder is off it."""
    view = MapPage(page, app_url, f"?model={name}&field=class")
    region = wait_for_field(view, "class")
    field = verdicts(load(f"mnist/{name}"), region)
    rows, columns = field.labels.shape
    cell = np.array([(region.right - region.left) / columns, (region.top - region.bottom) / rows])
    value = page.get_by_test_id("field-value")
    row, column = np.argwhere((field.is_off == is_off) & (field.confidence > 0.6))[7]
    view.hover(*(np.array([region.left, region.bottom]) + cell * [column + 0.5, rows - row - 0.5]))
    expect(value).to_have_attribute("data-label", str(field.labels[row, column]))
    expect(value).to_have_attribute("data-is-off", str(is_off).lower())
    assert shown(page) == pytest.approx(field.confidence[row, column], abs=1e-3)
    assert ("Off the data" in value.inner_text()) == is_off
    assert "it recognises" in page.get_by_test_id("field-said").inner_text()


def test_numbers_of_the_field_are_saved(app_url, page, vae):
    view = MapPage(page, app_url, "?field=class")
    region = wait_for_field(view, "class")
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    with open(download.value.path(), newline="") as file:
        rows = list(csv.DictReader(file))
    field = verdicts(vae, region)
    assert len(rows) == field.labels.size
    assert list(rows[0]) == ["z_1", "z_2", "class", "confidence", "is_off_data"]
    saved = np.array([float(row["confidence"]) for row in rows]).reshape(field.labels.shape)
    np.testing.assert_allclose(saved, field.confidence, atol=1e-3)
    labels = np.array([int(row["class"]) for row in rows]).reshape(field.labels.shape)
    assert (labels == field.labels).mean() > 0.995


def test_field_and_manifold_exclude_each_other(app_url, page):
    view = MapPage(page, app_url, "?field=density&show=manifold")
    wait_for_field(view, "density")
    manifold = page.get_by_test_id("toggle-manifold")
    expect(manifold).to_have_attribute("aria-pressed", "false")
    expect(view.map).not_to_have_attribute("data-manifold", re.compile(".*"))
    manifold.click()
    expect(view.map).to_have_attribute("data-manifold", "16")
    expect(page.get_by_test_id("map-field")).to_have_value("none")
    expect(page.get_by_test_id("field-bar")).to_be_hidden()
    page.get_by_test_id("map-field").select_option("density")
    wait_for_field(view, "density")
    expect(manifold).to_have_attribute("aria-pressed", "false")
    expect(page).to_have_url(re.compile("field=density"))
    expect(page).not_to_have_url(re.compile("show="))


def test_one_request_is_on_its_way_and_what_is_overtaken_is_never_asked_for(app_url, page):
    asked, held = [], []

    def hold(route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            held.append(route)
        else:
            route.continue_()

    page.route("**/fields/**", hold)
    view = MapPage(page, app_url, "?field=density")
    page.mouse.move(*view.position(0.5, 0.5))
    while not held:
        wait_for_frame(page)
    for _ in range(3):
        view.change(lambda: page.mouse.wheel(0, -200), "data-x-range")
    assert len(asked) == 1
    assert view.map.get_attribute("data-field") is None
    held[0].continue_()
    region = wait_for_field(view, "density")
    assert region == pytest.approx(Region(*view.ranges().ravel()))
    assert len(asked) == 2


def test_a_field_that_does_not_come_is_told(app_url, page):
    page.route("**/fields/**", lambda route: route.fulfill(status=200, body="{"))
    MapPage(page, app_url, "?field=change")
    expect(page.get_by_test_id("field-said")).to_have_class(re.compile("is-problem"))


# In the page itself: the browser would write a refused request of its own on the console.
REFUSED_ONCE = """
  const answers = window.fetch;
  window.asked = 0;
  window.fetch = (url, ...rest) => String(url).includes("fields/") && window.asked++ === 0
    ? Promise.resolve(new Response("Many fields are being computed.", { status: 503 }))
    : answers(url, ...rest);
"""
GONE = """
  const answers = window.fetch;
  window.fetch = (url, ...rest) => String(url).includes("fields/")
    ? Promise.reject(new TypeError("Failed to fetch"))
    : answers(url, ...rest);
"""


def test_a_busy_server_is_asked_again(app_url, page):
    page.add_init_script(REFUSED_ONCE)
    view = MapPage(page, app_url, "?field=density")
    assert wait_for_field(view, "density") == pytest.approx(Region(*view.ranges().ravel()))
    assert page.evaluate("window.asked") == 2
    expect(page.get_by_test_id("field-said")).not_to_have_class(re.compile("is-problem"))


def test_a_server_that_is_gone_is_told_in_words_and_the_pointer_still_decodes(app_url, page):
    page.add_init_script(GONE)
    view = MapPage(page, app_url, "?field=class")
    expect(page.get_by_test_id("field-said")).to_contain_text("The server does not answer.")
    expect(page.get_by_test_id("field-value")).to_be_empty()
    np.testing.assert_allclose(view.hover(0.7, -0.4).z, (0.7, -0.4), atol=0.05)
