"""The walk's and the ring's JavaScript, against numpy."""

import numpy as np

from explorer.roulette import ANGLES

VERTICES = [[0.0, 1.0], [2.0, 1.0], [2.0, 1.0], [2.0, -3.0], [-1.0, -2.5]]


def along(vertices: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Places at shares of a polyline's length, by numpy's interpolation."""
    lengths = np.concatenate([[0], np.linalg.norm(np.diff(vertices, axis=0), axis=1).cumsum()])
    return np.stack([np.interp(shares * lengths[-1], lengths, v) for v in vertices.T], axis=1)


def test_places_lie_in_equal_steps_along_the_way(modules):
    places, length, few = modules.evaluate(
        """async vertices => {
          const walk = await import("/maths/walk.js");
          return [Array.from(walk.placesOnPath(vertices, 100)), walk.pathLength(vertices),
                  walk.simplifiedPath(vertices, 4)];
        }""",
        VERTICES,
    )
    expected = along(np.array(VERTICES), np.linspace(0, 1, 101))
    np.testing.assert_allclose(np.reshape(places, (101, 2)), expected, atol=1e-6)
    np.testing.assert_allclose(length, 6 + np.hypot(3, 0.5))
    np.testing.assert_allclose(few, along(np.array(VERTICES), np.linspace(0, 1, 4)), atol=1e-9)


def test_a_path_without_length_stays_where_it_is(modules):
    places = modules.evaluate(
        """async () => {
          const walk = await import("/maths/walk.js");
          return Array.from(walk.placesOnPath([[1, 2], [1, 2]], 4));
        }"""
    )
    np.testing.assert_array_equal(np.reshape(places, (5, 2)), [[1, 2]] * 5)


def test_changes_are_euclidean_distances_of_neighbours(modules):
    means = np.random.default_rng(0).uniform(size=(21, 50)).astype(np.float32)
    means[7] = means[6]
    changes, largest = modules.evaluate(
        """async means => {
          const { largestStep, stepChanges } = await import("/maths/walk.js");
          const changes = stepChanges(Float32Array.from(means.flat()), 50);
          return [Array.from(changes), largestStep(changes)];
        }""",
        means.tolist(),
    )
    expected = np.linalg.norm(np.diff(means, axis=0), axis=1)
    np.testing.assert_allclose(changes, expected, rtol=1e-6)
    assert changes[6] == 0
    assert largest["step"] == expected.argmax()
    np.testing.assert_allclose(
        [largest["change"], largest["mean"]], [max(expected), expected.mean()]
    )


def test_a_ring_is_a_circle_and_its_cells_the_border_of_a_square(modules):
    points, cells = modules.evaluate(
        """async () => {
          const { ringCells, ringPoints } = await import("/maths/ring.js");
          return [Array.from(ringPoints([1, -2], 0.75)), ringCells()];
        }"""
    )
    angles = 2 * np.pi * np.arange(ANGLES) / ANGLES
    expected = [1, -2] + 0.75 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(np.reshape(points, (ANGLES, 2)), expected, atol=1e-6)
    places = [(cell["row"], cell["column"]) for cell in cells]
    border = {(r, c) for r in range(7) for c in range(7) if r in (0, 6) or c in (0, 6)}
    assert set(places) == border
    assert len(places) == ANGLES
    assert places[0] == (3, 6)
    steps = np.abs(np.diff([*places, places[0]], axis=0)).sum(axis=1)
    np.testing.assert_array_equal(steps, 1)  # each beside the one before
    assert places[6] == (0, 3)  # straight up


def test_verdicts_are_counted_with_those_off_the_data_apart(modules):
    rng = np.random.default_rng(0)
    batches = [
        {
            "labels": rng.integers(10, size=100).tolist(),
            "off": (rng.random(100) < 0.3).tolist(),
            "recognised": (rng.random(100) < 0.5).tolist(),
        }
        for _ in range(2)
    ]
    counts = modules.evaluate(
        """async batches => {
          const { countVerdicts } = await import("/maths/judged.js");
          return countVerdicts(batches, 150, 10);
        }""",
        batches,
    )
    labels, off, recognised = (
        np.concatenate([b[key] for b in batches])[:150] for key in ("labels", "off", "recognised")
    )
    is_read = recognised & ~off
    np.testing.assert_array_equal(counts["classes"], np.bincount(labels[is_read], minlength=10))
    assert counts["recognised"] == is_read.sum()
    assert counts["off"] == off.sum()


def test_answers_are_kept_by_weights_and_not_by_name(modules):
    """The same question of a model that was trained again is asked again."""
    asked, answers = modules.evaluate(
        """async () => {
          const { loadPriorBatch } = await import("/maths/judged.js");
          const asked = [];
          const { fetch } = window;
          window.fetch = async (url) => {
            asked.push(url);
            return new Response(JSON.stringify({ number: asked.length }));
          };
          const answers = [];
          for (const id of ["old", "old", "new"]) {
            answers.push((await loadPriorBatch({ id, name: "mnist/a" }, 3, 1)).number);
          }
          window.fetch = fetch;
          return [asked, answers];
        }"""
    )
    assert asked == ["judged/mnist/a/prior?seed=3&batch=1"] * 2
    assert answers == [1, 1, 2]


def test_the_typical_digit_is_nearest_to_the_average_of_all_models_that_recognise_any(modules):
    rng = np.random.default_rng(0)
    kept = rng.random((2, 12, 5))
    own = rng.random((2, 12)) < 0.7
    surveys = [
        {
            "digits": list(range(0, 120, 10)),
            "own": own[n].tolist(),
            "kept": [
                row if is_own else None
                for row, is_own in zip(kept[n].tolist(), own[n], strict=True)
            ],
            "offShares": kept[n].tolist(),
        }
        for n in range(2)
    ]
    grey = {**surveys[0], "own": [False] * 12, "kept": [None] * 12}
    typical, none, averages = modules.evaluate(
        """async ([surveys, grey]) => {
          const { typicalDigit, averageAround } = await import("/maths/survey.js");
          return [typicalDigit([surveys[0], grey, surveys[1]]), typicalDigit([grey]),
                  [...surveys, grey].map(averageAround)];
        }""",
        [surveys, grey],
    )
    means = [kept[n][own[n]].mean(axis=0) for n in range(2)]
    distances = sum(np.square(kept[n] - means[n]).sum(axis=1) for n in range(2))
    assert typical == 10 * np.where(own.all(axis=0), distances, np.inf).argmin()
    assert none is None
    for n in range(2):
        np.testing.assert_allclose(averages[n]["kept"], means[n])
        np.testing.assert_allclose(averages[n]["off"], kept[n].mean(axis=0))
        assert (averages[n]["digits"], averages[n]["classed"]) == (12, own[n].sum())
    assert averages[2]["kept"] is None


def test_a_view_is_widened_for_places_outside_it_and_keeps_the_others(modules):
    view = {"x": 1, "y": -2, "spanX": 4, "spanY": 10}
    same, wide = modules.evaluate(
        """async view => {
          const { viewWith } = await import("/maths/extent.js");
          return [viewWith(view, [[0, 0], [1, -4]], 0.1), viewWith(view, [[-5, 0], [1, 6]], 0.1)];
        }""",
        view,
    )
    assert same == view
    left, right, bottom, top = -5 - 0.4, 1 + 2, -2 - 5, 6 + 1
    expected = [(left + right) / 2, (bottom + top) / 2, right - left, top - bottom]
    np.testing.assert_allclose([wide[key] for key in ("x", "y", "spanX", "spanY")], expected)


def test_both_end_pictures_are_compared_over_all_pixels_and_coincide_within_half_a_grey(modules):
    means = np.random.default_rng(0).random((4, 9))
    nearly = means.copy()
    nearly[-1] = nearly[0] + 0.4 / 255
    apart, same = modules.evaluate(
        """async ([apart, same]) => {
          const { endDistance } = await import("/maths/walk.js");
          return [apart, same].map((means) => endDistance(Float32Array.from(means), 9));
        }""",
        [means.ravel().tolist(), nearly.ravel().tolist()],
    )
    np.testing.assert_allclose(apart, np.linalg.norm(means[-1] - means[0]), rtol=1e-6)
    assert same == 0
