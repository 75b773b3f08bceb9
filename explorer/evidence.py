"""log p(x) of models with 2-D codes by quadrature over the plane, and the ELBO's identity.

    log p(x) = ELBO(q) + KL(q || p(z|x))   for every q

Each of the three is computed by a quadrature of its own, so that the identity is a check. The true
posterior p(z|x) is narrow (its sigma is about 0.02 on MNIST), it often has several humps, and
log p(x|z) changes by hundreds of nats from hump to hump: squares of the plane are split where mass
lies or may lie. The search is confined to |z_j| < REACH, or FAR_REACH where the code lies far out,
as it does without the KL: the posterior then lies somewhere between it and 0. For grey pixels
p(x|z) is the Bernoulli cross-entropy, not a density that is normalised over x. Shapes: N points,
M squares; float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

from explorer.objectives import (
    LOG_2PI,
    bernoulli_reconstruction,
    kl_to_standard_normal,
    log_prior,
)

if TYPE_CHECKING:
    from explorer.models import VAE

LogLikelihood = Callable[[Tensor], Tensor]  # points (N, 2) to log p(x|z) in nats (N,)

REACH = 6.0  # the search's limits on both axes; outside lies 4e-9 of the prior
FAR_REACH = 10.0  # the same for a code that is further than FAR from 0 on an axis
FAR = 5.0
FIRST_SIDE = 0.25  # of a square
SEARCH_LEVELS = 4  # levels on which squares are split for what they may hide
HIDDEN_RANGE = 2.0  # a square may hide a value so many family ranges above its own
SMOOTH_NATS = 0.5  # a family whose values vary no more hides nothing
NEGLIGIBLE_NATS = 12.0  # below the highest value
ERROR_SHARE = 2e-4  # of the evidence, that a family of four may be wrong by without being split
MAX_LEVELS = 10
NODES = 24  # of the Gauss-Hermite rule, an axis
STEP_SIGMA = 0.3  # of the grid for the KL, in sigmas of q
SPAN_SIGMA = 6.0  # its limits
GAUSS_SHARE = 1e-5  # squares with less of the evidence than this are not measured again

_CORNERS = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]], dtype=torch.float64)


class Squares(NamedTuple):
    """The searched plane, tiled by squares."""

    centres: Tensor  # (M, 2)
    sides: Tensor  # (M,)
    log_joint: Tensor  # (M,): log p(x|z) + log p(z) at the centres


class Identity(NamedTuple):
    """Both sides of log p(x) = ELBO + KL(q || p(z|x)), in nats."""

    log_evidence: float
    elbo: float
    kl_to_posterior: float

    @property
    def gap(self) -> float:
        """log p(x) - ELBO, which the KL must equal."""
        return self.log_evidence - self.elbo


def bernoulli_log_likelihood(model: VAE, x: Tensor) -> LogLikelihood:
    """log p(x|z) of one image (1, 1, H, W), as a function of points."""

    @torch.no_grad()
    def log_likelihood(z: Tensor) -> Tensor:
        parts = z.to(torch.float32).split(4096)
        return torch.cat(
            [-bernoulli_reconstruction(model.decoder(p).double(), x.double()) for p in parts]
        )

    return log_likelihood


def posterior_squares(log_likelihood: LogLikelihood, mu: Tensor, logvar: Tensor) -> Squares:
    """Squares over the plane, small where p(x, z) has its mass.

    Families of four are split as long as their sum differs from their parent's, and on the first
    levels where their values vary so much that something may hide between them. mu, logvar (2,) of
    some q close to the posterior, such as the encoder's: its square is split down to q's sigma.
    """
    smallest = math.exp(0.5 * float(logvar.min()))
    side, parents, finished = FIRST_SIDE, None, []
    reach = FAR_REACH if float(mu.abs().max()) > FAR else REACH
    count = round(reach / side)
    axis = 2 * side * (torch.arange(count, dtype=torch.float64) + 0.5) - reach
    centres = _children(torch.cartesian_prod(axis, axis), 2 * side)
    for level in range(MAX_LEVELS + 1):
        log_joint = log_likelihood(centres) + log_prior(centres)
        squares = Squares(centres, torch.full_like(log_joint, side), log_joint)
        present = _join([*finished, squares])
        is_split = torch.zeros(len(centres), dtype=torch.bool)
        if level < MAX_LEVELS:
            if parents is not None:
                allowed = ERROR_SHARE * torch.exp(log_evidence(present) - _peak(present))
                is_split |= _family_errors(squares, parents, _peak(present)) > allowed
            if level < SEARCH_LEVELS:
                is_split |= _may_hide(log_joint) > present.log_joint.max() - NEGLIGIBLE_NATS
            if side > smallest:
                is_split |= (centres - mu).abs().amax(dim=1) <= side / 2
        finished.append(Squares(*(part[~is_split] for part in squares)))
        if not is_split.any():
            break
        parents, centres, side = log_joint[is_split], _children(centres[is_split], side), side / 2
    return _join(finished)


def _children(centres: Tensor, side: float) -> Tensor:
    """The centres of the four quarters of squares (M, 2), family by family: (4 M, 2)."""
    return (centres[:, None] + side / 4 * _CORNERS).flatten(0, 1)


def _join(parts: list[Squares]) -> Squares:
    return Squares(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _peak(squares: Squares) -> Tensor:
    return squares.log_joint.max()


def _may_hide(log_joint: Tensor) -> Tensor:
    """A bound, by rule of thumb, on what a square hides, -inf for smooth ones: (M,) to (M,)."""
    families = log_joint.view(-1, 4)
    variation = (families.amax(dim=1) - families.amin(dim=1)).repeat_interleave(4)
    bound = log_joint + HIDDEN_RANGE * variation
    return torch.where(variation > SMOOTH_NATS, bound, -torch.inf)


def _family_errors(squares: Squares, parents: Tensor, shift: Tensor) -> Tensor:
    """How far each family's sum is from its parent's, in units of exp(shift): (M,)."""
    sums = torch.exp(squares.log_joint - shift).view(-1, 4).sum(dim=1)
    difference = (4 * torch.exp(parents - shift) - sums).abs()
    return squares.sides.square() * difference.repeat_interleave(4)


def log_evidence(squares: Squares) -> Tensor:
    """log p(x) = log of the integral of p(x|z) p(z), by the midpoint rule; a scalar."""
    return torch.logsumexp(squares.log_joint + 2 * torch.log(squares.sides), dim=0)


def elbo(log_likelihood: LogLikelihood, mu: Tensor, logvar: Tensor) -> Tensor:
    """E_q[log p(x|z)] - KL(q || N(0, I)) of q = N(mu, exp(logvar)); mu, logvar (2,); a scalar.

    The expectation by a Gauss-Hermite rule, which has no noise: NODES x NODES points.
    """
    nodes, weights = (torch.from_numpy(a) for a in np.polynomial.hermite_e.hermegauss(NODES))
    weights = weights / weights.sum()
    z = mu + torch.exp(0.5 * logvar) * torch.cartesian_prod(nodes, nodes)
    reconstruction = torch.dot(torch.outer(weights, weights).flatten(), log_likelihood(z))
    return reconstruction - kl_to_standard_normal(mu, logvar)


def kl_to_posterior(
    log_likelihood: LogLikelihood, squares: Squares, mu: Tensor, logvar: Tensor
) -> Tensor:
    """KL(q || p(z|x)) = E_q[log q(z) - log p(z|x)], on a grid of its own; a scalar.

    The posterior is normalised by other points than `log_evidence` takes: four in each square, by
    the Gauss-Legendre rule. mu, logvar (2,) of q = N(mu, exp(logvar)).
    """
    axis = torch.arange(-SPAN_SIGMA, SPAN_SIGMA + STEP_SIGMA / 2, STEP_SIGMA, dtype=torch.float64)
    noise = torch.cartesian_prod(axis, axis)
    log_q = -0.5 * (LOG_2PI + logvar + noise.square()).sum(dim=1)
    z = mu + torch.exp(0.5 * logvar) * noise
    log_joint = log_likelihood(z) + log_prior(z)
    share = torch.softmax(log_q, dim=0)
    return torch.dot(share, log_q - log_joint) + _log_normaliser(log_likelihood, squares)


def identity(log_likelihood: LogLikelihood, mu: Tensor, logvar: Tensor) -> Identity:
    """All three for a q = N(mu, exp(logvar)) close to the posterior; mu, logvar (2,)."""
    squares = posterior_squares(log_likelihood, mu, logvar)
    terms = (
        log_evidence(squares),
        elbo(log_likelihood, mu, logvar),
        kl_to_posterior(log_likelihood, squares, mu, logvar),
    )
    return Identity(*map(float, terms))


def _log_normaliser(log_likelihood: LogLikelihood, squares: Squares) -> Tensor:
    log_mass = squares.log_joint + 2 * torch.log(squares.sides)
    counts = log_mass > log_evidence(squares) + math.log(GAUSS_SHARE)
    centres, sides = squares.centres[counts], squares.sides[counts]
    z = (centres[:, None] + sides[:, None, None] / math.sqrt(12) * _CORNERS).flatten(0, 1)
    again = (log_likelihood(z) + log_prior(z)).view(-1, 4) + 2 * torch.log(sides / 2)[:, None]
    return torch.logsumexp(torch.cat([again.flatten(), log_mass[~counts]]), dim=0)
