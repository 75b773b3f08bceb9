"""Whether the test images are there, and the offer to download MNIST's where they are not."""

from __future__ import annotations

import streamlit as st

from explorer.errors import BadSetting, DataMissing
from explorer.originals import BUNDLED, MNIST_TEST_IMAGES, download_test_images
from explorer.places import data_root
from explorer.ui.notices import tell
from explorer.ui.server import cached_originals

MEGABYTE = 1e6


def has_originals(dataset: str) -> bool:
    """Whether the originals can be shown; where they cannot, nothing is said."""
    if dataset in BUNDLED:  # without loading them: scikit-learn takes a second to import
        return True
    try:
        return cached_originals(dataset) is not None
    except (BadSetting, DataMissing):
        return False


def offer_originals(dataset: str) -> bool:
    """Whether the originals can be shown; where they cannot, say so and offer the download.

    May be called inside a fragment: after a download the whole page runs again.
    """
    if dataset in BUNDLED:  # without loading them: scikit-learn takes a second to import
        return True
    try:
        if cached_originals(dataset) is not None:
            return True
        st.markdown(
            "MNIST's original test images are not on this computer. "
            "Everything else works without them."
        )
    except BadSetting:
        st.markdown("This data set has no original images to show.")
        return False
    except DataMissing as error:
        tell(error)
    if st.button(f"Download ({MNIST_TEST_IMAGES.size / MEGABYTE:.1f} MB)"):
        _download()
    return False


def _download() -> None:
    place = st.empty()
    try:
        for done, total in download_test_images(data_root()):
            place.progress(done / total, f"{done / MEGABYTE:.1f} of {total / MEGABYTE:.1f} MB")
    except DataMissing as error:
        place.error(str(error))
    else:
        st.rerun()
