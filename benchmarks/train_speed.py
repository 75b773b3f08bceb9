"""How much faster our training loop reaches what a plain PyTorch loop reaches.

Both train the tutorials' 784-400-20 network on MNIST. The plain loop is what a tutorial shows:
DataLoader over torchvision's MNIST with ToTensor, float32, Adam at 1e-3, batches of 128, 10 epochs.
Ours is `explorer.training.fit` with a schedule whose length is fixed beforehand (OUR_EPOCHS). Only
training is timed, evaluation is not. Both end in the same full evaluation of the test set; a run of
ours that does not reach the plain loop's -ELBO of the same repeat does not count.

    python benchmarks/train_speed.py
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from explorer.config import TrainConfig
from explorer.data import load_dataset
from explorer.flags import add_data_root
from explorer.metrics import evaluate
from explorer.models import VAE
from explorer.training import fit, initial_model, initial_state
from explorer.zoo import zoo

MODEL = zoo("mnist")["beta-20d"].model  # 784-400-20
PLAIN_EPOCHS = 10
OUR_EPOCHS = 5  # a short schedule wants a high peak: 6e-3, found on seed 0
OUR_TRAINING = TrainConfig(epochs=OUR_EPOCHS, lr=6e-3)
BAR = 5.0


def plain_loop(data_root: Path, seed: int) -> tuple[float, VAE]:
    """Seconds of training, and the model."""
    torch.manual_seed(seed)
    loader = DataLoader(
        MNIST(data_root, train=True, transform=ToTensor()), batch_size=128, shuffle=True
    )
    model = initial_model(MODEL, seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    started = time.perf_counter()
    for _ in range(PLAIN_EPOCHS):
        for x, _label in loader:
            logits, mu, logvar = model(x, torch.randn(len(x), MODEL.latent_dims))
            reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            optimizer.zero_grad()
            ((reconstruction + kl) / len(x)).backward()
            optimizer.step()
    return time.perf_counter() - started, model


def our_loop(images: torch.Tensor, seed: int) -> tuple[float, VAE]:
    """Seconds of training, and the model."""
    state = initial_state(MODEL, seed, 1)
    # `fit` records test figures after each epoch; on a single image that costs nothing.
    steps = fit(MODEL, OUR_TRAINING, (1.0,), True, images, images[:1], state)
    started = time.perf_counter()
    for _ in steps:
        pass
    seconds = time.perf_counter() - started
    model = initial_model(MODEL, seed)
    model.load_state_dict({name: p[0].detach() for name, p in state.parameters.items()})
    return seconds, model


def main() -> None:
    """Print one row a repeat and the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_root(parser)
    parser.add_argument("--repeats", type=int, default=3, help="a seed each; default: 3")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    flags = parser.parse_args()
    data = load_dataset("mnist", flags.data_root)
    rows = []
    for seed in range(flags.repeats):
        plain_seconds, plain = plain_loop(flags.data_root, seed)
        our_seconds, ours = our_loop(data.train_images, seed)
        plain_elbo, our_elbo = (
            evaluate(m, data.test_images, seed, iwae_samples=1)["negative_elbo"]
            for m in (plain, ours)
        )
        rows.append(
            {
                "seed": seed,
                "plain_seconds": plain_seconds,
                "our_seconds": our_seconds,
                "plain_negative_elbo": plain_elbo,
                "our_negative_elbo": our_elbo,
                "reached": our_elbo <= plain_elbo,
                "times_faster": plain_seconds / our_seconds,
            }
        )
        if not flags.json:
            print(
                f"seed {seed}: plain {plain_seconds:6.1f} s to {plain_elbo:.2f} nats, "
                f"ours {our_seconds:5.1f} s to {our_elbo:.2f} nats "
                f"({'reached' if our_elbo <= plain_elbo else 'NOT REACHED'}), "
                f"{plain_seconds / our_seconds:.2f} times faster",
                flush=True,
            )
    reached = [row["times_faster"] for row in rows if row["reached"]]
    median = statistics.median(reached) if len(reached) == len(rows) else 0.0
    if flags.json:
        print(json.dumps({"rows": rows, "median_times_faster": median, "bar": BAR}, indent=1))
    else:
        verdict = "met" if median >= BAR else "not met"
        print(f"median of {len(rows)}: {median:.2f} times faster (bar {BAR:g}: {verdict})")


if __name__ == "__main__":
    main()
