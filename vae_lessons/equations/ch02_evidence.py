"""Checks of chapter 2, part two: the evidence is an integral, and it normalises the posterior, (2.2) and (2.4)."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from vae_lessons.equations.ch03_densities import integral
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior

BREAKS = -12, -6, -3, -1.5, 0, 1.5, 3, 6, 12

# (2.2) The evidence of an observation in the plane, whose decoder is a curve, or a line


def observation_and_decoder(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw x in the plane, four coefficients of the decoders, and σ."""
    return (
        torch.tensor(rng.normal(size=2)),
        torch.tensor(rng.normal(size=4)),
        torch.tensor(rng.uniform(0.4, 0.8, size=())),
    )


def curve(z: Tensor, c: Tensor) -> Tensor:
    """Decode z on the real line to a curve in the plane."""
    return torch.stack([1.5 * torch.sin(z) + c[0], c[1] * z + c[2] * torch.cos(z)], -1)


def line(z: Tensor, c: Tensor) -> Tensor:
    """Decode z on the real line to a straight line in the plane."""
    return z[..., None] * c[:2] + c[2:]


def both(value: Callable) -> Callable:
    """Compute a value from the log-likelihood log p(x|z) of the curve, and from that of the line."""

    def of(decoder, x, c, std):
        log_var = 2 * std.log()
        return value(lambda z: gaussian_log_prob(x.expand(*z.shape, 2), decoder(z, c), log_var.expand(*z.shape, 2)))

    return lambda *inputs: torch.stack([torch.as_tensor(of(d, *inputs), dtype=torch.double) for d in (curve, line)])


def prior(z: Tensor) -> Tensor:
    """Evaluate the density p(z) of a latent variable on the real line."""
    return log_prior(z[..., None]).exp()


def by_integral(log_lik: Callable) -> Tensor:
    """Integrate p(z) p(x|z) dz."""
    return integral(lambda z: prior(z) * log_lik(z).exp(), *BREAKS)


def by_grid(log_lik: Callable) -> Tensor:
    """Average p(x|z) over 2,001 points of a grid with the weights p(z) dz, the trapezoid rule."""
    z = torch.linspace(-12, 12, 2001, dtype=torch.double)
    return torch.trapezoid(prior(z) * log_lik(z).exp(), z)


def by_scipy(log_lik: Callable) -> float:
    """Let SciPy integrate."""
    from scipy.integrate import quad

    def density(z):
        z = torch.tensor(z, dtype=torch.double)
        return (prior(z) * log_lik(z).exp()).item()

    return sum(quad(density, a, b, epsabs=1e-12)[0] for a, b in pairwise(BREAKS))


def line_is_normal(x: Tensor, c: Tensor, std: Tensor) -> Tensor:
    """Tell whether the line's evidence is N(b, wwᵀ + σ²I), as (2.6) will say."""
    normal = MultivariateNormal(c[2:], torch.outer(c[:2], c[:2]) + std**2 * torch.eye(2, dtype=std.dtype))
    return (both(by_integral)(x, c, std)[1] - normal.log_prob(x).exp()).abs() < 1e-12


def chapter_numbers(*_) -> Tensor:
    """Tell whether x = 1 under p(x|z) = N(z, ½²) has p(x) = 0.239, and 0.798 as its largest p(x|z)."""
    log_lik = Normal(torch.tensor(1.0).double(), 0.5).log_prob
    return (torch.stack([by_integral(log_lik), largest(log_lik)]) - torch.tensor([0.239, 0.798])).abs() < 5e-4


def largest(log_lik: Callable) -> Tensor:
    """Take the largest p(x|z) instead of the average."""
    return log_lik(torch.linspace(-6, 6, 1201, dtype=torch.double)).exp().max()


def exp_of_average_log(log_lik: Callable) -> Tensor:
    """Average log p(x|z) over the prior, then take the exponential."""
    return integral(lambda z: prior(z) * log_lik(z), *BREAKS).exp()


equation(
    "2.2",
    "The evidence is an average of the likelihood over the prior",
    method="quadrature",
    draw=observation_and_decoder,
    lines={
        "∫ p(z) p(x|z) dz: curve, line": both(by_integral),
        "trapezoid rule, 2,001 points": both(by_grid),
        "scipy.integrate.quad": both(by_scipy),
        "of the line, it is N(b, wwᵀ + σ²I)": line_is_normal,
        "x = 1, σ = ½: 0.239, largest 0.798": chapter_numbers,
    },
    mutants={
        "largest p(x|z)": both(largest),
        "p(x|z) at the mean of z": both(lambda log_lik: log_lik(torch.tensor(0.0).double()).exp()),
        "no prior": both(lambda log_lik: integral(lambda z: log_lik(z).exp(), *BREAKS)),
        "Σ over 1,000 points, no dz": both(lambda log_lik: by_integral(log_lik) * 1000 / 24),
        "exp of the average log p(x|z)": both(exp_of_average_log),
        "log p(x)": both(lambda log_lik: by_integral(log_lik).log()),
    },
    draws=10,
)
