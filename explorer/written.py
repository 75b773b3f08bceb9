"""How figures are written, in the terminal, on pages and in lessons alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def percent(share: float) -> str:
    """A share of 0 to 1 in per cent: "74 %", below ten "3.6 %"; "0 %" and "100 %" are exact.

    The space does not break. A share that is above 0 but would be written as 0 is "< 0.1 %", and
    one below 1 that would be written as 100 is "> 99 %".
    """
    value = 100 * share
    if 0 < value < 0.05:
        return "< 0.1\u00a0%"
    if 99.5 <= value < 100:
        return "> 99\u00a0%"
    return f"{value:.{int(0 < value < 9.95)}f}\u00a0%"


def is_at_cap(information: Mapping[str, float]) -> bool:
    """Whether an estimate cannot be told from the largest that there can be, to two decimals."""
    return information["nats"] > information["cap"] - 0.005


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"; nothing for none."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
