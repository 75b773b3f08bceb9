"""The formulas of each section of the page 'Theory', and the references they are tested against.

The page computes in JavaScript, often by other algorithms; tests compare both.
"""

from __future__ import annotations

from typing import NamedTuple

from explorer.ui.source_code import function_source


class Formula(NamedTuple):
    """A formula in plain text, what it says, and the library's function that is its reference."""

    text: str
    words: str
    module: str
    function: str


# The greatest difference between the page's figures and the reference's that a test allows.
DIFFERENCES = {
    "posterior": 0.05,  # nats
    "symbols": 0.01,
    "gradient": 1e-7,
    "montecarlo": 1e-3,
    "modes": 1e-3,
    "likelihood": 0.01,
}
FORMULAS: dict[str, tuple[Formula, ...]] = {
    "posterior": (
        Formula(
            "log p(x) = log ∫ p(x|z) p(z) dz",
            "the evidence: squares over the plane, by the midpoint rule",
            "explorer.evidence",
            "log_evidence",
        ),
        Formula(
            "ELBO = E_q[log p(x|z)] − KL(q ‖ p(z))",
            "by a Gauss–Hermite rule over q",
            "explorer.evidence",
            "elbo",
        ),
        Formula(
            "KL(q ‖ p(z|x)) = E_q[log q(z) − log p(z|x)] = log p(x) − ELBO",
            "on a grid of its own, with p(z|x) normalised by other points",
            "explorer.evidence",
            "kl_to_posterior",
        ),
    ),
    "symbols": (
        Formula(
            "z = μ + σ · ε,  ε ~ N(0, I)",
            "a sample of q(z|x)",
            "explorer.objectives",
            "reparameterize",
        ),
        Formula(
            "−log p(x|z) = −Σᵢ [xᵢ log s(lᵢ) + (1 − xᵢ) log(1 − s(lᵢ))]",
            "the reconstruction term, summed over pixels; s is the logistic function",
            "explorer.objectives",
            "bernoulli_reconstruction",
        ),
        Formula(
            "KLⱼ = ½ (μⱼ² + σⱼ² − 1 − log σⱼ²)",
            "KL of each dimension",
            "explorer.objectives",
            "kl_per_dimension",
        ),
    ),
    "gradient": (
        Formula(
            "∂/∂μ: E[f(z) ε/σ],  ∂/∂σ: E[f(z) (ε² − 1)/σ]",
            "the score function's estimator",
            "explorer.estimators",
            "score_function_gradient",
        ),
        Formula(
            "∂/∂μ: E[f′(μ + σε)],  ∂/∂σ: E[f′(μ + σε) ε]",
            "the reparameterised estimator",
            "explorer.estimators",
            "reparameterised_gradient",
        ),
        Formula(
            "SD of a mean of L samples = SD of one / √L",
            "the deviations in theory",
            "explorer.estimators",
            "gradient_spreads",
        ),
    ),
    "montecarlo": (
        Formula(
            "KL(q‖p) = ½ Σⱼ [log(σ₂²/σ₁²) + (σ₁² + (μ₁ − μ₂)²)/σ₂² − 1]",
            "two Gaussians",
            "explorer.objectives",
            "kl_between_gaussians",
        ),
        Formula(
            "KL(q‖N(0, I)) = ½ Σⱼ (μⱼ² + σⱼ² − 1 − log σⱼ²)",
            "its special case, a VAE's second term",
            "explorer.objectives",
            "kl_to_standard_normal",
        ),
        Formula(
            "KL ≈ 1/L Σₗ [log q(zₗ|x) − log p(zₗ)],  zₗ ~ q",
            "estimated from L samples",
            "explorer.objectives",
            "kl_monte_carlo",
        ),
        Formula(
            "SD = √((b² + 2a²)/L),  a = (σ₁²/σ₂² − 1)/2,  b = σ₁ (μ₁ − μ₂)/σ₂²",
            "how far the estimate spreads",
            "explorer.estimators",
            "kl_deviation",
        ),
        Formula(
            "−ELBO ≈ 1/L Σₗ −log p(x|zₗ) + KL(q‖N(0, I))",
            "the reconstruction from L samples, the KL in closed form",
            "explorer.objectives",
            "elbo_terms",
        ),
    ),
    "modes": (
        Formula(
            "KL(p‖q) = ∫ p (log p − log q) dz",
            "forward",
            "explorer.mixtures",
            "forward_kl",
        ),
        Formula(
            "argmin KL(p‖q):  μ and σ are p’s own mean and deviation",
            "the moments agree",
            "explorer.mixtures",
            "forward_fit",
        ),
        Formula(
            "KL(q‖p) = ∫ q (log q − log p) dz",
            "reverse",
            "explorer.mixtures",
            "reverse_kl",
        ),
        Formula(
            "argmin KL(q‖p)",
            "by search from several starts",
            "explorer.mixtures",
            "reverse_fits",
        ),
    ),
    "likelihood": (
        Formula(
            "−log p(x|z) = −Σᵢ [xᵢ log mᵢ + (1 − xᵢ) log(1 − mᵢ)],  m = s(l)",
            "Bernoulli",
            "explorer.objectives",
            "bernoulli_reconstruction",
        ),
        Formula(
            "−log p(x|z) = Σᵢ (xᵢ − mᵢ)²/(2σ²) + P log(σ√2π)",
            "Gaussian, P pixels",
            "explorer.objectives",
            "gaussian_reconstruction",
        ),
        Formula(
            "½ Σᵢ (xᵢ − mᵢ)²",
            "the same at σ = 1, less its constant",
            "explorer.objectives",
            "squared_error_reconstruction",
        ),
        Formula(
            "β = 2σ² · factor/P",
            "for a loss factor · Σ(x−m)²/P + β KL; P = 1 where it is summed",
            "explorer.likelihoods",
            "beta_of_sigma",
        ),
    ),
}


def formula_sources() -> dict[str, list[dict[str, str]]]:
    """Every section's formulas as the browser shows them, with their functions' source."""
    return {
        section: [
            {
                "text": formula.text,
                "words": formula.words,
                "name": f"{formula.module}.{formula.function}",
                "source": function_source(formula.module, formula.function),
            }
            for formula in formulas
        ]
        for section, formulas in FORMULAS.items()
    }
