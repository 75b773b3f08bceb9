"""The page 'Beta' in a real browser: what moves with the slider, against numpy and torch."""

import csv
import io
import json
import math
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from scipy.stats import norm

from explorer.checkpoints import Checkpoint, Family, load_checkpoint
from explorer.ui.server import checkpoint_root
from tests.browser.live_app import READ_DIGIT, READY_TIMEOUT_MS

MANIFOLD_SIDE = 15
SAMPLES, SAMPLE_SEED = 25, 25


def family(name: str = "mnist/beta-2d") -> Family:
    return load_checkpoint(name, root=checkpoint_root())


class BetaView:
    """The page in a tab, and what it says of itself."""

    def __init__(self, page, url: str, query: str = "", members: int = 13) -> None:
        self.page = page
        page.goto(f"{url}/beta{query}")
        self.root = page.locator("[data-page=beta]")
        self.map = page.get_by_test_id("latent-canvas")
        self.slider = page.get_by_test_id("beta-slider")
        expect(self.map).to_have_attribute("data-ready", "true", timeout=READY_TIMEOUT_MS)
        expect(self.root).to_have_attribute("data-members", str(members), timeout=READY_TIMEOUT_MS)

    def fact(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}")

    def numbers(self, test_id: str, name: str) -> np.ndarray:
        text = self.page.get_by_test_id(test_id).get_attribute(f"data-{name}")
        return np.array(text.split(","), dtype=float)

    def centre(self) -> np.ndarray:
        names = ("data-x-range", "data-y-range")
        return np.array(
            [np.mean([*map(float, self.map.get_attribute(n).split(","))]) for n in names]
        )

    def move_thumb(self, position: float, last: int = 12) -> None:
        """Move the mouse to where the slider has a position, and wait until that is painted."""
        box = self.slider.bounding_box()
        before = self.fact("position")
        x = box["x"] + 8 + position / last * (box["width"] - 16)
        self.page.mouse.move(x, box["y"] + box["height"] / 2)
        self.wait("([root, before]) => root.dataset.position !== before", before)

    def wait(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(condition, arg=[self.root.element_handle(), argument])

    def wait_for_pictures(self, beta: str) -> None:
        for test_id in ("manifold", "fixed-digits", "prior-samples"):
            expect(self.page.get_by_test_id(test_id)).to_have_attribute(
                "data-beta", beta, timeout=READY_TIMEOUT_MS
            )

    def tiles(self, test_id: str, columns: int, gap: int = 1, size: int = 28) -> np.ndarray:
        """A canvas of tiles as grey levels (count, size, size), clear ones left out."""
        read = self.page.get_by_test_id(test_id).evaluate(READ_DIGIT)
        rgba = np.array(read["pixels"], dtype=np.uint8).reshape(read["height"], read["width"], 4)
        step = size + gap
        rows = (read["height"] + gap) // step
        parts = [
            rgba[r * step : r * step + size, c * step : c * step + size]
            for r in range(rows)
            for c in range(columns)
        ]
        return np.array([part[..., 0] for part in parts if (part[..., 3] == 255).all()])


def displayed(member: Checkpoint) -> np.ndarray:
    return member.codes.mu @ member.rotation


def decoded(member: Checkpoint, z: np.ndarray) -> np.ndarray:
    """Grey levels of Python's decode at latent points (N, D)."""
    means = member.model.decode(torch.tensor(z, dtype=torch.float32))
    return 255 * means[:, 0].numpy()


def fixed_digits(labels: np.ndarray) -> list[int]:
    return [int(np.flatnonzero(labels == label)[0]) for label in range(8)]


def prior_draws(count: int, seed: int) -> np.ndarray:
    """The page's fixed draws: mulberry32 and Box and Muller's transform, written anew."""
    state, draws = seed, []

    def uniform() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ (state >> 15)) * (state | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        return (t ^ (t >> 14)) / 2**32

    while len(draws) < count:
        radius = math.sqrt(-2 * math.log(1 - uniform()))
        angle = 2 * math.pi * uniform()
        draws += [radius * math.cos(angle), radius * math.sin(angle)]
    return np.array(draws[:count])


def home_centre(points: np.ndarray) -> np.ndarray:
    """Middle of the first view: all codes but a thousandth on each side, and 3 sigma."""
    ordered = np.sort(points, axis=0)
    cut = round(0.001 * (len(points) - 1))
    low = np.minimum(ordered[cut], -3)
    high = np.maximum(ordered[-1 - cut], 3)
    return (low + high) / 2


def assert_pictures(view: BetaView, member: Checkpoint) -> None:
    """All tiles are what Python decodes with the member that they name."""
    view.wait_for_pictures(f"{member.beta:g}")
    turn = member.rotation.T
    quantiles = norm.ppf((np.arange(MANIFOLD_SIDE) + 0.5) / MANIFOLD_SIDE)
    plane = np.array([(x, y) for y in quantiles[::-1] for x in quantiles])
    draws = prior_draws(2 * SAMPLES, SAMPLE_SEED).reshape(-1, 2)
    codes = member.codes.mu[fixed_digits(member.codes.labels)]
    for shown, z in (
        (view.tiles("fixed-digits", 8), codes),
        (view.tiles("prior-samples", 13), draws @ turn),
        (view.tiles("manifold", MANIFOLD_SIDE, gap=0), plane @ turn),
    ):
        expected = decoded(member, z)
        assert shown.shape == expected.shape
        assert np.abs(shown - expected).max() <= 2


def test_between_members_against_numpy(modules):
    rng = np.random.default_rng(0)
    betas, thresholds = [0.0, 0.3, 1.0, 4.0, 13.0, 60.0], [32.2, 22.9, 5.0, 5.0, 0.2]
    values = np.array([0.0, 0.1, 0.3, 3.0, 12.9, 60.0, 99.0])
    factor = rng.normal(size=(2, 2))
    covariance = factor @ factor.T
    angle = 0.7
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = modules.evaluate(
        """async ([betas, thresholds, values, covariance, turn]) => {
          const m = await import("/maths/interpolation.js");
          return {
            positions: values.map((value) => m.positionOf(betas, value)),
            back: values.map((value) => m.valueAt(betas, m.positionOf(betas, value))),
            nearest: [0, 0.5, 0.51, 1.49, 5].map(m.nearestMember),
            steps: m.stepsOf(betas, thresholds),
            axes: m.ellipseAxes(covariance),
            turned: m.rotatedCovariance([2, 0.5], turn),
          };
        }""",
        [
            betas,
            thresholds,
            values.tolist(),
            [covariance[0, 0], covariance[0, 1], covariance[1, 1]],
            turn.ravel().tolist(),
        ],
    )
    np.testing.assert_allclose(found["positions"], np.interp(values, betas, np.arange(6)))
    np.testing.assert_allclose(found["back"], np.clip(values, 0, 60))
    assert found["nearest"] == [0, 0, 1, 1, 5]
    axes = np.array(found["axes"])
    np.testing.assert_allclose(axes.T @ axes, covariance, atol=1e-12)
    assert axes[0] @ axes[1] == pytest.approx(0, abs=1e-12)
    expected = turn.T @ np.diag([2, 0.5]) @ turn
    np.testing.assert_allclose(found["turned"], expected[np.triu_indices(2)], atol=1e-12)
    places, counts = np.array(found["steps"]).T
    for beta in (0.1, 0.25, 2.0, 4.9, 5.1, 20.0, 30.0, 40.0):
        after = np.searchsorted(places, np.interp(beta, betas, np.arange(6)))
        assert counts[after] == sum(threshold > beta for threshold in thresholds)


def test_opens_at_beta_one_with_its_own_pictures(app_url, page):
    view, members = BetaView(page, app_url), family()
    expect(page.get_by_test_id("beta-text")).to_have_text("β = 1")
    expect(page.get_by_test_id("beta-said")).to_contain_text("A trained member")
    assert (view.fact("beta"), view.fact("nearest")) == ("1", "1")
    assert_pictures(view, members.at(1))
    np.testing.assert_allclose(view.centre(), home_centre(displayed(members.at(1))), atol=1e-4)


def test_drag_moves_points_axes_and_bars_between_members(app_url, page):
    view, members = BetaView(page, app_url), family()
    box = view.slider.bounding_box()
    page.mouse.move(box["x"] + 8 + 2 / 12 * (box["width"] - 16), box["y"] + box["height"] / 2)
    page.mouse.down()
    metrics = [member.meta["metrics"] for member in members.members]
    seen = []
    for goal in (2.5, 4.3, 5.2, 7.7, 8.5):
        view.move_thumb(goal)
        position = float(view.fact("position"))
        seen.append(position)
        assert position == pytest.approx(goal, abs=0.05)
        low, share = int(position), position % 1
        first, second = members.members[low : low + 2]
        beta = first.beta + share * (second.beta - first.beta)
        assert float(view.fact("beta")) == pytest.approx(beta, abs=1e-6)
        assert view.fact("between") == f"{first.beta:g},{second.beta:g}"
        assert float(view.fact("nearest")) == (first if share <= 0.5 else second).beta
        ends = [home_centre(displayed(member)) for member in (first, second)]
        np.testing.assert_allclose(view.centre(), ends[0] + share * (ends[1] - ends[0]), atol=1e-4)
        for test_id, name, key in (
            ("kl-bars", "values", "kl_per_dimension"),
            ("rate-distortion", "kl", "kl"),
            ("rate-distortion", "reconstruction", "reconstruction"),
        ):
            a, b = (np.array(metrics[n][key]) for n in (low, low + 1))
            np.testing.assert_allclose(view.numbers(test_id, name), a + share * (b - a), rtol=1e-9)
    assert len(set(seen)) == 5
    assert_outermost_point_painted(view, displayed(first), displayed(second), share)
    assert "beta=" not in page.url  # Python hears of the release only
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"beta=\d"))
    assert_pictures(view, members.at(float(view.fact("nearest"))))


