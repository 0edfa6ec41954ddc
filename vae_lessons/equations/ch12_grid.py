"""Check of chapter 12, part three: a grid of codes that follows the prior, (12.3)."""

import torch
from scipy.stats import norm
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import log_prior


def grid_size(rng) -> tuple[int]:
    """Draw the number n of rows and columns."""
    return (int(rng.integers(4, 16)),)


def levels(n: int) -> Tensor:
    """Return the midpoints u of n equal parts of [0, 1]."""
    return (torch.arange(n, dtype=torch.float64) + 0.5) / n


def on_a_picture(z: Tensor) -> Tensor:
    """Arrange n values as (n, n, 2): z₁ grows to the right, z₂ upwards, so that row 0 has the largest z₂."""
    return torch.stack([z.expand(len(z), -1), z.flip(0)[:, None].expand(-1, len(z))], -1)


def manifold_grid(n: int) -> Tensor:
    """Compute z = Φ⁻¹(u) in both dimensions."""
    return on_a_picture(torch.special.ndtri(levels(n)))


def has_density_of_the_prior(n: int) -> Tensor:
    """Tell whether z = Φ⁻¹(u) of a uniform u has the density du/dz = N(z; 0, 1), by autograd."""
    u = levels(n).requires_grad_()
    z = torch.special.ndtri(u)
    slope = torch.autograd.grad(z.sum(), u)[0]
    return (1 / slope - log_prior(z.detach()[:, None]).exp()).abs() < 1e-12


def is_standard_normal(n: int) -> Tensor:
    """Tell whether P(Φ⁻¹(u) ≤ t) = P(u ≤ Φ(t)) = Φ(t): of n points as many lie below t as Φ(t) says, to 1/(2n)."""
    t = torch.linspace(-3, 3, 25, dtype=torch.float64)
    below = (torch.special.ndtri(levels(n)) <= t[:, None]).double().mean(1)
    return (below - Normal(0.0, 1.0).cdf(t)).abs() <= 0.5 / n + 1e-12


# The mistakes that exercise 12.3 knows by name


def _equal_steps_in_z(n):
    return on_a_picture(torch.linspace(-2, 2, n, dtype=torch.float64))


def _zero_and_one_among_u(n):
    return on_a_picture(torch.special.ndtri(torch.linspace(0, 1, n, dtype=torch.float64)))


def _axes_swapped(n):
    return manifold_grid(n).flip(-1)


def _upside_down(n):
    return manifold_grid(n).flip(0)


equation(
    "12.3",
    "Equal steps in probability: z = Φ⁻¹(u)",
    method="exact model",
    draw=grid_size,
    lines={
        "Φ⁻¹(u), as an n by n grid": manifold_grid,
        "SciPy's norm.ppf": lambda n: on_a_picture(torch.tensor(norm.ppf(levels(n)))),
        "density of Φ⁻¹(u): N(0, 1)": has_density_of_the_prior,
        "P(Φ⁻¹(u) ≤ t) = Φ(t)": is_standard_normal,
    },
    mutants={
        "equal steps in z": _equal_steps_in_z,
        "0 and 1 among the u": _zero_and_one_among_u,
        "axes swapped": _axes_swapped,
        "upside down": _upside_down,
        "Φ for Φ⁻¹": lambda n: on_a_picture(torch.special.ndtr(levels(n))),
    },
)
