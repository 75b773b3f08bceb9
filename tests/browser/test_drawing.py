"""Drawn digits alone in a browser's page: place and size against numpy, codes against Python."""

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from scipy import ndimage

from tests.browser.shipped import load

# Strokes in the pad's unit square, y downwards.
ANGLES = np.radians(np.linspace(0, 360, 60))
ZERO = [np.stack([0.5 + 0.15 * np.cos(ANGLES), 0.5 + 0.3 * np.sin(ANGLES)], axis=1).tolist()]
SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]
FOUR = [[[0.4, 0.2], [0.35, 0.5], [0.7, 0.5]], [[0.62, 0.2], [0.58, 0.8]]]
FLAT_TAIL = [[[0.1, 0.5], [0.9, 0.5]], [[0.82, 0.45], [0.9, 0.55]]]
DRAWINGS = {"zero": ZERO, "seven": SEVEN, "four": FOUR, "tail": FLAT_TAIL, "dot": [[[0.2, 0.9]]]}


def digit_of(page, strokes: list, size: int) -> np.ndarray:
    """What the model sees of strokes, (size, size)."""
    pixels = page.evaluate(
        """async ([strokes, size]) => {
          const { digitOfStrokes } = await import("/maths/drawing.js");
          return Array.from(digitOfStrokes(strokes, size));
        }""",
        [strokes, size],
    )
    return np.reshape(pixels, (size, size))


def normalised(page, image: np.ndarray, size: int) -> np.ndarray | None:
    """A grey image (H, W) in the place and size of the data set's digits."""
    pixels = page.evaluate(
        """async ([image, width, height, size]) => {
          const { normaliseDigit } = await import("/maths/drawing.js");
          const pixels = normaliseDigit(Float32Array.from(image), width, height, size);
          return pixels && Array.from(pixels);
        }""",
        [image.ravel().tolist(), image.shape[1], image.shape[0], size],
    )
    return None if pixels is None else np.reshape(pixels, (size, size))


def ink_box(image: np.ndarray) -> tuple[slice, slice]:
    return ndimage.find_objects((image > 0).astype(int))[0]


def sides(image: np.ndarray) -> tuple[int, int]:
    rows, columns = ink_box(image)
    return rows.stop - rows.start, columns.stop - columns.start


