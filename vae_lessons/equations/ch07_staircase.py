"""Check of chapter 7, part four: the importance-weighted bound, (7.7)."""

import math
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from types import SimpleNamespace

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.ch07_bias import expected_log_mean
from vae_lessons.equations.finite_world import expect, on_average, over_samples, tuples
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.registry import equation
from vae_lessons.objectives import iw_log_lik


def distribution_and_log_weights(rng) -> tuple[Tensor, Tensor]:
    """Draw q over three outcomes, and log w near -1050, where w is 0 in floating point."""
    return torch.tensor(rng.dirichlet(np.full(3, 3.0))), torch.tensor(rng.normal(-1050, 1.5, size=3))


def log_mean_exp(log_w: Tensor) -> Tensor:
    """Log of the mean of exponentials over the first axis, (L, M) -> (M,)."""
    return torch.logsumexp(log_w, 0) - math.log(len(log_w))


def staircase(estimator: Callable) -> Callable:
    """Return the expectations over all samples, for L = 1, …, 5, of a log-mean-exp."""

    @wraps(estimator)
    def expectations(q: Tensor, log_w: Tensor) -> Tensor:
        return torch.stack([on_average(estimator, draws)(q, log_w) for draws in range(1, 6)])

    return expectations


def by_library(q: Tensor, log_w: Tensor) -> Tensor:
    """Do the same with `iw_log_lik`: q(z|x) is the prior, z is the number of an outcome, p(x|z) its weight."""
    model = SimpleNamespace(
        encoder=lambda x: (torch.zeros_like(x), torch.zeros_like(x)),
        log_likelihood=lambda x, z: log_w[z.squeeze(-1).long()],
    )

    def step(draws: int) -> Tensor:
        z = tuples(3, draws).double().unsqueeze(-1)
        probability, values = over_samples(lambda _: iw_log_lik(model, torch.zeros_like(z[0]), z), q, q, draws=draws)
        return expect(probability, values)

    return torch.stack([step(draws) for draws in range(1, 6)])


def by_laplace_transform(q: Tensor, log_w: Tensor) -> Tensor:
    """Do the same without a list of samples; the weights are taken out of the underflow first."""
    shifted = (log_w - log_w.max()).exp()
    return torch.stack([expected_log_mean(q, shifted, draws) for draws in range(1, 6)]) + log_w.max()


def rises(q: Tensor, log_w: Tensor) -> Tensor:
    """Tell whether each step is above the one before, the first is E log w, and log p(x) is above all."""
    log_p = float(sum(Decimal(a) * Decimal(b).exp() for a, b in zip(q.tolist(), log_w.tolist(), strict=True)).ln())
    steps = torch.cat([staircase(log_mean_exp)(q, log_w), torch.tensor([log_p]).double()])
    return torch.cat([steps.diff() > 0, (steps[:1] - expect(q, log_w)).abs() < 1e-9])


def chapter_numbers(*_) -> Tensor:
    """Tell whether the steps 1, 2, 5, 10, 100 for x = 1, p(x|z) = N(z, ½) and the prior as q are the chapter's."""
    z, weights = gauss_hermite(200)
    w = torch.exp(-((1 - z) ** 2)) / math.sqrt(math.pi)
    steps = torch.stack([expected_log_mean(weights, w, draws) for draws in (1, 2, 5, 10, 100)])
    return (steps - torch.tensor([-2.5724, -1.8271, -1.5509, -1.4968, -1.4588])).abs() < 1e-4


# The mistakes that exercise 7.3 knows by name


def _mean_of_logs(log_w):
    return log_w.mean(0)


def _log_sum(log_w):
    return torch.logsumexp(log_w, 0)


def _naive(log_w):
    return log_w.exp().mean(0).log()


def _largest(log_w):
    return log_w.amax(0)


equation(
    "7.7",
    "The importance-weighted bound climbs towards log p(x)",
    method="enumeration",
    draw=distribution_and_log_weights,
    lines={
        "E log-mean-exp, L = 1-5": staircase(log_mean_exp),
        "iw_log_lik": by_library,
        "∫ (e⁻ᵗ - E e⁻ᵗʷ)/t dt": by_laplace_transform,
        "ELBO < … < log p(x)": rises,
        "-2.572, …, -1.459": chapter_numbers,
    },
    mutants={
        "mean of logs": staircase(_mean_of_logs),
        "log of the sum": staircase(_log_sum),
        "naive": staircase(_naive),
        "maximum": staircase(_largest),
        "all steps are log p(x)": lambda q, log_w: torch.logsumexp(log_w + q.log(), -1).expand(5),
        "w not weighted by q": lambda q, log_w: staircase(log_mean_exp)(torch.full_like(q, 1 / 3), log_w),
    },
)
