"""What several tests share: small real checkpoints, and where MNIST lies."""

import os
from pathlib import Path

import pytest

from explorer.data import Dataset, load_dataset

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """Scikit-learn's 8 x 8 digits."""
    return load_dataset("digits")


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """Real MNIST from MNIST_ROOT; without it the test is skipped, or fails where it is required."""
    root = Path(os.environ.get("MNIST_ROOT", REPOSITORY / "data"))
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    # All four: the app downloads the test images alone.
    if not all((root / "MNIST" / "raw" / f"{name}-ubyte").is_file() for name in names):
        message = (
            f"MNIST is not in {root}. Download it with `python train.py --models kl-2d --epochs 1 "
            "--out quick`, or set MNIST_ROOT to the folder that holds MNIST/raw."
        )
        if os.environ.get("EXPLORER_REQUIRE_MNIST") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return load_dataset("mnist", root)


@pytest.fixture(scope="session")
def small_zoo(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """A root with digits/vae-2d, digits/vae-20d and digits/beta-2d after two real epochs."""
    import torch

    from explorer.builds import BuildPlaces, build_checkpoint
    from explorer.zoo import zoo
    from tests.specs import quick

    folder = tmp_path_factory.mktemp("zoo")
    places = BuildPlaces(folder / "checkpoints", folder / "runs", torch.device("cpu"))
    for name in ("vae-2d", "vae-20d", "beta-2d"):
        build_checkpoint(quick(zoo("digits")[name]), digits, places, resume=False)
    return places.out