def assert_outermost_point_painted(
    view: BetaView, first: np.ndarray, second: np.ndarray, share: float
) -> None:
    """The code furthest to the right in view, mixed from both members, has colour."""
    points = first + share * (second - first)
    ranges = [
        [*map(float, view.map.get_attribute(name).split(","))]
        for name in ("data-x-range", "data-y-range")
    ]
    (left, right), (bottom, top) = ranges
    scale = view.map.evaluate("canvas => canvas.clientWidth") / (right - left)
    margin = 6 / scale
    inside = points[
        (points[:, 0] < right - margin)
        & (np.abs(points[:, 1] - (bottom + top) / 2) < (top - bottom) / 2 - margin)
    ]
    x, y = inside[inside[:, 0].argmax()]
    alpha = view.map.evaluate(
        """(canvas, [px, py]) => canvas.getContext("2d").getImageData(
             Math.round(px), Math.round(py), 1, 1).data[3]""",
        [float((x - left) * scale), float((top - y) * scale)],
    )
    assert alpha > 150, (x, y)


def test_everything_is_dead_at_sixty(app_url, page):
    view, members = BetaView(page, app_url, "?beta=60"), family()
    assert view.numbers("kl-bars", "active").tolist() == [0, 0]
    assert view.numbers("kl-bars", "values").max() < 0.01
    assert_pictures(view, members.at(60))
    digits = view.tiles("fixed-digits", 8).astype(int)
    assert np.abs(digits - digits[0]).max() <= 2  # one picture, whatever the digit
    expect(page.get_by_test_id("units-note")).to_contain_text("dies at β 24 to 32")
    expect(page.get_by_test_id("units-note")).to_contain_text("dies at β 32.2")
    page.get_by_text("The same in numbers").click()
    expect(page.get_by_test_id("beta-facts")).to_contain_text("z1 0.00 dead")


