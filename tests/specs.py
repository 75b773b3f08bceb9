"""Quick versions of the zoo's rows for tests."""

from dataclasses import replace

from explorer.zoo import ModelSpec


def quick(spec: ModelSpec, epochs: int = 2) -> ModelSpec:
    """The row with few epochs, PCA in place of the slow UMAP, and at most four betas."""
    betas = spec.objective.betas
    betas = betas if len(betas) == 1 else (0.0, 1.0, 4.0, 60.0)
    return replace(
        spec,
        train=replace(
            spec.train, epochs=epochs, shared_epochs=min(spec.train.shared_epochs, epochs)
        ),
        objective=replace(spec.objective, betas=betas),
        layouts=tuple(kind for kind in spec.layouts if kind == "pca"),
    )
