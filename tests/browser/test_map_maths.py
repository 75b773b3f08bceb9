"""The Map's pure modules alone in a browser's page, against numpy and scipy."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import cKDTree

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


# Draws on a context that keeps what is written and where lines end, in a font of known widths.
FURNITURE = """async ([plane, medians, range]) => {
  const { drawAxes, drawNumerals, planeTicks } = await import("/parts/marks.js");
  const { PlaneView } = await import("/maths/scales.js");
  const view = new PlaneView();
  view.resize(plane.width, plane.height);
  view.setHome({ x: 0, y: 0, spanX: range, spanY: range });
  const texts = [], ends = [];
  const size = ({ font }) => Number(/([\\d.]+)px/.exec(font)[1]);
  const context = new Proxy({
    measureText: (text) => ({ width: 0.6 * size(context) * text.length }),
    fillText: (text, x, y, room) => texts.push({ text, x, y, room, size: size(context) }),
    lineTo: (x, y) => ends.push([x, y]),
  }, { get: (own, name) => own[name] ?? (() => {}) });
  const ink = { text: "#000", background: "#fff", font: "any" };
  drawNumerals(context, view, medians, ink);
  const numerals = texts.splice(0);
  const ticks = planeTicks(view);
  drawAxes(context, view, ticks, { left: 36, top: 4, bottom: 26 }, ["", ""], ink);
  const places = medians.map(({ x, y }) => view.toPixel(x, y));
  return { numerals, ends, places, ticks, axes: texts };
}"""


def furniture(modules, medians: list[tuple[float, float]], range_: float, side: int = 200) -> dict:
    places = [{"label": n, "x": x, "y": y} for n, (x, y) in enumerate(medians)]
    return modules.evaluate(FURNITURE, [{"width": side, "height": side}, places, range_])


def test_numerals_in_a_row_point_to_their_medians_and_are_not_cut(modules):
    beside = [(-3.9 + n / 10, 3.8) for n in range(6)]
    drawn = furniture(modules, [*beside, (3.95, -3.95)], 8.0)
    written = {numeral["text"]: numeral for numeral in drawn["numerals"]}
    assert set(written) == {"0 1 2 3 4 5", "6"}
    for numeral in drawn["numerals"]:
        half = 0.3 * numeral["size"] * len(numeral["text"])
        assert half <= numeral["x"] <= 200 - half
        assert numeral["size"] / 2 <= numeral["y"] <= 200 - numeral["size"] / 2
    for place in drawn["places"][2:6]:  # whose numerals stand beside them
        assert any(np.allclose(place, end, atol=1e-6) for end in drawn["ends"])


def test_a_row_wider_than_its_map_is_written_smaller_and_a_lone_numeral_points_to_nothing(modules):
    row = furniture(modules, [(0, 0)] * 10, 8.0, side=120)
    (numeral,) = row["numerals"]
    assert 0.6 * numeral["size"] * len(numeral["text"]) < 120
    assert all(np.allclose(end, row["places"][0]) for end in row["ends"])
    away = furniture(modules, [(50 + n / 10, 0) for n in range(9)], 8.0)
    assert away["ends"] == []  # of what is out of view no line crosses the map
    lone = furniture(modules, [(1, 1)], 8.0)
    assert [lone["numerals"][0][axis] for axis in "xy"] == lone["places"][0]
    assert lone["ends"] == []


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
