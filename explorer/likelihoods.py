"""Which sigma a squared error stands for, and which beta a sigma.

A Gaussian decoder's -ELBO is SSE / (2 sigma^2) + KL and a constant, SSE the squared error summed
over P pixels. A loss that writes the error with another factor has the same minima for one sigma.
"""

from __future__ import annotations

import math

from explorer.errors import BadSetting


def beta_of_sigma(sigma: float, *, factor: float = 1.0, averaged_pixels: int = 1) -> float:
    """The beta for which factor * SSE / P + beta * KL has the minima of a decoder with this sigma.

    SSE / (2 sigma^2) + KL, times 2 sigma^2 factor / P, is factor * SSE / P + beta * KL with
    beta = 2 sigma^2 factor / P: 2 sigma^2 for the plain sum of squares, sigma^2 with a factor 1/2
    before it. P is 1 where the error is summed.
    """
    _check_positive("sigma", sigma)
    _check_positive("factor", factor)
    return 2 * sigma**2 * factor / averaged_pixels


def sigma_of_beta(beta: float = 1.0, *, factor: float = 1.0, averaged_pixels: int = 1) -> float:
    """The sigma of a loss factor * SSE / P + beta * KL: sqrt(beta P / (2 factor)).

    The plain sum has 1 / sqrt(2) at beta = 1, a mean over 784 pixels sqrt(392) = 19.8.
    """
    _check_positive("beta", beta)
    _check_positive("factor", factor)
    return math.sqrt(beta * averaged_pixels / (2 * factor))


def best_sigma(squared_error: float, pixels: int) -> float:
    """The sigma with the least -log p(x|z): the root of the mean squared error over pixels."""
    _check_positive("squared error", squared_error)
    return math.sqrt(squared_error / pixels)


def _check_positive(name: str, value: float) -> None:
    if not (value > 0 and math.isfinite(value)):
        raise BadSetting(f"The {name} is {value}; allowed: a number above 0.")
