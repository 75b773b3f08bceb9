"""Judged pictures: the same points for everybody, verdicts as the judge gives them, rings."""

import numpy as np
import pytest
import torch

from explorer.checkpoints import load_checkpoint
from explorer.judge import load_judge
from explorer.off_data import reasons
from explorer.roulette import (
    ANGLES,
    BATCH,
    MAX_FALLEN,
    MAX_SEED,
    RADII,
    SURVEY_ANGLES,
    explained,
    judged,
    neighbourhood,
    prior_batch,
    rings,
    survey,
)
from explorer.verdicts import NO_DIGIT
from tests.conftest import REPOSITORY

ROOT = REPOSITORY / "checkpoints"
NAMES = ("reconstruction-2d", "kl-2d", "vae-2d")


@pytest.fixture(scope="module")
def judge():
    return load_judge("digits", ROOT)


def test_a_batch_is_standard_normal_and_depends_on_its_arguments_alone():
    draws = np.concatenate([prior_batch(3, n) for n in range(MAX_FALLEN // BATCH)])
    assert draws.shape == (MAX_FALLEN, 2)
    assert draws.dtype == np.float32
    np.testing.assert_array_equal(draws[BATCH : 2 * BATCH], prior_batch(3, 1))
    assert len(np.unique(draws, axis=0)) == MAX_FALLEN
    assert np.abs(draws.mean(axis=0)).max() < 0.12  # 0.03 is one standard error
    np.testing.assert_allclose(np.cov(draws.T), np.eye(2), atol=0.15)
    assert not np.array_equal(prior_batch(4, 1), prior_batch(3, 1))


@pytest.mark.parametrize(
    ("seed", "batch"), [(-1, 0), (MAX_SEED, 0), (0, -1), (0, MAX_FALLEN // BATCH)]
)
def test_a_batch_that_there_is_not_is_refused(seed, batch):
    with pytest.raises(ValueError, match="they go from 0 to"):
        prior_batch(seed, batch)


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_are_the_judge_s_own(judge, name):
    model = load_checkpoint(f"digits/{name}", ROOT).model
    z = prior_batch(0, 0)
    found = judged(model, judge, z)
    images = model.decode(torch.from_numpy(z))
    probabilities = judge.look(images)[1]
    np.testing.assert_array_equal(found.z, z)
    np.testing.assert_array_equal(found.labels, probabilities.argmax(axis=1))
    np.testing.assert_allclose(found.confidence, probabilities.max(axis=1))
    np.testing.assert_array_equal(found.is_off, probabilities[:, NO_DIGIT] > 0.5)
    np.testing.assert_array_equal(found.is_recognised, probabilities[:, :10].max(axis=1) > 0.9)


def test_digits_lie_on_the_data_and_an_untrained_decoder_s_grey_off_it(judge):
    shares = {
        name: judged(load_checkpoint(f"digits/{name}", ROOT).model, judge, prior_batch(0, 0)).is_off
        for name in ("vae-2d", "kl-2d")
    }
    assert shares["vae-2d"].mean() <= 0.05
    assert shares["kl-2d"].all()


def test_what_is_off_the_data_is_explained_in_its_order(judge):
    model = load_checkpoint("digits/kl-2d", ROOT).model
    found = judged(model, judge, prior_batch(0, 0))
    found = found._replace(is_off=np.arange(BATCH) % 3 == 0)
    images = model.decode(torch.from_numpy(found.z[::3]))
    why = explained(model, judge, found)
    np.testing.assert_array_equal(why.nearest, reasons(judge, images).nearest)
    assert why.is_blurred.shape == (34,)


def test_rings_lie_on_their_circles_and_go_anticlockwise_from_the_right():
    centre = np.array([3.0, -2.0], dtype=np.float32)
    points = rings(centre).reshape(len(RADII), ANGLES, 2) - centre
    distances = np.linalg.norm(points, axis=2)
    np.testing.assert_allclose(distances, np.tile(np.array(RADII)[:, None], ANGLES), atol=1e-6)
    angles = np.arctan2(points[..., 1], points[..., 0]) % (2 * np.pi)
    angles[:, 0] %= 2 * np.pi - 1e-4  # rounding may leave the first a hair below 0
    np.testing.assert_allclose(np.diff(angles[:, 1:], axis=1), 2 * np.pi / ANGLES, atol=1e-4)
    np.testing.assert_allclose(points[:, 0, 0], RADII, atol=1e-6)
    assert (RADII[0], RADII[-1]) == (0.125, 3)


def test_rings_of_several_codes_are_those_of_each_in_turn():
    centres = np.array([[3.0, -2.0], [0.5, 1.0]], dtype=np.float32)
    each = [rings(centre, SURVEY_ANGLES) for centre in centres]
    np.testing.assert_array_equal(rings(centres, SURVEY_ANGLES), np.concatenate(each))


@pytest.mark.parametrize("name", ["reconstruction-2d", "vae-2d"])
def test_shares_around_a_code_follow_from_the_verdicts(judge, name):
    checkpoint = load_checkpoint(f"digits/{name}", ROOT)
    centre = checkpoint.codes.mu[11]
    found = neighbourhood(checkpoint.model, judge, centre)
    images = checkpoint.model.decode(torch.from_numpy(np.stack([centre])))
    assert found.centre.labels[0] == judge.judge(images).labels[0]
    verdict = judge.judge(checkpoint.model.decode(torch.from_numpy(rings(centre))))
    for n in range(len(RADII)):
        ring = slice(n * ANGLES, (n + 1) * ANGLES)
        assert found.kept[n] == np.mean(verdict.labels[ring] == found.centre.labels[0])
        assert found.off[n] == np.mean(verdict.is_off[ring])


def test_what_is_off_the_data_is_never_kept(judge):
    found = neighbourhood(load_checkpoint("digits/vae-2d", ROOT).model, judge, np.array([0.0, 0.0]))
    assert (found.kept + found.off <= 1).all()
    untrained = load_checkpoint("digits/kl-2d", ROOT)
    found = neighbourhood(untrained.model, judge, untrained.codes.mu[0])
    assert found.centre.is_off.all()
    assert found.kept is None  # there is no class to be kept
    assert found.off.min() == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_survey_is_made_of_the_digits_neighbourhoods(judge, name):
    checkpoint = load_checkpoint(f"digits/{name}", ROOT)
    codes, decode = checkpoint.codes, checkpoint.model.decode
    found = survey(checkpoint.model, judge, codes.mu, codes.labels)
    assert (len(found.digits), found.digits[0], found.digits[-1]) == (50, 0, len(codes.mu) - 1)
    assert set(np.diff(found.digits)) <= {7, 8}  # 359 / 49
    for n, digit in enumerate(found.digits):
        code = codes.mu[digit]
        centre = judge.judge(decode(torch.from_numpy(code[None])))
        around = judge.judge(decode(torch.from_numpy(rings(code, SURVEY_ANGLES))))
        is_sure = centre.confidence[0] > 0.9
        assert found.is_own[n] == (centre.labels[0] == codes.labels[digit] and is_sure)
        labels = around.labels.reshape(len(RADII), SURVEY_ANGLES)
        kept = np.full(len(RADII), np.nan)
        if centre.labels[0] != NO_DIGIT:
            kept = (labels == centre.labels[0]).mean(axis=1)
        np.testing.assert_array_equal(found.kept[n], kept)
        is_off = around.is_off.reshape(len(RADII), SURVEY_ANGLES)
        np.testing.assert_array_equal(found.off[n], is_off.mean(axis=1))


def test_few_codes_are_surveyed_once_each(judge):
    checkpoint = load_checkpoint("digits/vae-2d", ROOT)
    codes = checkpoint.codes
    found = survey(checkpoint.model, judge, codes.mu[:3], codes.labels[:3])
    np.testing.assert_array_equal(found.digits, [0, 1, 2])
