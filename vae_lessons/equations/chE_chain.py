"""Check of appendix E, part five: diffusion as a deep VAE, on a chain of normals, (E.8)."""

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.divergences import kl_multivariate_normal, kl_normal
from vae_lessons.equations.chE_diffusion import T, backwards, chain, marginals, noise_levels
from vae_lessons.equations.registry import equation


def chain_and_model(rng) -> tuple[Tensor, ...]:
    """Draw β and x₀; and slopes, shifts and variances of the model's steps p(x_t-1|x_t) for t = 1, …, 5."""
    slope, shift, var = rng.uniform(0.6, 1.1, size=T), rng.normal(0, 0.3, size=T), rng.uniform(0.1, 0.5, size=T)
    return *noise_levels(rng), *(torch.tensor(part) for part in (slope, shift, var))


def step_kls(beta, x_0, slope, shift, var) -> Tensor:
    """E KL(q(x_t-1|x_t, x₀)‖p(x_t-1|x_t)) for t = 2, …, 5: the mean of q is linear in x_t, whose moments are known."""
    at_zero, back_var = backwards(beta, x_0, torch.zeros(T - 1).double())
    gain = backwards(beta, x_0, torch.ones(T - 1).double())[0] - at_zero
    mean, spread = marginals(beta, x_0)[:, 1:]
    distance = at_zero + gain * mean - slope[1:] * mean - shift[1:]
    kl = kl_normal(distance, back_var.sqrt(), torch.zeros_like(distance), var[1:].sqrt())
    return kl + (gain - slope[1:]) ** 2 * spread / (2 * var[1:])  # E of the square of a normal: mean² + variance


def sum_of_kls(beta, x_0, slope, shift, var) -> Tensor:
    """E log p(x₀|x₁), less the KL of every step, less KL(q(x₅|x₀)‖N(0, 1))."""
    mean, spread = marginals(beta, x_0)
    log_lik = Normal(slope[0] * mean[0] + shift[0], var[0].sqrt()).log_prob(x_0) - slope[0] ** 2 * spread[0] / (
        2 * var[0]
    )
    prior = kl_normal(mean[-1], spread[-1].sqrt(), torch.zeros(()).double(), torch.ones(()).double())
    return log_lik - step_kls(beta, x_0, slope, shift, var).sum() - prior


def model_joint(slope, shift, var) -> tuple[Tensor, Tensor]:
    """Mean and covariance of (x₀, …, x₅) under the model, which starts at x₅ ~ N(0, 1)."""
    keep = torch.eye(T + 1).double() - torch.diag(slope, 1)
    root = torch.linalg.solve(keep, torch.diag(torch.cat([var, torch.ones(1).double()]).sqrt()))
    return torch.linalg.solve(keep, torch.cat([shift, torch.zeros(1).double()])), root @ root.T


def evidence_less_gap(beta, x_0, slope, shift, var) -> Tensor:
    """Log p(x₀) - KL(q(x₁, …, x₅|x₀)‖p(x₁, …, x₅|x₀)), with `kl_multivariate_normal` in five dimensions."""
    mean, cov = model_joint(slope, shift, var)
    log_p = Normal(mean[0], cov[0, 0].sqrt()).log_prob(x_0)
    gain = cov[1:, 0] / cov[0, 0]
    posterior = mean[1:] + gain * (x_0 - mean[0]), cov[1:, 1:] - torch.outer(gain, cov[0, 1:])
    return log_p - kl_multivariate_normal(*chain(beta, x_0), *posterior)


def _steps_at_the_mean(beta, x_0, slope, shift, var):
    spread = marginals(beta, x_0)[1, 1:]
    gain = backwards(beta, x_0, torch.ones(T - 1).double())[0] - backwards(beta, x_0, torch.zeros(T - 1).double())[0]
    return sum_of_kls(beta, x_0, slope, shift, var) + ((gain - slope[1:]) ** 2 * spread / (2 * var[1:])).sum()


def _no_prior_term(beta, x_0, slope, shift, var):
    mean, spread = marginals(beta, x_0)[:, -1]
    return sum_of_kls(beta, x_0, slope, shift, var) + kl_normal(mean, spread.sqrt(), 0 * mean, 0 * mean + 1)


def _mean_over_the_steps(beta, x_0, slope, shift, var):
    kls = step_kls(beta, x_0, slope, shift, var)
    return sum_of_kls(beta, x_0, slope, shift, var) + kls.sum() - kls.mean()


equation(
    "E.8",
    "The ELBO of a diffusion model: one KL for each step",
    method="exact model",
    draw=chain_and_model,
    lines={
        "E log p(x₀|x₁) - Σ KL - KL": sum_of_kls,
        "log p(x₀) - KL of the chains": evidence_less_gap,
    },
    mutants={
        "steps compared at the mean of x_t": _steps_at_the_mean,
        "no KL at the end": _no_prior_term,
        "mean over the steps": _mean_over_the_steps,
        "plus KL": lambda *w: sum_of_kls(*w) + 2 * step_kls(*w).sum(),
        "first step left out": lambda *w: sum_of_kls(*w) + step_kls(*w)[0],
    },
)
