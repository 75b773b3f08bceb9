"""The pure JavaScript modules alone in a browser's page, against numpy."""

import csv
import io
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import save
from scipy import stats


def test_every_half_precision_value(modules):
    bits = modules.evaluate(
        """async () => {
          const { halfToFloat } = await import("/maths/safetensors.js");
          const floats = halfToFloat(Uint16Array.from({ length: 65536 }, (_, i) => i));
          return Array.from(new Uint32Array(floats.buffer));
        }"""
    )
    values = np.array(bits, dtype=np.uint32).view(np.float32)
    expected = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    np.testing.assert_array_equal(np.isnan(values), np.isnan(expected))
    same = ~np.isnan(expected)
    np.testing.assert_array_equal(values.view(np.uint32)[same], expected.view(np.uint32)[same])


def test_decoder_of_a_family_member_equals_numpy(modules):
    rng = np.random.default_rng(0)
    widths = [2, 33, 18, 21]  # none of the last two is a multiple of four
    tensors = {}
    for member in ("00.", "01."):
        for n, (fan_in, fan_out) in enumerate(pairwise(widths)):
            tensors[f"{member}decoder.{n}.weight"] = rng.normal(size=(fan_out, fan_in))
            tensors[f"{member}decoder.{n}.bias"] = rng.normal(size=fan_out)
    tensors = {name: value.astype(np.float16) for name, value in tensors.items()}
    modules.served["model.safetensors"] = save(tensors)
    points = rng.normal(size=(20, 2))
    means = modules.evaluate(
        """async points => {
          const { SafetensorsFile } = await import("/maths/safetensors.js");
          const { Mlp, decodePixels } = await import("/maths/mlp.js");
          const file = await SafetensorsFile.open("/model.safetensors");
          const tensors = await file.read(file.names("01.decoder."));
          const decoder = Mlp.fromTensors(tensors, "01.decoder.");
          return points.map(z => Array.from(decodePixels(decoder, Float32Array.from(z))));
        }""",
        points.tolist(),
    )
    hidden = points.astype(np.float32)
    for n in range(3):
        weight = tensors[f"01.decoder.{n}.weight"].astype(np.float32)
        hidden = hidden @ weight.T + tensors[f"01.decoder.{n}.bias"].astype(np.float32)
        hidden = np.maximum(hidden, 0) if n < 2 else hidden
    np.testing.assert_allclose(means, 1 / (1 + np.exp(-hidden)), atol=1e-5)


def test_a_long_header_and_unaligned_bytes_are_read(modules):
    tensors = {f"tensor{n:04}": np.full(3, n % 256, dtype=np.uint8) for n in range(900)}
    tensors["values"] = np.linspace(-1, 1, 5, dtype=np.float32)
    content = save(tensors)
    assert int.from_bytes(content[:8], "little") > 32768
    modules.served["codes.safetensors"] = content
    read = modules.evaluate(
        """async () => {
          const { SafetensorsFile } = await import("/maths/safetensors.js");
          const file = await SafetensorsFile.open("/codes.safetensors");
          const tensors = await file.read(["values", "tensor0007"]);
          return [tensors.values.values, tensors.tensor0007.values].map(v => Array.from(v));
        }"""
    )
    np.testing.assert_array_equal(np.float32(read[0]), tensors["values"])
    assert read[1] == [7, 7, 7]


def test_rotation_there_and_back(modules):
    angle = 0.7
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    mu = np.array([[1.0, 2.0], [-0.5, 0.25]])
    points, back, there = modules.evaluate(
        """async ([mu, rotation]) => {
          const { LatentModel } = await import("/maths/model.js");
          const model = new LatentModel({ dims: 2, rotation }, null, Float32Array.from(mu), [0, 1]);
          const [x, y] = model.points;
          return [Array.from(model.points), model.toLatent(x, y), model.toDisplay(mu[0], mu[1])];
        }""",
        [mu.ravel().tolist(), matrix.ravel().tolist()],
    )
    np.testing.assert_allclose(np.reshape(points, (2, 2)), mu @ matrix, atol=1e-6)
    np.testing.assert_allclose(back, mu[0], atol=1e-6)
    np.testing.assert_allclose(there, (mu @ matrix)[0], atol=1e-6)


