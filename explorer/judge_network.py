"""The judge's network, and its training; see `explorer.judge` for what it is for.

Knows tensors and configs; nothing of files, flags or which judges exist.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.config import JudgeConfig, TrainConfig
from explorer.training import gains_from_bfloat16, learning_rate
from explorer.verdicts import NO_DIGIT

POOLED = 4  # the two poolings shrink height and width by this
# Beside each batch of digits stand a quarter as many pictures that are none, with the same weight.
# Without them half of all noise lies among the features of real digits, inside their balls.
NOISE_SHARE = 0.25


class JudgeNetwork(nn.Module):
    """A small convolutional classifier; weights are drawn from `generator` (a CPU generator).

    The eleventh class, "no digit", was trained on pictures of NO_DIGITS. It keeps the features
    of noise away from those of digits, and of plain grey it alone is probable.
    """

    def __init__(self, config: JudgeConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.config = config
        first, second = config.channels
        cells = (config.height // POOLED) * (config.width // POOLED)
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(1, first, 3, padding=1), nn.Conv2d(first, second, 3, padding=1)]
        )
        self.penultimate = nn.Linear(second * cells, config.features)
        self.last = nn.Linear(config.features, NO_DIGIT + 1)
        for layer in (*self.convolutions, self.penultimate, self.last):
            bound = 1 / math.sqrt(layer.weight[0].numel())
            for parameter in (layer.weight, layer.bias):
                nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def features(self, x: Tensor) -> Tensor:
        """Images (N, 1, H, W) in [0, 1] to penultimate features (N, F), none negative."""
        for layer in self.convolutions:
            x = F.max_pool2d(F.relu(layer(x)), 2)
        return F.relu(self.penultimate(x.flatten(1)))

    def classify(self, features: Tensor) -> Tensor:
        """Features (N, F) to logits (N, 11): the ten classes, and last "no digit"."""
        return self.last(features)

    def forward(self, x: Tensor) -> Tensor:
        """Images (N, 1, H, W) in [0, 1] to logits (N, 11)."""
        return self.classify(self.features(x))


@dataclass
class JudgeEpoch:
    """What an epoch gave."""

    loss: float  # cross-entropy on shifted training digits and what is none, nats an image
    accuracy: float  # on test images, 0 to 1
    seconds: float


def fit_judge(
    network: JudgeNetwork,
    train: TrainConfig,
    images: Tensor,
    labels: Tensor,
    test: tuple,
    kinds: Sequence[str],
) -> Iterator[JudgeEpoch]:
    """Train in place, yielding after each epoch.

    images (N, 1, H, W) and labels (N,), `test` such a pair, on the network's device. Each batch is
    shifted by up to a fourteenth of the image's height, so that a digit's place is no feature, and
    is joined by pictures that are no digits, of these kinds.
    """
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=train.lr, weight_decay=train.weight_decay, fused=True
    )
    # Both together are more than twice as fast on CPUs with instructions for bfloat16.
    network.to(memory_format=torch.channels_last)
    low_precision = gains_from_bfloat16(images.device)
    reach = max(1, images.shape[-2] // 14)
    steps_an_epoch = math.ceil(len(images) / train.batch_size)
    for epoch in range(train.epochs):
        started = time.monotonic()
        generator = torch.Generator().manual_seed(train.seed * 1_000_003 + epoch)
        order = torch.randperm(len(images), generator=generator).to(images.device)
        shifts = torch.randint(-reach, reach + 1, (steps_an_epoch, 2), generator=generator)
        total = torch.zeros((), device=images.device)
        for step, shift in enumerate(shifts.tolist()):
            batch = order[step * train.batch_size : (step + 1) * train.batch_size]
            rate = learning_rate(
                train, epoch * steps_an_epoch + step, train.epochs * steps_an_epoch
            )
            for group in optimizer.param_groups:
                group["lr"] = rate
            x, y = shifted(images[batch], *shift), labels[batch]
            none = no_digits(x[: math.ceil(len(x) * NOISE_SHARE)], generator, kinds)
            both = torch.cat([x, none]).contiguous(memory_format=torch.channels_last)
            with torch.autocast(x.device.type, torch.bfloat16, enabled=low_precision):
                logits = network(both)
            loss = F.cross_entropy(
                logits.float(), torch.cat([y, y.new_full((len(none),), NO_DIGIT)])
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(x)
        accuracy = measure_accuracy(network, *test)
        yield JudgeEpoch((total / len(images)).item(), accuracy, time.monotonic() - started)


def no_digits(x: Tensor, generator: torch.Generator, kinds: Sequence[str]) -> Tensor:
    """As many pictures that are no digits as x (N, 1, H, W) holds, of each kind about as many."""
    parts = zip(x.tensor_split(len(kinds)), kinds, strict=True)
    return torch.cat([NO_DIGITS[kind](part, generator) for part, kind in parts])


def _shuffled(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture with its pixels in another order."""
    order = torch.rand(x.flatten(1).shape, generator=generator).argsort(dim=1)
    return x.flatten(1).gather(1, order.to(x.device)).view_as(x)


def _noise(x: Tensor, generator: torch.Generator) -> Tensor:
    """Noise of any mean and spread in place of each picture."""
    mean, spread = torch.rand(2, len(x), 1, 1, 1, generator=generator)
    # Cubed, so that plain grey, the picture of an untrained decoder, is as common as wild noise.
    return (mean + spread**3 * torch.randn(x.shape, generator=generator)).clamp(0, 1).to(x.device)


def _inverted(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture with black and white exchanged."""
    return 1 - x


NO_DIGITS = {"shuffled": _shuffled, "noise": _noise, "inverted": _inverted}


def shifted(x: Tensor, down: int, right: int) -> Tensor:
    """Images moved by whole pixels; what leaves is lost, what enters is black."""
    height, width = x.shape[-2:]
    padded = F.pad(x, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))
    top, left = max(-down, 0), max(-right, 0)
    return padded[..., top : top + height, left : left + width]


@torch.no_grad()
def measure_accuracy(network: JudgeNetwork, images: Tensor, labels: Tensor) -> float:
    """Share of images (N, 1, H, W) whose largest logit of all eleven is their label's."""
    right = sum(
        (network(x).argmax(dim=1) == y).sum().item()
        for x, y in zip(images.split(1000), labels.split(1000), strict=True)
    )
    return right / len(images)
