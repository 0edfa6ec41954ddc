"""Checks of chapter 6, part four: other faces of the ELBO, (6.8) and (6.9)."""

import math

from torch import Tensor
from torch.distributions import Categorical, Normal, kl_divergence

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.ch06_elbo import elbo
from vae_lessons.equations.finite_world import evidence, expect, posterior, prior, random_tables
from vae_lessons.equations.linear_gaussian import (
    LOG_2PI,
    as_model,
    elbo_in_closed_form,
    kl_from_posterior,
    log_evidence,
    random_x_and_q,
)
from vae_lessons.equations.registry import equation
from vae_lessons.objectives import elbo_analytic_kl, elbo_mc


def tables(rng) -> tuple[Tensor, Tensor]:
    """Draw p(x, z), two x in rows, three z in columns, and q(z|x)."""
    return random_tables(rng)


def x_and_q(rng) -> tuple[Tensor, ...]:
    """Draw x, the variance v of p(x|z) = N(z, v), mean and variance of q."""
    return random_x_and_q(rng)


# (6.8) Reconstruction minus regulariser


def kl_from_prior(mu: Tensor, var: Tensor) -> Tensor:
    """KL(q‖p(z)) by torch."""
    return kl_divergence(Normal(mu, var.sqrt()), Normal(0.0, 1.0))


# The mistakes that exercise 6.1 knows by name


def _plus_kl(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var) + 2 * kl_from_prior(mu, var)


def _plug_in_mean(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var) + 0.5 * var / v


def _negative(x, v, mu, var):
    return -elbo_in_closed_form(x, v, mu, var)


def _no_entropy(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var) - 0.5 * (LOG_2PI + 1 + var.log())


def _no_2pi(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var) + 0.5 * LOG_2PI


def _reverse_kl(x, v, mu, var):
    reverse = kl_divergence(Normal(0.0, 1.0), Normal(mu, var.sqrt()))
    return elbo_in_closed_form(x, v, mu, var) + kl_from_prior(mu, var) - reverse


def _no_prior(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var) + 0.5 * (LOG_2PI + mu**2 + var)


def _std_for_variance_of_q(x, v, mu, var):
    return elbo_in_closed_form(x, v, mu, var**0.5)


def _std_for_variance_of_x(x, v, mu, var):
    return elbo_in_closed_form(x, v**0.5, mu, var)


equation(
    "6.8",
    "The ELBO is expected log-likelihood minus KL of q from the prior",
    method="exact model",
    draw=x_and_q,
    lines={
        "E_q log p(x|z) - KL(q‖p(z))": elbo_in_closed_form,
        "elbo_analytic_kl": lambda *inputs: elbo_analytic_kl(*as_model(*inputs)).squeeze(),
        "elbo_mc": lambda *inputs: elbo_mc(*as_model(*inputs)).squeeze(),
        "log p(x) - KL(q‖p(z|x))": lambda x, v, *q: log_evidence(x, v) - kl_from_posterior(x, v, *q),
    },
    mutants={
        "plus KL": _plus_kl,
        "plug-in mean": _plug_in_mean,
        "negative": _negative,
        "no entropy": _no_entropy,
        "no 2π": _no_2pi,
        "reverse KL": _reverse_kl,
        "no prior": _no_prior,
        "standard deviation for variance of q": _std_for_variance_of_q,
        "standard deviation for variance of x": _std_for_variance_of_x,
    },
)

# (6.9) Energy plus entropy


def entropy(q: Tensor) -> Tensor:
    """H(q) = -E_q log q, one value per row."""
    return -expect(q, q.log())


equation(
    "6.9",
    "The ELBO is expected log-joint plus entropy of q",
    method="finite world",
    draw=tables,
    lines={
        "E_q log p(x, z) + H(q)": lambda p, q: expect(q, p.log()) + entropy(q),
        "with torch's entropy": lambda p, q: expect(q, p.log()) + Categorical(q).entropy(),
        "ELBO, (6.4)": elbo,
        "log p(x) - KL(q‖p(z|x))": lambda p, q: evidence(p).log() - kl_discrete(q, posterior(p)),
    },
    mutants={
        "entropy subtracted": lambda p, q: expect(q, p.log()) - entropy(q),
        "entropy of p(z)": lambda p, q: expect(q, p.log()) + entropy(prior(p)),
        "entropy of p(z|x)": lambda p, q: expect(q, p.log()) + entropy(posterior(p)),
        "H(q, p(z)), a cross-entropy": lambda p, q: expect(q, p.log() - prior(p).log()),
        "entropy in bits": lambda p, q: expect(q, p.log()) + entropy(q) / math.log(2),
        "no entropy": lambda p, q: expect(q, p.log()),
    },
)