def test_points_fill_their_pixels_in_their_colours(modules):
    pixels = modules.evaluate(
        """async () => {
          const { parseColour, rasterPoints } = await import("/maths/raster.js");
          const pixels = new Uint32Array(40 * 30);
          const colours = ["#ff0000", "#0000ff"].map(parseColour);
          // 10 pixels a unit, top left corner at (-1, 2): (0, 1) is pixel (10, 10)
          const transform = { scale: 10, left: -1, top: 2 };
          const points = Float32Array.of(0, 1, 2, 0, 500, 500);
          rasterPoints(pixels, 40, 30, points, [0, 1, 1], colours, transform, 2);
          return Array.from(pixels);
        }"""
    )
    image = np.array(pixels, dtype=np.uint32).view(np.uint8).reshape(30, 40, 4)
    assert image[10, 10].tolist() == [255, 0, 0, 255]
    assert image[20, 30].tolist() == [0, 0, 255, 255]
    rows, columns = np.nonzero(image[..., 3])
    for row, column in zip(rows, columns, strict=True):
        assert min(np.hypot(row - 10, column - 10), np.hypot(row - 20, column - 30)) < 2.5


def test_a_point_s_edge_is_laid_over_the_points_below_it(modules):
    """Every pixel is the mixture of the two colours by the later disc's coverage."""
    pixels = modules.evaluate(
        """async () => {
          const { parseColour, rasterPoints } = await import("/maths/raster.js");
          const pixels = new Uint32Array(16 * 16).fill(parseColour("#ff8040"));
          const transform = { scale: 1, left: 0, top: 16 };
          rasterPoints(
            pixels, 16, 16, [8, 8], [0], [parseColour("#1060f0")], transform, 2.3);
          return Array.from(pixels);
        }"""
    )
    image = np.array(pixels, dtype=np.uint32).view(np.uint8).reshape(16, 16, 4)
    rows, columns = np.mgrid[:16, :16]
    coverage = np.clip(2.3 + 0.5 - np.hypot(rows - 8, columns - 8), 0, 1)[..., None]
    assert ((coverage > 0) & (coverage < 1)).sum() > 8
    expected = coverage * [0x10, 0x60, 0xF0] + (1 - coverage) * [0xFF, 0x80, 0x40]
    assert np.abs(image[..., :3] - expected).max() <= 1.5
    assert (image[..., 3] == 255).all()


def test_digit_is_rounded_to_opaque_grey(modules):
    means = [0.0, 0.25, 0.5, 0.999, 1.0]
    pixels = modules.evaluate(
        """async means => {
          const { rasterDigit } = await import("/maths/raster.js");
          const pixels = new Uint32Array(means.length);
          rasterDigit(pixels, means);
          return Array.from(new Uint8Array(pixels.buffer));
        }""",
        means,
    )
    grey = [0, 64, 128, 255, 255]
    assert np.reshape(pixels, (5, 4)).tolist() == [[g, g, g, 255] for g in grey]


@pytest.mark.parametrize(
    ("low", "high", "expected", "digits"),
    [
        (-3.2, 3.2, [-2, 0, 2], 0),
        (0.101, 0.159, [0.12, 0.14], 2),
        (-130.0, 250.0, [-100, 0, 100, 200], 0),
    ],
)
def test_ticks_are_round_numbers(modules, low, high, expected, digits):
    ticks = modules.evaluate(
        """async ([low, high]) => {
          const { niceTicks } = await import("/maths/scales.js");
          return niceTicks(low, high, 4);
        }""",
        [low, high],
    )
    np.testing.assert_allclose(ticks["values"], expected, atol=1e-9)
    assert ticks["digits"] == digits


