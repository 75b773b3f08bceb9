"""The tour: offered once, beside what it speaks of, a gesture a step, again from the sidebar."""

import pytest
from playwright.sync_api import Locator, Page, expect

READY = '[data-testid="latent-canvas"][data-ready="true"]'
TARGETS = ("latent-canvas", "beta-slider", "walk-chart")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def newcomer(new_page) -> Page:
    """A tab of a browser that has never been here."""
    return new_page(knows_the_tour=False)


def card_of(page: Page) -> Locator:
    return page.get_by_test_id("tour")


def expect_it_points(page: Page, target: str) -> None:
    """The ring is around the target, and the card beside it: both in sight, none upon the other."""
    element = page.get_by_test_id(target).first
    expect(element).to_be_in_viewport(ratio=0.9)
    page.wait_for_function(
        """([ring, target]) => {
          const [r, t] = [ring, target].map((e) => e.getBoundingClientRect());
          return ["left", "top", "right", "bottom"].every((s) => Math.abs(r[s] - t[s]) < 8);
        }""",
        arg=[page.get_by_test_id("tour-ring").element_handle(), element.element_handle()],
    )
    page.wait_for_function(
        """([card, target]) => {
          const [c, t] = [card, target].map((e) => e.getBoundingClientRect());
          const isApart = c.right <= t.left || c.left >= t.right || c.bottom <= t.top ||
            c.top >= t.bottom;
          return isApart && c.left >= 0 && c.top >= 0 && c.right <= innerWidth &&
            c.bottom <= innerHeight;
        }""",
        arg=[card_of(page).element_handle(), element.element_handle()],
    )


def test_the_tour_leads_through_the_pages_in_their_states(app_url, newcomer):
    newcomer.goto(f"{app_url}/?model=kl-2d")
    card = card_of(newcomer)
    expect(card).to_have_attribute("data-step", "offer")
    expect(card).to_be_visible()
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "1")
    digit = newcomer.get_by_test_id("decoded-digit")
    expect(digit).to_have_attribute("data-model", "mnist/vae-2d")
    expect_it_points(newcomer, TARGETS[0])
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "2")
    film = newcomer.locator('[data-page="beta"]')
    expect(film).to_have_attribute("data-nearest", "1")
    expect_it_points(newcomer, TARGETS[1])
    slider = newcomer.get_by_test_id("beta-slider")
    slider.focus()
    newcomer.keyboard.press("End")
    expect(film).to_have_attribute("data-nearest", "60")
    newcomer.get_by_test_id("tour-next").click()

    expect(card).to_have_attribute("data-step", "3")
    expect(newcomer.get_by_test_id("walk-chart").first).to_be_visible()
    expect(card).to_contain_text("A peak in the curve is a jump")
    expect_it_points(newcomer, TARGETS[2])
    newcomer.get_by_test_id("tour-leave").click()
    expect(card).to_be_hidden()
    expect(newcomer.get_by_test_id("tour-ring")).to_be_hidden()

    newcomer.goto(app_url)
    newcomer.wait_for_selector(READY)
    expect(card).to_be_hidden()


def test_declined_it_is_not_offered_again_and_the_page_stays(app_url, newcomer):
    newcomer.goto(f"{app_url}/?z=1,1")
    newcomer.get_by_test_id("tour-leave").click()
    expect(card_of(newcomer)).to_be_hidden()
    expect(newcomer.get_by_test_id("pinned-z")).to_have_attribute("data-z", "1,1")
    newcomer.reload()
    newcomer.wait_for_selector(READY)
    expect(card_of(newcomer)).to_be_hidden()


def test_ended_half_way_it_leaves_the_page_where_it_is(app_url, newcomer):
    newcomer.goto(app_url)
    newcomer.get_by_test_id("tour-next").click()
    expect(card_of(newcomer)).to_have_attribute("data-step", "1")
    newcomer.get_by_test_id("tour-next").click()
    expect(card_of(newcomer)).to_have_attribute("data-step", "2")
    newcomer.get_by_test_id("tour-leave").click()
    expect(card_of(newcomer)).to_be_hidden()
    expect(newcomer.get_by_test_id("beta-slider")).to_be_visible()


def test_the_sidebar_starts_it_again_from_any_page(app_url, page):
    page.goto(f"{app_url}/theory?dataset=digits")
    expect(card_of(page)).to_be_hidden()
    page.get_by_role("button", name="Take the tour").click()
    expect(card_of(page)).to_have_attribute("data-step", "1")
    digit = page.get_by_test_id("decoded-digit")
    expect(digit).to_have_attribute("data-model", "digits/vae-2d")
    expect_it_points(page, TARGETS[0])


def test_on_a_phone_it_lies_below_and_asks_for_fingers(app_url, new_page):
    page = new_page(knows_the_tour=False, **PHONE)
    page.goto(app_url)
    expect(card_of(page)).to_be_visible()
    for n, target in enumerate(TARGETS):
        page.get_by_test_id("tour-next").tap()
        expect(card_of(page)).to_have_attribute("data-step", str(n + 1))
        expect(card_of(page)).not_to_contain_text("pointer")
        expect_it_points(page, target)
        box = card_of(page).bounding_box()
        assert box["height"] < 844 * 0.4
        assert box["y"] > 844 / 2
