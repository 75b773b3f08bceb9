"""-ELBO of each member of the beta families: `python benchmarks/family_elbo.py`.

On the training images, where it must be smallest at beta = 1, since -ELBO is the loss at that beta,
and on the test images. Nats an image, reconstruction summed over pixels, KL over dimensions, four
samples an image. Exit status 1 where a minimum on the training images lies elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer.checkpoints import load_checkpoint
from explorer.data import load_dataset
from explorer.flags import add_data_root
from explorer.metrics import evaluate

DATASETS = ("mnist", "digits")
FAMILIES = ("beta-2d", "beta-20d")
SPLITS = ("train", "test")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_root(parser)
    parser.add_argument("--root", type=Path, default=Path("checkpoints"))
    flags = parser.parse_args()
    is_well = True
    for dataset in DATASETS:
        data = load_dataset(dataset, flags.data_root)
        for name in FAMILIES:
            family = load_checkpoint(f"{dataset}/{name}", flags.root)
            print(f"\n{family.name}\n| beta | {' | '.join(SPLITS)} |\n|---|---|---|")
            rows = []
            for member in family.members:
                rows.append(
                    [
                        evaluate(member.model, images, iwae_samples=1)["negative_elbo"]
                        for images in (data.train_images, data.test_images)
                    ]
                )
                figures = " | ".join(f"{nats:.2f}" for nats in rows[-1])
                print(f"| {member.beta:g} | {figures} |", flush=True)
            for split, column in zip(SPLITS, zip(*rows, strict=True), strict=True):
                best = family.betas[column.index(min(column))]
                print(f"smallest on the {split} images: at beta {best:g}")
                is_well &= split != "train" or best == 1
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
