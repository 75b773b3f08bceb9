"""Data sets: shapes, ranges, a fixed split, and one clear sentence where MNIST cannot be had."""

import math
from pathlib import Path

import pytest
import torch

from explorer.data import DATASETS, MNIST_FILES, Dataset, load_dataset
from explorer.errors import BadSetting, DataMissing
from explorer.zoo import IMAGE_SIZES


def check_dataset(data: Dataset, size: tuple[int, int], train: int, test: int):
    assert data.train_images.shape == (train, 1, *size)
    assert data.test_images.shape == (test, 1, *size)
    for images, labels in (
        (data.train_images, data.train_labels),
        (data.test_images, data.test_labels),
    ):
        assert images.dtype == torch.float32
        assert images.min() == 0
        assert images.max() == 1
        assert set(labels.tolist()) == set(range(10))
        assert len(labels) == len(images)


def test_digits(digits: Dataset):
    check_dataset(digits, (8, 8), 1437, 360)


def test_digits_split_is_stratified_and_the_same_every_time(digits: Dataset):
    again = load_dataset("digits")
    assert torch.equal(digits.test_images, again.test_images)
    counts = torch.bincount(digits.test_labels)
    assert counts.min() >= 34
    assert counts.max() <= 38


def test_mnist(mnist: Dataset):
    check_dataset(mnist, (28, 28), 60_000, 10_000)
    assert torch.bincount(mnist.test_labels).tolist()[:3] == [980, 1135, 1032]


def test_every_data_set_has_a_row_in_the_zoo():
    assert tuple(IMAGE_SIZES) == DATASETS


def test_unknown_data_set():
    with pytest.raises(BadSetting, match=r"'cifar'.*mnist, digits"):
        load_dataset("cifar")


def without_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object, **kwargs: object):
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)


def test_missing_mnist_names_folder_files_and_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    without_network(monkeypatch)
    with pytest.raises(DataMissing) as caught:
        load_dataset("mnist", tmp_path)
    message = str(caught.value)
    for part in (str(tmp_path), "train-images-idx3-ubyte", "--dataset digits", "--data-root"):
        assert part in message
    assert "\n" not in message


def idx(shape: tuple[int, ...]) -> bytes:
    """A file of MNIST's format with nothing but zeros in it."""
    header = b"".join(n.to_bytes(4, "big") for n in (0x800 + len(shape), *shape))
    return header + bytes(math.prod(shape))


DAMAGED = {  # file -> what stands in it
    "train-images-idx3-ubyte": lambda shape: b"\0\0\x08\x03\0\0",
    "t10k-images-idx3-ubyte": lambda shape: idx(shape)[:-1],
    "t10k-labels-idx1-ubyte": lambda shape: idx((60_000,)),  # the training labels
    "train-labels-idx1-ubyte": lambda shape: b"\x1f\x8b" + idx(shape)[2:],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_the_damaged_file_of_mnist_is_named_with_the_fix(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    without_network(monkeypatch)
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file, shape in MNIST_FILES.items():
        (raw / file).write_bytes(DAMAGED[file](shape) if file == name else idx(shape))
    with pytest.raises(DataMissing, match=f"{name} is damaged .*Delete it, and it is downloaded"):
        load_dataset("mnist", tmp_path)
