"""The page 'Map' as a user meets it, in a real browser with the real server."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.checkpoints import Checkpoint
from tests.browser.attributes import wait_for_numbers
from tests.browser.link import wait_for_link
from tests.browser.live_app import Digit, MapPage
from tests.browser.plane import wait_for_ranges
from tests.browser.shipped import decoded, load
from tests.browser.toasts import keep_toasts, wait_for_toast


def assert_same_picture(digit: Digit, checkpoint: Checkpoint) -> None:
    difference = np.abs(digit.grey - decoded(checkpoint, digit.z)[0]).max()
    assert difference <= 2, f"{difference} grey levels at z = {digit.z}"


def test_opens_with_a_test_digit_s_code_decoded(app_url, page, vae):
    view = MapPage(page, app_url)
    digit = view.digit()
    assert np.abs(vae.codes.mu - np.float32(digit.z)).max(axis=1).min() < 1e-6
    assert digit.model == "mnist/vae-2d"
    assert digit.beta is None
    assert digit.grey.shape == (28, 28)
    assert_same_picture(digit, vae)


def test_digit_under_the_pointer_is_what_python_decodes(app_url, page, vae):
    view = MapPage(page, app_url)
    pictures = []
    for x, y in np.random.default_rng(0).uniform(-2.5, 2.5, size=(50, 2)):
        digit = view.hover(x, y)
        np.testing.assert_allclose(digit.z, (x, y), atol=0.05)
        assert_same_picture(digit, vae)
        pictures.append(digit.grey.tobytes())
    assert len(set(pictures)) == 50


def test_points_are_drawn_where_the_codes_lie(app_url, page, vae):
    view, codes = MapPage(page, app_url), vae.codes
    box = view.map.bounding_box()
    (left, right), (bottom, top) = view.ranges()
    # A code far from its neighbours' pixels: the outermost one on the right that is in view.
    inside = np.flatnonzero((codes.mu[:, 0] < right - 0.05) & (np.abs(codes.mu[:, 1]) < 2))
    x, y = codes.mu[inside[codes.mu[inside, 0].argmax()]]
    place = [
        (x - left) / (right - left) * box["width"],
        (top - y) / (top - bottom) * box["height"],
    ]
    channels = view.map.evaluate(
        """(canvas, [px, py]) => Array.from(canvas.getContext("2d").getImageData(
             Math.round(px), Math.round(py), 1, 1).data)""",
        place,
    )
    assert channels[3] > 150, channels


def test_wheel_zooms_about_the_pointer_and_the_page_stays(app_url, page):
    view = MapPage(page, app_url)
    before, under = view.ranges(), view.hover(1.0, 0.5).z
    view.change(lambda: page.mouse.wheel(0, -400), "data-x-range")
    after = view.ranges()
    spans = np.ptp(after, axis=1) / np.ptp(before, axis=1)
    assert spans[0] == pytest.approx(spans[1], rel=1e-6)
    assert spans[0] < 0.7
    np.testing.assert_allclose(view.position(*under), view.position(*view.digit().z), atol=0.01)
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    view.change(lambda: page.mouse.wheel(0, 400), "data-x-range")
    np.testing.assert_allclose(view.ranges(), before, atol=1e-9)


def test_drag_pans_and_pins_nothing(app_url, page):
    view = MapPage(page, app_url)
    before = view.ranges()
    start, end = view.position(0, 0), view.position(1, 0.5)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    wait_for_ranges(view.map, before - [[1], [0.5]], 0.03)
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)
    assert "z=" not in page.url


def test_double_click_resets_the_view_and_leaves_no_pin(app_url, page):
    view = MapPage(page, app_url)
    before = view.ranges()
    page.mouse.move(*view.position(1, 1))
    view.change(lambda: page.mouse.wheel(0, -500), "data-x-range")
    view.change(lambda: page.mouse.dblclick(*view.position(1, 1)), "data-x-range")
    wait_for_ranges(view.map, before, 1e-9)
    expect(page.get_by_text("Click or tap the map to pin a point")).to_be_visible()
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)


def test_click_pins_and_the_nearest_digits_are_named(app_url, page, vae):
    view = MapPage(page, app_url)
    for x, y in ((0.8, -0.6), (-1.2, 0.4)):
        view.click(x, y)
        clicked = view.digit().z
        expect(page.get_by_test_id("pinned-z")).to_have_attribute(
            "data-z", ",".join(repr(value) for value in clicked)
        )
        distances = np.sqrt(np.square(vae.codes.mu - np.array(clicked)).sum(axis=1))
        nearest = np.argsort(distances, kind="stable")[:8]
        neighbours = page.get_by_test_id("neighbour")
        expect(neighbours).to_have_count(8)
        labels = [int(item.get_attribute("data-label")) for item in neighbours.all()]
        shown = [float(item.get_attribute("data-distance")) for item in neighbours.all()]
        assert labels == vae.codes.labels[nearest].tolist()
        np.testing.assert_allclose(shown, distances[nearest], atol=1e-4)
        density = float(page.get_by_test_id("prior-density").get_attribute("data-density"))
        assert density == pytest.approx(
            np.exp(-0.5 * np.square(clicked).sum()) / (2 * np.pi), rel=1e-4
        )


def test_zoom_survives_the_rerun_of_a_pin(app_url, page):
    view = MapPage(page, app_url)
    page.mouse.move(*view.position(0.5, 0.5))
    view.change(lambda: page.mouse.wheel(0, -500), "data-x-range")
    zoomed = view.ranges()
    view.click(0.6, 0.4)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    np.testing.assert_array_equal(view.ranges(), zoomed)


def test_digit_goes_back_to_the_pin_when_the_mouse_leaves(app_url, page):
    view = MapPage(page, app_url)
    last = view.hover(1.1, -0.3).z
    page.mouse.move(5, 5)
    assert view.digit().z == last  # nothing is pinned: the last point stays
    view.click(0.7, 0.7)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    pinned = view.digit().z
    assert view.pinned() == pinned
    view.hover(-1, -1)
    view.change(lambda: page.mouse.move(5, 5))
    assert view.digit().z == pinned


def test_keyboard_moves_pins_unpins_and_zooms(app_url, page):
    view = MapPage(page, app_url)
    before = view.ranges()
    start = view.digit().z
    view.map.focus()
    view.change(lambda: page.keyboard.press("ArrowRight"))
    step = view.digit().z
    assert step[0] > start[0]
    assert step[1] == pytest.approx(start[1], abs=1e-6)
    view.change(lambda: page.keyboard.press("Shift+ArrowUp"))
    leap = view.digit().z
    assert leap[0] == pytest.approx(step[0], abs=1e-9)
    assert leap[1] - start[1] > 2 * (step[0] - start[0])
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    np.testing.assert_allclose(view.pinned(), leap, atol=1e-6)  # rounded as in the URL
    assert view.pinned() == view.digit().z
    view.change(lambda: page.keyboard.press("+"), "data-x-range")
    assert np.ptp(view.ranges()[0]) < np.ptp(before[0])
    view.change(lambda: page.keyboard.press("0"), "data-x-range")
    np.testing.assert_allclose(view.ranges(), before, atol=1e-9)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)


def test_touch_points_taps_and_pinches(app_url, new_page):
    page = new_page(has_touch=True, viewport={"width": 820, "height": 1180})
    view = MapPage(page, app_url)
    before = view.ranges()
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    view.change(lambda: touch("touchStart", view.position(0.5, 0.5)))
    view.change(lambda: touch("touchMove", view.position(1.5, 1.0)))
    touch("touchEnd")
    np.testing.assert_allclose(view.digit().z, (1.5, 1.0), atol=0.05)
    np.testing.assert_array_equal(view.ranges(), before)

    left, right = view.position(-0.5, 0), view.position(0.5, 0)
    touch("touchStart", left, right)
    wider = (left[0] - 60, left[1]), (right[0] + 60, right[1])
    touch("touchMove", *wider)
    touch("touchEnd")
    # Each finger's move comes as an event of its own, so the view changes twice.
    spread = (right[0] - left[0]) / (wider[1][0] - wider[0][0])
    expected = spread * before[0]  # about 0, which lies between the fingers
    wait_for_numbers(view.map, "data-x-range", expected, 0.01 * np.ptp(expected))
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)

    page.touchscreen.tap(*view.position(0.2, 0.3))
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    np.testing.assert_allclose(view.pinned(), (0.2, 0.3), atol=0.05)


def test_digits_data_set(app_url, page):
    view = MapPage(page, app_url, "?dataset=digits")
    digit = view.hover(0.4, -0.9)
    assert digit.model == "digits/vae-2d"
    assert digit.grey.shape == (8, 8)
    assert_same_picture(digit, load("digits/vae-2d"))


def test_family_member_is_shown_rotated_and_decoded_unrotated(app_url, page):
    family = load("mnist/beta-2d")
    member = max(family.members, key=lambda m: np.abs(m.rotation - np.eye(2)).max())
    assert np.abs(member.rotation - np.eye(2)).max() > 1e-3, "no member is rotated"
    view = MapPage(page, app_url, f"?model=beta-2d&beta={member.beta:g}")
    assert view.digit().beta == member.beta
    digit = view.hover(1.0, -0.5)
    assert (digit.model, digit.beta) == ("mnist/beta-2d", member.beta)
    place = np.array(view.position(*(np.array(digit.z) @ member.rotation)))
    np.testing.assert_allclose(place, view.position(1.0, -0.5), atol=1)
    assert_same_picture(digit, member)


def test_selectors_change_the_model_and_the_url_keeps_it(app_url, page):
    view = MapPage(page, app_url)
    page.get_by_test_id("stSidebar").get_by_label("Model").click()
    option = page.get_by_role("option", name="reconstruction-2d", exact=True)
    view.change(option.click, "data-x-range")
    expect(view.digit_canvas).to_have_attribute("data-model", "mnist/reconstruction-2d")
    wait_for_link(page, model="reconstruction-2d")
    view.click(0.5, 0.5)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    expect(page).to_have_url(re.compile("[?&]z="))
    reopened = MapPage(page, app_url, page.url.removeprefix(f"{app_url}/"))
    assert reopened.digit().model == "mnist/reconstruction-2d"
    np.testing.assert_allclose(reopened.digit().z, reopened.pinned())
    assert_same_picture(reopened.digit(), load("mnist/reconstruction-2d"))


def test_nonsense_url_falls_back_with_a_notice(app_url, page, vae):
    keep_toasts(page)
    view = MapPage(page, app_url, "?dataset=cats&model=%F0%9F%90%88&beta=many&z=here,nan")
    assert view.digit().model == "mnist/vae-2d"
    assert np.abs(vae.codes.mu - np.float32(view.digit().z)).max(axis=1).min() < 1e-6
    for wrong in ("cats", "here,nan"):
        wait_for_toast(page, wrong)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_theme_colours_the_map_but_not_the_digit(app_url, new_page, scheme, is_dark, vae):
    view = MapPage(new_page(color_scheme=scheme), app_url)
    background = view.map.evaluate(
        "canvas => getComputedStyle(canvas).getPropertyValue('--st-background-color')"
    )
    assert (int(background.strip()[1:3], 16) < 80) == is_dark
    ink = view.map.evaluate(  # the frame's tick labels: text colour on a clear canvas
        """canvas => { const frame = canvas.parentElement.querySelector(".map-frame");
          const { data } = frame.getContext("2d").getImageData(0, 0, frame.width, frame.height);
          let best = 0;
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] > data[best + 3]) best = i;
          return data[best]; }"""
    )
    assert (ink > 128) == is_dark
    assert_same_picture(view.digit(), vae)


def test_projector_shows_map_digit_and_panel_without_scrolling(app_url, page):
    view = MapPage(page, app_url)
    view.click(0.5, 0.5)
    expect(page.get_by_test_id("pin-panel")).to_be_visible()
    for locator in (view.map, view.digit_canvas, page.get_by_test_id("pinned-z")):
        expect(locator).to_be_in_viewport(ratio=1)


def test_narrow_screen_stacks_digit_over_map(app_url, new_page):
    view = MapPage(new_page(viewport={"width": 390, "height": 844}), app_url)
    digit, latent = view.digit_canvas.bounding_box(), view.map.bounding_box()
    assert digit["y"] + digit["height"] <= latent["y"]
    assert latent["width"] >= 250
    assert latent["x"] + latent["width"] <= 390


def test_the_map_does_not_move_under_the_finger(app_url, new_page):
    """Beside the digit there is more to say near a code than far from all: the map stays."""
    page = new_page(viewport={"width": 390, "height": 844})
    view = MapPage(page, app_url)
    named, warning = page.get_by_test_id("hovered-digit"), page.get_by_test_id("off-distribution")
    place = view.map.bounding_box()
    view.hover(*load("mnist/vae-2d").codes.mu[0])
    expect(named).to_be_visible()
    assert view.map.bounding_box() == place
    (left, right), (bottom, top) = view.ranges()
    view.hover(left + 0.02 * (right - left), top - 0.02 * (top - bottom))
    expect(warning).to_be_visible()
    expect(named).to_be_hidden()
    assert view.map.bounding_box() == place


def test_unreachable_weights_are_told_in_words(app_url, new_page):
    page = new_page()
    page.route("**/model.safetensors*", lambda route: route.fulfill(status=204, body=""))
    page.goto(app_url)
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()


def test_a_click_before_the_model_has_come_pins_nothing(app_url, page):
    held, is_held = [], True

    def hold(route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/model.safetensors*", hold)
    page.goto(app_url)
    latent = page.get_by_test_id("latent-canvas")
    expect(latent).to_have_attribute("data-ready", "false")
    latent.click(position={"x": 100, "y": 100})
    latent.press("Enter")
    is_held = False
    for route in held:
        route.continue_()
    expect(latent).to_have_attribute("data-ready", "true")
    expect(page.get_by_test_id("pin-panel")).to_have_count(0)
    assert "z=" not in page.url


def test_another_beta_is_seen_from_the_same_place_at_the_same_point(app_url, page):
    view = MapPage(page, app_url, "?model=beta-2d&beta=1")
    view.change(lambda: page.mouse.move(*view.position(0.4, 0.2)))
    view.change(lambda: page.mouse.wheel(0, -400), "data-x-range")
    before, point = view.ranges(), view.digit().z
    slider = page.get_by_test_id("stSidebar").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(view.digit_canvas).to_have_attribute("data-beta", "2")
    np.testing.assert_allclose(view.ranges(), before, atol=1e-9)
    np.testing.assert_allclose(view.digit().z, point, atol=1e-6)
    assert_same_picture(view.digit(), load("mnist/beta-2d", 2))
