"""The training loop: schedule, determinism, stacking, objectives that leave parts alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer import training
from explorer.config import ModelConfig, TrainConfig
from explorer.data import Dataset
from explorer.training import (
    FitState,
    branched_state,
    epoch_randomness,
    fit,
    initial_state,
    learning_rate,
)

MODEL = ModelConfig(8, 8, 2, (32,))
TRAIN = TrainConfig(epochs=3, batch_size=128, lr=4e-3)


def trained(
    digits: Dataset,
    betas: Sequence[float] = (1.0,),
    reconstruction: bool = True,
    train: TrainConfig = TRAIN,
    state: FitState | None = None,
) -> FitState:
    state = state or initial_state(MODEL, train.seed, len(betas))
    arguments = (digits.train_images, digits.test_images, state)
    for _ in fit(MODEL, train, betas, reconstruction, *arguments):
        pass
    return state


def same(first: FitState, second: FitState) -> bool:
    return all(torch.equal(p, second.parameters[name]) for name, p in first.parameters.items())


def test_learning_rate_rises_to_the_peak_and_falls_to_nothing():
    rates = np.array([learning_rate(TRAIN, step, 1000) for step in range(1000)])
    peak = rates.argmax()
    assert rates[peak] == pytest.approx(TRAIN.lr, rel=1e-3)
    assert peak == pytest.approx(100, abs=2)
    assert (np.diff(rates[:peak]) > 0).all()
    assert (np.diff(rates[peak:]) < 0).all()
    assert rates[-1] < 1e-5 * TRAIN.lr
    halfway = learning_rate(TRAIN, 550, 1000)  # half a cosine is at half its height there
    assert halfway == pytest.approx(TRAIN.lr / 2, rel=0.01)


def test_randomness_is_a_function_of_seed_and_epoch():
    order, noise = epoch_randomness(3, 5, 100, 2)
    again = epoch_randomness(3, 5, 100, 2)
    assert torch.equal(order, again[0])
    assert torch.equal(noise, again[1])
    assert sorted(order.tolist()) == list(range(100))
    for other in (epoch_randomness(3, 6, 100, 2), epoch_randomness(4, 5, 100, 2)):
        assert not torch.equal(order, other[0])
        assert not torch.equal(noise, other[1])


def test_training_improves_the_elbo_and_records_every_epoch(digits: Dataset):
    history = trained(digits, train=replace(TRAIN, epochs=90)).history
    assert len(history) == 90
    elbos = [e["test_reconstruction"][0] + e["test_kl"][0] for e in history]
    # A decoder that ignores z ends at the entropy of the mean image.
    p = digits.train_images.mean(dim=0).clamp(1e-6, 1 - 1e-6)
    x = digits.test_images
    collapsed = -(x * p.log() + (1 - x) * (1 - p).log()).sum(dim=(1, 2, 3)).mean().item()
    assert elbos[-1] < collapsed - 1 < elbos[0]
    assert history[-1]["train_reconstruction"][0] < history[0]["train_reconstruction"][0]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(digits: Dataset):
    assert same(trained(digits), trained(digits))
    assert not same(trained(digits), trained(digits, train=replace(TRAIN, seed=1)))


def test_going_on_from_a_state_ends_where_an_uninterrupted_training_ends(digits: Dataset):
    state = initial_state(MODEL, TRAIN.seed, 1)
    steps = fit(MODEL, TRAIN, (1.0,), True, digits.train_images, digits.test_images, state)
    next(steps)  # one epoch, then the process is gone
    copy = FitState(
        {name: p.detach().clone() for name, p in state.parameters.items()},
        {key: {n: m.clone() for n, m in group.items()} for key, group in state.moments.items()},
        list(state.history),
    )
    resumed, whole = trained(digits, state=copy), trained(digits)
    assert same(resumed, whole)
    assert resumed.history == whole.history


def test_a_stacked_family_is_its_members_trained_alone(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
):
    """What a GPU computes at once is what a CPU computes one by one (in float32)."""
    monkeypatch.setattr(training, "gains_from_bfloat16", lambda device: False)
    betas = (0.0, 1.0, 9.0)
    stacked = trained(digits, betas)
    for k, beta in enumerate(betas):
        alone = trained(digits, (beta,))
        for name, p in alone.parameters.items():
            torch.testing.assert_close(stacked.parameters[name][k], p[0], atol=2e-4, rtol=2e-3)
        for key, value in alone.history[-1].items():
            assert stacked.history[-1][key][k] == pytest.approx(value[0], abs=1e-2)


def test_members_branch_from_the_weights_they_share(digits: Dataset):
    shared = trained(digits)
    state = branched_state(shared, 2)
    assert state.epochs_done == 0
    for name, p in shared.parameters.items():
        for k in range(2):
            assert torch.equal(state.parameters[name][k], p[0])
    trained(digits, (1.0, 4.0), state=state)  # in place, and the shared weights stay as they were
    assert same(shared, trained(digits))


def test_kl_only_leaves_the_decoder_at_its_initial_weights_and_finds_the_prior(digits: Dataset):
    state = trained(digits, reconstruction=False, train=replace(TRAIN, epochs=20))
    start = initial_state(MODEL, TRAIN.seed, 1)
    for name, p in state.parameters.items():
        assert torch.equal(p, start.parameters[name]) == name.startswith("decoder.")
    assert state.history[-1]["test_kl"][0] < 1e-2


def test_reconstruction_only_feels_no_pull_to_the_prior(digits: Dataset):
    train = replace(TRAIN, epochs=20)
    free, pulled = trained(digits, (0.0,), train=train), trained(digits, (4.0,), train=train)
    assert free.history[-1]["train_kl"][0] > 3 * pulled.history[-1]["train_kl"][0]
    reconstructions = [s.history[-1]["train_reconstruction"][0] for s in (free, pulled)]
    assert reconstructions[0] < reconstructions[1]
