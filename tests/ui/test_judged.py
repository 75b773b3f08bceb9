"""Verdicts over HTTP: what is asked for, as the library has it, and nonsense refused in words."""

import asyncio
import json

import numpy as np
import pytest
from starlette.requests import Request
from starlette.responses import Response

from explorer.checkpoints import load_checkpoint
from explorer.judge import load_judge
from explorer.roulette import explained, judged, neighbourhood, prior_batch, survey
from explorer.ui.judged import judge_facts, judged_routes
from tests.conftest import REPOSITORY

ROOT = REPOSITORY / "checkpoints"


def get(path: str) -> Response:
    """Ask the route, which must be the one for such a path."""
    path, _, query = path.partition("?")
    (route,) = judged_routes()
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    _, found = route.matches(scope)
    return asyncio.run(route.endpoint(Request({**scope, "headers": [], **found})))


def assert_same(answer: dict, expected, checkpoint, judge) -> None:
    why = explained(checkpoint.model, judge, expected)
    nearest = np.array(answer["nearest"])
    np.testing.assert_array_equal(nearest[expected.is_off], why.nearest)
    assert (nearest[~expected.is_off] == -1).all()
    blurred = np.array(answer["blurred"])
    np.testing.assert_array_equal(blurred[expected.is_off], why.is_blurred)
    assert not blurred[~expected.is_off].any()
    np.testing.assert_array_equal(np.array(answer["z"], dtype=np.float32), expected.z)
    np.testing.assert_array_equal(answer["labels"], expected.labels)
    np.testing.assert_allclose(answer["confidence"], expected.confidence, atol=1e-4)
    np.testing.assert_array_equal(answer["recognised"], expected.is_recognised)
    np.testing.assert_array_equal(answer["off"], expected.is_off)


@pytest.mark.parametrize("name", ["reconstruction-2d", "kl-2d", "vae-2d"])
def test_a_batch_of_the_prior_is_the_library_s(name):
    answer = json.loads(get(f"/judged/digits/{name}/prior?seed=7&batch=1").body)
    checkpoint, judge = load_checkpoint(f"digits/{name}", ROOT), load_judge("digits", ROOT)
    assert_same(answer, judged(checkpoint.model, judge, prior_batch(7, 1)), checkpoint, judge)


def test_what_lies_around_a_digit_is_the_library_s():
    answer = json.loads(get("/judged/digits/vae-2d/around?digit=11").body)
    checkpoint, judge = load_checkpoint("digits/vae-2d", ROOT), load_judge("digits", ROOT)
    expected = neighbourhood(checkpoint.model, judge, checkpoint.codes.mu[11])
    assert_same(answer, expected.rings, checkpoint, judge)
    assert_same(answer["centre"], expected.centre, checkpoint, judge)
    np.testing.assert_allclose(answer["kept"], expected.kept)
    np.testing.assert_allclose(answer["offShares"], expected.off)


@pytest.mark.parametrize("name", ["kl-2d", "vae-2d"])
def test_a_survey_is_the_library_s_with_nothing_for_a_code_without_a_class(name):
    answer = json.loads(get(f"/judged/digits/{name}/many").body)
    checkpoint = load_checkpoint(f"digits/{name}", ROOT)
    codes = checkpoint.codes
    expected = survey(checkpoint.model, load_judge("digits", ROOT), codes.mu, codes.labels)
    np.testing.assert_array_equal(answer["digits"], expected.digits)
    np.testing.assert_array_equal(answer["own"], expected.is_own)
    np.testing.assert_allclose(answer["offShares"], expected.off)
    for row, kept in zip(answer["kept"], expected.kept, strict=True):
        assert (row is None) == np.isnan(kept).all()
        if row is not None:
            np.testing.assert_allclose(row, kept)


def test_around_a_picture_off_the_data_no_class_is_kept():
    assert json.loads(get("/judged/digits/kl-2d/around?digit=3").body)["kept"] is None


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("digits/vae-2d/prior?seed=1", 400, "batch must be a whole number"),
        ("digits/vae-2d/prior?seed=-1&batch=0", 400, "seed must be a whole number"),
        ("digits/vae-2d/prior?seed=1.5&batch=0", 400, "seed must be a whole number"),
        ("digits/vae-2d/prior?seed=٣&batch=0", 400, "seed must be a whole number"),
        ("digits/vae-2d/prior?seed=1000&batch=0", 400, "they go from 0 to 999"),
        ("digits/vae-2d/prior?seed=0&batch=10", 400, "they go from 0 to 9"),
        ("digits/vae-2d/around?digit=360", 400, "they go from 0 to 359"),
        ("digits/vae-2d/around", 400, "digit must be a whole number"),
        ("digits/vae-20d/prior?seed=0&batch=0", 400, "not a model of two dimensions"),
        ("digits/beta-2d/prior?seed=0&batch=0", 400, "not a model of two dimensions"),
        ("digits/none/prior?seed=0&batch=0", 404, "No such model"),
        ("digits/judge/prior?seed=0&batch=0", 404, "No such model"),
        ("nowhere/vae-2d/prior?seed=0&batch=0", 404, "No such model"),
        ("digits/vae-2d/secrets?seed=0&batch=0", 404, "Only prior, around, many"),
    ],
)
def test_nonsense_is_refused_with_the_reason(path, status, reason):
    answer = get(f"/judged/{path}")
    assert answer.status_code == status
    assert reason in answer.body.decode()


def test_without_a_judge_the_answer_says_how_to_train_one(small_zoo, monkeypatch):
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(small_zoo))
    answer = get("/judged/digits/vae-2d/prior?seed=0&batch=0")
    assert answer.status_code == 404
    assert "python train.py --dataset digits --models judge" in answer.body.decode()
    assert str(small_zoo) not in answer.body.decode()
    assert judge_facts("digits") is None


def test_the_judge_s_facts_are_its_measures():
    judge = load_judge("digits", ROOT)
    facts = judge_facts("digits")
    assert facts == {
        "samples": judge.measures["samples"],
        "real": judge.measures["real"]["recognised"],
    }
