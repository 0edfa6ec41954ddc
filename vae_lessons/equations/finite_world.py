"""Finite worlds: where p(x, z) is a table, an expectation is a sum, and so is one over all samples of L draws."""

from collections.abc import Callable
from functools import cache, wraps

import numpy as np
import torch
from torch import Tensor


def random_tables(rng) -> tuple[Tensor, Tensor]:
    """Draw p(x, z), a row for each of two x, a column for each of three z; and q(z|x), a distribution in each row."""
    p, q = rng.dirichlet(np.full(6, 3.0)), rng.dirichlet(np.full(3, 3.0), size=2)
    return torch.tensor(p).reshape(2, 3), torch.tensor(q)


def evidence(p: Tensor) -> Tensor:
    """Sum z out: p(x), one value per row."""
    return p.sum(1)


def prior(p: Tensor) -> Tensor:
    """Sum x out: p(z), one value per column."""
    return p.sum(0)


def posterior(p: Tensor) -> Tensor:
    """Divide by p(x): p(z|x), a distribution in each row."""
    return p / evidence(p)[:, None]


def likelihood(p: Tensor) -> Tensor:
    """Divide by p(z): p(x|z), a distribution in each column."""
    return p / prior(p)


def expect(q: Tensor, f: Tensor) -> Tensor:
    """Average f(z) over q(z), the sum Σ q f."""
    return (q * f).sum(-1)


def variance(q: Tensor, f: Tensor) -> Tensor:
    """Average the squared distance of f(z) from its expectation."""
    return expect(q, (f - expect(q, f)) ** 2)


@cache
def tuples(outcomes: int, draws: int) -> Tensor:
    """List all samples of L draws from K outcomes as indices, shape (L, K^L)."""
    return torch.cartesian_prod(*[torch.arange(outcomes)] * draws).reshape(-1, draws).T


def over_samples(estimator: Callable, q: Tensor, *values: Tensor, draws: int) -> tuple[Tensor, Tensor]:
    """Probabilities of all samples of L draws from q, and what an estimator makes of the values at each of them."""
    index = tuples(len(q), draws)
    return q[index].prod(0), estimator(*(value[index] for value in values))


def on_average(estimator: Callable, draws: int = 3) -> Callable:
    """Return the expectation, over all samples of L draws from q, of an estimator, as a function of q and values."""

    @wraps(estimator)
    def expectation(q: Tensor, *values: Tensor) -> Tensor:
        return expect(*over_samples(estimator, q, *values, draws=draws))

    return expectation
