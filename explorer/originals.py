"""The test images as they were drawn: uint8 (N, H, W), in the order of every checkpoint's codes.

Needs no torch, so that the app can show an original beside its reconstruction, and downloads
MNIST's test images alone where they are absent. Does not know the training images, nor the labels.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from explorer.errors import BadSetting, DataMissing
from explorer.files import write_atomically

BUNDLED = ("digits",)  # come with a package that the app needs anyway: never absent

TIMEOUT_S = 10  # without a byte from a mirror
DEADLINE_S = 120  # for all bytes of one mirror: 14 kB/s
STEP_BYTES = 32 * 1024  # between two reports of progress

_MNIST_SHAPE = (10_000, 28, 28)


@dataclass(frozen=True)
class Source:
    """Where a gzipped file is had, and what it must be."""

    file: str
    size: int  # bytes, as downloaded
    md5: str
    mirrors: tuple[str, ...]  # URLs of folders, tried in order


# The same file and mirrors as torchvision's MNIST.
MNIST_TEST_IMAGES = Source(
    "t10k-images-idx3-ubyte.gz",
    1_648_877,
    "9fb629c4189551a2d022fa330f9573f3",
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
)


@dataclass(frozen=True)
class DigitsSplit:
    """Scikit-learn's 1,797 digits and which of them are the test set."""

    images: np.ndarray  # (1797, 8, 8) whole numbers from 0 to 16
    labels: np.ndarray  # (1797,)
    train: np.ndarray  # indices
    test: np.ndarray  # indices


def load_originals(dataset: str, data_root: str | Path) -> np.ndarray | None:
    """Test images as uint8 (N, H, W), 0 to 255; None where the data set is not under `data_root`.

    Raises BadSetting for an unknown name and DataMissing where a file is damaged.
    """
    if dataset not in _LOADERS:
        raise BadSetting(f"No data set {dataset!r}. Allowed: {', '.join(_LOADERS)}.")
    return _LOADERS[dataset](Path(data_root))


def mnist_path(data_root: str | Path) -> Path:
    """Where MNIST's test images lie, for torchvision too."""
    return Path(data_root) / "MNIST" / "raw" / MNIST_TEST_IMAGES.file.removesuffix(".gz")


def split_digits() -> DigitsSplit:
    """Split scikit-learn's digits, which come with it: a fifth of each class is the test set."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    # The split is part of the data set, so its seed is fixed here and no argument.
    train, test = train_test_split(
        np.arange(len(digits.target)), test_size=0.2, stratify=digits.target, random_state=0
    )
    return DigitsSplit(digits.images, digits.target, train, test)


def download_test_images(
    data_root: str | Path, source: Source = MNIST_TEST_IMAGES
) -> Iterator[tuple[int, int]]:
    """Put MNIST's test images under `data_root`; yields (bytes done, bytes in all) as it goes.

    The file appears at the end, whole and checked, or not at all. Raises DataMissing where no
    mirror gives it or it cannot be written.
    """
    path = mnist_path(data_root)
    by_hand = f"put {path.name} into {path.parent} by hand."
    failures = []
    for mirror in source.mirrors:
        try:
            content = gzip.decompress((yield from _fetch(mirror + source.file, source)))
        except (OSError, HTTPException, ValueError) as error:
            failures.append(f"{urlsplit(mirror).netloc}: {_reason(error)}")
            continue
        try:
            write_atomically(path, content)
        except OSError as error:
            raise DataMissing(
                f"{path} cannot be written ({_reason(error)}). Mend that, or {by_hand}"
            ) from error
        return
    raise DataMissing(
        f"{source.file} could not be downloaded ({'; '.join(failures)}). "
        f"Check the network and try again, or {by_hand}"
    )


def _fetch(url: str, source: Source) -> Iterator[tuple[int, int]]:
    """Read a URL and return its bytes; raises ValueError where they are not the source's."""
    received = bytearray()
    reported = 0
    deadline = time.monotonic() + DEADLINE_S
    yield 0, source.size
    with urlopen(url, timeout=TIMEOUT_S) as response:
        # read1 returns what has come; read would wait for a whole chunk, however slowly it drips.
        while len(received) <= source.size and (part := response.read1(STEP_BYTES)):
            received += part
            if time.monotonic() > deadline:
                raise TimeoutError(f"not complete after {DEADLINE_S:g} s")
            if reported + STEP_BYTES <= len(received) < source.size:  # the last comes below
                reported = len(received)
                yield reported, source.size
    digest = hashlib.md5(received, usedforsecurity=False).hexdigest()
    if digest != source.md5:
        raise ValueError(f"sent another file, with MD5 {digest}")
    yield source.size, source.size
    return bytes(received)


def _mnist(data_root: Path) -> np.ndarray | None:
    path = mnist_path(data_root)
    try:
        # Read, not mapped: another process may overwrite the file in place.
        content = path.read_bytes()
        pixels = read_idx(content, _MNIST_SHAPE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise DataMissing(
            f"{path} is damaged ({_reason(error)}). Download it again, or replace it with the "
            "file of that name from a complete MNIST."
        ) from error
    return pixels


def read_idx(content: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """A file of MNIST's format, IDX, that holds bytes of this shape; ValueError for another."""
    header = np.array([0x800 + len(shape), *shape], dtype=">u4").tobytes()
    size = len(header) + math.prod(shape)
    if len(content) != size:
        raise ValueError(f"{len(content):,} bytes instead of {size:,}")
    if not content.startswith(header):
        raise ValueError(f"its header is not that of {' x '.join(map(str, shape))} bytes")
    return np.frombuffer(content, dtype=np.uint8, offset=len(header)).reshape(shape)


def _digits(data_root: Path) -> np.ndarray:
    split = split_digits()
    return np.round(split.images[split.test] * (255 / 16)).astype(np.uint8)


def _reason(error: Exception) -> str:
    """Why a file could not be had, in one line without Python's own decoration."""
    inner = error.reason if type(error) is URLError else error
    return " ".join(str(getattr(inner, "strerror", None) or inner).split()) or type(inner).__name__


_LOADERS: dict[str, Callable[[Path], np.ndarray | None]] = {"mnist": _mnist, "digits": _digits}
