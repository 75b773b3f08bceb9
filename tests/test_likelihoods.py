"""Which beta a sigma is: by the gradients of both losses, and their minima."""

import math

import pytest
import torch

from explorer.errors import BadSetting
from explorer.likelihoods import best_sigma, beta_of_sigma, sigma_of_beta
from explorer.objectives import gaussian_reconstruction


@pytest.mark.parametrize("sigma", [0.2, 1.0, 3.0])
@pytest.mark.parametrize(("factor", "pixels"), [(1.0, 1), (0.5, 1), (1.0, 12)])
def test_both_losses_pull_the_same_way(sigma: float, factor: float, pixels: int):
    """The gradient of factor * SSE / P + beta * KL is a multiple of the Gaussian -ELBO's."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 1, 3, 4, generator=generator, dtype=torch.float64)
    mean = torch.rand(1, 1, 3, 4, generator=generator, dtype=torch.float64)
    beta = beta_of_sigma(sigma, factor=factor, averaged_pixels=pixels)

    def gradient(loss) -> torch.Tensor:
        m, kl = mean.clone().requires_grad_(), torch.tensor(7.0).double().requires_grad_()
        return torch.cat([g.flatten() for g in torch.autograd.grad(loss(m, kl), (m, kl))])

    log_sigma = torch.tensor(math.log(sigma)).double()
    bound = gradient(lambda m, kl: gaussian_reconstruction(m, x, log_sigma).sum() + kl)
    written = gradient(lambda m, kl: factor * (x - m).square().sum() / pixels + beta * kl)
    torch.testing.assert_close(written, beta * bound)


def test_what_usual_losses_take_for_granted():
    assert sigma_of_beta() == pytest.approx(1 / math.sqrt(2))
    assert sigma_of_beta(factor=0.5) == 1
    assert sigma_of_beta(averaged_pixels=784) == pytest.approx(19.799, abs=1e-3)
    assert beta_of_sigma(sigma_of_beta(4, factor=0.5), factor=0.5) == pytest.approx(4)


def test_the_best_sigma_is_the_likelihoods_minimum():
    x, mean = torch.zeros(1, 1, 2, 2), torch.tensor([0.1, 0.2, 0.3, 0.4]).reshape(1, 1, 2, 2)
    best = best_sigma((x - mean).square().sum().item(), 4)
    nats = [
        gaussian_reconstruction(mean, x, torch.tensor(math.log(best * share))).item()
        for share in (0.95, 1, 1.05)
    ]
    assert min(nats) == nats[1]


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_what_means_nothing_is_said(value: float):
    with pytest.raises(BadSetting, match="allowed: a number above 0"):
        beta_of_sigma(value)
    with pytest.raises(BadSetting):
        sigma_of_beta(value)
    with pytest.raises(BadSetting):
        best_sigma(value, 4)
