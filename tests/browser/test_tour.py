"""The tour: offered once, led through the real pages, skipped for good."""

import pytest
from playwright.sync_api import Page, expect

READY = '[data-testid="latent-canvas"][data-ready="true"]'


@pytest.fixture
def newcomer(new_page) -> Page:
    """A tab of a browser that has never been here."""
    return new_page(knows_the_tour=False)


def test_the_tour_leads_through_the_pages_in_their_states(app_url, newcomer):
    newcomer.goto(app_url)
    card = newcomer.get_by_test_id("tour")
    expect(card).to_have_attribute("data-step", "offer")
    expect(card).to_be_visible()
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "1")
    expect(newcomer).to_have_url(f"{app_url}/objectives")
    expect(newcomer.locator(READY)).to_have_count(3)
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "2")
    expect(newcomer.get_by_test_id("prior-samples")).to_have_count(3)
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "3")
    slider = newcomer.get_by_test_id("beta-slider")
    expect(slider).to_be_visible()
    expect(newcomer.locator('[data-page="beta"]')).to_have_attribute("data-nearest", "1")
    newcomer.get_by_test_id("tour-leave").click()
    expect(card).to_be_hidden()
    expect(slider).to_be_visible()

    newcomer.goto(app_url)
    newcomer.wait_for_selector(READY)
    expect(newcomer.get_by_test_id("tour")).to_be_hidden()


def test_declined_it_is_not_offered_again_and_the_page_stays(app_url, newcomer):
    newcomer.goto(f"{app_url}/?z=1,1")
    newcomer.get_by_test_id("tour-leave").click()
    expect(newcomer.get_by_test_id("tour")).to_be_hidden()
    expect(newcomer.get_by_test_id("pinned-z")).to_have_attribute("data-z", "1.0,1.0")
    newcomer.reload()
    newcomer.wait_for_selector(READY)
    expect(newcomer.get_by_test_id("tour")).to_be_hidden()


def test_skipped_half_way_it_leaves_the_page_where_it_is(app_url, newcomer):
    newcomer.goto(app_url)
    newcomer.get_by_test_id("tour-next").click()
    expect(newcomer.get_by_test_id("tour")).to_have_attribute("data-step", "1")
    newcomer.get_by_test_id("tour-leave").click()
    expect(newcomer.get_by_test_id("tour")).to_be_hidden()
    expect(newcomer.locator(READY)).to_have_count(3)
    expect(newcomer).to_have_url(f"{app_url}/objectives")


def test_the_card_leaves_room_on_a_narrow_screen(app_url, new_page):
    page = new_page(knows_the_tour=False, viewport={"width": 390, "height": 844})
    page.goto(app_url)
    card = page.get_by_test_id("tour")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] < 844 / 2
