"""Check of chapter 7, part two: an expectation under p from draws of q, (7.6)."""

from collections.abc import Callable
from functools import wraps

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.finite_world import expect, on_average
from vae_lessons.equations.registry import equation


def two_distributions_and_values(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw f, log p and log q on four outcomes."""
    p, q = torch.tensor(rng.dirichlet(np.full(4, 3.0), size=2))
    return torch.tensor(rng.normal(1, 1, size=4)), p.log(), q.log()


def importance_estimate(f: Tensor, log_p: Tensor, log_q: Tensor) -> Tensor:
    """Average f p/q over draws from q: f, log p and log q at the draws, each (L, ...) -> (...)."""
    return (f * (log_p - log_q).exp()).mean(0)


def under_q(estimator: Callable) -> Callable:
    """Return the expectation of an estimator over all samples of three draws from q."""

    @wraps(estimator)
    def expectation(f: Tensor, log_p: Tensor, log_q: Tensor) -> Tensor:
        return on_average(estimator)(log_q.exp(), f, log_p, log_q)

    return expectation


# The mistakes that exercise 7.6 knows by name


def _inverted(f, log_p, log_q):
    return (f * (log_q - log_p).exp()).mean(0)


def _self_normalised(f, log_p, log_q):
    return (f * torch.softmax(log_p - log_q, 0)).sum(0)


def _no_weights(f, log_p, log_q):
    return f.mean(0)


def _p_for_the_weight(f, log_p, log_q):
    return (f * log_p.exp()).mean(0)


def _sum(f, log_p, log_q):
    return (f * (log_p - log_q).exp()).sum(0)


def _log_weights(f, log_p, log_q):
    return (f * (log_p - log_q)).mean(0)


equation(
    "7.6",
    "Importance sampling: draws from q, weighted, stand for p",
    method="enumeration",
    draw=two_distributions_and_values,
    lines={
        "E_p f": lambda f, log_p, log_q: expect(log_p.exp(), f),
        "E_q[f p/q]": lambda f, log_p, log_q: expect(log_q.exp(), f * log_p.exp() / log_q.exp()),
        "(1/L) Σ f p/q, averaged over all samples": under_q(importance_estimate),
    },
    mutants={
        "weights inverted": under_q(_inverted),
        "self-normalised": under_q(_self_normalised),
        "no weights": under_q(_no_weights),
        "p for the weight": under_q(_p_for_the_weight),
        "sum": under_q(_sum),
        "log-weights for weights": under_q(_log_weights),
        "draws from p, weighted all the same": lambda f, log_p, log_q: expect(log_p.exp(), f * (log_p - log_q).exp()),
    },
)
