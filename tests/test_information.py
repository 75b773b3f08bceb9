"""Information against closed forms: linear Gaussian encoders, codes that tell all apart."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from explorer.information import information_cap, mutual_information


@pytest.mark.parametrize("variances", [(4.0,), (3.0, 0.5), (1.0, 0.3, 2.0, 0.0)])
def test_a_linear_gaussian_encoder_has_half_the_log_of_its_signal_to_noise(variances):
    """x ~ N(0, I), z = x sqrt(v) + noise: I = 1/2 sum ln(1 + v), far below the cap."""
    rng = np.random.default_rng(0)
    mu = (rng.normal(size=(3000, len(variances))) * np.sqrt(variances)).astype(np.float32)
    found = mutual_information(mu, np.zeros_like(mu), seed=0, samples=2)
    assert found == pytest.approx(0.5 * np.log1p(variances).sum(), abs=0.05)


def test_scale_and_place_of_the_codes_do_not_matter():
    rng = np.random.default_rng(1)
    mu = rng.normal(size=(500, 2)).astype(np.float32)
    logvar = rng.normal(size=(500, 2)).astype(np.float32)
    found = mutual_information(mu, logvar, seed=3)
    moved = mutual_information(32 * mu + 64, logvar + 2 * np.float32(np.log(32)), seed=3)
    assert moved == pytest.approx(found, rel=1e-5)


def test_two_codes_are_an_integral():
    """Of N(-1, s^2) and N(1, s^2) I is the entropy of their mixture less their own."""
    s = 0.8

    def mixture(z: float) -> float:
        return (norm.pdf(z, -1, s) + norm.pdf(z, 1, s)) / 2

    entropy, _ = quad(lambda z: -mixture(z) * np.log(mixture(z)), -9, 9)
    mu = np.repeat(np.float32([[-1], [1]]), 1000, axis=0)  # a thousand digits each
    logvar = np.full_like(mu, 2 * np.log(s))
    found = mutual_information(mu, logvar, seed=0)
    assert found == pytest.approx(entropy - norm.entropy(scale=s), abs=0.02)


def test_codes_that_tell_all_digits_apart_reach_the_cap_and_equal_ones_nothing():
    mu = np.arange(400, dtype=np.float32)[:, None] * 100
    logvar = np.zeros_like(mu)
    assert mutual_information(mu, logvar, seed=0) == pytest.approx(information_cap(400), abs=1e-6)
    assert information_cap(400) == pytest.approx(np.log(400))
    assert mutual_information(0 * mu, logvar, seed=0) == pytest.approx(0, abs=1e-6)


def test_kl_is_information_and_mismatch():
    """E KL = I + KL(q(z) || p(z)); q(z) is a Gaussian here, so that the latter is known."""
    rng = np.random.default_rng(2)
    shift, spread, noise = 1.5, 2.0, 0.5
    mu = (shift + spread * rng.normal(size=(3000, 1))).astype(np.float32)
    logvar = np.full_like(mu, 2 * np.log(noise))
    kl = 0.5 * (mu.astype(float) ** 2 + noise**2 - 1 - 2 * np.log(noise)).mean()
    variance = spread**2 + noise**2
    mismatch = 0.5 * (shift**2 + variance - 1 - np.log(variance))
    assert kl - mutual_information(mu, logvar, 0, 1) == pytest.approx(mismatch, abs=0.15)
