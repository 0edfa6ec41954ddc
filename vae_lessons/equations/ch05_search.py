"""Check of chapter 5, part two: inference is a search for the nearest q, (5.2)."""

import math
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.func import grad, hessian

from vae_lessons.equations.ch05 import CHAPTER, area, laplace, log_density, mode, moments, of_density
from vae_lessons.equations.registry import equation


def slope_and_shift(rng) -> tuple[Tensor, Tensor]:
    """Draw a and b of the density p̃(z) = e^{-z²/2} sigmoid(az + b)."""
    return tuple(torch.tensor(rng.uniform([5, -2], [20, 5])))


def log_mass(log_p: Callable) -> Tensor:
    """Compute log Z, Z = ∫ p̃(z) dz."""
    return area(lambda z: log_p(z).exp()).log()


def reverse_kl(fit: Tensor, log_p: Callable) -> Tensor:
    """Integrate q log(q/p) with p = p̃/Z; `fit` is the mean and the standard deviation of q."""
    q, log_z = Normal(*fit, validate_args=False), log_mass(log_p)
    return area(lambda z: q.log_prob(z).exp() * (q.log_prob(z) - log_p(z) + log_z))


def nearest(log_p: Callable) -> Tensor:
    """Minimise KL(q‖p) over the mean and the standard deviation of q by Newton steps from the moments of p."""
    fit = moments(log_p)
    for _ in range(5):
        fit = fit - torch.linalg.solve(hessian(reverse_kl)(fit, log_p), grad(reverse_kl)(fit, log_p))
    return fit


def by_averages(slope: Tensor, shift: Tensor) -> Tensor:
    """Solve for the q that has E ∂log p̃ = 0 and E ∂²log p̃ = -1/σ² (Opper and Archambeau, 2009)."""
    from scipy.optimize import root  # here, because it takes a second

    def residuals(values):
        mean, std = torch.tensor([values[0], math.exp(values[1])], dtype=torch.double)
        on = lambda z: torch.sigmoid(slope * z + shift)  # noqa: E731
        q = lambda z: Normal(mean, std).log_prob(z).exp()  # noqa: E731
        first = area(lambda z: q(z) * (slope * (1 - on(z)) - z))
        second = area(lambda z: q(z) * (-1 - slope**2 * on(z) * (1 - on(z))))
        return [(first * std).item(), (second * std**2 + 1).item()]

    start, spread = moments(log_density(slope, shift)).tolist()
    mean, log_std = root(residuals, [start, math.log(0.7 * spread)], tol=1e-13).x
    return torch.tensor([mean, math.exp(log_std)], dtype=torch.double)


def no_other_is_nearer(slope: Tensor, shift: Tensor) -> Tensor:
    """Tell whether the KL is larger at sixteen other means and standard deviations."""
    log_p = log_density(slope, shift)
    fit, angles = nearest(log_p), torch.linspace(0, 6, 16, dtype=torch.double)
    others = [fit + 0.1 * torch.stack([angle.cos(), angle.sin()]) for angle in angles]
    return torch.stack([reverse_kl(other, log_p) for other in others]) > reverse_kl(fit, log_p)


@cache
def chapter_numbers() -> Tensor:
    """Tell whether a = 20, b = 4 gives 0.707 and 0.494; and the moments of p, nearest by KL(p‖q), 0.673 and 0.643."""
    log_p = log_density(*CHAPTER)
    return (torch.cat([nearest(log_p), moments(log_p)]) - torch.tensor([0.707, 0.494, 0.673, 0.643])).abs() < 6e-4


# The mistakes that exercise 5.2 knows by name, with `moments` and `laplace`: fits (mean, standard deviation) of log p̃


def no_entropy(log_p):
    """Maximise E log p̃ alone: q shrinks to the mode."""
    return torch.stack([mode(log_p), torch.zeros_like(mode(log_p))])


def variance_returned(log_p):
    """Return the variance."""
    return nearest(log_p) ** torch.tensor([1, 2])


equation(
    "5.2",
    "Inference as a search: the q nearest to p",
    method="quadrature",
    draw=slope_and_shift,
    lines={
        "argmin KL(q‖p) by Newton steps": of_density(nearest),
        "E ∂log p̃ = 0, E ∂²log p̃ = -1/σ²": by_averages,
        "no other is nearer": no_other_is_nearer,
        "a = 20, b = 4: 0.707, 0.494": lambda *_: chapter_numbers(),
    },
    mutants={
        "argmin KL(p‖q): moments of p": of_density(moments),
        "no entropy": of_density(no_entropy),
        "Laplace's approximation": of_density(laplace),
        "variance returned": of_density(variance_returned),
    },
    draws=5,
)
