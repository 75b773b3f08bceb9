"""MNIST's test images for what cannot do without them."""

import sys

import numpy as np

from explorer.originals import load_originals
from explorer.places import data_root


def require_originals() -> np.ndarray:
    """Images (10000, 28, 28), uint8; exits with the fix where they are absent."""
    images = load_originals("mnist", data_root())
    if images is None:
        sys.exit(
            f"MNIST's test images are not in {data_root()}. Set MNIST_ROOT to the folder that "
            "holds MNIST/raw, or let the app download them."
        )
    return images
