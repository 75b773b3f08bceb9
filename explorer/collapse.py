"""What theory says of posterior collapse, and which beta another loss has.

The theory is local: it says when the collapsed solution stops being a minimum (Lucas et al. 2019,
see `explorer.statistics`). How many units a trained network keeps is measured, and may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.errors import BadSetting


def predicted_active_units(eigenvalues: np.ndarray, beta: float, dims: int) -> int:
    """How many of `dims` units live at a beta: one a direction whose eigenvalue exceeds beta.

    eigenvalues (P,) are the thresholds of beta, as `Statistics.bernoulli_eigenvalues` has them.
    """
    return min(dims, int((np.asarray(eigenvalues) > beta).sum()))


def collapsed_reconstruction(mean_image: np.ndarray) -> float:
    """Nats an image where the decoder gives the mean image (H, W) whatever z is: its entropy.

    The cross-entropy is linear in the image, so its mean over the images that the mean was taken of
    is sum_i -p_i log p_i - (1 - p_i) log(1 - p_i), with 0 log 0 = 0.
    """
    p = np.asarray(mean_image, dtype=np.float64)
    return float(sum(-(q[q > 0] * np.log(q[q > 0])).sum() for q in (p, 1 - p)))


def why_collapsed(meta: Mapping[str, Any]) -> str:
    """Why all codes of a model lie in one point, by its meta.json; nothing where they do not.

    meta is that of a single model or a member of a family, with `beta` and `metrics`.
    """
    if meta["metrics"].get("active_units") != 0:
        return ""
    beta, epochs = meta["beta"], meta["train"].get("epochs")
    if not meta["objective"]["reconstruction"]:
        return "All its codes are one point: its loss is the KL alone, which asks for nothing else."
    if beta > 1:
        return f"All its codes are one point: at beta {beta:g} the KL costs more than they save."
    trained = "1 epoch of training was" if epochs == 1 else f"{epochs} epochs of training were"
    return (
        f"All its codes are one point at beta {beta:g}, as they are at first: {trained} too little "
        "to draw them apart. Train it longer."
    )


def equivalent_beta(
    kl_weight: float = 1.0,
    reconstruction_weight: float = 1.0,
    *,
    averaged_pixels: int = 1,
    averaged_dims: int = 1,
) -> float:
    """The beta of this project's convention whose loss has the same minima.

    For loss = a * reconstruction + b * KL, with the reconstruction averaged over P pixels and the
    KL averaged over D dimensions (P or D is 1 where it is summed), both sums are weighted a / P and
    b / D, so beta = (b / D) / (a / P) = b P / (a D). With b = 1 and both summed, a weight beta' on
    the reconstruction is beta = 1 / beta'. Raises BadSetting where no beta corresponds.
    """
    if not (reconstruction_weight > 0 and np.isfinite(reconstruction_weight)):
        raise BadSetting(
            f"The reconstruction's weight is {reconstruction_weight}; allowed: a number above 0."
        )
    if not (kl_weight >= 0 and np.isfinite(kl_weight)):
        raise BadSetting(f"The KL's weight is {kl_weight}; allowed: 0 or above.")
    if averaged_pixels < 1 or averaged_dims < 1:
        raise BadSetting(
            f"Averages over {averaged_pixels} pixels and {averaged_dims} dimensions; allowed: 1 "
            "(summed) or above."
        )
    return kl_weight * averaged_pixels / (reconstruction_weight * averaged_dims)
