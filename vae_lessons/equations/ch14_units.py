"""Check of chapter 14, part two: which latents are in use, (14.2)."""

from types import SimpleNamespace

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.registry import equation
from vae_lessons.evaluation import active_units


def encodings(rng) -> tuple[Tensor, Tensor]:
    """Draw μ and ℓ of 50 images, six latents: those in use have means that vary, the others a mean that is not 0."""
    active = rng.permutation(6) < rng.integers(1, 5)
    mu = rng.normal(0.4, 0.1, size=6) + np.where(active, rng.uniform(0.15, 1.2, size=6), 0.05) * rng.normal(
        size=(50, 6)
    )
    log_var = np.where(active, -2, -0.05) + 0.02 * rng.normal(size=(50, 6))
    return torch.tensor(mu), torch.tensor(log_var)


def count(mu: Tensor, log_var: Tensor) -> Tensor:
    """Count the j whose E_q z_j = μ_j has a variance over the images above 0.01."""
    return ((mu - mu.mean(0)) ** 2).mean(0).gt(0.01).sum()


def by_library(mu: Tensor, log_var: Tensor) -> int:
    """Let `active_units` count; the encoder is the given numbers."""
    return active_units(SimpleNamespace(encoder=lambda x: (mu, log_var)), mu)


def total_variance(mu: Tensor, log_var: Tensor) -> Tensor:
    """Count by the law of total variance: Var z_j, over images and draws, less the average of σ_j²."""
    second_moment = (mu**2 + log_var.exp()).mean(0)
    return (second_moment - mu.mean(0) ** 2 - log_var.exp().mean(0) > 0.01).sum()


# The mistakes that exercise 14.1 knows by name


def _posterior_variance(mu, log_var):
    return log_var.exp().mean(0).gt(0.01).sum()


def _mean_absolute_mu(mu, log_var):
    return mu.abs().mean(0).gt(0.01).sum()


def _variance_over_the_latents(mu, log_var):
    return mu.var(1).gt(0.01).sum()


def _inactive_ones(mu, log_var):
    return mu.var(0).le(0.01).sum()


def _images_mixed_with_latents(mu, log_var):
    return mu.var().gt(0.01).sum()


equation(
    "14.2",
    "Active units: the latents whose mean varies over the images",
    method="exact model",
    draw=encodings,
    lines={
        "#{j: Var of μ_j > 0.01}": count,
        "active_units": by_library,
        "NumPy": lambda mu, log_var: (np.var(mu.numpy(), axis=0) > 0.01).sum(),
        "Var z_j - mean of σ_j² > 0.01": total_variance,
    },
    mutants={
        "posterior variance": _posterior_variance,
        "mean of |μ|": _mean_absolute_mu,
        "variance over the latents": _variance_over_the_latents,
        "the inactive ones": _inactive_ones,
        "one variance of all μ": _images_mixed_with_latents,
    },
)
