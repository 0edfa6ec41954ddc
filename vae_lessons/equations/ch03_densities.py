"""Checks of chapter 3, part three: the KL divergence of densities, by quadrature, (3.2), (3.9) and (3.10)."""

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Laplace, Normal, kl_divergence

from vae_lessons.divergences import kl_normal
from vae_lessons.equations.registry import equation

# Integrals


@cache
def gauss_legendre() -> tuple[Tensor, Tensor]:
    """Nodes and weights on [-1, 1] that integrate polynomials of degree 399 exactly."""
    return tuple(torch.tensor(values) for values in np.polynomial.legendre.leggauss(200))


def integral(f: Callable, *breaks: float) -> Tensor:
    """Integrate f from the first break to the last; between two breaks it must be smooth."""
    nodes, weights = gauss_legendre()
    return sum((b - a) / 2 * (weights * f((a + b) / 2 + (b - a) / 2 * nodes)).sum() for a, b in pairwise(breaks))


def kl_of(log_p: Callable, log_q: Callable, *breaks: float) -> Tensor:
    """Integrate p (log p - log q) dx, the definition (3.2)."""
    return integral(lambda x: log_p(x).exp() * (log_p(x) - log_q(x)), *breaks)


# (3.2) The definition, and (3.9) what a change of variables does to it


def two_normals(rng) -> tuple[Tensor, ...]:
    """Draw means and standard deviations: m and s of p, n and r of q."""
    (m, n), (s, r) = rng.normal(size=2), rng.uniform(0.5, 1.5, size=2)
    return tuple(torch.tensor(value) for value in (m, s, n, r))


def by_quadrature(m, s, n, r) -> Tensor:
    """Integrate for p normal and for p Laplace (whose kink at m is a break); q is normal."""
    breaks = [m - 40 * s, m - 6 * s, m, m + 6 * s, m + 40 * s]
    return torch.stack([kl_of(p(m, s).log_prob, Normal(n, r).log_prob, *breaks) for p in (Normal, Laplace)])


def in_closed_form(m, s, n, r) -> Tensor:
    """`kl_normal`, and E log p = -log(2s) - 1 of a Laplace p less E log q, with Var = 2s²."""
    laplace = -(2 * s).log() - 1 + (r * math.sqrt(2 * math.pi)).log() + (2 * s**2 + (m - n) ** 2) / (2 * r**2)
    return torch.stack([kl_normal(m, s, n, r), laplace])


equation(
    "3.2",
    "The KL divergence of two densities",
    method="quadrature",
    draw=two_normals,
    lines={
        "∫ p log(p/q) dx; p normal, p Laplace": by_quadrature,
        "kl_normal; closed form by hand": in_closed_form,
        "torch.distributions": lambda m, s, n, r: torch.stack(
            [kl_divergence(p(m, s), Normal(n, r)) for p in (Normal, Laplace)]
        ),
    },
    mutants={
        "arguments swapped": lambda m, s, n, r: by_quadrature(n, r, m, s),
        "variance for standard deviation": lambda m, s, n, r: in_closed_form(m, s**2, n, r**2),
        "sum over 1,000 points, no dx": lambda m, s, n, r: by_quadrature(m, s, n, r) * 1000 / (80 * s),
        "log base 2": lambda m, s, n, r: by_quadrature(m, s, n, r) / math.log(2),
        "sign": lambda m, s, n, r: -by_quadrature(m, s, n, r),
    },
    draws=10,
)


def log_density_of_sigmoid(mean: Tensor, std: Tensor, jacobian: float = 1) -> Callable:
    """Return log p_y of y = sigmoid(x), x normal: p_x(logit y) |dx/dy| with dx/dy = 1 / (y (1 - y))."""
    return lambda y: Normal(mean, std).log_prob(torch.logit(y)) - jacobian * (y * (1 - y)).log()


def after_sigmoid(m, s, n, r, jacobian_p: float = 1, jacobian_q: float = 1) -> Tensor:
    """Integrate over y from 0 to 1; the mistakes give the Jacobian a wrong power."""
    log_p, log_q = log_density_of_sigmoid(m, s, jacobian_p), log_density_of_sigmoid(n, r, jacobian_q)
    return kl_of(log_p, log_q, 0, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999, 1)


equation(
    "3.9",
    "KL does not change under a bijection",
    method="quadrature",
    draw=two_normals,
    lines={
        "KL of x, by quadrature": lambda *inputs: by_quadrature(*inputs)[0],
        "KL of y = sigmoid(x), by quadrature": after_sigmoid,
        "kl_normal of x": kl_normal,
        "kl_normal of y = 1 - 2x": lambda m, s, n, r: kl_normal(1 - 2 * m, 2 * s, 1 - 2 * n, 2 * r),
    },
    mutants={
        "no Jacobian on q": lambda *inputs: after_sigmoid(*inputs, jacobian_q=0),
        "no Jacobian on p": lambda *inputs: after_sigmoid(*inputs, jacobian_p=0),
        "no Jacobian at all": lambda *inputs: after_sigmoid(*inputs, jacobian_p=0, jacobian_q=0),
        "dy/dx for dx/dy": lambda *inputs: after_sigmoid(*inputs, jacobian_p=-1, jacobian_q=-1),
    },
    draws=10,
)
