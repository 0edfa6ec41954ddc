"""Checks of chapter 7, part one: averages over draws, on worlds where all samples can be listed, (7.1) and (7.2)."""

import math
from collections.abc import Callable
from functools import wraps

import numpy as np
import torch
from scipy.stats import sem
from torch import Tensor

from vae_lessons.divergences import kl_monte_carlo
from vae_lessons.equations.finite_world import expect, on_average, over_samples, variance
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.registry import equation

DRAWS = 2, 3, 4  # L


def distribution_and_values(rng) -> tuple[Tensor, Tensor]:
    """Draw q, a distribution over four outcomes, and the value of f at each of them."""
    return torch.tensor(rng.dirichlet(np.full(4, 3.0))), torch.tensor(rng.normal(size=4))


# (7.1) The sample mean


def kl_estimate(f: Tensor) -> Tensor:
    """The library's estimate of a KL whose log-ratio is f."""
    return kl_monte_carlo(f, torch.zeros_like(f))[0]


equation(
    "7.1",
    "The sample mean is an unbiased estimate of the expectation",
    method="enumeration",
    draw=distribution_and_values,
    lines={
        "E f(z)": expect,
        "(1/L) Σ f, averaged over all samples": on_average(lambda f: f.sum(0) / len(f)),
        "kl_monte_carlo, averaged over all samples": on_average(kl_estimate),
        "the same from L = 5 draws": on_average(kl_estimate, draws=5),
    },
    mutants={
        "sum of the draws": on_average(lambda f: f.sum(0)),
        "divided by L - 1": on_average(lambda f: f.sum(0) / (len(f) - 1)),
        "median of the draws": on_average(lambda f: f.median(0).values),
        "largest of the draws": on_average(lambda f: f.amax(0)),
        "mean over the outcomes, without q": lambda q, f: f.mean(),
        "each draw weighted by q again": lambda q, f: on_average(lambda f, q: (f * q).sum(0) / q.sum(0))(q, f, q),
    },
)

# (7.2) Its error


def mean_and_se(f: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard error of draws, (L, ...) -> two of (...)."""
    return f.mean(0), f.std(0) / math.sqrt(len(f))


def mean_square_of_se(estimator: Callable) -> Callable:
    """Return E[se²] over all samples, for L = 2, 3, 4, of a function that returns mean and standard error."""

    @wraps(estimator)
    def expectation(q: Tensor, f: Tensor) -> Tensor:
        return torch.stack([on_average(lambda f: estimator(f)[1] ** 2, L)(q, f) for L in DRAWS])

    return expectation


def variance_of_mean(q: Tensor, f: Tensor) -> Tensor:
    """Var of the sample mean over all samples, for L = 2, 3, 4."""
    return torch.stack([variance(*over_samples(lambda f: f.mean(0), q, f, draws=L)) for L in DRAWS])


def chapter_number(*_) -> Tensor:
    """Tell whether sd √L is 0.2024 for the mean of p(x|z) over the prior; x = 1, p(x|z) = N(z, ½)."""
    z, weights = gauss_hermite(100)
    return (variance(weights, torch.exp(-((1 - z) ** 2)) / math.sqrt(math.pi)).sqrt() - 0.20235).abs() < 1e-5


# The mistakes that exercise 7.1 knows by name


def _standard_deviation(f):
    return f.mean(0), f.std(0)


def _divided_by_l(f):
    return f.mean(0), f.std(0) / len(f)


def _variance(f):
    return f.mean(0), f.var(0) / len(f)


def _ddof_0(f):
    return f.mean(0), f.std(0, correction=0) / math.sqrt(len(f))


equation(
    "7.2",
    "The variance of a mean falls like 1/L",
    method="enumeration",
    draw=distribution_and_values,
    lines={
        "Var f / L for L = 2, 3, 4": lambda q, f: torch.stack([variance(q, f) / L for L in DRAWS]),
        "Var of the mean": variance_of_mean,
        "E se²": mean_square_of_se(mean_and_se),
        "E se², kl_monte_carlo": mean_square_of_se(lambda f: kl_monte_carlo(f, torch.zeros_like(f))),
        "E se², SciPy": mean_square_of_se(lambda f: (None, torch.tensor(sem(f)))),
        "p(x|z): 0.202 for L = 1": chapter_number,
    },
    mutants={
        "standard deviation": mean_square_of_se(_standard_deviation),
        "divided by L": mean_square_of_se(_divided_by_l),
        "variance": mean_square_of_se(_variance),
        "ddof 0": mean_square_of_se(_ddof_0),
        "falls as 1/√L": lambda q, f: torch.stack([variance(q, f) / L**0.5 for L in DRAWS]),
        "E f² for Var f": lambda q, f: torch.stack([expect(q, f**2) / L for L in DRAWS]),
    },
)
