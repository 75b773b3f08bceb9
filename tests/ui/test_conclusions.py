"""Conclusions: each figure is the model's, and whatever the figures are the sentence stays true."""

import pytest

from explorer.ui.conclusions import compared, over_beta


def measures(share: float, step: float | None, nats: float, width: float = 0.01) -> dict:
    """A model's figures, as far as a conclusion reads them."""
    prior = {
        "recognised": share,
        "recognised_low": max(0, share - width),
        "recognised_high": min(1, share + width),
        "effective_classes": 10 * share,
    }
    return {
        "completeness": {"prior": prior},
        "continuity": {"step_median": step, "no_change": float(step is None)},
        "information": {"nats": nats, "cap": 9.21034},
    }


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_three_objectives():
    found = compared(
        {
            "Reconstruction only": measures(0.69, 0.29, 9.209),
            "KL only": measures(0, None, 0),
            "Both": measures(0.742, 0.095, 6.92),
        }
    )
    assert plain(found) == (
        "The judge recognises most samples of Both (74 %, spread over 7.4 classes), fewer of "
        "Reconstruction only (69 %, spread over 6.9 classes) and KL only (0 %); walks have the "
        "smallest steps in Both (9.5 %), larger ones in Reconstruction only (29 %); KL only does "
        "not change on most walks, which is nothing good: its codes carry 0.00 nats of information."
    )


def test_what_lies_within_the_error_is_not_ranked():
    found = plain(compared({"A": measures(0.51, 0.02, 2), "B": measures(0.5, 0.03, 2)}))
    assert "of A (51 %, spread over 5.1 classes) and B (50 %, spread over 5.0 classes);" in found
    assert "fewer" not in found
    members = [measures(share, 0.02, 2) for share in (0.3, 0.5, 0.51, 0.49)]
    assert "at β = 1, 2 and 4: 50 %, 51 % and 49 %;" in plain(over_beta([0, 1, 2, 4], members))


def test_a_walk_or_two_that_change_are_no_step():
    members = [measures(0.4, 0.1, 6), measures(0, 0.01, 0)]
    members[1]["continuity"]["no_change"] = 0.999
    found = plain(over_beta([1, 60], members))
    assert "the largest step" not in found
    assert "from β = 60 on nothing changes on most walks" in found
    table = plain(compared({"Alive": members[0], "Dead": members[1]}))
    assert "Dead does not change on most walks" in table


@pytest.mark.parametrize("count", [1, 2])
def test_where_nothing_is_recognised_nothing_is_compared(count: int):
    models = {str(n): measures(0, None, 0) for n in range(count)}
    assert "no sample of the prior in any" in compared(models)
    assert "no sample of the prior of any" in over_beta(range(count), list(models.values()))


def test_a_family_from_order_to_collapse():
    members = [
        measures(0.2, 0.3, 9.209),
        measures(0.42, 0.1, 6.5),
        measures(0.3, 0.02, 2),
        measures(0, None, 0),
        measures(0, None, 0),
    ]
    assert plain(over_beta([0, 1, 4, 32, 45], members)) == (
        "The judge recognises most samples at \u03b2 = 1: 42 %; from \u03b2 = 0 to 4 the largest "
        "step of a walk goes from 30 % to 2.0 % of the way, and information from 9.21 (its cap) to "
        "2.00 nats; from \u03b2 = 32 on nothing changes on most walks, and 0 % of the samples are "
        "recognised."
    )


def test_a_family_that_never_collapses_says_nothing_of_a_collapse():
    found = over_beta([0, 1], [measures(0.2, 0.3, 9), measures(0.4, 0.1, 6)])
    assert "nothing changes" not in found
