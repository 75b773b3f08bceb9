"""What the browser needs to know to fetch one model: small, for it is sent as JSON."""

from __future__ import annotations

from typing import Any

from explorer.checkpoints import Checkpoint
from explorer.ui.server import file_url

IDENTITY = [1.0, 0.0, 0.0, 1.0]


def loss_of(checkpoint: Checkpoint) -> str:
    """The loss that a model was trained with, in words."""
    if not checkpoint.meta["objective"]["reconstruction"]:
        return "KL alone"
    if checkpoint.beta == 0:
        return "reconstruction alone (β = 0)"
    if checkpoint.beta == 1:
        return "reconstruction + KL"
    return f"reconstruction + {checkpoint.beta:g} × KL"


def _score(checkpoint: Checkpoint) -> str:
    """What a saved picture says of a model: its loss, and how good it is."""
    value = checkpoint.meta["metrics"]["negative_elbo"]
    return f"{loss_of(checkpoint)}, test −ELBO {value:.1f} nats"


def model_source(checkpoint: Checkpoint) -> dict[str, Any]:
    """One model's place and shape, as `LatentModel.load` in maths/model.js takes it."""
    meta, rotation = checkpoint.meta, checkpoint.rotation
    urls = {file: file_url(checkpoint.name, file, sha) for file, sha in meta["sha256"].items()}
    is_member = checkpoint.index is not None
    return {
        "name": checkpoint.name,  # "<dataset>/<name>"
        "score": _score(checkpoint),
        "beta": checkpoint.beta if is_member else None,  # of a family's member
        "height": meta["model"]["height"],  # pixels
        "width": meta["model"]["width"],
        "dims": meta["model"]["latent_dims"],
        "modelUrl": urls["model.safetensors"],
        "codesUrl": urls["codes.safetensors"],
        "prefix": f"{checkpoint.index:02d}." if is_member else "",  # of the member's tensors
        # Row by row; a 2-D code is displayed at mu @ rotation.
        "rotation": IDENTITY if rotation is None else rotation.ravel().tolist(),
    }
