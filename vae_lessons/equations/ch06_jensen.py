"""Checks of chapter 6, part three: the ELBO by Jensen's inequality, and what the slack is, (6.6) and (6.7)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from vae_lessons.divergences import kl_normal
from vae_lessons.equations.ch03_densities import integral
from vae_lessons.equations.ch06_elbo import elbo
from vae_lessons.equations.finite_world import evidence, expect, posterior, prior, random_tables
from vae_lessons.equations.linear_gaussian import (
    elbo_in_closed_form,
    exact_posterior,
    kl_from_posterior,
    log_evidence,
    log_joint,
    random_x_and_q,
)
from vae_lessons.equations.registry import equation


def tables(rng) -> tuple[Tensor, Tensor]:
    """Draw p(x, z), two x in rows, three z in columns, and q(z|x)."""
    return random_tables(rng)


def x_and_q(rng) -> tuple[Tensor, ...]:
    """Draw x, the variance v of p(x|z) = N(z, v), mean and variance of q."""
    return random_x_and_q(rng)


# (6.6) On a table


def jensen(p: Tensor, q: Tensor) -> Tensor:
    """E_q log w and log E_q w with w = p(x, z) / q."""
    w = p / q
    return torch.stack([expect(q, w.log()), expect(q, w).log()])


# The mistakes that exercise 6.3 knows by name


def _order_reversed(p, q):
    return jensen(p, q).flip(0)


def _under_the_posterior(p, q):
    return torch.stack([expect(posterior(p), (p / q).log()), expect(posterior(p), p / q).log()])


def _under_the_prior(p, q):
    return torch.stack([expect(prior(p), (p / q).log()), expect(prior(p), p / q).log()])


def _w_inverted(p, q):
    return torch.stack([expect(q, (q / p).log()), expect(q, q / p).log()])


equation(
    "6.6",
    "The ELBO by Jensen's inequality",
    method="finite world",
    draw=tables,
    lines={
        "E_q log w, log E_q w": jensen,
        "ELBO, log p(x)": lambda p, q: torch.stack([elbo(p, q), evidence(p).log()]),
        "E_q log w ≤ log E_q w": lambda p, q: jensen(p, q)[0] <= jensen(p, q)[1],
        "= if w is constant": lambda p, q: torch.isclose(*jensen(p, posterior(p)), rtol=0, atol=1e-12),
    },
    mutants={
        "order reversed": _order_reversed,
        "expectation under p(z|x)": _under_the_posterior,
        "expectation under p(z)": _under_the_prior,
        "w inverted": _w_inverted,
        "E_q log w ≥ log E_q w": lambda p, q: jensen(p, q)[0] >= jensen(p, q)[1],
        "= for any q": lambda p, q: torch.isclose(*jensen(p, q), rtol=0, atol=1e-12),
    },
)

# (6.7) On the line


def jensen_slack(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Log E_q w - E_q log w by quadrature, w = p(x, z) / q."""
    q, breaks = Normal(mu, var.sqrt()), [-20, -8, -3, 0, 3, 8, 20]
    mean_w = integral(lambda z: log_joint(x, v, z).exp(), *breaks)
    mean_log_w = integral(lambda z: q.log_prob(z).exp() * (log_joint(x, v, z) - q.log_prob(z)), *breaks)
    return mean_w.log() - mean_log_w


def closes_the_gap(choose: Callable) -> Callable:
    """State that the slack is 0 for the q whose mean and variance a function of x and v chooses."""
    return lambda x, v, mu, var: jensen_slack(x, v, *choose(x, v)).abs() < 1e-9


# The mistakes that exercise 6.4 knows by name: mean and variance of a q that is said to have no gap


def _prior(x, v):
    return torch.zeros_like(x), torch.ones_like(x)


def _mode_only(x, v):
    return x / (1 + v), torch.full_like(x, 1e-6)


def _unit_variance(x, v):
    return x / (1 + v), torch.ones_like(x)


equation(
    "6.7",
    "The slack in Jensen's inequality is KL(q‖p(z|x))",
    method="quadrature",
    draw=x_and_q,
    lines={
        "log E_q w - E_q log w, by quadrature": jensen_slack,
        "KL(q‖p(z|x)), kl_normal": kl_from_posterior,
        "torch.distributions": lambda x, v, mu, var: kl_divergence(
            Normal(mu, var.sqrt()), Normal(x / (1 + v), (v / (1 + v)).sqrt())
        ),
        "log p(x) - ELBO, in closed form": lambda x, v, *q: log_evidence(x, v) - elbo_in_closed_form(x, v, *q),
        "0 at q = p(z|x)": closes_the_gap(exact_posterior),
    },
    mutants={
        "KL(p(z|x)‖q)": lambda x, v, mu, var: kl_normal(x / (1 + v), (v / (1 + v)).sqrt(), mu, var.sqrt()),
        "KL(q‖p(z))": lambda x, v, mu, var: kl_normal(mu, var.sqrt(), *_prior(x, v)),
        "E_q log w - log E_q w": lambda *inputs: -jensen_slack(*inputs),
        "no gap at the prior": closes_the_gap(_prior),
        "no gap at the mode only": closes_the_gap(_mode_only),
        "no gap at the mean with variance 1": closes_the_gap(_unit_variance),
    },
)
