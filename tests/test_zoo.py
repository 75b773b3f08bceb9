"""The zoo's table, and configurations that refuse nonsense."""

import pytest

from explorer.config import ModelConfig, Objective, TrainConfig
from explorer.errors import BadSetting
from explorer.zoo import BETAS, IMAGE_SIZES, zoo


@pytest.mark.parametrize("dataset", IMAGE_SIZES)
def test_the_three_objectives_differ_in_the_objective_alone(dataset: str):
    table = zoo(dataset)
    both, reconstruction, kl = (table[n] for n in ("vae-2d", "reconstruction-2d", "kl-2d"))
    assert both.model == reconstruction.model == kl.model
    assert both.train == reconstruction.train == kl.train
    assert both.objective == Objective((1.0,), True)
    assert reconstruction.objective == Objective((0.0,), True)
    assert kl.objective == Objective((1.0,), False)


def test_families_are_the_tutorials_network():
    for name, latent_dims in (("beta-2d", 2), ("beta-20d", 20)):
        spec = zoo("mnist")[name]
        assert spec.model.encoder_widths == (784, 400, 2 * latent_dims)
        assert spec.model.decoder_widths == (latent_dims, 400, 784)
        assert spec.objective.betas == BETAS
        assert spec.is_family


def test_an_unknown_data_set_is_named():
    with pytest.raises(BadSetting, match="'cifar'"):
        zoo("cifar")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ModelConfig(8, 8, 0, (4,)), "latent_dims is 0"),
        (lambda: ModelConfig(8, 8, 2, (4, -1)), "hidden"),
        (lambda: ModelConfig(0, 8, 2, (4,)), "image size"),
        (lambda: Objective(betas=()), "betas"),
        (lambda: Objective(betas=(1.0, 0.5)), "rising"),
        (lambda: Objective(betas=(float("inf"),)), "betas"),
        (lambda: TrainConfig(warmup=1.0), "warmup"),
        (lambda: TrainConfig(weight_decay=-1), "weight_decay"),
    ],
)
def test_configurations_refuse_nonsense(make, message: str):
    with pytest.raises(BadSetting, match=message):
        make()