def test_bars_are_dead_where_the_code_does_not_vary(app_url, page):
    for beta in (1, 6, 18):
        view = BetaView(page, app_url, f"?family=beta-20d&beta={beta}")
        member = family("mnist/beta-20d").at(beta)
        active = view.numbers("kl-bars", "active").astype(bool)
        np.testing.assert_array_equal(active, member.codes.mu.astype(float).var(axis=0) > 0.01)
        np.testing.assert_allclose(
            view.numbers("kl-bars", "values"), member.meta["metrics"]["kl_per_dimension"]
        )


def test_play_reaches_the_end_and_is_told(app_url, page):
    view = BetaView(page, app_url, "?beta=50&speed=fast")
    play = page.get_by_test_id("beta-play")
    play.click()
    expect(play).to_have_text("Pause")
    expect(view.root).to_have_attribute("data-beta", "60")
    expect(play).to_have_text("Play")
    expect(page).to_have_url(re.compile(r"[?&]beta=60(&|$)"))
    view.wait_for_pictures("60")


def test_pause_stops_and_a_drag_does_too(app_url, page):
    view = BetaView(page, app_url, "?beta=0&speed=slow")
    play = page.get_by_test_id("beta-play")
    for stop in (play.click, lambda: view.slider.press("ArrowLeft")):
        before = view.fact("position")
        play.click()
        view.wait("([root, before]) => root.dataset.position !== before", before)
        stop()
        expect(play).to_have_text("Play")
        stood = page.evaluate(
            """root => new Promise(resolve => {
              const seen = [];
              const look = () => {
                seen.push(root.dataset.position);
                if (seen.length < 20) requestAnimationFrame(look); else resolve(seen.slice(2));
              };
              look();
            })""",
            view.root.element_handle(),
        )
        assert len(set(stood)) == 1
        assert 0 < float(stood[0]) < 6


