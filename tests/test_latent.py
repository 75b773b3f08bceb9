"""The prior's density and nearest codes, against SciPy."""

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import multivariate_normal

from explorer.latent import nearest_codes, prior_log_density

RNG = np.random.default_rng(0)


def test_prior_log_density_is_scipys():
    z = RNG.normal(size=(7, 4))
    np.testing.assert_allclose(
        prior_log_density(z), multivariate_normal(np.zeros(4), np.eye(4)).logpdf(z)
    )


def test_nearest_codes_are_those_of_a_kd_tree():
    mu, z = RNG.normal(size=(500, 3)).astype(np.float32), RNG.normal(size=3)
    _, expected = cKDTree(mu).query(z, k=9)
    np.testing.assert_array_equal(nearest_codes(mu, z, 9), expected)


def test_nearest_codes_asks_for_no_more_than_there_are_and_keeps_order_among_equals():
    np.testing.assert_array_equal(nearest_codes(np.zeros((3, 2)), np.ones(2), 8), [0, 1, 2])
