"""The zoo: the single place that says which models are trained, and how."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.config import ModelConfig, Objective, TrainConfig
from explorer.errors import BadSetting

# Even steps for a slider; 45 and 60 lie above the largest eigenvalue that predicts MNIST's
# collapse (32.2, see `explorer.statistics`), so the sweep ends where nothing is left to encode.
BETAS = (0.0, 0.3, 1.0, 2.0, 4.0, 6.0, 9.0, 13.0, 18.0, 24.0, 32.0, 45.0, 60.0)

BOTH = Objective()
RECONSTRUCTION_ONLY = Objective(betas=(0.0,))
KL_ONLY = Objective(reconstruction=False)
FAMILY = Objective(betas=BETAS)

IMAGE_SIZES = {"mnist": (28, 28), "digits": (8, 8)}

# One row a model: its name, D, its loss, its hidden widths and epochs on each data set, its 2-D
# layouts. Depth is the lever in 2-D (15-20 nats against one hidden layer); the families keep the
# tutorials' single hidden layer of 400.
_ROWS = (
    # name                 D   objective             mnist                   digits             layouts  # noqa: E501
    ("vae-2d",             2,  BOTH,                ((512, 512, 512), 60),  ((128, 128), 200),  ()),
    ("reconstruction-2d",  2,  RECONSTRUCTION_ONLY, ((512, 512, 512), 60),  ((128, 128), 200),  ()),
    ("kl-2d",              2,  KL_ONLY,             ((512, 512, 512), 60),  ((128, 128), 200),  ()),
    ("vae-20d",            20, BOTH,                ((512, 512), 40),       ((128, 128), 200),  ("pca", "umap")),  # noqa: E501
    ("beta-2d",            2,  FAMILY,              ((400,), 20),           ((100,), 100),      ()),
    ("beta-20d",           20, FAMILY,              ((400,), 20),           ((100,), 100),      ()),
)  # fmt: skip

# A small data set has few steps an epoch: more epochs (above) and a higher rate.
_TRAINING = {"mnist": TrainConfig(), "digits": TrainConfig(lr=4e-3)}


@dataclass(frozen=True)
class ModelSpec:
    """One row of the zoo for one data set."""

    dataset: str
    name: str
    model: ModelConfig
    objective: Objective
    train: TrainConfig
    layouts: tuple[str, ...]  # 2-D pictures of the codes made at training time

    @property
    def is_family(self) -> bool:
        """Whether the checkpoint holds one member a beta."""
        return len(self.objective.betas) > 1


def zoo(dataset: str) -> dict[str, ModelSpec]:
    """Every model of a data set, in the order in which they are trained.

    Raises BadSetting for a data set that the table does not know.
    """
    if dataset not in IMAGE_SIZES:
        raise BadSetting(f"No data set {dataset!r}. Allowed: {', '.join(IMAGE_SIZES)}.")
    column = list(IMAGE_SIZES).index(dataset)
    specs = {}
    for name, latent_dims, objective, *columns, layouts in _ROWS:
        hidden, epochs = columns[column]
        model = ModelConfig(*IMAGE_SIZES[dataset], latent_dims, hidden)
        train = TrainConfig(**{**vars(_TRAINING[dataset]), "epochs": epochs})
        specs[name] = ModelSpec(dataset, name, model, objective, train, layouts)
    return specs