def test_without_motion_play_goes_from_member_to_member(app_url, new_page):
    view = BetaView(new_page(reduced_motion="reduce"), app_url, "?beta=18&speed=fast")
    view.root.evaluate(
        """root => {
          window.positions = [];
          new MutationObserver(() => window.positions.push(root.dataset.position)).observe(
            root, { attributeFilter: ["data-position"] });
        }"""
    )
    view.page.get_by_test_id("beta-play").click()
    expect(view.root).to_have_attribute("data-beta", "60")
    positions = view.page.evaluate("window.positions")
    assert list(dict.fromkeys(positions)) == ["8", "9", "10", "11", "12"][-len(set(positions)) :]
    assert {"10", "11", "12"} <= set(positions)


def test_usable_before_the_last_member_has_come(app_url, page):
    held, starts = [], []

    def hold(route) -> None:
        start = int(re.search(r"bytes=(\d+)-", route.request.headers["range"])[1])
        if start == 0:  # the header that all members share
            route.continue_()
            return
        starts.append(start)
        if len(starts) == 1 or held is None:
            route.continue_()
        else:
            held.append(route)

    page.route("**/beta-2d/model.safetensors*", hold)
    view = BetaView(page, app_url, members=1)
    members = family()
    assert_pictures(view, members.at(1))
    view.slider.focus()
    page.keyboard.press("End")
    expect(view.root).to_have_attribute("data-beta", "60")
    expect(page.get_by_test_id("beta-text")).to_have_text("β = 60")
    expect(page.get_by_test_id("beta-said")).to_contain_text("Still loading; this is member β 1")
    assert view.fact("nearest") == "1"
    waiting, held = held, None
    for route in waiting:
        route.continue_()
    expect(view.root).to_have_attribute("data-members", "13", timeout=READY_TIMEOUT_MS)
    assert_pictures(view, members.at(60))
    order = [members_at(members, start) for start in starts]
    # First the chosen one, then a neighbour, then those nearest to where the slider has gone.
    assert order[0] == 2
    assert order[1] in (1, 3)
    assert order[2:5] == [12, 11, 10]
    assert sorted(order) == list(range(13))


def members_at(members: Family, start: int) -> int:
    """Whose decoder begins at a byte of model.safetensors."""
    content = (members.path / "model.safetensors").read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    (name,) = (
        name
        for name, entry in header.items()
        if "decoder" in name and 8 + length + entry["data_offsets"][0] == start
    )
    return int(name.partition(".")[0])


def test_a_link_reopens_exactly(app_url, page, new_page):
    view = BetaView(page, app_url)
    view.slider.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    page.get_by_test_id("beta-speed").select_option("slow")
    page.get_by_test_id("legend").locator("[data-label='4']").click()
    expect(page).to_have_url(re.compile("classes=4.*"))
    expect(page).to_have_url(re.compile(r"beta=[\d.]+"))
    beta = re.search(r"beta=([\d.]+)", page.url.partition("?")[2])[1]
    assert view.fact("beta") == beta
    query = "?" + page.url.partition("?")[2]
    other = BetaView(new_page(), app_url, query)
    for name in ("beta", "nearest", "between"):
        assert other.fact(name) == view.fact(name)
    assert float(other.fact("position")) == pytest.approx(float(view.fact("position")), abs=1e-9)
    np.testing.assert_allclose(other.centre(), view.centre(), atol=1e-9)
    expect(other.page.get_by_test_id("beta-speed")).to_have_value("slow")
    pressed = other.page.get_by_test_id("legend").locator("[aria-pressed='true']")
    expect(pressed).to_have_attribute("data-label", "4")


def test_keys_step_finely_and_buttons_to_the_neighbour(app_url, page):
    view = BetaView(page, app_url)
    view.slider.press("ArrowRight")
    expect(view.root).to_have_attribute("data-beta", "1.02")
    expect(page).to_have_url(re.compile(r"beta=1\.02"))
    page.get_by_test_id("beta-step-forward").click()
    expect(view.root).to_have_attribute("data-beta", "2")
    page.get_by_test_id("beta-step-back").click()
    expect(view.root).to_have_attribute("data-beta", "1")
    expect(page).to_have_url(re.compile(r"beta=1(&|$)"))
    view.wait_for_pictures("1")


