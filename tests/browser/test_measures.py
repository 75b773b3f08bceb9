"""Measures in a real browser: the Objectives page's table and the Beta page's chart."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.judge import load_judge
from explorer.places import checkpoint_root
from tests.browser.attributes import wait_for_numbers
from tests.browser.beta_page import BetaPage
from tests.browser.shipped import load

ROWS = {
    "Reconstruction only": "reconstruction-2d",
    "KL only": "kl-2d",
    "Reconstruction + KL": "vae-2d",
}


def cells(page, title: str) -> dict[str, float]:
    """A row's figures, as the page has them."""
    row = page.locator(f'[data-testid="measures-row"][data-row="{title}"]')
    found = row.locator("td[data-value]").evaluate_all(
        "cells => cells.map((cell) => [cell.dataset.key, cell.dataset.value])"
    )
    return {key: float(value) for key, value in found}


def stored(name: str) -> dict[str, float]:
    """The same figures in meta.json."""
    meta = load(f"mnist/{name}").meta
    completeness = meta["measures"]["completeness"]
    prior, walks = completeness["prior"], meta["measures"]["continuity"]
    figures = {
        "prior-recognised": prior["recognised"],
        "fitted-recognised": completeness["fitted"]["recognised"],
        "effective-classes": prior["effective_classes"],
        "step": walks["step_median"],
        "jumps": walks["jumps"],
        "information": meta["measures"]["information"]["nats"],
        "kl": meta["metrics"]["kl"],
        "active-units": meta["metrics"]["active_units"],
        "coverage": prior["coverage"],
    }
    return {key: value for key, value in figures.items() if value is not None}


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_table_is_meta_json_and_can_be_scrolled_to_on_a_phone(app_url, new_page, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app_url}/objectives")
    table = page.get_by_test_id("measures")
    table.scroll_into_view_if_needed()
    for title, name in ROWS.items():
        assert cells(page, title) == stored(name)
    real = load_judge("mnist", checkpoint_root()).measures["real"]
    shown = cells(page, "Real digits")
    assert shown["prior-recognised"] == real["recognised"]
    assert shown["coverage"] == real["coverage"]
    assert shown["effective-classes"] == real["effective_classes"]
    box = table.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    width, content = table.evaluate("element => [element.clientWidth, element.scrollWidth]")
    assert (content <= width) == (size[0] > 1000)  # a phone scrolls it sideways
    expect(page.get_by_text("None of these is read alone")).to_be_visible()


def between(values: list[float | None], position: float) -> float | None:
    """The curve at a position; None beside a member whose pictures never change."""
    sides = [values[int(np.floor(position))], values[int(np.ceil(position))]]
    return None if None in sides else float(np.interp(position % 1, [0, 1], sides))


def test_the_chart_s_marker_follows_the_slider_while_it_is_dragged(app_url, page):
    view = BetaPage(page, app_url)
    page.get_by_test_id("toggle-measures").click()
    expect(page).to_have_url(re.compile("charts=measures"))
    chart = page.get_by_test_id("measure-bands")
    expect(chart).to_be_visible()
    expect(page.get_by_test_id("active-units")).to_be_hidden()
    measures = [member.meta["measures"] for member in load("mnist/beta-2d").members]
    curves = {
        "recognised": [m["completeness"]["prior"]["recognised"] for m in measures],
        "step": [m["continuity"]["step_median"] for m in measures],
        "information": [m["information"]["nats"] for m in measures],
    }
    page.mouse.move(*view.place(2))
    page.mouse.down()
    columns = []
    for goal in (4.4, 9.7):
        view.move_thumb(goal)
        position = float(view.fact("position"))
        assert position == pytest.approx(goal, abs=0.1)
        wait_for_numbers(chart, "data-position", position, 1e-9)
        for key, values in curves.items():
            shown, expected = chart.get_attribute(f"data-{key}"), between(values, position)
            if expected is None:
                assert (key, shown) == ("step", "")
            else:
                assert float(shown) == pytest.approx(expected, rel=1e-6)
        columns.append(marker(page))
    page.mouse.up()
    width = chart.bounding_box()["width"] - 44 - 14  # the chart's margins
    expected = 44 + np.array([4.4, 9.7]) / 12 * width
    np.testing.assert_allclose(columns, expected, atol=4)


MARKED = """canvas => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  const filled = Array.from({ length: width }, (_, x) => {
    let count = 0;
    for (let y = 0; y < height; y++) count += data[4 * (y * width + x) + 3] > 100;
    return count;
  });
  return filled.indexOf(Math.max(...filled)) * (canvas.clientWidth / width);
}"""


def marker(page) -> float:
    """The column of the chart where its marker is drawn, CSS pixels."""
    return page.get_by_test_id("measure-bands").evaluate(MARKED)


def test_a_link_reopens_the_measures(app_url, page):
    view = BetaPage(page, app_url, "?charts=measures&beta=9")
    chart = page.get_by_test_id("measure-bands")
    expect(chart).to_be_visible()
    wait_for_numbers(chart, "data-position", float(view.fact("position")), 1e-9)
    member = load("mnist/beta-2d").at(9)
    information = member.meta["measures"]["information"]["nats"]
    assert float(chart.get_attribute("data-information")) == pytest.approx(information)
    expect(page.get_by_test_id("measures-conclusion")).to_contain_text("The judge recognises most")
    page.get_by_test_id("toggle-measures").click()
    expect(chart).to_be_hidden()
    expect(page.get_by_test_id("active-units")).to_be_visible()
    expect(page).not_to_have_url(re.compile("charts="))
