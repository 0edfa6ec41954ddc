"""Checks of chapter 6, part two: the ELBO, and what it says about the evidence, (6.4) and (6.5)."""

from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.ch06 import from_posterior, kl_by_torch
from vae_lessons.equations.finite_world import evidence, expect, posterior, prior, random_tables
from vae_lessons.equations.registry import equation


def tables(rng) -> tuple[Tensor, Tensor]:
    """Draw p(x, z), two x in rows, three z in columns, and q(z|x)."""
    return random_tables(rng)


# The last two lines of five


def elbo(p: Tensor, q: Tensor) -> Tensor:
    """E_q[log p(x, z) - log q]."""
    return expect(q, p.log() - q.log())


def elbo_plus_kl(p: Tensor, q: Tensor) -> Tensor:
    """ELBO + KL(q‖p(z|x))."""
    return elbo(p, q) + from_posterior(p, q)


# A mistake that exercise 6.2 knows by name


def _sign(p, q):
    return elbo(p, q) - from_posterior(p, q)


equation(
    "6.4",
    "The evidence lower bound",
    method="finite world",
    draw=tables,
    lines={
        "E_q[log p(x, z) - log q]": elbo,
        "-E_q log[q / p(x, z)]": lambda p, q: -expect(q, (q / p).log()),
        "log p(x) - KL(q‖p(z|x)), by torch": lambda p, q: evidence(p).log() - kl_by_torch(p, q),
    },
    mutants={
        "p(z) for p(x, z)": lambda p, q: -kl_discrete(q, prior(p)),
        "sign": lambda p, q: -elbo(p, q),
        "log q not averaged": lambda p, q: expect(q, p.log()) - q.log().sum(-1),
        "log q added": lambda p, q: expect(q, p.log() + q.log()),
        "expectation under p(z)": lambda p, q: expect(prior(p), p.log() - q.log()),
        "p(z|x) for p(x, z)": lambda p, q: -from_posterior(p, q),
    },
)

equation(
    "6.5",
    "The evidence is the ELBO plus the KL of q from the posterior",
    method="finite world",
    draw=tables,
    lines={
        "log p(x)": lambda p, q: evidence(p).log(),
        "ELBO + KL(q‖p(z|x))": elbo_plus_kl,
        "ELBO + KL, by torch": lambda p, q: elbo(p, q) + kl_by_torch(p, q),
        "ELBO of q = p(z|x): no gap": lambda p, q: elbo(p, posterior(p)),
        "ELBO ≤ log p(x)": lambda p, q: elbo(p, q) <= evidence(p).log(),
    },
    mutants={
        "sign of the KL": _sign,
        "KL(p(z|x)‖q)": lambda p, q: elbo(p, q) + kl_discrete(posterior(p), q),
        "KL(q‖p(z))": lambda p, q: elbo(p, q) + kl_discrete(q, prior(p)),
        "KL twice": lambda p, q: elbo_plus_kl(p, q) + kl_by_torch(p, q),
        "ELBO of q = p(z): no gap": lambda p, q: elbo(p, prior(p)),
        "the best z alone: no gap": lambda p, q: p.amax(1).log(),
    },
)