def test_zoom_keeps_the_point_under_the_pixel(modules):
    before, after, scales = modules.evaluate(
        """async () => {
          const { PlaneView, homeOf } = await import("/maths/scales.js");
          const plane = new PlaneView();
          plane.resize(400, 300);
          plane.setHome(homeOf(Float32Array.of(-5, -1, 5, 1)));
          const before = plane.toPlane(30, 250), scale = plane.scale;
          plane.zoomAt(3, 30, 250);
          return [before, plane.toPlane(30, 250), [scale, plane.scale]];
        }"""
    )
    np.testing.assert_allclose(before, after, atol=1e-9)
    assert scales[1] == pytest.approx(3 * scales[0])


def test_medians_of_the_classes(modules):
    rng = np.random.default_rng(3)
    points, labels = rng.normal(size=(101, 2)), np.arange(101) % 2 * 4
    medians = modules.evaluate(
        """async ([points, labels]) => {
          const { classMedians } = await import("/maths/scales.js");
          return classMedians(Float32Array.from(points), Uint8Array.from(labels));
        }""",
        [points.ravel().tolist(), labels.tolist()],
    )
    assert [m["label"] for m in medians] == [0, 4]
    for median in medians:
        own = np.sort(points[labels == median["label"]], axis=0)
        middle = own[round((len(own) - 1) / 2 + 1e-9)]
        np.testing.assert_allclose([median["x"], median["y"]], middle, atol=1e-6)


def test_nearest_codes_equal_numpy_s(modules):
    rng = np.random.default_rng(0)
    mu = rng.normal(size=(500, 3)).astype(np.float32)
    mu[7] = mu[400]  # a tie
    found = modules.evaluate(
        """async ([mu, z]) => {
          const { nearestCodes } = await import("/maths/nearest.js");
          return nearestCodes(Float32Array.from(mu), z, 12);
        }""",
        [mu.ravel().tolist(), mu[400].tolist()],
    )
    distances = np.linalg.norm(mu.astype(np.float64) - mu[400], axis=1)
    expected = np.argsort(distances, kind="stable")[:12]
    assert [entry["index"] for entry in found] == expected.tolist()
    np.testing.assert_allclose([entry["distance"] for entry in found], distances[expected])


def test_normal_draws_are_normal_and_repeatable(modules):
    draws, again, other = modules.evaluate(
        """async () => {
          const { standardNormals } = await import("/maths/random.js");
          return [1, 1, 2].map(seed => Array.from(standardNormals(5001, seed)));
        }"""
    )
    assert draws == again
    assert draws != other
    assert stats.kstest(draws, "norm").pvalue > 0.01
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.05


def test_an_address_is_broken_into_lines_that_fit(modules):
    address = "http://localhost:8501/?dataset=digits&z=0.5,1&classes=" + "1234567890" * 9
    lines = modules.evaluate(
        """async (text) => {
          const { wrappedText } = await import("/parts/export.js");
          return wrappedText(text, 40, (line) => line.length);
        }""",
        address,
    )
    assert "".join(lines) == address
    assert max(map(len, lines)) <= 40
    assert lines[0].endswith("&")  # between two words where there are any
    assert modules.evaluate(
        """async () => {
          const { wrappedText } = await import("/parts/export.js");
          return wrappedText("one two three", 7, (line) => line.length);
        }"""
    ) == ["one two", "three"]


def test_csv_quotes_what_needs_it(modules):
    text = modules.evaluate(
        """async () => {
          const { csvOf } = await import("/parts/export.js");
          return csvOf(["a", "b, c"], [[1, 'say "x"'], [-0.5, "two\\nlines"]]);
        }"""
    )
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["a", "b, c"], ["1", 'say "x"'], ["-0.5", "two\nlines"]]


def test_a_recent_map_keeps_what_was_used_last(modules):
    found = modules.evaluate(
        """async () => {
          const { RecentMap } = await import("/maths/recent_map.js");
          const map = new RecentMap(3);
          const dropped = ["a", "b", "c"].flatMap((key) => map.set(key, key + key));
          const used = map.get("a");
          dropped.push(...map.set("d", "dd"), ...map.set("c", "cc"), ...map.set("e", "ee"));
          map.delete("e");
          return [dropped, used, map.size, ["a", "b", "c", "d", "e"].map((key) => map.get(key))];
        }"""
    )
    assert found == [["b", "a"], "aa", 2, [None, None, "cc", "dd", None]]
