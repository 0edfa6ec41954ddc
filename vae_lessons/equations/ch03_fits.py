"""Check of chapter 3, part four: a normal fitted to two modes, by either direction of KL, (3.10)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.ch03_densities import integral, kl_of
from vae_lessons.equations.registry import equation

BREAKS = -15, -4, 0, 4, 15
CHAPTER = torch.tensor([3.0, 0.7], dtype=torch.float64)  # a and s in the chapter's figure


def two_modes(rng) -> tuple[Tensor, Tensor]:
    """Draw the place ±a of two far modes and their standard deviation s."""
    return tuple(torch.tensor(rng.uniform([2.8, 0.6], [3.2, 0.7])))


def log_p(a: Tensor, s: Tensor):
    """Return the log-density of ½ N(-a, s²) + ½ N(a, s²)."""
    return lambda x: torch.logaddexp(Normal(-a, s).log_prob(x), Normal(a, s).log_prob(x)) - math.log(2)


def forward_kl(fit: Tensor, a: Tensor, s: Tensor) -> Tensor:
    """KL(p‖q) for a normal q with the given mean and standard deviation."""
    return kl_of(log_p(a, s), Normal(*fit).log_prob, *BREAKS)


def reverse_kl(fit: Tensor, a: Tensor, s: Tensor) -> Tensor:
    """KL(q‖p) for a normal q with the given mean and standard deviation."""
    return kl_of(Normal(*fit).log_prob, log_p(a, s), *BREAKS)


def moments(a: Tensor, s: Tensor) -> Tensor:
    """Mean and standard deviation of p: 0 and √(a² + s²)."""
    return torch.stack([torch.zeros_like(a), (a**2 + s**2).sqrt()])


def moments_by_quadrature(a: Tensor, s: Tensor) -> Tensor:
    """Mean and standard deviation of p, from ∫ p x dx and ∫ p x² dx."""
    mean, square = (integral(lambda x, k=k: log_p(a, s)(x).exp() * x**k, *BREAKS) for k in (1, 2))
    return torch.stack([mean, (square - mean**2).sqrt()])


def is_flat(a: Tensor, s: Tensor) -> Tensor:
    """Tell whether the gradient of KL(p‖q) is 0 where q has the moments of p."""
    fit = moments(a, s).requires_grad_()
    return torch.autograd.grad(forward_kl(fit, a, s), fit)[0].abs() < 1e-9


def mean_and_std(parameters: Tensor) -> Tensor:
    """Turn (mean, log standard deviation) into (mean, standard deviation)."""
    return torch.stack([parameters[0], parameters[1].exp()])


def reverse_fit(a: Tensor, s: Tensor) -> Tensor:
    """Minimise KL(q‖p) over mean and log standard deviation, from a start near the right mode."""
    start = torch.tensor([2.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([start], tolerance_change=1e-15, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = reverse_kl(mean_and_std(start), a, s)
        loss.backward()
        return loss

    optimizer.step(closure)
    return mean_and_std(start).detach()


def one_mode(a: Tensor, s: Tensor) -> Tensor:
    """Mean and standard deviation of the right mode."""
    return torch.stack([a, s])


def near(value: Tensor, target: Tensor, tolerance: float) -> Tensor:
    """Tell whether numbers are within a tolerance: the far mode has a little weight, so nothing is exact."""
    return (value - target).abs() < tolerance


def chapter_numbers(*_) -> Tensor:
    """Tell whether the chapter's numbers hold: standard deviation 3.081 and KL 0.789, KL 0.6931 on one mode."""
    fit = moments(*CHAPTER)
    values = torch.stack([fit[1], forward_kl(fit, *CHAPTER), reverse_kl(CHAPTER, *CHAPTER)])
    return near(values, torch.tensor([3.0806, 0.7887, 0.6931]), 1e-4)


def better(kl, fit: Callable, other: Callable) -> Callable:
    """State that one fit has a smaller KL than another one."""
    return lambda a, s: kl(fit(a, s), a, s) < kl(other(a, s), a, s)


equation(
    "3.10",
    "Which normal is closest depends on the direction of KL",
    method="quadrature",
    draw=two_modes,
    lines={
        "argmin KL(p‖q): 0, √(a² + s²)": moments,
        "mean and sd of p, by quadrature": moments_by_quadrature,
        "gradient of KL(p‖q) is 0 there": is_flat,
        "argmin KL(q‖p) is near a, s": lambda a, s: near(reverse_fit(a, s), one_mode(a, s), 0.02),
        "with KL(q‖p) near log 2": lambda a, s: near(reverse_kl(reverse_fit(a, s), a, s), math.log(2), 1e-3),
        "a = 3, s = 0.7: KL 0.789 and 0.6931": chapter_numbers,
    },
    mutants={
        "directions swapped": reverse_fit,
        "standard deviation of one mode": lambda a, s: torch.stack([torch.zeros_like(a), s]),
        "distance of the modes alone": lambda a, s: torch.stack([torch.zeros_like(a), a]),
        "variance for standard deviation": lambda a, s: torch.stack([torch.zeros_like(a), a**2 + s**2]),
        "KL(q‖p) would rather cover both": better(reverse_kl, moments, one_mode),
        "KL(p‖q) would rather take one": better(forward_kl, one_mode, moments),
    },
    draws=2,
)
