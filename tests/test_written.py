"""Figures in words: shares keep what is exact, lists read as a sentence."""

import pytest

from explorer.written import is_at_cap, listed, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0001, "< 0.1 %"),
        (0.0362, "3.6 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.742, "74 %"),
        (0.9949, "99 %"),
        (0.996, "> 99 %"),
        (1, "100 %"),
        (1.203, "120 %"),
    ],
)
def test_shares_are_per_cent(share: float, text: str):
    assert percent(share) == text.replace(" %", "\u00a0%")


def test_an_estimate_is_at_its_cap_where_two_decimals_do_not_tell_them_apart():
    assert is_at_cap({"nats": 9.209, "cap": 9.2103})
    assert not is_at_cap({"nats": 9.2, "cap": 9.2103})


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_are_listed(names: list[str], text: str):
    assert listed(names) == text