def area_averaged(ink: np.ndarray, side: int) -> np.ndarray:
    """An image whose larger side becomes `side` pixels, by averaging blocks of subpixels."""
    block = max(ink.shape)
    fine = np.kron(ink, np.ones((side, side)))  # a pixel of the result is block x block of these
    fine = np.pad(fine, [(0, -length % block) for length in fine.shape])
    rows, columns = (length // block for length in fine.shape)
    return fine.reshape(rows, block, columns, block).mean(axis=(1, 3))


@pytest.mark.parametrize("shape", [(80, 40), (50, 131), (9, 7), (61, 61)])
def test_mnist_size_and_place_of_an_image_equal_numpy(modules, shape):
    rng = np.random.default_rng(sum(shape))
    ink = rng.uniform(0.2, 1, size=shape) * (rng.uniform(size=shape) < 0.6)
    ink[0, 0] = ink[-1, -1] = 1  # so that the ink's box is the whole of it
    expected = area_averaged(ink, 20)
    centre = np.array(ndimage.center_of_mass(expected))
    corner = np.round(14 - centre).astype(int)
    expected = np.pad(
        expected, [(c, 28 - c - n) for c, n in zip(corner, expected.shape, strict=True)]
    )
    image = np.pad(ink, [(3, 17), (20, 5)])  # where it lies in the image does not matter
    np.testing.assert_allclose(normalised(modules, image, 28), expected, atol=1e-5)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_lies_as_mnists_digits_do(modules, name):
    digit = digit_of(modules, DRAWINGS[name], 28)
    assert digit.min() >= 0
    assert 0.5 < digit.max() <= 1
    assert max(sides(digit)) == 20
    points = np.concatenate(DRAWINGS[name])
    extent = np.ptp(points, axis=0)
    pen = 2.6 / 17.4 * max(*extent, 0.1)  # of MNIST's 20 pixels, half a pen is off each end
    width, height = extent + pen
    natural = 20 * np.array([height, width]) / max(height, width)
    np.testing.assert_allclose(sides(digit), natural, atol=1.01)
    if name != "tail":  # the centre of its mass is so far off that its ink would leave the frame
        np.testing.assert_allclose(ndimage.center_of_mass(digit), (14, 14), atol=0.5 + 1e-6)


def test_ink_never_leaves_the_frame(modules):
    image = np.full((10, 200), 0.02)
    image[:, 190:] = 1
    digit = normalised(modules, image, 28)
    assert sides(digit) == (1, 20)
    assert digit.sum() == pytest.approx(area_averaged(image, 20).sum(), rel=1e-5)


def test_real_mnist_digits_come_back_as_they_are(modules, mnist):
    """Upscaled and off-centre; a pixel's shift where their makers rounded the other way."""
    is_same = []
    for digit in mnist.test_images[:60, 0].numpy():
        image = np.pad(np.kron(digit, np.ones((4, 4))), [(31, 2), (0, 50)])
        again = normalised(modules, image, 28)
        shifts = [np.roll(again, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
        assert min(np.abs(shifted - digit).max() for shifted in shifts) < 1e-5
        is_same.append(np.abs(again - digit).max() < 1e-5)
    assert np.mean(is_same) >= 0.95


def test_strokes_are_as_thick_as_mnists(modules, mnist):
    labels = mnist.test_labels.numpy()
    for label, strokes in ((0, ZERO), (4, FOUR), (7, SEVEN)):
        inks = mnist.test_images[labels == label].mean(dim=(1, 2, 3)).numpy()
        low, high = np.quantile(inks, [0.1, 0.9])
        assert low < digit_of(modules, strokes, 28).mean() < high, label


@pytest.mark.parametrize("size", [28, 8])
def test_size_and_place_on_the_pad_do_not_matter(modules, size):
    large = digit_of(modules, FOUR, size)
    small = [[[0.05 + 0.4 * x, 0.5 + 0.4 * y] for x, y in stroke] for stroke in FOUR]
    np.testing.assert_allclose(digit_of(modules, small, size), large, atol=0.02)


def test_a_drawing_lies_as_scikit_learns_digits_do(modules):
    for strokes in (ZERO, SEVEN, FOUR):
        digit = digit_of(modules, strokes, 8)
        (rows, columns) = ink_box(digit)
        assert (rows.start, rows.stop) == (0, 8)
        assert columns.start >= 1
        assert columns.stop <= 7
    wide = [[[x * 1.5 - 0.25, y] for x, y in stroke] for stroke in ZERO]
    assert digit_of(modules, wide, 8).max(axis=0)[[0, 7]].tolist() == [0, 0]
    assert digit_of(modules, [[[0.2, 0.5], [0.8, 0.5]]], 8)[[0, 7]].max() == 0  # a dash stays flat


def test_slant_is_sheared_away_for_scikit_learns_digits_only(modules):
    slanted = [[[0.65, 0.2], [0.35, 0.8]]]

    def lean(size: int) -> float:
        """Between the columns where the ink of the top and of the bottom begins, in heights."""
        digit = digit_of(modules, slanted, size)
        rows, _ = ink_box(digit)
        first = [np.argmax(row > 0.15) for row in digit[[rows.start, rows.stop - 1]]]
        edges = [
            n + 1 - digit[row, n] for n, row in zip(first, (rows.start, rows.stop - 1), strict=True)
        ]
        return (edges[0] - edges[1]) / (rows.stop - rows.start)

    assert lean(8) == pytest.approx(0, abs=0.05)  # the data set's own: 0.00, spread 0.03
    assert lean(28) > 0.35


def test_a_line_has_the_area_of_its_pen(modules):
    length, pen = 0.6, 0.1
    image = modules.evaluate(
        """async ([length, pen]) => {
          const { rasteriseStrokes } = await import("/maths/drawing.js");
          const strokes = [[[0.1, 0.2], [0.1 + 0.6 * length, 0.2 + 0.8 * length]]];
          const { pixels, width, height } = rasteriseStrokes(strokes, pen);
          return { pixels: Array.from(pixels), width, height };
        }""",
        [length, pen],
    )
    scale = 80 / (0.8 * length + pen)  # pixels in a unit
    assert image["height"] == 80
    assert image["width"] == np.ceil((0.6 * length + pen) * scale)
    area = (length * pen + np.pi * pen**2 / 4) * scale**2
    assert sum(image["pixels"]) == pytest.approx(area, rel=0.01)


def test_nothing_drawn_is_null_and_other_sizes_are_refused(modules):
    assert normalised(modules, np.zeros((30, 30)), 28) is None
    assert modules.evaluate(
        """async () => {
          const { digitOfStrokes } = await import("/maths/drawing.js");
          return [[], [[]]].map(strokes => digitOfStrokes(strokes, 28));
        }"""
    ) == [None, None]
    message = modules.evaluate(
        """async () => {
          const { digitOfStrokes } = await import("/maths/drawing.js");
          try { digitOfStrokes([[[0, 0]]], 16); } catch (error) { return error.message; }
        }"""
    )
    assert "8 or 28" in message
    assert "16" in message


ENCODE = """async ([prefix, images]) => {
  const { SafetensorsFile } = await import("/maths/safetensors.js");
  const { Encoder } = await import("/maths/encoder.js");
  const file = await SafetensorsFile.open("/model.safetensors");
  const encoder = Encoder.fromTensors(await file.read(file.names(prefix + "encoder.")), prefix);
  return images.map(pixels => {
    const { mu, logvar } = encoder.encode(Float32Array.from(pixels));
    return [Array.from(mu), Array.from(logvar)];
  });
}"""


@pytest.mark.parametrize(
    ("name", "member", "size"),
    [
        ("mnist/vae-2d", None, 28),
        ("mnist/vae-20d", None, 28),
        ("mnist/beta-20d", 4, 28),
        ("digits/vae-2d", None, 8),
    ],
)
def test_codes_of_drawings_are_those_of_python(modules, name, member, size):
    checkpoint, prefix = load(name), ""
    if member is not None:
        prefix, checkpoint = f"{member:02}.", checkpoint.members[member]
    modules.served["model.safetensors"] = (checkpoint.path / "model.safetensors").read_bytes()
    noise = np.random.default_rng(0).uniform(size=(5, size, size))
    drawn = [digit_of(modules, strokes, size) for strokes in DRAWINGS.values()]
    images = np.float32([*drawn, *noise])
    codes = modules.evaluate(ENCODE, [prefix, images.reshape(len(images), -1).tolist()])
    with torch.no_grad():
        expected = checkpoint.model.encode(torch.from_numpy(images[:, None]))
    for n in range(2):  # mu, logvar
        np.testing.assert_allclose([code[n] for code in codes], expected[n].numpy(), atol=1e-3)


def test_log_variances_stay_within_pythons_bounds(modules):
    biases = np.float32([30, -70, 50, -40, 3, 20.5])  # mu 30, -70, 50; logvar -40, 3, 20.5
    modules.served["model.safetensors"] = save(
        {"encoder.0.weight": np.zeros((6, 4), np.float32), "encoder.0.bias": biases}
    )
    assert modules.evaluate(ENCODE, ["", [[1, 0, 1, 0]]]) == [[[30, -70, 50], [-20, 3, 20]]]


def test_an_image_of_another_size_is_refused(modules):
    modules.served["model.safetensors"] = save(
        {
            "encoder.0.weight": np.zeros((4, 64), np.float32),
            "encoder.0.bias": np.zeros(4, np.float32),
        }
    )
    message = modules.evaluate(
        f"images => ({ENCODE})(images).catch(e => e.message)", ["", [[0] * 784]]
    )
    assert "64 pixels, not 784" in message
