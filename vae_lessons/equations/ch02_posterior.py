"""Checks of chapter 2, part three: the posterior on a grid, (2.4)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import log_prior


def two_observations_on_a_grid(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw x of two observations from p(x|z) = N(wz, σ²); return log p(x|z) and log p(z) on a grid, and the grid."""
    z = torch.linspace(-9, 9, 901, dtype=torch.double)
    x, w, std = torch.tensor(rng.normal(0, 1.5, size=(2, 1))), rng.uniform(0.7, 1.5), rng.uniform(0.4, 0.8)
    return Normal(w * z, std).log_prob(x), log_prior(z[:, None]), z


def grid_posterior(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """Divide p(z) p(x|z) by p(x) = ∫ p(z) p(x|z) dz, one row per observation."""
    joint = (log_prior + log_lik).exp()
    return joint / torch.trapezoid(joint, z)[:, None]


def moments(posterior: Callable) -> Callable:
    """Integrate what should be a density: ∫ p dz, ∫ z p dz, ∫ z² p dz for each observation."""

    def of_the_inputs(log_lik, log_prior, z):
        density = posterior(log_lik, log_prior, z)
        return torch.stack([torch.trapezoid(density * z**k, z) for k in range(3)], -1)

    return of_the_inputs


def exact_moments(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """Read mean and variance off the logarithm of the joint: a parabola, for a linear decoder."""
    joint, i, step = log_prior + log_lik, len(z) // 2, z[1] - z[0]
    slope, curvature = (joint[:, i + 1] - joint[:, i - 1]) / (2 * step), joint.diff(n=2)[:, i] / step**2
    mean, var = z[i] - slope / curvature, -1 / curvature
    return torch.stack([torch.ones_like(mean), mean, mean**2 + var], -1)


def by_scipy(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """Normalise in the logarithm, and integrate with SciPy."""
    from scipy.integrate import simpson
    from scipy.special import logsumexp

    joint, log_dz = (log_lik + log_prior).numpy(), (z[1] - z[0]).log().item()
    density = torch.tensor(joint - logsumexp(joint, axis=1, keepdims=True) - log_dz).exp()
    return torch.tensor(simpson([(density * z**k).numpy() for k in range(3)], x=z.numpy()).T)


def chapter_numbers(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """Tell whether p(z = 0.3 | x = 1) is 0.4775 under p(x|z) = N(z, ½²), where p(x = 1 | z = 0.3) is 0.2995."""
    likelihood = Normal(z, 0.5).log_prob(torch.ones(1, 1).double())
    values = torch.stack([grid_posterior(likelihood, log_prior, z)[0], likelihood[0].exp()])
    return (values[:, (z - 0.3).abs().argmin()] - torch.tensor([0.4775, 0.2995])).abs() < 5e-5


# The mistakes that exercise 2.4 knows by name: posteriors on a grid


def no_dz(log_lik, log_prior, z):
    """Divide by the sum over the grid."""
    joint = (log_prior + log_lik).exp()
    return joint / joint.sum(-1, keepdim=True)


def no_prior(log_lik, log_prior, z):
    """Normalise the likelihood alone."""
    return grid_posterior(log_lik, torch.zeros_like(log_prior), z)


def log_prior_added_to_the_likelihood(log_lik, log_prior, z):
    """Add log p(z) to p(x|z), which is no logarithm."""
    joint = log_lik.exp() + log_prior
    return joint / torch.trapezoid(joint, z)[:, None]


def wrong_axis(log_lik, log_prior, z):
    """Normalise over the observations."""
    joint = (log_prior + log_lik).exp()
    return joint / joint.sum(0)


def divided_by_the_maximum(log_lik, log_prior, z):
    """Make the largest value 1."""
    joint = (log_prior + log_lik).exp()
    return joint / joint.amax(-1, keepdim=True)


def not_normalised(log_lik, log_prior, z):
    """Return the joint density."""
    return (log_prior + log_lik).exp()


equation(
    "2.4",
    "The posterior is the joint over the evidence",
    method="quadrature",
    draw=two_observations_on_a_grid,
    lines={
        "∫p, ∫zp, ∫z²p": moments(grid_posterior),
        "1, m, m² + s²": exact_moments,
        "SciPy": by_scipy,
        "x = 1: p(z=.3|x) 0.4775": chapter_numbers,
    },
    mutants={
        "no dz": moments(no_dz),
        "no prior": moments(no_prior),
        "log p(z) added to p(x|z)": moments(log_prior_added_to_the_likelihood),
        "wrong axis": moments(wrong_axis),
        "divided by the maximum": moments(divided_by_the_maximum),
        "not normalised": moments(not_normalised),
    },
)
