"""Check of chapter 8, part six: a baseline changes the variance and not the mean, (8.6)."""

from collections.abc import Callable
from functools import partial, wraps

import torch
from torch import Tensor

from vae_lessons.equations.finite_world import expect, tuples
from vae_lessons.equations.gradient_estimates import (
    best_baseline,
    cubic,
    moments,
    random_cubic,
    square,
    true_gradient,
    values_and_scores,
)
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.registry import equation
from vae_lessons.sampling import optimal_baseline, score_function_grad


def cubic_and_normal(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw the coefficients of f, μ and ℓ."""
    return random_cubic(rng)


ZERO = torch.zeros(1, dtype=torch.float64)


def at_best(estimator: Callable) -> Callable:
    """Return means and variances of an estimator (f, μ, ℓ, ε, b) at the best b, for a cubic f."""

    @wraps(estimator)
    def means_and_variances(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
        best = best_baseline(cubic(c), mu, log_var)
        return torch.cat(moments(cubic(c), partial(estimator, baseline=best), mu, log_var))

    return means_and_variances


def by_parabola(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """The true gradient, and the lowest point of the parabola through the variances at b = -20, 0, 20."""
    estimators = (partial(score_function_grad, baseline=b) for b in (-20.0, 0.0, 20.0))
    left, middle, right = (moments(cubic(c), estimator, mu, log_var)[1] for estimator in estimators)
    lowest = middle - ((right - left) / 2) ** 2 / (2 * (right + left - 2 * middle))
    return torch.cat([true_gradient(c, mu, log_var), lowest])


def library_is_least_squares(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether `optimal_baseline` of some draws is the b for which Σ (f s - b s)² is least."""
    eps = gauss_hermite(12)[0][:, None]
    value, score = values_and_scores(cubic(c), mu, log_var, eps)
    fits = [torch.linalg.lstsq(s[:, None], (value * s)[:, None]).solution.squeeze(-1) for s in score]
    return (torch.cat(optimal_baseline(cubic(c), mu, log_var, eps)) - torch.cat(fits)).abs() < 1e-9


def unbiased(b_of: Callable) -> Callable:
    """State that (f - b) s is unbiased from L = 2 draws, where b is made of the values of f at both."""

    def statement(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
        points, weights = gauss_hermite(5)
        index = tuples(5, 2)
        pairs = [values_and_scores(cubic(c), mu, log_var, points[row][:, None]) for row in index]
        value, score = (torch.stack(parts) for parts in zip(*pairs, strict=True))
        estimates = ((value - b_of(value))[:, None] * score).mean(0)
        return (expect(weights[index].prod(0), estimates) - true_gradient(c, mu, log_var)).abs() < 1e-9

    return statement


def variances_in_the_chapter(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether z² and N(μ, 1) give 8μ² + 10 with b = E f, and 8μ² + 6 with the best b = μ² + 3; 210 at μ = 5."""

    def differences(mean: Tensor) -> Tensor:
        baselines, formulas = (mean**2 + 1, mean**2 + 3), (8 * mean**2 + 10, 8 * mean**2 + 6)
        best = best_baseline(square, mean, ZERO)[0] - baselines[1]
        estimators = (partial(score_function_grad, baseline=b) for b in baselines)
        found = [moments(square, g, mean, ZERO)[1][:1] for g in estimators]
        return torch.cat([best, *(a - b for a, b in zip(found, formulas, strict=True))])

    return torch.cat([differences(mu), differences(ZERO + 5)]).abs() < 1e-8


# The mistakes that exercise 8.4 knows by name: estimators with a baseline for μ and one for ℓ


def _own_value_as_b(f, mu, log_var, eps, baseline):
    return tuple(0 * gradient for gradient in score_function_grad(f, mu, log_var, eps))  # (f - f) s


def _b_s_twice(f, mu, log_var, eps, baseline):
    return score_function_grad(f, mu, log_var, eps, baseline=tuple(2 * b for b in baseline))


def _b_added(f, mu, log_var, eps, baseline):
    return score_function_grad(f, mu, log_var, eps, baseline=tuple(-b for b in baseline))


def _no_baseline(f, mu, log_var, eps, baseline):
    return score_function_grad(f, mu, log_var, eps)


def _one_b_for_both(f, mu, log_var, eps, baseline):
    return score_function_grad(f, mu, log_var, eps, baseline=baseline[0])


def _b_outside_the_score(f, mu, log_var, eps, baseline):
    return tuple(g - b for g, b in zip(score_function_grad(f, mu, log_var, eps), baseline, strict=True))


def _mean_of_f(f, mu, log_var, eps, baseline):
    points, weights = gauss_hermite(12)
    mean = expect(weights, f(mu + torch.exp(0.5 * log_var) * points[:, None]))
    return score_function_grad(f, mu, log_var, eps, baseline=mean)


equation(
    "8.6",
    "A baseline lowers the variance and leaves the mean",
    method="quadrature",
    draw=cubic_and_normal,
    lines={
        "E, Var with E[f s²]/E[s²]": at_best(score_function_grad),
        "∇ E f, least Var over b": by_parabola,
        "optimal_baseline": library_is_least_squares,
        "b = 0.7: the same mean": lambda c, mu, log_var: (
            (
                moments(cubic(c), partial(score_function_grad, baseline=0.7), mu, log_var)[0]
                - true_gradient(c, mu, log_var)
            ).abs()
            < 1e-9
        ),
        "the other draw as b": unbiased(lambda value: value.flip(0)),
        "z²: 8μ² + 10, 8μ² + 6": variances_in_the_chapter,
    },
    mutants={
        "b from its own draw": at_best(_own_value_as_b),
        "own draw in the mean": unbiased(lambda value: value.mean(0)),
        "b s twice": at_best(_b_s_twice),
        "b added": at_best(_b_added),
        "no baseline": at_best(_no_baseline),
        "one b for both": at_best(_one_b_for_both),
        "b outside the score": at_best(_b_outside_the_score),
        "E f is best": at_best(_mean_of_f),
    },
)
