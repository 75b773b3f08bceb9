"""Information: how much does a code say about which digit it came from?

KL(q(z|x) || p(z)), averaged over digits, is information and mismatch together (Hoffman and Johnson
2016, "ELBO surgery"): I(x; z) + KL(q(z) || p(z)), where q(z), the aggregate posterior, is the mean
of q(z|x) over the digits. The KL alone is only an upper bound of the information, and far above it
where codes leave the prior. Knows nothing of files or models.
"""

from __future__ import annotations

import math

import numpy as np
import torch

SAMPLES = 4  # of each digit's posterior
_ROWS = 500  # samples at once: log-densities under 10,000 posteriors are 40 MB


def information_cap(count: int) -> float:
    """ln N, nats: what tells N digits apart for certain; no estimate from them can be larger."""
    return math.log(count)


def mutual_information(
    mu: np.ndarray, logvar: np.ndarray, seed: int, samples: int = SAMPLES
) -> float:
    """An estimate of I(x; z) in nats from the posteriors of N digits: mu and logvar (N, D).

    The mean over digits and samples of log q(z|x) - log 1/N sum_n q(z|x_n). It is exact, but for
    the draws, where x is one of these N digits; of all digits there are it is a lower bound once it
    comes close to its cap, ln N.
    """
    generator = torch.Generator().manual_seed(seed)
    means, logvars = (torch.from_numpy(codes).double() for codes in (mu, logvar))
    precisions = (-logvars).exp()
    scaled = means * precisions
    own = (means * scaled + logvars).sum(dim=1)  # (N,): what does not depend on z
    total = 0.0
    for _ in range(samples):
        noise = torch.randn(means.shape, generator=generator, dtype=torch.float64)
        z = means + noise * (logvars / 2).exp()
        for part, drawn, logvar_part in zip(
            *(t.split(_ROWS) for t in (z, noise, logvars)), strict=True
        ):
            # Both log-densities lack the same constant, D / 2 log 2 pi.
            under_own = -(drawn.square() + logvar_part).sum(dim=1) / 2
            under_all = part @ scaled.T - (part.square() @ precisions.T + own) / 2  # (P, N)
            total += (under_own - under_all.logsumexp(dim=1)).sum().item()
    estimate = total / (samples * len(mu)) + information_cap(len(mu))
    return max(0.0, estimate)
