"""Check of chapter 6, part six: a q that cannot follow the posterior moves the best θ, (6.11)."""

import torch
from torch import Tensor

from vae_lessons.equations.ch06_data import elbo_of_data, log_evidence_of_data
from vae_lessons.equations.registry import equation

# The model is that of (6.10). q has its own mean for every x, and a variance v that is fixed, or free.


def square_and_variance(rng) -> tuple[Tensor, Tensor]:
    """Draw S, the mean of x² over the data, and v, the fixed variance of q."""
    return tuple(torch.tensor(value) for value in rng.uniform([2.5, 0.4], [5.0, 1.2]))


def best_squares(S: Tensor, v: Tensor) -> Tensor:
    """θ² of the highest ELBO with fixed v, and of the highest likelihood."""
    return torch.stack([(S / v).sqrt() - 1, S - 1])


def coordinate_ascent(S: Tensor, v: Tensor | None, steps: int = 3000) -> float:
    """Climb the ELBO in turn, the means of q to θx/(1 + θ²), then θ to Σ xμ / Σ (μ² + s²); return θ²."""
    S, theta = float(S), 1.0
    for _ in range(steps):
        slope, s2 = theta / (1 + theta**2), 1 / (1 + theta**2) if v is None else float(v)
        theta = S * slope / (S * slope**2 + s2)
    return theta**2


def is_flat(S: Tensor, v: Tensor) -> Tensor:
    """Tell whether the gradients are 0: of the ELBO in θ and the mean of q, of the likelihood in θ; x = √S."""
    by_elbo, by_likelihood = best_squares(S, v).sqrt().requires_grad_()
    mu = (by_elbo * S.sqrt() / (1 + by_elbo**2)).detach().requires_grad_()
    at_elbo = torch.autograd.grad(elbo_of_data(S.sqrt(), by_elbo, mu, v), (by_elbo, mu), retain_graph=True)
    at_likelihood = torch.autograd.grad(log_evidence_of_data(S.sqrt(), by_likelihood), by_likelihood)
    return torch.stack([*at_elbo, *at_likelihood]).abs() < 1e-9


def chapter_numbers(*_) -> Tensor:
    """Tell whether the ELBO leads to θ² = 1.00 and the likelihood to 3.01, if S = 4.01 and v = 1."""
    values = best_squares(torch.tensor(4.01), torch.tensor(1.0))
    return (values - torch.tensor([1.0025, 3.01])).abs() < 1e-4


equation(
    "6.11",
    "With a restricted q, ELBO and likelihood differ in the best θ",
    method="exact model",
    draw=square_and_variance,
    lines={
        "θ²: √(S/v) - 1 and S - 1": best_squares,
        "coordinate ascent, v fixed and free": lambda S, v: [coordinate_ascent(S, v), coordinate_ascent(S, None)],
        "gradients are 0 there": is_flat,
        "they differ": lambda S, v: best_squares(S, v).diff().abs() > 0.1,
        "S = 4.01, v = 1: 1.00 and 3.01": chapter_numbers,
    },
    mutants={
        "the ELBO finds the likeliest θ": lambda S, v: (S - 1).expand(2),
        "the likeliest θ depends on v": lambda S, v: torch.stack([(S / v).sqrt() - 1, S / v - 1]),
        "no root": lambda S, v: torch.stack([S / v - 1, S - 1]),
        "v left out": lambda S, v: torch.stack([S.sqrt() - 1, S - 1]),
        "θ for θ²": lambda S, v: best_squares(S, v).sqrt(),
        "variance of x for θ²": lambda S, v: best_squares(S, v) + 1,
        "v as standard deviation": lambda S, v: best_squares(S, v**2),
    },
)
