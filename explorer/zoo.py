"""The zoo: the single place that says which models are trained, and how."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.config import JudgeConfig, ModelConfig, Objective, TrainConfig
from explorer.errors import BadSetting
from explorer.places import JUDGE

# Even steps for a slider; 45 and 60 lie above the largest eigenvalue that predicts MNIST's
# collapse (32.2, see `explorer.statistics`), so the sweep ends where nothing is left to encode.
BETAS = (0.0, 0.3, 1.0, 2.0, 4.0, 6.0, 9.0, 13.0, 18.0, 24.0, 32.0, 45.0, 60.0)

BOTH = Objective()
RECONSTRUCTION_ONLY = Objective(betas=(0.0,))
KL_ONLY = Objective(reconstruction=False)
FAMILY = Objective(betas=BETAS)


@dataclass(frozen=True)
class Recipe:
    """The part of a row that depends on the data set: network and schedule."""

    hidden: tuple[int, ...]
    epochs: int
    lr: float  # peak; a wide or deep network wants a lower one
    shared_epochs: int = 0  # of a family, see TrainConfig


# One row a data set: its image size and the recipe of each kind of model. Depth is the lever in 2-D
# (15-20 nats against one hidden layer); the families keep the tutorials' single layer of 400. Their
# members share half of their epochs: so -ELBO is smallest at beta 1, as it is the loss there.
_DATASETS = {
    "mnist": (
        (28, 28),
        {
            "deep 2-D": Recipe((512, 512, 512), epochs=60, lr=1.5e-3),
            "deep 20-D": Recipe((512, 512), epochs=40, lr=1.5e-3),
            "shallow": Recipe((400,), epochs=15, lr=5e-3, shared_epochs=15),
        },
    ),
    "digits": (
        (8, 8),
        {
            "deep 2-D": Recipe((128, 128), epochs=120, lr=6e-3),
            "deep 20-D": Recipe((128, 128), epochs=120, lr=6e-3),
            "shallow": Recipe((100,), epochs=50, lr=6e-3, shared_epochs=50),
        },
    ),
}
IMAGE_SIZES = {dataset: size for dataset, (size, _) in _DATASETS.items()}

# The judge's network and schedule, chosen by its accuracy and by the coverage of real digits by
# other real digits, and the pictures that teach it what is no digit. MNIST's reads inverted digits
# as none without having seen any. That of `digits` has 1,077 digits to learn from, so its seed
# matters: of five it is the only one that keeps a digit moved by 2 pixels on the data and is unsure
# of the mean picture, which a collapsed model paints.
_JUDGES = {
    "mnist": (
        JudgeConfig(28, 28, (16, 32), 16),
        TrainConfig(epochs=12, lr=5e-3),
        ("shuffled", "noise"),
    ),
    "digits": (
        JudgeConfig(8, 8, (16, 32), 16),
        TrainConfig(epochs=60, lr=1e-2, batch_size=32, seed=2),
        ("shuffled", "noise", "inverted"),
    ),
}

# One row a model, for every data set.
_MODELS = (
    # name, D, objective, recipe, 2-D layouts
    ("vae-2d", 2, BOTH, "deep 2-D", ()),
    ("reconstruction-2d", 2, RECONSTRUCTION_ONLY, "deep 2-D", ()),
    ("kl-2d", 2, KL_ONLY, "deep 2-D", ()),
    ("vae-20d", 20, BOTH, "deep 20-D", ("pca", "umap")),
    ("beta-2d", 2, FAMILY, "shallow", ()),
    ("beta-20d", 20, FAMILY, "shallow", ()),
)


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


@dataclass(frozen=True)
class JudgeSpec:
    """The row of a data set's judge, the classifier that the models are measured with."""

    dataset: str
    name: str
    model: JudgeConfig
    train: TrainConfig
    no_digits: tuple[str, ...]  # what it learns to read as no digit, of `judge_network.NO_DIGITS`


def zoo(dataset: str) -> dict[str, ModelSpec | JudgeSpec]:
    """Every row of a data set in the order of training: the judge first, then the models.

    Raises BadSetting for a data set that the table does not know.
    """
    if dataset not in _DATASETS:
        raise BadSetting(f"No data set {dataset!r}. Allowed: {', '.join(_DATASETS)}.")
    size, recipes = _DATASETS[dataset]
    specs: dict[str, ModelSpec | JudgeSpec] = {JUDGE: JudgeSpec(dataset, JUDGE, *_JUDGES[dataset])}
    for name, latent_dims, objective, kind, layouts in _MODELS:
        recipe = recipes[kind]
        model = ModelConfig(*size, latent_dims, recipe.hidden)
        train = TrainConfig(recipe.epochs, recipe.shared_epochs, lr=recipe.lr)
        specs[name] = ModelSpec(dataset, name, model, objective, train, layouts)
    return specs
