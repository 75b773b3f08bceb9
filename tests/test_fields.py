"""Fields against closed forms, finite differences, scikit-learn, and the judge itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity

from explorer.checkpoints import Checkpoint, Codes, load_checkpoint
from explorer.errors import BadSetting
from explorer.fields import (
    CELLS,
    Region,
    cell_edges,
    change_field,
    checked_region,
    class_field,
    code_bandwidth,
    density_field,
    grid_shape,
    latent_grid,
)
from explorer.judge import load_judge

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
TURN = np.array([[0.6, 0.8], [0.8, -0.6]], dtype=np.float32)  # with a reflection
REGION = Region(-2.0, 1.0, -1.5, 2.5)


def model_of(mu: np.ndarray, rotation: np.ndarray | None = None, decode=None) -> Checkpoint:
    """A model with such codes and, where it is needed, such a decoder."""
    codes = Codes(np.float32(mu), np.zeros_like(mu, dtype=np.float32), np.zeros(len(mu), np.uint8))
    checkpoint = Checkpoint("t/t", Path(), {}, codes, {}, 1.0, rotation=rotation)
    if decode is not None:
        checkpoint.__dict__["model"] = type("Decoding", (), {"decode": staticmethod(decode)})
    return checkpoint


def middles(region: Region) -> np.ndarray:
    """Displayed middles of all cells, (rows, columns, 2), computed cell by cell."""
    rows, columns = grid_shape(region)
    width = (region.right - region.left) / columns
    height = (region.top - region.bottom) / rows
    return np.array(
        [
            [
                (region.left + (column + 0.5) * width, region.top - (row + 0.5) * height)
                for column in range(columns)
            ]
            for row in range(rows)
        ]
    )


@pytest.mark.parametrize("aspect", [0.13, 0.5, 1.0, 1.7, 8.0])
def test_cells_are_nearly_square_and_about_as_many_as_there_should_be(aspect):
    region = Region(-1.0, -1.0 + 3 * aspect, 2.0, 5.0)
    rows, columns = grid_shape(region)
    assert rows * columns == pytest.approx(CELLS, rel=0.03)
    assert (3 * aspect / columns) / (3 / rows) == pytest.approx(1, rel=0.05)
    x, y = cell_edges(region)
    assert (x[0], x[-1], y[0], y[-1]) == (-1, pytest.approx(-1 + 3 * aspect), 5, 2)


def test_the_grid_is_turned_back_into_the_model_s_own_coordinates():
    own = latent_grid(model_of(np.zeros((1, 2)), TURN), REGION)
    np.testing.assert_allclose(own @ TURN, middles(REGION).reshape(-1, 2), atol=1e-6)
    plain = latent_grid(model_of(np.zeros((1, 2))), REGION)
    np.testing.assert_allclose(plain, middles(REGION).reshape(-1, 2), atol=1e-6)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ((1, 1), (0, 1)),
        ((1, 0), (0, 1)),
        ((0, 1), (5, 4)),
        ((0, 1), (0, 9)),
        ((0, 9), (0, 1)),
        ((0, 1e-5), (0, 1e-5)),
        ((float("nan"), 1), (0, 1)),
    ],
)
def test_a_region_that_is_no_picture_s_is_refused(x, y):
    with pytest.raises(BadSetting, match="allowed"):
        checked_region(x, y)


def test_change_of_a_linear_decoder_is_its_largest_singular_value():
    matrix = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)

    def decode(z: torch.Tensor) -> torch.Tensor:
        return (z @ torch.from_numpy(matrix)).reshape(-1, 1, 5, 6)

    field = change_field(model_of(np.zeros((3, 2)), TURN, decode), REGION)
    assert field.shape == grid_shape(REGION)
    assert field.dtype == np.float32
    np.testing.assert_allclose(field, np.linalg.svd(matrix)[1][0], rtol=1e-5)


def test_change_of_a_turned_member_is_what_finite_differences_say():
    member = replace(load_checkpoint("digits/vae-2d", SHIPPED), rotation=TURN)
    field = change_field(member, REGION)
    for row, column in ((0, 0), (11, 40), (45, 7), (-1, -1)):
        place = middles(REGION)[row, column]
        # The longest step of the picture around the point, of 720 directions; in single precision
        # a smaller one would be lost in its rounding.
        angles = np.linspace(0, np.pi, 720)
        steps = 1e-3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        ends = np.stack([place + steps, place - steps]) @ member.rotation.T.astype(float)
        pictures = member.model.decode(torch.tensor(ends.reshape(-1, 2), dtype=torch.float32))
        there, back = pictures.numpy().reshape(2, 720, -1)
        expected = np.linalg.norm(there - back, axis=1).max() / 2e-3
        assert field[row, column] == pytest.approx(expected, rel=2e-3)


def test_density_is_scikit_learn_s_averaged_over_each_cell():
    rng = np.random.default_rng(1)
    mu = np.concatenate([rng.normal(size=(60, 2)), [1, -1] + 0.3 * rng.normal(size=(40, 2))])
    field = density_field(model_of(mu, TURN), REGION)
    kernel = KernelDensity(bandwidth=code_bandwidth(np.float32(mu))).fit(np.float32(mu) @ TURN)
    x, y = cell_edges(REGION)
    fine = 24  # points a side of a cell
    for row, column in ((3, 5), (30, 30), (60, 12), (20, 50)):
        across = np.linspace(x[column], x[column + 1], 2 * fine + 1)[1::2]
        down = np.linspace(y[row + 1], y[row], 2 * fine + 1)[1::2]
        points = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        expected = 100 * np.exp(kernel.score_samples(points)).mean()
        assert field[row, column] == pytest.approx(expected, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("spread", [1.0, 1e-6])  # also where all codes are one point
def test_no_code_is_lost(spread):
    mu = spread * np.random.default_rng(2).normal(size=(500, 2))
    region = Region(-8.0, 8.0, -7.0, 9.0)
    rows, columns = grid_shape(region)
    field = density_field(model_of(mu), region)
    assert field.sum() * 16 * 16 / (rows * columns) == pytest.approx(100, rel=1e-4)


def test_bandwidth_is_half_of_scott_s_and_strays_do_not_widen_it():
    rng = np.random.default_rng(3)
    mu = 2 * rng.normal(size=(4000, 2))
    scott = 4000 ** (-1 / 6) * 2
    assert code_bandwidth(mu) == pytest.approx(scott / 2, rel=0.05)
    mu[:200] *= 100
    assert code_bandwidth(mu) == pytest.approx(scott / 2, rel=0.15)
    assert code_bandwidth(np.zeros((50, 2))) > 0


def test_classes_are_the_judge_s_own_verdicts_on_the_decoded_middles():
    member = load_checkpoint("digits/beta-2d", SHIPPED).members[1]
    judge = load_judge("digits", SHIPPED)
    field = class_field(member, judge, REGION)
    assert field.labels.shape == field.confidence.shape == field.is_off.shape == grid_shape(REGION)
    cells = np.random.default_rng(4).integers(0, field.labels.size, 60)
    z = middles(REGION).reshape(-1, 2)[cells] @ member.rotation.T
    verdict = judge.judge(member.model.decode(torch.tensor(z, dtype=torch.float32)))
    sure = np.abs(verdict.confidence - 0.5) > 0.01  # no tie that rounding could turn
    assert (field.labels.ravel()[cells] == verdict.labels)[sure].all()
    np.testing.assert_allclose(field.confidence.ravel()[cells], verdict.confidence, atol=1e-4)
    # Features are kept in half precision: a few pictures at a ball's very edge may change sides.
    assert (field.is_off.ravel()[cells] != verdict.is_off).mean() < 0.05
    assert len(np.unique(field.labels)) > 2