def test_two_of_twenty_dimensions_are_chosen(app_url, page):
    view, members = BetaView(page, app_url, "?family=beta-20d"), family("mnist/beta-20d")
    kl = np.array(members.at(1).meta["metrics"]["kl_per_dimension"])
    variances = [member.meta["metrics"]["code_variance"] for member in members.members]
    lives = (np.array(variances) > 0.01).sum(axis=0)
    first, second = np.lexsort((-kl, -lives))[:2]
    assert view.fact("axes") == f"{first + 1},{second + 1}"
    np.testing.assert_allclose(
        view.centre(), home_centre(members.at(1).codes.mu[:, [first, second]]), atol=1e-3
    )
    page.get_by_test_id("beta-axis-1").select_option("5")
    expect(view.root).to_have_attribute("data-axes", f"5,{second + 1}")
    expect(page).to_have_url(re.compile(f"axes=5(,|%2C){second + 1}"))
    np.testing.assert_allclose(
        view.centre(), home_centre(members.at(1).codes.mu[:, [4, second]]), atol=1e-3
    )
    page.get_by_test_id("beta-axis-2").select_option("5")  # they change places
    expect(view.root).to_have_attribute("data-axes", f"{second + 1},5")
    view.wait_for_pictures("1")
    quantiles = norm.ppf((np.arange(MANIFOLD_SIDE) + 0.5) / MANIFOLD_SIDE)
    z = np.zeros((MANIFOLD_SIDE**2, 20))
    z[:, second] = np.tile(quantiles, MANIFOLD_SIDE)
    z[:, 4] = np.repeat(quantiles[::-1], MANIFOLD_SIDE)
    expected = decoded(members.at(1), z)
    page.wait_for_function(
        """([canvas, grey]) => Math.abs(
             canvas.getContext("2d").getImageData(14, 14, 1, 1).data[0] - grey) <= 2""",
        arg=[page.get_by_test_id("manifold").element_handle(), float(expected[0, 14, 14])],
    )
    shown = view.tiles("manifold", MANIFOLD_SIDE, gap=0)
    assert np.abs(shown - expected).max() <= 2


def test_originals_stand_above_their_reconstructions(app_url, page, mnist):
    view = BetaView(page, app_url)
    expect(page.get_by_test_id("fixed-originals")).to_be_visible()
    shown = view.tiles("fixed-originals", 8)
    digits = fixed_digits(mnist.test_labels.numpy())
    expected = (255 * mnist.test_images[digits, 0]).round().numpy()
    np.testing.assert_array_equal(shown, expected)


def test_table_and_picture_are_saved(app_url, page):
    BetaView(page, app_url)
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    members = family().members
    assert [float(row["beta"]) for row in rows] == [member.beta for member in members]
    for row, member in zip(rows, members, strict=True):
        metrics = member.meta["metrics"]
        assert float(row["negative_elbo"]) == pytest.approx(metrics["negative_elbo"])
        assert float(row["kl_2"]) == pytest.approx(metrics["kl_per_dimension"][1])
        assert int(row["active_units"]) == metrics["active_units"]
    with page.expect_download() as download:
        page.get_by_test_id("export-png").click()
    assert download.value.suggested_filename == "mnist-beta-2d-at-1.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_maps_own_beta_and_this_page_s_do_not_mix(app_url, page):
    view = BetaView(page, app_url, "?beta=7.3")
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_test_id("decoded-digit")).to_be_visible(timeout=READY_TIMEOUT_MS)
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    page.get_by_role("link", name="Beta").click()
    expect(view.root).to_have_attribute("data-beta", "7.3", timeout=READY_TIMEOUT_MS)
    expect(page).to_have_url(re.compile(r"beta=7\.3"))


def test_all_of_it_fits_a_projector_and_a_phone(app_url, new_page):
    view = BetaView(new_page(viewport={"width": 1280, "height": 720}), app_url)
    for test_id in ("beta-slider", "latent-canvas", "manifold", "kl-bars", "prior-samples"):
        box = view.page.get_by_test_id(test_id).bounding_box()
        assert box["y"] + box["height"] <= 720, test_id
    phone = BetaView(new_page(viewport={"width": 390, "height": 844}, has_touch=True), app_url)
    for test_id in ("beta-slider", "latent-canvas", "manifold", "kl-bars", "prior-samples"):
        box = phone.page.get_by_test_id(test_id).bounding_box()
        assert box["x"] >= 0, test_id
        assert box["x"] + box["width"] <= 390, test_id
