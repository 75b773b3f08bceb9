"""What a training is made of: frozen dataclasses, a comment a field.

Knows nothing of data, of files, or of which models exist (`explorer.zoo` says that).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from explorer.errors import BadSetting, quoted

# The convention that every beta of this project refers to; stored in each checkpoint's meta.json.
LOSS_CONVENTION = (
    "loss = reconstruction (Bernoulli cross-entropy on grey pixels, summed over pixels) "
    "+ beta * KL (summed over latent dimensions), in nats, averaged over images"
)


# What a checkpoint from elsewhere may ask of this computer.
MAX_SIDE = 256  # pixels
MAX_DIMS = 512
MAX_WIDTH = 8192  # of a layer
MAX_LAYERS = 16


def _is_whole(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most  # true is no number of pixels


def _require(ok: bool, name: str, value: object, allowed: str) -> None:
    if not ok:
        raise BadSetting(f"{name} is {quoted(value)}; allowed: {allowed}.")


@dataclass(frozen=True)
class ModelConfig:
    """The architecture: an MLP encoder with ReLU and its mirror image as decoder."""

    height: int  # pixels
    width: int  # pixels
    latent_dims: int  # D, the length of z
    hidden: tuple[int, ...]  # widths from pixels to codes; the decoder has them in reverse

    def __post_init__(self) -> None:
        sides = (self.height, self.width)
        is_image = all(_is_whole(side, MAX_SIDE) for side in sides)
        _require(is_image, "image size", sides, f"whole numbers from 1 to {MAX_SIDE}")
        is_code = _is_whole(self.latent_dims, MAX_DIMS)
        allowed = f"a whole number from 1 to {MAX_DIMS}"
        _require(is_code, "latent_dims", self.latent_dims, allowed)
        are_few = len(self.hidden) <= MAX_LAYERS
        are_widths = are_few and all(_is_whole(width, MAX_WIDTH) for width in self.hidden)
        allowed = f"at most {MAX_LAYERS} whole numbers from 1 to {MAX_WIDTH}"
        _require(are_widths, "hidden", self.hidden, allowed)

    @property
    def encoder_widths(self) -> tuple[int, ...]:
        """Pixels -> hidden -> mu and logvar side by side (2 D)."""
        return (self.height * self.width, *self.hidden, 2 * self.latent_dims)

    @property
    def decoder_widths(self) -> tuple[int, ...]:
        """z (D) -> hidden, reversed -> one logit a pixel."""
        return (self.latent_dims, *reversed(self.hidden), self.height * self.width)


@dataclass(frozen=True)
class JudgeConfig:
    """The judge's architecture: two convolutions, a narrow layer of features, ten classes."""

    height: int  # pixels
    width: int  # pixels
    channels: tuple[int, int]  # of the two 3 x 3 convolutions, each followed by 2 x 2 max pooling
    features: int  # width of the penultimate layer, in which real and generated digits are compared

    def __post_init__(self) -> None:
        sides = (self.height, self.width)
        is_image = all(_is_whole(side, MAX_SIDE) and side > 3 for side in sides)
        _require(is_image, "image size", sides, f"whole numbers from 4 to {MAX_SIDE}")
        are_widths = len(self.channels) == 2 and all(
            _is_whole(width, MAX_WIDTH) for width in self.channels
        )
        allowed = f"whole numbers from 1 to {MAX_WIDTH}"
        _require(are_widths, "channels", self.channels, f"two {allowed}")
        _require(_is_whole(self.features, MAX_WIDTH), "features", self.features, allowed)


@dataclass(frozen=True)
class Objective:
    """The loss of one model, or of a family that differs in beta alone (see LOSS_CONVENTION)."""

    betas: tuple[float, ...] = (1.0,)  # weight of the KL, one a member
    reconstruction: bool = True  # False: KL only, the decoder keeps its initial weights

    def __post_init__(self) -> None:
        finite = all(math.isfinite(b) and b >= 0 for b in self.betas)
        _require(bool(self.betas) and finite, "betas", self.betas, "at least one, each >= 0")
        _require(self.betas == tuple(sorted(set(self.betas))), "betas", self.betas, "rising")


@dataclass(frozen=True)
class TrainConfig:
    """How a model is fitted: AdamW under a one-cycle schedule."""

    epochs: int = 20  # passes over the training images
    # Passes at beta = 1 before these, which the members of a family share: each goes its own way
    # from there. Trained apart from the start, neighbours land in different optima.
    shared_epochs: int = 0
    batch_size: int = 128  # images a step
    lr: float = 1.5e-3  # the peak of the one-cycle schedule; the zoo says what each model takes
    weight_decay: float = 0.01  # decoupled, AdamW's
    warmup: float = 0.1  # share of all steps in which the rate climbs to its peak
    seed: int = 0  # of the initial weights, the batch order and the sampling noise

    def __post_init__(self) -> None:
        _require(self.epochs > 0, "epochs", self.epochs, "a whole number above 0")
        _require(self.shared_epochs >= 0, "shared_epochs", self.shared_epochs, "0 or above")
        _require(self.batch_size > 0, "batch size", self.batch_size, "a whole number above 0")
        _require(0 < self.lr < 1, "lr", self.lr, "above 0 and below 1; the zoo uses about 0.0015")
        _require(self.weight_decay >= 0, "weight_decay", self.weight_decay, "0 or above")
        _require(0 < self.warmup < 1, "warmup", self.warmup, "above 0 and below 1")
        _require(0 <= self.seed < 2**31, "seed", self.seed, "0 to 2147483647")
