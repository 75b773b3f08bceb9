"""The only training loop. Knows tensors and configs; nothing of files, flags or the zoo.

It fits one model, or several of one architecture that differ in beta alone and share initial
weights, batch order and noise. Several are stacked into one batched network, which is what a GPU
wants; a CPU gains nothing from it and is given one model at a time by the caller.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.func import functional_call, vmap

from explorer.config import ModelConfig, TrainConfig
from explorer.models import VAE
from explorer.objectives import bernoulli_reconstruction, kl_to_standard_normal

Parameters = dict[str, Tensor]


@dataclass
class FitState:
    """Everything that the next epoch depends on; M members, stacked along dimension 0."""

    parameters: Parameters  # each (M, ...)
    moments: dict[str, Parameters]  # Adam's exp_avg and exp_avg_sq of what is trained
    history: list[dict[str, list[float]]] = field(default_factory=list)  # one entry an epoch done
    seconds: float = 0.0  # spent on the epochs done

    @property
    def epochs_done(self) -> int:
        return len(self.history)


def initial_model(config: ModelConfig, seed: int) -> VAE:
    """The weights that every model of this architecture and seed starts from."""
    return VAE(config, torch.Generator().manual_seed(seed))


def initial_state(config: ModelConfig, seed: int, members: int) -> FitState:
    """The state before the first epoch, of `members` models with equal weights."""
    return _alike(dict(initial_model(config, seed).named_parameters()), members)


def branched_state(shared: FitState, members: int) -> FitState:
    """The same of `members` models that start from the weights of one that is trained."""
    return _alike({name: p[0] for name, p in shared.parameters.items()}, members)


def _alike(parameters: Parameters, members: int) -> FitState:
    return FitState(
        {name: p.detach().expand(members, *p.shape).clone() for name, p in parameters.items()}, {}
    )


def epoch_randomness(seed: int, epoch: int, count: int, latent_dims: int) -> tuple[Tensor, Tensor]:
    """Batch order (N,) and noise (N, D) of one epoch.

    A function of its arguments alone, so that members of a family share it and a resumed training
    needs no generator's state. Drawn on the CPU, so that every device sees the same.
    """
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return (
        torch.randperm(count, generator=generator),
        torch.randn(count, latent_dims, generator=generator),
    )


def learning_rate(config: TrainConfig, step: int, steps: int) -> float:
    """One cycle: linear from 0 to the peak in `warmup` of all steps, then half a cosine to 0.

    Smith & Topin 2018, "Super-convergence", with a cosine for the descent.
    """
    position = (step + 1) / (steps + 1)
    if position < config.warmup:
        return config.lr * position / config.warmup
    descent = (position - config.warmup) / (1 - config.warmup)
    return config.lr * 0.5 * (1 + math.cos(math.pi * descent))


def gains_from_bfloat16(device: torch.device) -> bool:
    """Whether matrix products are faster in bfloat16: GPUs, and CPUs with instructions for it."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16"))


def fit(
    config: ModelConfig,
    train: TrainConfig,
    betas: Sequence[float],
    reconstruction: bool,
    images: Tensor,
    test_images: Tensor,
    state: FitState,
) -> Iterator[FitState]:
    """Train from `state` to the last epoch and yield the state after each, mutated in place.

    images (N, 1, H, W) and test_images lie on the device that trains. betas: one a member of the
    state. `reconstruction=False` drops that term and leaves the decoder as it is. History, in nats
    an image, a list of M a key: train_reconstruction, train_kl, test_reconstruction, test_kl.
    """
    device = images.device
    template = VAE(config, torch.Generator()).to(device)  # gives the structure, not the weights
    parameters = {
        name: p.to(device).requires_grad_(reconstruction or name.startswith("encoder."))
        for name, p in state.parameters.items()
    }
    trained = {name: p for name, p in parameters.items() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        trained.values(), lr=train.lr, weight_decay=train.weight_decay, fused=True
    )
    steps_an_epoch = math.ceil(len(images) / train.batch_size)
    _restore_moments(optimizer, trained, state, steps_an_epoch)
    state.parameters = parameters
    state.moments = {
        key: {name: optimizer.state[p][key] for name, p in trained.items()}
        for key in ("exp_avg", "exp_avg_sq")
    }

    beta = torch.tensor(betas, dtype=torch.float32, device=device)  # (M,)
    weight = 1.0 if reconstruction else 0.0
    _, test_noise = epoch_randomness(train.seed, -1, len(test_images), config.latent_dims)
    test_noise = test_noise.to(device)

    while state.epochs_done < train.epochs:
        started = time.monotonic()
        epoch = state.epochs_done
        order, noise = epoch_randomness(train.seed, epoch, len(images), config.latent_dims)
        order, noise = order.to(device), noise.to(device)
        totals = torch.zeros(2, len(betas), device=device)  # (reconstruction and KL, M)
        for step in range(steps_an_epoch):
            batch = slice(step * train.batch_size, (step + 1) * train.batch_size)
            x = images[order[batch]]  # (B, 1, H, W)
            terms = _mean_terms(template, parameters, x, noise[batch])  # (2, M)
            loss = (weight * terms[0] + beta * terms[1]).sum()
            rate = learning_rate(
                train, epoch * steps_an_epoch + step, train.epochs * steps_an_epoch
            )
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            totals += terms.detach() * len(x)
        test_totals = torch.zeros_like(totals)
        with torch.no_grad():
            for x, z_noise in zip(test_images.split(2000), test_noise.split(2000), strict=True):
                test_totals += _mean_terms(template, parameters, x, z_noise) * len(x)
        train_terms = (totals / len(images)).tolist()
        test_terms = (test_totals / len(test_images)).tolist()
        keys = ("train_reconstruction", "train_kl", "test_reconstruction", "test_kl")
        state.history.append(dict(zip(keys, train_terms + test_terms, strict=True)))
        state.seconds += time.monotonic() - started
        yield state


def _mean_terms(template: VAE, parameters: Parameters, x: Tensor, noise: Tensor) -> Tensor:
    """Reconstruction and KL of each member, averaged over a batch: (2, M)."""

    def terms(member: Parameters) -> Tensor:
        logits, mu, logvar = functional_call(template, member, (x, noise))
        return torch.stack(
            [bernoulli_reconstruction(logits, x).mean(), kl_to_standard_normal(mu, logvar).mean()]
        )

    with torch.autocast(x.device.type, torch.bfloat16, enabled=gains_from_bfloat16(x.device)):
        if len(next(iter(parameters.values()))) == 1:  # twice as fast as a stack of one on a CPU
            # A view whose gradient is a view: indexing would fill and copy a gradient of its own.
            return terms({name: p.squeeze(0) for name, p in parameters.items()}).unsqueeze(1)
        return vmap(terms, out_dims=1)(parameters)


def _restore_moments(
    optimizer: torch.optim.Optimizer, trained: Parameters, state: FitState, steps_an_epoch: int
) -> None:
    for name, p in trained.items():
        optimizer.state[p] = {
            "step": torch.tensor(float(state.epochs_done * steps_an_epoch), device=p.device)
        }
        for key in ("exp_avg", "exp_avg_sq"):
            saved = state.moments.get(key, {}).get(name)
            moment = torch.zeros_like(p) if saved is None else saved.to(p.device)
            optimizer.state[p][key] = moment
