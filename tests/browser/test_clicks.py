"""Clicks are the browser's own affair: the server hears of them when it is asked for more."""

from playwright.sync_api import expect

from benchmarks.tabs import wait_until_ready
from tests.browser.link import wait_for_link
from tests.browser.live_app import MapPage


def test_clicks_send_nothing_and_the_address_and_the_next_page_have_them(app_url, page):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    view = MapPage(page, app_url)
    expect(page.get_by_test_id("tour")).to_be_hidden()
    for place in ((0.5, 0.5), (-1, 0.25), (0.75, -0.5)):
        before = len(sent)
        view.click(*place)
        x, y = view.digit().z
        expect(page.get_by_test_id("pinned-z")).to_have_attribute("data-z", f"{x!r},{y!r}")
        wait_for_link(page, z=f"{x:.6f}".rstrip("0") + "," + f"{y:.6f}".rstrip("0"))
        assert len(sent) == before
    pinned = view.pinned()
    link = page.get_by_test_id("stSidebarNavLink")
    link.filter(has_text="Objectives").click()
    wait_until_ready(page, "objectives")
    link.filter(has_text="Map").click()
    wait_until_ready(page, "")
    assert view.pinned() == pinned
    assert view.digit().z == pinned


def test_a_key_turns_the_page_with_the_state(app_url, page):
    view = MapPage(page, app_url)
    view.click(0.5, -0.5)
    pinned = view.pinned()
    link = page.get_by_test_id("stSidebarNavLink").filter(has_text="Theory")
    link.focus()
    link.press("Enter")
    wait_until_ready(page, "theory")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Map").click()
    wait_until_ready(page, "")
    assert view.pinned() == pinned
