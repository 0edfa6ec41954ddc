"""Checks of chapter 8, part four: the score function and the pathwise estimators, (8.3) and (8.5)."""

import math

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.ch03_densities import integral
from vae_lessons.equations.gradient_estimates import expected, random_cubic, true_gradient
from vae_lessons.equations.registry import equation
from vae_lessons.sampling import score_function_grad


def cubic_and_normal(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw the coefficients of f, μ and ℓ."""
    return random_cubic(rng)


# (8.3) The score function estimator


def by_hand(f, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Return f(z) times the gradient of log q at z, by autograd of torch's `Normal`."""
    mu, log_var = (t.expand_as(eps).clone().requires_grad_() for t in (mu, log_var))
    z = (mu + torch.exp(0.5 * log_var) * eps).detach()
    scores = torch.autograd.grad(Normal(mu, torch.exp(0.5 * log_var)).log_prob(z).sum(), (mu, log_var))
    return tuple(f(z)[..., None] * score for score in scores)


def step_function(c: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether f = 1 for z > c₁, else 0, gets its gradient: that of Φ((μ - c₁)/σ), a density."""
    std = torch.exp(0.5 * log_var)
    jump = ((c[0] - mu) / std).item()

    def part(k: int) -> Tensor:
        def integrand(eps: Tensor) -> Tensor:
            estimates = score_function_grad(lambda z: (z[..., 0] > c[0]).double(), mu, log_var, eps[:, None])
            return Normal(0.0, 1.0).log_prob(eps).exp() * estimates[k][:, 0]

        return integral(integrand, *sorted([-12.0, jump, 12.0]))

    density = math.exp(-(jump**2) / 2) / math.sqrt(2 * math.pi)
    return (torch.stack([part(0) - density / std[0], part(1) - density * jump / 2])).abs() < 1e-9


# The mistakes that exercise 8.2 knows by name


def _scores(mu, log_var, eps):
    return torch.exp(-0.5 * log_var) * eps, 0.5 * (eps**2 - 1)


def _weighted(weight, *scores):
    return tuple(weight[..., None] * score for score in scores)


def _no_f(f, mu, log_var, eps):
    return _scores(mu, log_var, eps)


def _score_of_p(f, mu, log_var, eps):
    std = torch.exp(0.5 * log_var)
    z = mu + std * eps
    return _weighted(f(z), -z, -z * std * eps / 2)


def _z_not_detached(f, mu, log_var, eps):
    mu, log_var = (t.expand_as(eps).clone().requires_grad_() for t in (mu, log_var))
    z = mu + torch.exp(0.5 * log_var) * eps
    surrogate = f(z) * Normal(mu, torch.exp(0.5 * log_var)).log_prob(z).sum(-1)
    return torch.autograd.grad(surrogate.sum(), (mu, log_var))


def _no_variance(f, mu, log_var, eps):
    std = torch.exp(0.5 * log_var)
    return _weighted(f(mu + std * eps), std * eps, 0.5 * (std**2 * eps**2 - 1))


def _sign(f, mu, log_var, eps):
    return _weighted(-f(mu + torch.exp(0.5 * log_var) * eps), *_scores(mu, log_var, eps))


def _gradient_of_q(f, mu, log_var, eps):
    z, std = mu + torch.exp(0.5 * log_var) * eps, torch.exp(0.5 * log_var)
    return _weighted(f(z) * Normal(mu, std).log_prob(z).sum(-1).exp(), *_scores(mu, log_var, eps))


equation(
    "8.3",
    "The score function estimator of a gradient",
    method="quadrature",
    draw=cubic_and_normal,
    lines={
        "∇ E f, in closed form": true_gradient,
        "E[f ∇ log q], ∇ by autograd": expected(by_hand),
        "score_function_grad, on average": expected(score_function_grad),
        "right for a step function, too": step_function,
    },
    mutants={
        "no f": expected(_no_f),
        "∇ log p": expected(_score_of_p),
        "z not detached": expected(_z_not_detached),
        "no 1/σ²": expected(_no_variance),
        "sign": expected(_sign),
        "∇q for ∇ log q": expected(_gradient_of_q),
    },
)
