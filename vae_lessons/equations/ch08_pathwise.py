"""Check of chapter 8, part five: the gradient along the path of z, (8.5), and how much the two estimators vary."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.finite_world import tuples, variance
from vae_lessons.equations.gradient_estimates import (
    expected,
    random_cubic,
    slope,
    square,
    true_gradient,
    variances,
    wave,
)
from vae_lessons.equations.gradient_ratios import (
    _different_n,
    _ratio_of_means,
    _ratio_of_standard_deviations,
    is_seven_and_a_half,
)
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.registry import equation
from vae_lessons.sampling import pathwise_grad, score_function_grad


def cubic_and_normal(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw the coefficients of f, μ and ℓ."""
    return random_cubic(rng)


def by_hand(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Return f'(z) ∂z/∂μ = f'(z) and f'(z) ∂z/∂ℓ = f'(z) σε/2."""
    std = torch.exp(0.5 * log_var)
    along = slope(f, mu + std * eps)
    return along, along * std * eps / 2


def variances_for_the_square(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether the variances for z² are μ⁴ + 14μ² + 15 and 4."""
    mean = mu.item()
    formulas = torch.tensor([mean**4 + 14 * mean**2 + 15, 4], dtype=torch.float64)
    return (variances(square, mean) - formulas).abs() < 1e-9


def variances_in_the_chapter(*_) -> Tensor:
    """Tell whether the table is right: 30 and 4, 990 and 4 for z²; .324 and .268 for cos z; .5 and 50 for cos 10z."""
    rows = [variances(square, 1.0), variances(square, 5.0), variances(wave(1), 1.0), variances(wave(10), 1.0)]
    table = torch.tensor([[30, 4], [990, 4], [0.32399, 0.26767], [0.5, 50]]).double()
    return (torch.stack(rows) - table).abs() < 1e-5


def grows_with_the_dimension(*_) -> Tensor:
    """Tell whether ∂μ₁ for Σ z², all μ = 1, has variance 4d² + 14d + 12 for d = 1, 2, 3: by the score function."""
    points, weights = gauss_hermite(5)

    def score_variance(d: int) -> Tensor:
        index = tuples(5, d)
        one = torch.ones(d).double()
        gradient, _ = score_function_grad(square, one, 0 * one, points[index].T)
        return variance(weights[index].prod(0), gradient[:, 0])

    return torch.stack([(score_variance(d) - (4 * d**2 + 14 * d + 12)).abs() for d in (1, 2, 3)]) < 1e-9


def score_wins(f: Callable) -> Callable:
    """State that the score function varies less than the path."""
    return lambda *_: variances(f, 1.0).diff() > 0


# Mistakes in the estimator


def _variance_as_scale(f, mu, log_var, eps):
    along = slope(f, mu + log_var.exp() * eps)
    return along, along * log_var.exp() * eps


def _no_inner_derivative(f, mu, log_var, eps):
    along = slope(f, mu + torch.exp(0.5 * log_var) * eps)
    return along, along


def _no_half(f, mu, log_var, eps):
    along, with_half = by_hand(f, mu, log_var, eps)
    return along, 2 * with_half


def _slope_at_the_mean(f, mu, log_var, eps):
    along = slope(f, mu.expand_as(eps))
    return along, along * torch.exp(0.5 * log_var) * eps / 2


def _score_added(f, mu, log_var, eps):
    return tuple(
        a + b for a, b in zip(by_hand(f, mu, log_var, eps), score_function_grad(f, mu, log_var, eps), strict=True)
    )


equation(
    "8.5",
    "The pathwise estimator of a gradient",
    method="quadrature",
    draw=cubic_and_normal,
    lines={
        "∇ E f, in closed form": true_gradient,
        "E[f'(z) ∂z], by hand": expected(by_hand),
        "pathwise_grad, on average": expected(pathwise_grad),
        "score_function_grad, on average": expected(score_function_grad),
        "Var for z²: μ⁴ + 14μ² + 15, and 4": variances_for_the_square,
        "Var in the chapter's table": variances_in_the_chapter,
        "d dimensions: 4d² + 14d + 12": grows_with_the_dimension,
        "ratio 7.5 for z², μ = 1": is_seven_and_a_half(lambda score, path: score.var() / path.var()),
        "the score wins for cos 10z": score_wins(wave(10)),
    },
    mutants={
        "σ² as scale": expected(_variance_as_scale),
        "∂z/∂ℓ left out": expected(_no_inner_derivative),
        "no ½": expected(_no_half),
        "slope at the mean": expected(_slope_at_the_mean),
        "score added to the path": expected(_score_added),
        "ratio of means is 7.5": is_seven_and_a_half(_ratio_of_means),
        "ratio of standard deviations is 7.5": is_seven_and_a_half(_ratio_of_standard_deviations),
        "different n: ratio is 7.5": is_seven_and_a_half(_different_n),
        "the score wins for cos z": score_wins(wave(1)),
        "the score wins for a constant": score_wins(lambda z: 0 * z.sum(-1) + 1),
    },
    draws=5,
)
