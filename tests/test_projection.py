"""Layouts and rotations: against scikit-learn and SciPy, and on layouts with a known rotation."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from explorer.projection import (
    TRUST_NEIGHBOURS,
    chain_rotations,
    disparity,
    layout_trustworthiness,
    pca_layout,
    principal_plane,
    procrustes_rotation,
    trustworthiness_subset,
    umap_layout,
)

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(300, 2)).astype(np.float32) * [3, 1]


def turn(angle: float, mirror: bool = False) -> np.ndarray:
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return matrix @ np.diag([1, -1]) if mirror else matrix


def test_pca_is_scikit_learns_up_to_signs():
    codes = RNG.normal(size=(200, 6)) * np.arange(1, 7)
    expected = PCA(2).fit_transform(codes)
    np.testing.assert_allclose(np.abs(pca_layout(codes)), np.abs(expected), atol=1e-4)


def test_principal_plane_is_scikit_learns_and_leads_back():
    codes = RNG.normal(size=(200, 6)) * np.arange(1, 7) + np.arange(6)
    expected = PCA(2).fit(codes)
    axes, mean, share = principal_plane(codes)
    np.testing.assert_allclose(np.abs(axes), np.abs(expected.components_), atol=1e-6)
    np.testing.assert_allclose(mean, expected.mean_)
    assert share == pytest.approx(expected.explained_variance_ratio_.sum())
    assert (axes[[0, 1], np.abs(axes).argmax(axis=1)] > 0).all()
    # A point of the plane is where its own coordinates lead to.
    point = mean + np.array([0.3, -2]) @ axes
    np.testing.assert_allclose((point - mean) @ axes.T, [0.3, -2], atol=1e-9)


def test_trustworthiness_is_scikit_learns_on_a_fixed_subset():
    codes = RNG.normal(size=(2300, 5))
    layout = codes[:, :2] + 0.3 * RNG.normal(size=(2300, 2))
    chosen = trustworthiness_subset(2300)
    assert len(set(chosen)) == 2000
    assert chosen.max() < 2300
    np.testing.assert_array_equal(chosen, trustworthiness_subset(2300))
    expected = trustworthiness(codes[chosen], layout[chosen], n_neighbors=TRUST_NEIGHBOURS)
    assert layout_trustworthiness(codes, layout) == expected
    few = trustworthiness(codes[:90], layout[:90], n_neighbors=TRUST_NEIGHBOURS)
    assert layout_trustworthiness(codes[:90], layout[:90]) == few


def test_umap_keeps_three_far_clusters_apart():
    centres = 20 * np.eye(3, 5)
    codes = np.concatenate([c + RNG.normal(size=(40, 5)) for c in centres]).astype(np.float32)
    layout = umap_layout(codes, seed=0).reshape(3, 40, 2)
    spread = np.linalg.norm(layout - layout.mean(axis=1, keepdims=True), axis=-1).max()
    gap = min(np.linalg.norm(layout[a].mean(0) - layout[b].mean(0)) for a, b in ((0, 1), (1, 2)))
    assert gap > spread


@pytest.mark.parametrize("mirror", [False, True])
def test_procrustes_finds_a_known_rotation_as_scipy_does(mirror: bool):
    rotation, determined = procrustes_rotation(CLOUD @ turn(1.1, mirror), CLOUD)
    assert determined
    np.testing.assert_allclose(rotation, turn(1.1, mirror).T, atol=1e-5)
    expected, _ = orthogonal_procrustes(CLOUD @ turn(1.1, mirror), CLOUD)
    np.testing.assert_allclose(rotation, expected, atol=1e-5)


def test_a_collapsed_layout_determines_no_rotation_however_alike_its_remains_are():
    assert not procrustes_rotation(CLOUD * [1, 1e-4], CLOUD)[1]
    assert not procrustes_rotation(1e-3 * CLOUD, 1e-3 * CLOUD)[1]
    assert procrustes_rotation(100 * CLOUD, CLOUD)[1]


def test_disparity_is_scipys_after_alignment():
    a = CLOUD - CLOUD.mean(axis=0)
    b = a @ turn(0.4) + RNG.normal(size=a.shape)
    b -= b.mean(axis=0)
    rotation, _ = procrustes_rotation(a, b)
    assert disparity(a @ rotation, b) == pytest.approx(procrustes(b, a)[2], abs=1e-6)


def test_chain_lines_every_member_up_with_the_anchor():
    layouts = [
        CLOUD @ turn(angle, mirror) for angle, mirror in ((2.0, True), (0, False), (1, True))
    ]
    rotations, residuals = chain_rotations(layouts, anchor=1)
    np.testing.assert_array_equal(rotations[1], np.eye(2))
    for layout, rotation in zip(layouts, rotations, strict=True):
        np.testing.assert_allclose(layout @ rotation, CLOUD, atol=1e-4)
    assert max(residuals) < 1e-6


def test_a_collapsed_member_keeps_its_neighbours_rotation():
    layouts = [CLOUD, CLOUD @ turn(1.0), 1e-3 * RNG.normal(size=CLOUD.shape) * [1, 1e-4]]
    rotations, residuals = chain_rotations(layouts, anchor=0)
    np.testing.assert_array_equal(rotations[2], rotations[1])
    assert residuals[2] > 0.9
