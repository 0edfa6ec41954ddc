"""Exercises of chapter 3, the Kullback-Leibler divergence: 3.1 and 3.2 here, the others in their own modules."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.ch03_chain import CHAIN_RULE
from vae_lessons.exercises.ch03_examples import EXAMPLES
from vae_lessons.exercises.ch03_fits import FIT_NORMALS
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known

# 3.1


def _discrete_cases() -> list[Case]:
    pair = torch.rand(2, 4, 5, generator=torch.Generator().manual_seed(31), dtype=torch.double) + 0.05
    p, q = pair / pair.sum(-1, keepdim=True)
    rows = ([0.5, 0.3, 0.2], [0.15, 0.25, 0.6]), ([0.7, 0, 0.3], [0.2, 0.5, 0.3]), ([0.6, 0.3, 0.1], [0.8, 0.2, 0])
    small = [{"p": torch.tensor(p).double(), "q": torch.tensor(q).double()} for p, q in rows]
    small = [{name: v / v.sum() for name, v in args.items()} for args in small]
    return [Case(small[0]), Case(small[1], edge=True), Case(small[2], edge=True), Case({"p": p, "q": q})]


def _nan_at_zero(p: Tensor, q: Tensor) -> Tensor:
    return (p * (p / q).log()).sum(-1)


def _clipped(p: Tensor, q: Tensor) -> Tensor:
    return (p * (p.clamp(min=1e-8) / q.clamp(min=1e-8)).log()).sum(-1)


def _finite_where_infinite(values: list, references: list, cases: list) -> bool:
    """Right wherever the divergence is finite, and finite where it is infinite."""
    pairs = [(v, r) for (v,), (r,) in zip(values, references, strict=True)]
    right = (v.isfinite().all() if r.isinf().any() else torch.allclose(v, r, atol=1e-4) for v, r in pairs)
    return all(right)


KL_DISCRETE = Exercise(
    id="3.1",
    title="Write the divergence",
    equation="(3.1)",
    chapter="chapter 3",
    cases=_discrete_cases,
    reference=kl_discrete,
    not_negative="(3.5)",
    proves="Zeros in p and in q come out right.",
    misconceptions=(
        *known("3.1", {
            "arguments swapped": "Your value is KL(q‖p). In (3.1) it is p that weights the logarithm and stands "
            "over q.",
            "log base 2": "Your value is in bits. The logarithm of (3.1) is the natural one, and the unit the nat.",
            "cross-entropy": "Your value is the cross-entropy H(p, q). By (3.3) it exceeds (3.1) by the entropy "
            "of p.",
            "mean instead of sum": "Your value is divided by the number of outcomes. Equation (3.1) is a sum: p "
            "is already the weight of each outcome.",
            "sign": "Your value has its sign reversed. In (3.1) p stands over q, and by (3.5) KL is never "
            "negative.",
            "difference of entropies": "Your value is a difference of two entropies: each logarithm has its own "
            "weight. In (3.1) p weights both, log p and log q.",
            "absolute value": "Your value adds absolute values. Terms of (3.1) may be negative, and count as they "
            "are.",
            "unweighted": "Your value adds the log-ratios without weights. In (3.1) each is weighted by p.",
        }),
        Misconception("nan at p = 0", (_nan_at_zero,), "Where p = 0 your function computes 0·log 0, which is nan "
                      "to a computer. In (3.1) such a term counts as 0, its limit as p → 0."),
        Misconception("finite where q = 0", (_clipped,), "Your value is finite although q = 0 where p > 0. There "
                      "(3.1) is infinite, see (3.7): a clip, an added epsilon or a mask hides "
                      "it.", _finite_where_infinite),
    ),
    hints=(
        "Write one term of the sum first, for one outcome. Which of the two distributions is its weight?",
        "Sum over the last axis only, so that a batch gives one value per row. Decide what to put where p is 0 "
        "before you sum.",
    ),
)  # fmt: skip

# 3.2


def kl_quadrature(log_p: Tensor, log_q: Tensor, x: Tensor) -> Tensor:
    """KL(p‖q) of two densities on a grid, equation (3.2) by the trapezoid rule."""
    return torch.trapezoid(log_p.exp() * (log_p - log_q), x)


def _quadrature_cases() -> list[Case]:
    cases = []
    for mu_p, std_p, mu_q, std_q, n in [(0.4, 0.9, -0.5, 1.4, 601), (-1.1, 1.3, 0.2, 0.8, 801)]:
        u = torch.linspace(-1, 1, n, dtype=torch.double)
        x = 9 * u + 1.5 * torch.sin(2 * u) + u**2  # uneven, and not symmetric
        p, q = torch.distributions.Normal(mu_p, std_p), torch.distributions.Normal(mu_q, std_q)
        cases.append(Case({"log_p": p.log_prob(x), "log_q": q.log_prob(x), "x": x}))
    return cases


def _log_of_ratio(log_p: Tensor, log_q: Tensor, x: Tensor) -> Tensor:
    return (torch.trapezoid(log_p.exp(), x) / torch.trapezoid(log_q.exp(), x)).log()


def _integrand(log_p: Tensor, log_q: Tensor) -> Tensor:
    return log_p.exp() * (log_p - log_q)


KL_QUADRATURE = Exercise(
    id="3.2",
    title="The divergence on a grid",
    equation="(3.2)",
    chapter="chapter 3",
    cases=_quadrature_cases,
    reference=kl_quadrature,
    not_negative="(3.5)",
    misconceptions=(
        Misconception("no dx", (lambda lp, lq, x: _integrand(lp, lq).sum(),), "Your value adds the integrand over "
                      "the grid points. The integral (3.2) has a dx: each point counts with the width of its "
                      "interval."),
        Misconception("arguments swapped", (lambda lp, lq, x: kl_quadrature(lq, lp, x),),
                      "Your value is KL(q‖p). In (3.2) it is p that weights the logarithm and stands over q."),
        Misconception("weighted by q", (lambda lp, lq, x: torch.trapezoid(lq.exp() * (lp - lq), x),),
                      "Your value weights log p − log q by q. The expectation in (3.2) is taken under p."),
        Misconception("log of the ratio of integrals", (_log_of_ratio,), "Your value is the logarithm of a ratio "
                      "of two integrals, each of which is 1. In (3.2) the logarithm is inside the integral."),
        Misconception("constant "
                      "dx", (lambda lp, lq, x: torch.trapezoid(_integrand(lp, lq), dx=(x[1] - x[0]).item()),
                                      lambda lp, lq, x: _integrand(lp, lq).sum() * (x[1] - x[0]),
                                      lambda lp, lq, x: torch.trapezoid(_integrand(lp, lq), dx=x.diff().mean().item()),
                                      lambda lp, lq, x: _integrand(lp, lq).sum() * x.diff().mean()),
                      "Your value uses one dx for the whole grid. This grid is uneven: the dx of (3.2) changes "
                      "along it."),
        Misconception("no exp", (lambda lp, lq, x: torch.trapezoid(lp * (lp - lq), x),), "Your value weights with "
                      "log p. The arguments are log-densities, and the weight in (3.2) is the density p itself."),
    ),
    hints=(
        "What you get are log-densities. Which of the two factors in (3.2) needs the density, and which the "
        "logarithm?",
        "torch and NumPy both have the trapezoid rule as a function; give it the grid x, so that it knows the "
        "widths.",
    ),
)  # fmt: skip

EXERCISES = (KL_DISCRETE, KL_QUADRATURE, EXAMPLES, FIT_NORMALS, CHAIN_RULE)
