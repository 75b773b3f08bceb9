"""Figures hold the arrays they were given, in an order and with names a reader can use."""

import pytest

from explorer.checkpoints import load_checkpoint
from explorer.plots import metrics_against_beta, training_history


@pytest.fixture(scope="module")
def family(small_zoo):
    return load_checkpoint("digits/beta-2d", small_zoo)


def test_history_has_each_term_of_each_split_against_the_epoch(family):
    history = family.at(4).meta["history"]
    figure = training_history(history)
    assert [trace.name for trace in figure.data] == ["train", "test", "train", "test"]
    for trace, key in zip(
        figure.data,
        ("train_reconstruction", "test_reconstruction", "train_kl", "test_kl"),
        strict=True,
    ):
        assert list(trace.x) == list(range(1, len(history) + 1))
        assert list(trace.y) == [epoch[key] for epoch in history]
    assert {(trace.name, trace.line.dash) for trace in figure.data} == {
        ("train", "dot"),
        ("test", "solid"),
    }
    assert {trace.yaxis for trace in figure.data[:2]} != {trace.yaxis for trace in figure.data[2:]}


def test_metrics_stand_at_their_betas_in_even_steps(family):
    metrics = [member.meta["metrics"] for member in family.members]
    figure = metrics_against_beta(family.betas, metrics)
    assert figure.layout.xaxis.type == "category"
    by_name = {trace.name: trace for trace in figure.data}
    assert set(by_name) == {"reconstruction", "KL", "−ELBO", "IWAE NLL"}
    assert list(by_name["KL"].x) == [f"{beta:g}" for beta in family.betas]
    assert list(by_name["KL"].y) == [one["kl"] for one in metrics]
    assert list(by_name["−ELBO"].y) == [one["negative_elbo"] for one in metrics]
    assert len({trace.marker.symbol for trace in figure.data}) == 4
