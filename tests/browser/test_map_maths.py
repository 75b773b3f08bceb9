"""The Map's pure modules alone in a browser's page, against numpy and scipy."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import cKDTree

from explorer.palette import CLASS_COLOURS
from tests.browser.map_probe import expected_reach
from tests.browser.shipped import load

MODELS = [
    ("mnist/vae-2d", None),
    ("mnist/reconstruction-2d", None),
    ("mnist/kl-2d", None),
    ("mnist/beta-2d", 24.0),  # one of its two dimensions has collapsed
    ("digits/vae-2d", None),
]


def test_normal_quantiles_equal_scipy_s(modules):
    shares = np.r_[1e-9, 1e-4, 0.02424, 0.02426, np.linspace(0.01, 0.99, 99), 1 - 1e-6]
    values = modules.evaluate(
        """async shares => {
          const { normalQuantile } = await import("/maths/normal.js");
          return shares.map(normalQuantile);
        }""",
        shares.tolist(),
    )
    np.testing.assert_allclose(values, stats.norm.ppf(shares), atol=1e-8)


def test_prior_share_is_the_density_over_its_peak(modules):
    points = np.random.default_rng(0).normal(size=(20, 2)) * 2
    shares = modules.evaluate(
        """async points => {
          const { priorShare } = await import("/maths/normal.js");
          return points.map(priorShare);
        }""",
        points.tolist(),
    )
    normal = stats.multivariate_normal(np.zeros(2), np.eye(2))
    np.testing.assert_allclose(shares, normal.pdf(points) / normal.pdf([0, 0]), rtol=1e-9)


@pytest.mark.parametrize(("name", "beta"), MODELS)
def test_reach_of_real_codes(modules, name, beta):
    codes = load(name, beta).codes
    distances, reach = modules.evaluate(
        """async ([mu, logvar]) => {
          const { neighbourDistances, reachOf } = await import("/maths/spacing.js");
          const points = Float32Array.from(mu);
          const sorted = neighbourDistances(points).sort();
          return [Array.from(sorted), reachOf(points, Float32Array.from(logvar))];
        }""",
        [codes.mu.ravel().tolist(), codes.logvar.ravel().tolist()],
    )
    expected = np.sort(cKDTree(codes.mu).query(codes.mu, k=2)[0][:, 1])
    np.testing.assert_allclose(distances, expected, rtol=1e-5, atol=1e-9)
    assert reach == pytest.approx(expected_reach(codes.mu, codes.logvar), rel=1e-5)


def test_path_has_nine_steps_and_one_beyond_each_end(modules):
    a, b = np.array([-1.0, 0.5]), np.array([2.0, -0.25])
    mu = np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32)
    points, counts = modules.evaluate(
        """async ([a, b, mu]) => {
          const { countsWithin, pathPoints } = await import("/maths/path.js");
          const points = pathPoints(a, b);
          return [Array.from(points), countsWithin(Float32Array.from(mu), points, 0.4)];
        }""",
        [a.tolist(), b.tolist(), mu.ravel().tolist()],
    )
    expected = a + np.linspace(-1 / 8, 9 / 8, 11)[:, None] * (b - a)
    np.testing.assert_allclose(np.reshape(points, (11, 2)), expected, atol=1e-6)
    distances = np.linalg.norm(mu[None] - expected[:, None], axis=2)
    assert counts == (distances <= 0.4).sum(axis=1).tolist()


# Draws on a context that keeps what is written, in a font of known widths.
FURNITURE = """async ([plane, medians, range]) => {
  const { drawAxes, drawNumerals, planeTicks } = await import("/parts/marks.js");
  const { PlaneView } = await import("/maths/scales.js");
  const view = new PlaneView();
  view.resize(plane.width, plane.height);
  view.setHome({ x: 0, y: 0, spanX: range, spanY: range });
  const texts = [];
  const size = ({ font }) => Number(/([\\d.]+)px/.exec(font)[1]);
  const context = new Proxy({
    measureText: (text) => ({ width: 0.6 * size(context) * text.length }),
    fillText: (text, x, y, room) => texts.push({ text, x, y, room, size: size(context) }),
  }, { get: (own, name) => own[name] ?? (() => {}) });
  const ink = { text: "#000", background: "#fff", font: "any" };
  drawNumerals(context, view, medians, () => "#000", ink);
  const numerals = texts.splice(0);
  const ticks = planeTicks(view);
  drawAxes(context, view, ticks, { left: 36, top: 4, bottom: 26 }, ["", ""], ink);
  const places = medians.map(({ x, y }) => view.toPixel(x, y));
  return { numerals, places, ticks, axes: texts };
}"""


def furniture(modules, medians: list[tuple[float, float]], range_: float, side: int = 200) -> dict:
    places = [{"label": n, "x": x, "y": y} for n, (x, y) in enumerate(medians)]
    return modules.evaluate(FURNITURE, [{"width": side, "height": side}, places, range_])


def boxes_overlap(one: dict, other: dict) -> bool:
    """Whether two numerals cover each other, by the heights and widths of digits."""
    size = one["size"]
    across, down = abs(one["x"] - other["x"]), abs(one["y"] - other["y"])
    return across < 0.6 * size and down < 0.75 * size


def test_numerals_stand_at_their_medians_and_never_on_top_of_each_other(modules):
    crowd = [(-3.9 + n / 10, 3.8) for n in range(6)]
    drawn = furniture(modules, [*crowd, (3.95, -3.95), (50, 0), (1, 1)], 8.0)
    written = {numeral["text"]: numeral for numeral in drawn["numerals"]}
    assert {"0", "6", "8"} <= set(written)
    assert "7" not in written  # out of view
    assert 2 <= len(written) < 8  # what has no room is left to the legend
    assert [written["8"][axis] for axis in "xy"] == drawn["places"][8]
    for label, numeral in written.items():
        place = np.array(drawn["places"][int(label)])
        # Beside the median at most, and some more at the edge, where none is cut.
        assert np.abs(place - [numeral["x"], numeral["y"]]).max() <= 1.4 * numeral["size"]
    numerals = drawn["numerals"]
    for n, one in enumerate(numerals):
        assert not any(boxes_overlap(one, other) for other in numerals[n + 1 :])


def test_medians_in_one_place_have_one_label_between_them(modules):
    collapsed = furniture(modules, [(0.01 * n, 0) for n in range(10)], 8.0)
    (label,) = collapsed["numerals"]
    assert label["text"] == "all digits"
    assert label["x"] == pytest.approx(np.mean([x for x, _ in collapsed["places"]]))
    assert label["y"] < collapsed["places"][0][1]  # above the codes
    at_the_edge = furniture(modules, [(3.9, 3.9)] * 10, 8.0)
    (label,) = at_the_edge["numerals"]
    half = 0.3 * label["size"] * len(label["text"])
    assert half <= label["x"] <= 200 - half
    assert label["y"] >= label["size"] / 2
    away = furniture(modules, [(50, 0)] * 10, 8.0)
    assert away["numerals"] == []
    pair = furniture(modules, [(0, 0), (0, 0)], 8.0)
    assert {numeral["text"] for numeral in pair["numerals"]} == {"0", "1"}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = np.array(list(bytes.fromhex(colour[1:]))) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "background"), [("#1f2430", "#ffffff"), ("#e8eaed", "#14171c")])
def test_numerals_can_be_read_in_their_class_s_colour(modules, text, background):
    colours = modules.evaluate(
        """async ([palette, ink]) => {
          const { readableColour } = await import("/maths/contrast.js");
          return palette.map((colour) => readableColour(colour, ink));
        }""",
        [list(CLASS_COLOURS), {"text": text, "background": background}],
    )
    for original, colour in zip(CLASS_COLOURS, colours, strict=True):
        assert contrast(colour, background) >= 4.5
        if contrast(original, background) >= 5:
            assert colour == original.lower()
    assert len(set(colours)) == 10


def test_every_class_has_a_shape_of_its_own(modules):
    stamps = modules.evaluate(
        """async () => {
          const { glyphStamp } = await import("/maths/glyphs.js");
          return Array.from({ length: 10 }, (_, label) => glyphStamp(label, 3.4));
        }"""
    )
    pictures = np.zeros((10, 9, 9))
    for picture, stamp in zip(pictures, stamps, strict=True):
        for pixel in stamp:
            picture[4 + pixel["dy"], 4 + pixel["dx"]] = pixel["alpha"] / 255
    assert pictures.max(axis=(1, 2)).min() == 1
    covered = pictures.sum(axis=(1, 2))
    assert covered.min() > 9  # none is a speck, none a blot
    assert covered.max() < 45
    for n, one in enumerate(pictures):
        for other in pictures[n + 1 :]:
            assert np.abs(one - other).sum() > 0.3 * min(one.sum(), other.sum())


@pytest.mark.parametrize("range_", [9.3, 4.7, 90.0, 0.011, 23.0])
def test_an_axis_has_a_scale_and_its_numbers_fit_beside_it(modules, range_):
    drawn = furniture(modules, [], range_, side=240)
    for axis in "xy":
        assert len(drawn["ticks"][axis]["values"]) > 1
    rooms = [text for text in drawn["axes"] if text["room"] is not None]
    assert len(rooms) == len(drawn["ticks"]["y"]["values"])
    assert all(text["x"] - text["room"] >= 0 for text in rooms)


def cells(modules, grid: str, columns: int, x_range: list[float]) -> dict:
    width = 500
    plane = {
        "xRange": x_range,
        "yRange": [-1.5, 1.0],
        "width": width,
        "scale": width / (x_range[1] - x_range[0]),
    }
    return modules.evaluate(
        """async ([plane, grid, columns]) => {
          const { manifoldCells } = await import("/maths/manifold.js");
          return manifoldCells(plane, grid, columns);
        }""",
        [plane, grid, columns],
    )


def assert_no_gaps(axis: list[dict]) -> None:
    np.testing.assert_allclose(
        [cell["high"] for cell in axis[:-1]], [cell["low"] for cell in axis[1:]], atol=1e-9
    )
    assert all(cell["low"] < cell["at"] < cell["high"] for cell in axis)


def test_even_cells_cover_the_view_and_stay_when_it_moves(modules):
    both = cells(modules, "linear", 10, [-3.0, 2.0])
    for axis, (low, high) in ((both["xs"], (-3, 2)), (both["ys"], (-1.5, 1))):
        assert_no_gaps(axis)
        assert axis[0]["low"] <= low < axis[0]["high"]
        assert axis[-1]["low"] < high <= axis[-1]["high"]
        np.testing.assert_allclose(np.diff([cell["at"] for cell in axis]), 0.5)
    moved = cells(modules, "linear", 10, [-2.3, 2.7])
    shared = {round(c["at"], 9) for c in both["xs"]} & {round(c["at"], 9) for c in moved["xs"]}
    assert len(shared) >= 8


def test_quantile_cells_lie_at_the_prior_s_quantiles_and_halve_when_zoomed(modules):
    whole = cells(modules, "quantiles", 12, [-4.0, 4.0])["xs"]
    assert_no_gaps(whole)
    quantiles = stats.norm.ppf(np.linspace(0.01, 0.99, 12))
    np.testing.assert_allclose([cell["at"] for cell in whole], quantiles, atol=1e-8)
    near = cells(modules, "quantiles", 12, [-0.2, 0.3])
    assert_no_gaps(near["xs"])
    assert 6 <= max(len(near["xs"]), len(near["ys"])) <= 12
    possible = [stats.norm.ppf(np.linspace(0.01, 0.99, 12 * 2**n)) for n in range(9)]
    places = np.array([cell["at"] for cell in near["xs"]])
    assert any(all(np.abs(places[:, None] - every).min(axis=1) < 1e-8) for every in possible)
