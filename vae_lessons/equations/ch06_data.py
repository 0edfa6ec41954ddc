"""Checks of chapter 6, part five: all data at once, where x = θz + noise of variance 1, (6.10)."""

import math

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from vae_lessons.equations.registry import equation

# The model: p(z) = N(0, 1), p(x|z) = N(θz, 1). For every x its own q(z|x) = N(μ, s²), with one s² for all.


def elbo_of_data(x: Tensor, theta: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Sum the ELBO over the data."""
    log_lik = -0.5 * (math.log(2 * math.pi) + (x - theta * mu) ** 2 + theta**2 * var)
    return (log_lik - 0.5 * (mu**2 + var - 1 - var.log())).sum()


def log_evidence_of_data(x: Tensor, theta: Tensor) -> Tensor:
    """Sum log p(x) over the data: x has the distribution N(0, θ² + 1)."""
    return Normal(0.0, (theta**2 + 1).sqrt()).log_prob(x).sum()


def e_step(x: Tensor, theta: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of the exact posterior."""
    return theta * x / (1 + theta**2), 1 / (1 + theta**2)


def m_step(x: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Return the θ that maximises the ELBO for given q: Σ x E z / Σ E z²."""
    return (x * mu).sum() / (mu**2 + var).sum()


def bound_and_target(x: Tensor, *states: tuple) -> Tensor:
    """ELBO and log p of the data, a row for each (θ, μ, s²)."""
    return torch.stack([torch.stack([elbo_of_data(x, *s), log_evidence_of_data(x, s[0])]) for s in states])


def em(x: Tensor, theta: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Rows: at the start, after the E-step, after the M-step. Columns: ELBO, log p of the data."""
    q = e_step(x, theta)
    return bound_and_target(x, (theta, mu, var), (theta, *q), (m_step(x, *q), *q))


def em_by_torch(x: Tensor, theta: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Do the same with ELBO = log p - KL of all data as one vector, and θ by least squares on the points μ ± s."""
    one = torch.eye(len(x)).double()

    def row(t, m, s2):
        target = MultivariateNormal(0 * x, (t**2 + 1) * one).log_prob(x)
        posterior = MultivariateNormal(t * x / (t**2 + 1), one / (t**2 + 1))
        return torch.stack([target - kl_divergence(MultivariateNormal(m, s2 * one), posterior), target])

    m, s2 = theta * x / (theta**2 + 1), 1 / (theta**2 + 1)
    points = torch.cat([m + s2.sqrt(), m - s2.sqrt()])
    best = torch.linalg.lstsq(points[:, None], torch.cat([x, x])[:, None]).solution.squeeze()
    return torch.stack([row(theta, mu, var), row(theta, m, s2), row(best, m, s2)])


def data_and_start(rng) -> tuple[Tensor, ...]:
    """Draw five x, a θ, and the means and the variance of q."""
    x, mu = rng.normal(0, 2, size=5), rng.normal(size=5)
    theta, var = rng.uniform([0.5, 0.3], [1.5, 0.8])
    return tuple(torch.tensor(value) for value in (x, theta, mu, var))


# The mistakes that exercise 6.5 knows by name


def _theta_moves_in_the_e_step(x, theta, mu, var):
    q = e_step(x, theta)
    new = m_step(x, *q)
    return bound_and_target(x, (theta, mu, var), (new, *q), (new, *q))


def _log_p_said_to_rise(x, theta, mu, var):
    trace = em(x, theta, mu, var)
    trace[0, 1] = trace[0, 0]
    return trace


def _stale_q(x, theta, mu, var):
    q = e_step(x, theta)
    return bound_and_target(x, (theta, mu, var), (theta, *q), (m_step(x, mu, var), *q))


equation(
    "6.10",
    "The ELBO of all data is a sum, and EM climbs it",
    method="exact model",
    draw=data_and_start,
    lines={
        "Σ ELBO, Σ log p: start, E, M": em,
        "the data as one vector, torch": em_by_torch,
        "Σ ELBO ≤ Σ log p": lambda *inputs: em(*inputs)[:, 0] <= em(*inputs)[:, 1] + 1e-12,
        "E-step: no gap, same log p": lambda *inputs: (em(*inputs)[1] - em(*inputs)[0, 1]).abs() < 1e-9,
        "M-step raises both": lambda *inputs: em(*inputs)[2] >= em(*inputs)[1],
    },
    mutants={
        "θ moves in the E-step": _theta_moves_in_the_e_step,
        "log p said to rise": _log_p_said_to_rise,
        "M-step with the stale q": _stale_q,
        "mean over the data": lambda x, *start: em(x, *start) / len(x),
        "one q for all data": lambda x, theta, mu, var: em(x, theta, mu.mean().expand(5), var),
        "E-step raises log p": lambda *inputs: em(*inputs)[1, 1] > em(*inputs)[0, 1] + 1e-9,
    },
)
