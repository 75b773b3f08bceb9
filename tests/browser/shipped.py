"""The shipped checkpoints that the browser tests compare with, and what Python decodes by them."""

import numpy as np
import torch
from numpy.typing import ArrayLike

from explorer.checkpoints import Checkpoint, Family, load_checkpoint
from explorer.places import checkpoint_root


def load(name: str, beta: float | None = None) -> Checkpoint | Family:
    """A shipped checkpoint; of a family the whole, or the member nearest to a beta."""
    checkpoint = load_checkpoint(name, root=checkpoint_root())
    return checkpoint if beta is None else checkpoint.at(beta)


def decoded(checkpoint: Checkpoint, points: ArrayLike) -> np.ndarray:
    """What Python decodes at points (N, D), or at one (D,), as (N, H, W) grey levels."""
    z = torch.tensor(np.atleast_2d(np.asarray(points, dtype=np.float32)))
    return 255 * checkpoint.model.decode(z)[:, 0].numpy()
