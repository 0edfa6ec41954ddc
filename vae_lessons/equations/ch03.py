"""Checks of chapter 3, part one: the KL divergence of discrete distributions, (3.1), (3.3) and (3.8)."""

import torch
from torch import Tensor
from torch.distributions import Categorical, kl_divergence
from torch.nn.functional import cross_entropy

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.registry import equation


def two_distributions(rng, size: int = 5) -> tuple[Tensor, Tensor]:
    """Draw p and q, two different distributions on the same five outcomes, none of them impossible."""
    return tuple(torch.tensor(rng.dirichlet(torch.full((size,), 3.0))) for _ in "pq")


def two_tables(rng) -> tuple[Tensor, Tensor]:
    """Draw two joint distributions p(x, y), q(x, y) of four values of x and three of y."""
    return tuple(p.reshape(4, 3) for p in two_distributions(rng, size=12))


def chain(p: Tensor, q: Tensor, weights: Tensor) -> Tensor:
    """KL of the marginals of x, plus the average of the KLs of y given x with the given weights."""
    px, qx = p.sum(1), q.sum(1)
    return kl_discrete(px, qx) + (weights * kl_discrete(p / px[:, None], q / qx[:, None])).sum()


def entropy(p: Tensor) -> Tensor:
    """Sum -p log p, with 0 log 0 = 0: the entropy H(p)."""
    return torch.special.entr(p).sum(-1)


# The mistakes that exercise 3.1 knows by name


def _swapped(p, q):
    return (q * torch.log(q / p)).sum(-1)


def _log_base_2(p, q):
    return (p * torch.log2(p / q)).sum(-1)


def _cross_entropy(p, q):
    return -(p * torch.log(q)).sum(-1)


def _mean_instead_of_sum(p, q):
    return (p * torch.log(p / q)).mean(-1)


def _sign(p, q):
    return (p * torch.log(q / p)).sum(-1)


def _difference_of_entropies(p, q):
    return entropy(q) - entropy(p)


def _absolute_value(p, q):
    return (p * torch.log(p / q).abs()).sum(-1)


def _unweighted(p, q):
    return torch.log(p / q).sum(-1)


equation(
    "3.1",
    "The KL divergence of two discrete distributions",
    method="finite world",
    draw=two_distributions,
    lines={
        "Σ p log(p/q)": lambda p, q: (p * torch.log(p / q)).sum(-1),
        "kl_discrete": kl_discrete,
        "torch.distributions": lambda p, q: kl_divergence(Categorical(p), Categorical(q)),
    },
    mutants={
        "arguments swapped": _swapped,
        "log base 2": _log_base_2,
        "cross-entropy": _cross_entropy,
        "mean instead of sum": _mean_instead_of_sum,
        "sign": _sign,
        "difference of entropies": _difference_of_entropies,
        "absolute value": _absolute_value,
        "unweighted": _unweighted,
    },
)

equation(
    "3.3",
    "Cross-entropy is entropy plus KL",
    method="finite world",
    draw=two_distributions,
    lines={
        "H(p, q) = -Σ p log q": lambda p, q: -(p * q.log()).sum(-1),
        "H(p) + KL(p‖q)": lambda p, q: entropy(p) + kl_discrete(p, q),
        "torch's cross_entropy": lambda p, q: cross_entropy(q.log(), p),
    },
    mutants={
        "entropy of q": lambda p, q: entropy(q) + kl_discrete(p, q),
        "KL(q‖p)": lambda p, q: entropy(p) + kl_discrete(q, p),
        "entropy subtracted": lambda p, q: kl_discrete(p, q) - entropy(p),
        "KL subtracted": lambda p, q: entropy(p) - kl_discrete(p, q),
        "H(q, p)": lambda p, q: -(q * p.log()).sum(-1),
    },
)

equation(
    "3.8",
    "The chain rule of KL",
    method="finite world",
    draw=two_tables,
    lines={
        "KL(p(x, y)‖q(x, y))": lambda p, q: kl_discrete(p.flatten(), q.flatten()),
        "KL(p(x)‖q(x)) + E KL(p(y|x)‖q(y|x))": lambda p, q: chain(p, q, p.sum(1)),
        "torch.distributions on the table": lambda p, q: kl_divergence(
            Categorical(p.flatten()), Categorical(q.flatten())
        ),
    },
    mutants={
        "expectation under q(x)": lambda p, q: chain(p, q, q.sum(1)),
        "conditionals summed, not averaged": lambda p, q: chain(p, q, torch.ones(4)),
        "conditionals alone": lambda p, q: chain(p, q, p.sum(1)) - kl_discrete(p.sum(1), q.sum(1)),
        "marginals added": lambda p, q: kl_discrete(p.sum(1), q.sum(1)) + kl_discrete(p.sum(0), q.sum(0)),
        "rows not renormalised": lambda p, q: (
            kl_discrete(p.sum(1), q.sum(1)) + (p.sum(1) * (p * (p / q).log()).sum(1)).sum()
        ),
    },
)
