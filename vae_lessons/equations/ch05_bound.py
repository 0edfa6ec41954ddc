"""Check of chapter 5, part three: the search does not need the normalising constant, (5.3)."""

import math
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.func import grad

from vae_lessons.equations.ch05 import CHAPTER, area, laplace, log_density
from vae_lessons.equations.ch05_search import log_mass, nearest, reverse_kl
from vae_lessons.equations.registry import equation


def fit_and_density(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw mean and standard deviation of q, and slope and shift of p̃."""
    fit = torch.tensor(rng.uniform([-0.5, 0.4], [1, 1]))
    return fit, torch.tensor(rng.uniform(5, 20, size=())), torch.tensor(rng.uniform(-2, 5, size=()))


def elbo(log_q: Tensor, log_p: Tensor, z: Tensor) -> Tensor:
    """Compute E_q log p̃ + H(q) by the trapezoid rule: log q and log p̃ are their values on the grid z."""
    return torch.trapezoid(log_q.exp() * (log_p - log_q), z)


def log_z_minus(elbo: Callable) -> Callable:
    """Subtract what should be the braces of (5.3) from log Z."""

    def difference(fit, slope, shift):
        z = torch.linspace(-9, 9, 4001, dtype=torch.double)
        log_p = log_density(slope, shift)
        return log_mass(log_p) - elbo(Normal(*fit).log_prob(z), log_p(z), z)

    return difference


def with_closed_entropy(fit: Tensor, log_p: Callable) -> Tensor:
    """Compute E_q log p̃ + H(q) with the entropy of a normal, ½ log(2πeσ²)."""
    average = area(lambda z: Normal(*fit, validate_args=False).log_prob(z).exp() * log_p(z))
    return average + 0.5 * (2 * math.pi * math.e * fit[1] ** 2).log()


def same_gradient(fit: Tensor, slope: Tensor, shift: Tensor, power: float = 1) -> Tensor:
    """Tell whether KL and ELBO have opposite gradients in q, although the ELBO knows p̃ alone: 3p̃ does as well."""
    log_p = log_density(slope, shift)
    of_kl = grad(reverse_kl)(fit, log_p)
    of_elbo = [grad(with_closed_entropy)(fit, lambda z, c=c: power * log_p(z) + math.log(c)) for c in (1, 3)]
    return torch.stack([(of_kl + g).abs() < 1e-8 for g in of_elbo])


@cache
def chapter_numbers() -> Tensor:
    """Tell whether a = 20, b = 4 has log Z = 0.372, and the ELBOs -2.005 of Laplace's q and 0.200 of the nearest q."""
    log_p = log_density(*CHAPTER)
    elbos = [with_closed_entropy(fit(log_p), log_p) for fit in (laplace, nearest)]
    return (torch.stack([log_mass(log_p), *elbos]) - torch.tensor([0.372, -2.005, 0.200])).abs() < 5e-4


# The mistakes that exercise 5.3 knows by name: ELBOs of log q and log p̃ on a grid


def normalised_first(log_q, log_p, z):
    """Divide p̃ by Z, which should not be needed."""
    return elbo(log_q, log_p - torch.trapezoid(log_p.exp(), z).log(), z)


def density_dropped(log_q, log_p, z):
    """Keep the entropy alone."""
    return elbo(log_q, torch.zeros_like(log_p), z)


def entropy_dropped(log_q, log_p, z):
    """Keep E log p̃ alone."""
    return torch.trapezoid(log_q.exp() * log_p, z)


def entropy_subtracted(log_q, log_p, z):
    """Subtract the entropy."""
    return torch.trapezoid(log_q.exp() * (log_p + log_q), z)


def averaged_under_p(log_q, log_p, z):
    """Average over p̃ instead of q."""
    return torch.trapezoid(log_p.exp() * (log_p - log_q), z)


equation(
    "5.3",
    "The divergence is log Z minus the ELBO",
    method="quadrature",
    draw=fit_and_density,
    lines={
        "KL(q‖p) = ∫ q log(q/p), p = p̃/Z": lambda fit, *inputs: reverse_kl(fit, log_density(*inputs)),
        "log Z - {E log p̃ + H(q)}, on a grid": log_z_minus(elbo),
        "the same, H(q) = ½ log(2πeσ²)": lambda fit, *inputs: (
            log_mass(log_density(*inputs)) - with_closed_entropy(fit, log_density(*inputs))
        ),
        "gradients: KL, minus ELBO of p̃ and 3p̃": same_gradient,
        "log Z .372, ELBOs -2.005, .200": lambda *_: chapter_numbers(),
    },
    mutants={
        "p̃ normalised first": log_z_minus(normalised_first),
        "log p̃ dropped": log_z_minus(density_dropped),
        "entropy dropped": log_z_minus(entropy_dropped),
        "entropy subtracted": log_z_minus(entropy_subtracted),
        "averaged under p̃": log_z_minus(averaged_under_p),
        "log Z added": lambda fit, *inputs: reverse_kl(fit, log_density(*inputs)) - 2 * log_mass(log_density(*inputs)),
        "gradients: KL, minus ELBO of p̃²": lambda *inputs: same_gradient(*inputs, power=2),
    },
    draws=10,
)
