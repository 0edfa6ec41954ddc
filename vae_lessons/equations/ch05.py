"""Check of chapter 5, part one: Laplace's approximation, (5.1), and the density that the chapter approximates."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.func import grad
from torch.nn.functional import logsigmoid

from vae_lessons.equations.ch03_densities import gauss_legendre
from vae_lessons.equations.registry import equation

BREAKS = torch.tensor([-9, -2, -0.7, -0.2, 0.3, 1, 3, 9]).double()
CHAPTER = torch.tensor(20.0).double(), torch.tensor(4.0).double()  # slope and shift in the chapter's figure


def slope_and_shift(rng) -> tuple[Tensor, Tensor]:
    """Draw a and b of the density p̃(z) = e^{-z²/2} sigmoid(az + b)."""
    return torch.tensor(rng.uniform(5, 20, size=())), torch.tensor(rng.uniform(-2, 5, size=()))


def log_density(slope: Tensor, shift: Tensor) -> Callable:
    """Return log p̃(z), which is not normalised (Bishop, 2006, section 4.4)."""
    return lambda z: -0.5 * z**2 + logsigmoid(slope * z + shift)


def of_density(fit: Callable) -> Callable:
    """Apply a fit, a function of log p̃, to the density with a slope and a shift."""
    return lambda slope, shift: fit(log_density(slope, shift))


@cache
def quadrature() -> tuple[Tensor, Tensor]:
    """Put Gauss-Legendre nodes and weights between the breaks."""
    nodes, weights = gauss_legendre()
    half, middle = BREAKS.diff()[:, None] / 2, (BREAKS[1:] + BREAKS[:-1])[:, None] / 2
    return (middle + half * nodes).flatten(), (half * weights).flatten()


def area(f: Callable) -> Tensor:
    """Integrate f from -9 to 9."""
    z, weights = quadrature()
    return (weights * f(z)).sum()


def mode(log_p: Callable) -> Tensor:
    """Find the largest log p̃ on a grid, then take Newton steps to where its slope is zero."""
    grid = torch.linspace(-8, 8, 3201, dtype=torch.double)
    z = grid[log_p(grid).argmax()]
    for _ in range(6):
        z = z - grad(log_p)(z) / grad(grad(log_p))(z)
    return z


def laplace(log_p: Callable) -> Tensor:
    """Return the mode ẑ and the standard deviation [-∂² log p̃(ẑ)]^{-½}."""
    z = mode(log_p)
    return torch.stack([z, (-grad(grad(log_p))(z)) ** -0.5])


def by_hand(slope: Tensor, shift: Tensor) -> Tensor:
    """Solve z = a(1 - π) with π = sigmoid(az + b); the curvature is 1 + a²π(1 - π)."""
    from scipy.optimize import brentq  # here, because it takes a second
    from scipy.special import expit

    a, b = slope.item(), shift.item()
    z = brentq(lambda z: z - a * expit(-a * z - b), -1, a, xtol=1e-14, rtol=1e-14)
    return torch.tensor([z, (1 + a**2 * expit(a * z + b) * expit(-a * z - b)) ** -0.5]).double()


def exact_for_a_normal(slope: Tensor, shift: Tensor) -> Tensor:
    """Tell whether the approximation of a normal, here N(b, 1/a²), is the normal."""
    fit = laplace(lambda z: 7 + Normal(shift, 1 / slope).log_prob(z))
    return (fit - torch.stack([shift, 1 / slope])).abs() < 1e-9


def chapter_numbers(*_) -> Tensor:
    """Tell whether a = 20, b = 4 gives the mode 0.0775 with the curvature 2.54."""
    z, std = laplace(log_density(*CHAPTER))
    return (torch.stack([z, std**-2]) - torch.tensor([0.0775, 2.54])).abs() < torch.tensor([6e-5, 5e-3])


def moments(log_p: Callable) -> Tensor:
    """Compute the mean and the standard deviation of p."""
    mass, first, second = (area(lambda z, k=k: log_p(z).exp() * z**k) for k in range(3))
    return torch.stack([first / mass, (second / mass - (first / mass) ** 2).sqrt()])


# The mistakes that exercise 5.1 knows by name: fits (mean, standard deviation) of log p̃


def variance_returned(log_p):
    """Return the inverse of the curvature."""
    return laplace(log_p) ** torch.tensor([1, 2])


def curvature_returned(log_p):
    """Return the curvature."""
    return laplace(log_p) ** torch.tensor([1, -2])


def root_of_curvature_returned(log_p):
    """Return the root of the curvature."""
    return laplace(log_p) ** torch.tensor([1, -1])


def mean_for_mode(log_p):
    """Return the mean of p, with the standard deviation that belongs to the mode."""
    return torch.stack([moments(log_p)[0], laplace(log_p)[1]])


def curvature_of_the_density(log_p):
    """Take the curvature of p̃ instead of that of log p̃."""
    z = mode(log_p)
    return torch.stack([z, (-grad(grad(lambda z: log_p(z).exp()))(z)) ** -0.5])


equation(
    "5.1",
    "Laplace's approximation: the mode and its curvature",
    method="autograd",
    draw=slope_and_shift,
    lines={
        "ẑ, [-∂² log p̃(ẑ)]^-½ by autograd": of_density(laplace),
        "by hand: z = a(1 - π)": by_hand,
        "exact for a normal": exact_for_a_normal,
        "a = 20, b = 4: 0.0775, 1/s² = 2.54": chapter_numbers,
    },
    mutants={
        "variance returned": of_density(variance_returned),
        "curvature returned": of_density(curvature_returned),
        "root of curvature returned": of_density(root_of_curvature_returned),
        "mean for mode": of_density(mean_for_mode),
        "curvature of p̃, no logarithm": of_density(curvature_of_the_density),
    },
    draws=5,
)
