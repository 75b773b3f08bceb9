"""Geometry of the latent space: what is active, the prior's density, nearest codes. No torch."""

from __future__ import annotations

import numpy as np

# A unit is active when the posterior mean moves with the image: Var_x(mu_j(x)) > 0.01
# (Burda et al. 2016, section 5.2).
ACTIVE_VARIANCE = 0.01
PRIOR_RADIUS = 3  # sigma: 98.9 % of a 2-D standard normal lie within


def prior_log_density(z: np.ndarray) -> np.ndarray:
    """log N(z; 0, I) in nats: (..., D) to (...)."""
    z = np.asarray(z, dtype=np.float64)
    return -0.5 * (z.shape[-1] * np.log(2 * np.pi) + np.square(z).sum(axis=-1))


def radii(mu: np.ndarray) -> np.ndarray:
    """How far codes (N, D) lie from 0, in prior sigmas: (N,)."""
    return np.linalg.norm(mu, axis=1)


def median_radius(mu: np.ndarray) -> float:
    """Within which distance from 0 half of the codes (N, D) lie, in prior sigmas."""
    return float(np.median(radii(mu)))


def nearest_codes(mu: np.ndarray, z: np.ndarray, count: int) -> np.ndarray:
    """Indices of the `count` codes nearest to z in Euclidean distance, nearest first.

    mu (N, D), z (D,); returns (min(count, N),). Equal distances keep the order of the codes.
    """
    distance = np.square(mu - np.asarray(z)).sum(axis=-1)  # (N,)
    return np.argsort(distance, kind="stable")[:count]
