"""Exact means and variances of estimates of the gradient of E f(z), z ~ N(μ, e^ℓ)."""

from collections.abc import Callable
from functools import wraps

import torch
from torch import Tensor

from vae_lessons.equations.finite_world import expect, variance
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.sampling import pathwise_grad, score_function_grad


def random_cubic(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw the coefficients of a cubic f, and μ and ℓ of q, of shape (1,) each."""
    return tuple(torch.tensor(rng.normal(0, 0.7, size=size)) for size in (3, 1, 1))


def cubic(c: Tensor) -> Callable:
    """Return f(z) = c₁z + c₂z² + c₃z³, (..., 1) -> (...)."""
    return lambda z: (c[0] * z + c[1] * z**2 + c[2] * z**3).squeeze(-1)


def true_gradient(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Derivatives of E f = c₁μ + c₂(μ² + σ²) + c₃(μ³ + 3μσ²) with respect to μ and ℓ."""
    var = log_var.exp()
    return torch.cat([c[0] + 2 * c[1] * mu + 3 * c[2] * (mu**2 + var), var * (c[1] + 3 * c[2] * mu)])


def moments(f: Callable, estimator: Callable, mu: Tensor, log_var: Tensor, nodes: int = 12) -> tuple[Tensor, Tensor]:
    """Means and variances of an estimator of (∂μ, ∂ℓ) from one draw, by Gauss-Hermite: exact for polynomials."""
    eps, weights = gauss_hermite(nodes)
    estimates = torch.stack([gradient.squeeze(-1) for gradient in estimator(f, mu, log_var, eps[:, None])])
    return expect(weights, estimates), torch.stack([variance(weights, row) for row in estimates])


def expected(estimator: Callable) -> Callable:
    """Return the expectation of an estimator (f, μ, ℓ, ε) -> (∂μ, ∂ℓ), one per draw, for a cubic f."""

    @wraps(estimator)
    def expectation(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
        return moments(cubic(c), estimator, mu, log_var)[0]

    return expectation


def variances(f: Callable, mu: float) -> Tensor:
    """Variances of the two estimators of ∂μ from one draw: score function, pathwise; q = N(μ, 1)."""
    mean, log_var = torch.full((1,), mu, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    return torch.stack([moments(f, g, mean, log_var, 200)[1][0] for g in (score_function_grad, pathwise_grad)])


def square(z: Tensor) -> Tensor:
    """Return z², summed over the dimensions."""
    return (z**2).sum(-1)


def wave(frequency: float) -> Callable:
    """Return cos(kz)."""
    return lambda z: torch.cos(frequency * z).squeeze(-1)


def values_and_scores(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """F at each draw, and ∇ log q with respect to μ and ℓ, in rows."""
    std = torch.exp(0.5 * log_var)
    return f(mu + std * eps), torch.stack([(eps / std)[:, 0], ((eps**2 - 1) / 2)[:, 0]])


def slope(f: Callable, z: Tensor) -> Tensor:
    """Derivative of f at every z, by autograd."""
    z = z.detach().clone().requires_grad_()
    return torch.autograd.grad(f(z).sum(), z)[0]


def best_baseline(f: Callable, mu: Tensor, log_var: Tensor) -> tuple[Tensor, Tensor]:
    """E[f s²] / E[s²] for μ and for ℓ, exactly."""
    eps, weights = gauss_hermite(12)
    value, score = values_and_scores(f, mu, log_var, eps[:, None])
    return tuple((expect(weights, value * score**2) / expect(weights, score**2))[:, None])
