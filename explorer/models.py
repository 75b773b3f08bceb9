"""The variational autoencoder: an MLP encoder, its mirror as decoder, and their initial weights.

Knows nothing of losses or training. Parameters are named `encoder.<i>.weight`, `decoder.<i>.bias`,
i counting linear layers, in memory as on disk.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.config import ModelConfig
from explorer.errors import BadSetting
from explorer.objectives import reparameterize

# exp() of these is finite in float32 and even in bfloat16; sigma stays within 4.5e-5 and 2.2e4.
LOGVAR_RANGE = (-20.0, 20.0)

Array = TypeVar("Array", Tensor, np.ndarray)


class MLP(nn.ModuleList):
    """Linear layers with ReLU between them and none after the last."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__(nn.Linear(a, b) for a, b in pairwise(widths))

    def forward(self, h: Tensor) -> Tensor:
        *hidden, last = self
        for layer in hidden:
            h = F.relu(layer(h))
        return last(h)


class Encoder(MLP):
    """Images to the mean and log-variance of a diagonal Gaussian posterior q(z|x)."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mu, logvar = super().forward(x.flatten(1)).float().chunk(2, dim=-1)  # (N, D) each
        return mu, logvar.clamp(*LOGVAR_RANGE)


class Decoder(MLP):
    """Codes to one Bernoulli logit a pixel, p(x|z)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config.decoder_widths)
        self.image_shape = (1, config.height, config.width)

    def forward(self, z: Tensor) -> Tensor:
        return super().forward(z).float().unflatten(-1, self.image_shape)  # (N, 1, H, W)


class VAE(nn.Module):
    """Encoder and decoder together; weights are drawn from `generator` (a CPU generator).

    The draw is PyTorch's default for linear layers, uniform in +-1/sqrt(fan in), made explicit so
    that two models from equal generators start at equal weights.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config.encoder_widths)
        self.decoder = Decoder(config)
        for layer in (*self.encoder, *self.decoder):
            bound = 1 / math.sqrt(layer.in_features)
            for parameter in (layer.weight, layer.bias):
                nn.init.uniform_(parameter, -bound, bound, generator=generator)

    def forward(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One sample an image: x (N, 1, H, W), noise (N, D) to logits (N, 1, H, W), mu, logvar."""
        mu, logvar = self.encoder(x)
        return self.decoder(reparameterize(mu, logvar, noise)), mu, logvar

    def encode(self, x: Array) -> tuple[Array, Array]:
        """Images (N, 1, H, W) in [0, 1] to mu and logvar, (N, D) each.

        Arrays of numpy give arrays of numpy, float32; of another shape they raise BadSetting.
        """
        if isinstance(x, np.ndarray):
            mu, logvar = self._without_torch(self.encoder, x, self.decoder.image_shape)
            return mu.cpu().numpy(), logvar.cpu().numpy()
        return self.encoder(x)

    def decode(self, z: Array) -> Array:
        """Codes (N, D) to pixel means (N, 1, H, W) in [0, 1].

        Arrays of numpy give arrays of numpy, float32; of another shape they raise BadSetting.
        """
        if isinstance(z, np.ndarray):
            logits = self._without_torch(self.decoder, z, (self.config.latent_dims,))
            return torch.sigmoid(logits).cpu().numpy()
        return torch.sigmoid(self.decoder(z))

    @torch.no_grad()
    def _without_torch(
        self, part: nn.Module, batch: np.ndarray, shape: tuple[int, ...]
    ) -> Tensor | tuple[Tensor, Tensor]:
        """A part of the network on an array of this shape a row, on the device of its weights."""
        if batch.shape[1:] != shape:
            allowed = ", ".join(map(str, ("N", *shape)))
            raise BadSetting(f"The array has shape {batch.shape}; allowed: ({allowed}).")
        device = next(self.parameters()).device
        return part(torch.tensor(batch, dtype=torch.float32, device=device))
