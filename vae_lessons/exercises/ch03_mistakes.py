"""The mistakes that exercise 3.1 knows, besides the mutants of (3.1)."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.exercise import mistake


def _nan_at_zero(p: Tensor, q: Tensor) -> Tensor:
    return (p * (p / q).log()).sum(-1)


def _clipped(p: Tensor, q: Tensor) -> Tensor:
    return (p * (p.clamp(min=1e-8) / q.clamp(min=1e-8)).log()).sum(-1)


def _finite_where_infinite(values: list, references: list, cases: list) -> bool:
    """Right wherever the divergence is finite, and finite where it is infinite."""
    pairs = [(v, r) for (v,), (r,) in zip(values, references, strict=True)]
    right = (v.isfinite().all() if r.isinf().any() else torch.allclose(v, r, atol=1e-4) for v, r in pairs)
    return all(right)


def _terms(p: Tensor, q: Tensor) -> Tensor:
    return p * (p / q).log()


SPECIAL_CASES = (
    mistake(
        "nan at p = 0",
        "Where p = 0 your function computes 0·log 0, which is nan to a computer. In (3.1) such a term counts as 0, its "
        "limit as p → 0.",
        _nan_at_zero,
    ),
    mistake(
        "finite where q = 0",
        "Your value is finite although q = 0 where p > 0. There (3.1) is infinite, see (3.7): a clip, an added epsilon "
        "or a mask hides it.",
        _clipped,
        recognise=_finite_where_infinite,
    ),
    mistake(
        "mask on q",
        "You leave out the outcomes with q = 0. It is those with p = 0 that count nothing in (3.1); where q = 0 < p "
        "the divergence is infinite, see (3.7).",
        lambda p, q: torch.where(q > 0, _terms(p, q), 0).sum(-1),
    ),
)

WRONG_SHAPES = (
    mistake(
        "sum of everything",
        "Your value is the total of the batch. The sum of (3.1) runs over the outcomes, the last axis.",
        lambda p, q: kl_discrete(p, q).sum(),
        lambda p, q: _terms(p, q).sum(),
    ),
    mistake(
        "mean over the batch",
        "Your value is one number, the mean over the batch. Equation (3.1) gives one value for each pair.",
        lambda p, q: kl_discrete(p, q).mean(),
    ),
    mistake(
        "sum over the first axis",
        "You sum over the first axis, the pairs. In (3.1) the outcomes are summed, the last axis.",
        lambda p, q: _terms(p, q).sum(0),
    ),
    mistake(
        "terms not summed",
        "You return one term for each outcome. Equation (3.1) sums them.",
        lambda p, q: torch.special.xlogy(p, p) - torch.special.xlogy(p, q),
        _terms,
    ),
    mistake(
        "mean of everything",
        "Your value is a mean over outcomes and pairs. Equation (3.1) sums over the outcomes, for each pair.",
        lambda p, q: kl_discrete(p, q).mean() / p.shape[-1],
        lambda p, q: _terms(p, q).mean(),
    ),
)

WRONG_TERMS = (
    mistake(
        "weighted by q",
        "Your value weights log(p/q) with q. In (3.1) the weight is p.",
        lambda p, q: (q * (p / q).log()).sum(-1),
    ),
    mistake(
        "log base 10",
        "Your logarithm has base 10. That of (3.1) is the natural one.",
        lambda p, q: kl_discrete(p, q) / math.log(10),
    ),
    mistake(
        "no logarithm",
        "Your value has the ratio p/q itself. In (3.1) it is the logarithm of the ratio.",
        lambda p, q: (p * p / q).sum(-1),
    ),
    mistake(
        "logarithms added",
        "Your value adds log p and log q. The logarithm of the ratio in (3.1) is their difference.",
        lambda p, q: (torch.special.xlogy(p, p) + torch.special.xlogy(p, q)).sum(-1),
    ),
    mistake(
        "log p alone",
        "Your value does not use q: it has only Σ p log p, of which (3.1) subtracts Σ p log q.",
        lambda p, q: torch.special.xlogy(p, p).sum(-1),
        lambda p, q: -torch.special.xlogy(p, p).sum(-1),
    ),
    mistake(
        "log q alone",
        "Your value is Σ p log q. In (3.1) that is subtracted from Σ p log p.",
        lambda p, q: torch.special.xlogy(p, q).sum(-1),
    ),
    mistake(
        "q log p",
        "Your second term is q log p. In (3.1) it is p log q: p is the weight of both logarithms.",
        lambda p, q: (torch.special.xlogy(p, p) - torch.special.xlogy(q, p)).sum(-1),
    ),
    mistake(
        "both directions",
        "Your value joins KL(p‖q) and KL(q‖p). Equation (3.1) is the first one alone.",
        lambda p, q: kl_discrete(p, q) + kl_discrete(q, p),
        lambda p, q: 0.5 * (kl_discrete(p, q) + kl_discrete(q, p)),
    ),
    mistake(
        "Jensen–Shannon",
        "Your value is the Jensen–Shannon divergence, from the mean of p and q. In (3.1) p is compared with q itself.",
        lambda p, q: 0.5 * (kl_discrete(p, 0.5 * (p + q)) + kl_discrete(q, 0.5 * (p + q))),
    ),
)
