"""Checks of appendix E, part four: the steps of a diffusion, forwards and back, (E.6) and (E.7)."""

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation

T = 5


def noise_levels(rng) -> tuple[Tensor, Tensor]:
    """Draw β₁, …, β₅, how much of the variance each step replaces by noise, and x₀."""
    return torch.tensor(rng.uniform(0.05, 0.4, size=T)), torch.tensor(rng.normal(0.7, 1), dtype=torch.float64)


def alpha_bar(beta: Tensor) -> Tensor:
    """The product of 1 - β up to each step: ᾱ₁, …, ᾱ₅."""
    return (1 - beta).cumprod(0)


def marginals(beta: Tensor, x_0: Tensor) -> Tensor:
    """Mean and variance of x₁, …, x₅ given x₀: √ᾱ x₀ and 1 - ᾱ."""
    a = alpha_bar(beta)
    return torch.stack([a.sqrt() * x_0, 1 - a])


def marginals_step_by_step(beta: Tensor, x_0: Tensor) -> Tensor:
    """The same, one step after the other."""
    mean, var, rows = x_0, torch.zeros(()).double(), []
    for b in beta:
        mean, var = (1 - b).sqrt() * mean, (1 - b) * var + b
        rows.append(torch.stack([mean, var]))
    return torch.stack(rows, 1)


def chain(beta: Tensor, x_0: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and covariance of (x₁, …, x₅) given x₀, from x = A (noise) + mean: the steps as a linear system."""
    keep = torch.eye(T).double() - torch.diag((1 - beta[1:]).sqrt(), -1)
    first = torch.zeros(T).double()
    first[0] = (1 - beta[0]).sqrt() * x_0
    root = torch.linalg.solve(keep, torch.diag(beta.sqrt()))
    return torch.linalg.solve(keep, first), root @ root.T


def marginals_of_the_chain(beta: Tensor, x_0: Tensor) -> Tensor:
    """The same from mean and covariance of the whole chain."""
    mean, cov = chain(beta, x_0)
    return torch.stack([mean, cov.diagonal()])


equation(
    "E.6",
    "Many small steps of noise are one large step",
    method="exact model",
    draw=noise_levels,
    lines={
        "√ᾱ x₀, 1 - ᾱ": marginals,
        "step by step": marginals_step_by_step,
        "the chain as a linear system": marginals_of_the_chain,
    },
    mutants={
        "ᾱ for √ᾱ": lambda b, x: torch.stack([alpha_bar(b) * x, 1 - alpha_bar(b)]),
        "√(1 - ᾱ) for the variance": lambda b, x: torch.stack([alpha_bar(b).sqrt() * x, (1 - alpha_bar(b)).sqrt()]),
        "the β added up": lambda b, x: torch.stack([alpha_bar(b).sqrt() * x, b.cumsum(0)]),
        "1 - β of the last step alone": lambda b, x: torch.stack([(1 - b).sqrt() * x, b]),
    },
)


def backwards(beta: Tensor, x_0: Tensor, x_t: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of x₁, …, x₄ given x₀ and the next of the chain, x₂, …, x₅; Ho et al. (2020), (6) and (7)."""
    a, a_before, b = alpha_bar(beta)[1:], alpha_bar(beta)[:-1], beta[1:]
    mean = (a_before.sqrt() * b * x_0 + (1 - b).sqrt() * (1 - a_before) * x_t) / (1 - a)
    return mean, b * (1 - a_before) / (1 - a)


def levels_and_point(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw β, x₀, and a value for each of x₂, …, x₅."""
    return *noise_levels(rng), torch.tensor(rng.normal(size=T - 1))


def by_bayes(beta: Tensor, x_0: Tensor, x_t: Tensor) -> tuple[Tensor, Tensor]:
    """Multiply the densities of two views of x_t-1, one from each side: precisions add."""
    (mean, var), b = marginals(beta, x_0)[:, :-1], beta[1:]
    precision = 1 / var + (1 - b) / b
    return (mean / var + (1 - b).sqrt() * x_t / b) / precision, 1 / precision


def by_conditioning(beta: Tensor, x_0: Tensor, x_t: Tensor) -> tuple[Tensor, Tensor]:
    """Condition the normal of the whole chain on one of its numbers."""
    mean, cov = chain(beta, x_0)
    gain = cov.diagonal(1) / cov.diagonal()[1:]
    return mean[:-1] + gain * (x_t - mean[1:]), cov.diagonal()[:-1] - gain * cov.diagonal(1)


def _as(function):
    return lambda *inputs: torch.stack(function(*inputs))


def _posterior_forgets_x_0(beta, x_0, x_t):
    return torch.stack([(1 - beta[1:]).sqrt() * x_t, beta[1:]])


def _coefficients_exchanged(beta, x_0, x_t):
    a, a_before, b = alpha_bar(beta)[1:], alpha_bar(beta)[:-1], beta[1:]
    mean = (a_before.sqrt() * b * x_t + (1 - b).sqrt() * (1 - a_before) * x_0) / (1 - a)
    return torch.stack([mean, b * (1 - a_before) / (1 - a)])


equation(
    "E.7",
    "One step back, if the beginning is known",
    method="exact model",
    draw=levels_and_point,
    lines={
        "mean and variance": _as(backwards),
        "product of two views": _as(by_bayes),
        "the chain, conditioned": _as(by_conditioning),
    },
    mutants={
        "x₀ forgotten": _posterior_forgets_x_0,
        "x₀ and x_t exchanged": _coefficients_exchanged,
        "variance β": lambda b, x, y: torch.stack([backwards(b, x, y)[0], b[1:]]),
        "√ left out": lambda b, x, y: torch.stack(
            [
                (alpha_bar(b)[:-1] * b[1:] * x + (1 - b[1:]) * (1 - alpha_bar(b)[:-1]) * y) / (1 - alpha_bar(b)[1:]),
                backwards(b, x, y)[1],
            ]
        ),
    },
)
