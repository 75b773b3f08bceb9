"""Two-dimensional pictures of codes: PCA, UMAP, and the rotation that lines up two layouts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from explorer.latent import ACTIVE_VARIANCE

MAX_TRUST_CODES = 2_000  # their distances and ranks take 64 MB
TRUST_SEED = 0
TRUST_NEIGHBOURS = 12


class PrincipalPlane(NamedTuple):
    """The plane through the codes' mean along which they vary most."""

    axes: np.ndarray  # (2, D), orthonormal rows, the first with the larger variance
    mean: np.ndarray  # (D,)
    variance_share: float  # of the codes' variance, 0 to 1

    def project(self, codes: np.ndarray) -> np.ndarray:
        """Codes (N, D) in the plane's own coordinates: (N, 2), float32."""
        return ((codes - self.mean) @ self.axes.T).astype(np.float32)


def principal_plane(codes: np.ndarray) -> PrincipalPlane:
    """The first two principal axes of codes (N, D), D of 2 or more."""
    mean = codes.mean(axis=0)
    _, scales, axes = np.linalg.svd(codes - mean, full_matrices=False)  # rows by falling variance
    # An axis has no sign of its own; its largest component is made positive to fix one.
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    total = np.square(scales).sum()
    share = float(np.square(scales[:2]).sum() / total) if total > 0 else 1.0
    return PrincipalPlane((axes * signs[:, None])[:2], mean, share)


def pca_layout(codes: np.ndarray) -> np.ndarray:
    """Codes (N, D) on their first two principal axes: (N, 2), float32."""
    return principal_plane(codes).project(codes)


def umap_layout(codes: np.ndarray, seed: int) -> np.ndarray:
    """UMAP of codes (N, D): (N, 2), float32. McInnes et al. 2018; neighbours 15, min_dist 0.1."""
    with warnings.catch_warnings():
        # A fixed seed makes UMAP single-threaded, which it announces as a warning, as it does that
        # its parametric version, which is not used here, lacks TensorFlow.
        warnings.filterwarnings("ignore", message="n_jobs value", category=UserWarning)
        warnings.filterwarnings("ignore", message="Tensorflow not installed")
        import umap

        return umap.UMAP(random_state=seed).fit_transform(codes).astype(np.float32)


LAYOUTS = {"pca": lambda codes, seed: pca_layout(codes), "umap": umap_layout}


def trustworthiness_subset(count: int) -> np.ndarray:
    """Which of `count` codes the trustworthiness is measured on: sorted indices, at most 2,000.

    All pairs of 10,000 codes would take 800 MB.
    """
    if count <= MAX_TRUST_CODES:
        return np.arange(count)
    rng = np.random.default_rng(TRUST_SEED)
    return np.sort(rng.choice(count, MAX_TRUST_CODES, replace=False))


def layout_trustworthiness(codes: np.ndarray, layout: np.ndarray) -> float:
    """How many of the neighbours in a layout (N, 2) are neighbours as codes (N, D): 0 to 1.

    Venna and Kaski 2001, as in scikit-learn, over TRUST_NEIGHBOURS neighbours of a fixed subset
    of the codes. N is at least 26.
    """
    from sklearn.manifold import trustworthiness  # takes a second to import

    chosen = trustworthiness_subset(len(codes))
    return float(trustworthiness(codes[chosen], layout[chosen], n_neighbors=TRUST_NEIGHBOURS))


def procrustes_rotation(codes: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, bool]:
    """The orthogonal matrix R (reflections allowed) that brings codes @ R closest to target.

    codes, target (N, D). Returns R (D, D) and whether it is determined: where a direction of
    either layout, or what the two share in it, has less variance than an active unit, the remains
    of a collapsed posterior would choose R. Schonemann 1966, "A generalized solution of the
    orthogonal Procrustes problem".
    """
    products = (codes.T @ target, codes.T @ codes, target.T @ target)
    least = min(np.linalg.svd(p, compute_uv=False).min() for p in products) / len(codes)
    left, _, right = np.linalg.svd(products[0])
    return (left @ right).astype(np.float32), bool(least > ACTIVE_VARIANCE)


def disparity(codes: np.ndarray, target: np.ndarray) -> float:
    """What a free scale cannot mend: min over s of |s codes - target|^2 / |target|^2, 0 to 1."""
    spread = np.square(codes).sum() * np.square(target).sum()
    if spread == 0:
        return 1.0
    return float(1 - np.square((codes * target).sum()) / spread)


def chain_rotations(
    layouts: Sequence[np.ndarray], anchor: int
) -> tuple[list[np.ndarray], list[float]]:
    """A rotation a layout that lines each up with its neighbour on the anchor's side.

    layouts: M arrays (N, D) in slider order; the anchor keeps the identity. Where a rotation is not
    determined (a collapsed layout) the neighbour's is kept. Returns M rotations (D, D) and, after
    alignment, M disparities to the neighbour (the anchor's is 0).
    """
    identity = np.eye(layouts[anchor].shape[1], dtype=np.float32)
    rotations, residuals = [identity] * len(layouts), [0.0] * len(layouts)
    outward = [(k, k - 1) for k in range(anchor + 1, len(layouts))]
    outward += [(k, k + 1) for k in range(anchor - 1, -1, -1)]
    for member, neighbour in outward:
        target = layouts[neighbour] @ rotations[neighbour]
        rotation, determined = procrustes_rotation(layouts[member], target)
        rotations[member] = rotation if determined else rotations[neighbour]
        residuals[member] = disparity(layouts[member] @ rotations[member], target)
    return rotations, residuals
