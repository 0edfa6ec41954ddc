"""Checks of chapter 3, part two: what KL can and cannot be, (3.4)-(3.7)."""

import torch
from torch import Tensor
from torch.distributions import Categorical, kl_divergence

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.ch03 import two_distributions
from vae_lessons.equations.registry import equation


def positive_numbers(rng) -> tuple[Tensor]:
    """Draw 50 positive numbers, on both sides of 1."""
    return (torch.tensor(rng.lognormal(0, 1, size=50)),)


def with_impossible_outcomes(rng) -> tuple[Tensor, Tensor]:
    """Draw p, which gives two of six outcomes no probability, and q, which allows all."""
    p, q = two_distributions(rng, size=6)
    p[rng.permutation(6)[:2]] = 0
    return p / p.sum(), q


def tangent_touches_only_at_one(base: float | None = None) -> bool:
    """Let SymPy show that f(t) = t - 1 - log t is convex, flat at t = 1 alone, and 0 there: f ≥ 0, = 0 at 1 only."""
    import sympy

    t = sympy.symbols("t", positive=True)
    f = t - 1 - (sympy.log(t) if base is None else sympy.log(t, base))
    flat = sympy.solve(sympy.diff(f, t), t)
    return flat == [1] and f.subs(t, 1) == 0 and bool(sympy.diff(f, t, 2).is_positive)


equation(
    "3.4",
    "The logarithm lies below its tangent at 1",
    method="SymPy",
    draw=positive_numbers,
    lines={
        "log t ≤ t - 1 at 50 points": lambda t: t.log() <= t - 1,
        "proof: t - 1 - log t is least at t = 1": lambda t: tangent_touches_only_at_one(),
    },
    mutants={
        "log₂ t ≤ t - 1": lambda t: t.log2() <= t - 1,
        "proof for log₂ instead of log": lambda t: tangent_touches_only_at_one(base=2),
        "log t ≥ t - 1": lambda t: t.log() >= t - 1,
        "equality at t = e": lambda t: torch.tensor(1.0) == torch.e - 1,
    },
    draws=5,
)


def possible(p: Tensor, values: Tensor) -> Tensor:
    """Sum the values over the outcomes with p > 0."""
    return values[p > 0].sum()


equation(
    "3.5",
    "KL is not negative",
    method="finite world",
    draw=with_impossible_outcomes,
    lines={
        "-KL(p‖q)": lambda p, q: -kl_discrete(p, q),
        "Σ over p > 0 of p log(q/p)": lambda p, q: possible(p, p * (q / p).log()),
        "≤ Σ over p > 0 of p (q/p - 1)": lambda p, q: -kl_discrete(p, q) <= possible(p, p * (q / p - 1)),
        "which is Σ over p > 0 of q, less 1": lambda p, q: torch.isclose(
            possible(p, p * (q / p - 1)), possible(p, q) - 1, rtol=0, atol=1e-12
        ),
        "≤ 0": lambda p, q: possible(p, q) - 1 <= 0,
    },
    mutants={
        "log(p/q)": lambda p, q: possible(p, p * (p / q).log()),
        "log 0 counted where p = 0": lambda p, q: (p * (q / p).log()).sum(),
        "q outside the logarithm": lambda p, q: possible(p, q * (q / p).log()),
        "q sums to 1 over p > 0": lambda p, q: torch.isclose(possible(p, q), torch.tensor(1.0).double()),
        "≥ instead of ≤": lambda p, q: -kl_discrete(p, q) >= possible(p, q) - 1,
    },
)


def the_pair(rng) -> tuple[Tensor, Tensor]:
    """Return the pair of the chapter: one example is enough to show that KL is not symmetric."""
    return torch.tensor([0.3, 0.7], dtype=torch.float64), torch.tensor([0.6, 0.4], dtype=torch.float64)


def both_ways(p: Tensor, q: Tensor) -> Tensor:
    """Return KL(p‖q) and KL(q‖p)."""
    return torch.stack([kl_discrete(p, q), kl_discrete(q, p)])


def by_torch(p: Tensor, q: Tensor) -> Tensor:
    """Return the same by `torch.distributions`."""
    p, q = Categorical(p), Categorical(q)
    return torch.stack([kl_divergence(p, q), kl_divergence(q, p)])


equation(
    "3.6",
    "KL is not symmetric",
    method="finite world",
    draw=the_pair,
    lines={
        "KL(p‖q), KL(q‖p)": both_ways,
        "torch.distributions": by_torch,
        "they are different": lambda p, q: kl_discrete(p, q) != kl_discrete(q, p),
    },
    mutants={
        "both are KL(p‖q)": lambda p, q: kl_discrete(p, q).expand(2),
        "in the other order": lambda p, q: both_ways(q, p),
        "both are their average": lambda p, q: both_ways(p, q).mean().expand(2),
        "a mirrored pair shows it": lambda p, q: ~torch.isclose(*both_ways(p, p.flip(0))),
    },
    draws=1,
)


def limits_at_zero(p: Tensor, q: Tensor) -> bool:
    """Let SymPy take the limits: t log t goes to 0, and p log(p/t) goes to infinity as t falls to 0."""
    import sympy

    t, mass = sympy.symbols("t mass", positive=True)
    vanishes = sympy.limit(t * sympy.log(t), t, 0, "+") == 0
    return vanishes and sympy.limit(mass * sympy.log(mass / t), t, 0, "+") == sympy.oo


def where_finite(p: Tensor, q: Tensor) -> Tensor:
    """Sum p log(p/q) over the outcomes that both distributions allow."""
    return possible(p * q, p * (p / q).log())


equation(
    "3.7",
    "An impossible outcome that happens costs infinitely much",
    method="finite world",
    draw=with_impossible_outcomes,
    lines={
        "KL(q‖p), p = 0 < q; KL(p‖q)": lambda p, q: both_ways(q, p),
        "∞, and a sum over p > 0": lambda p, q: torch.stack([torch.tensor(torch.inf), where_finite(p, q)]),
        "torch.distributions": lambda p, q: by_torch(q, p),
        "limits t log t -> 0 and p log(p/t) -> ∞": limits_at_zero,
    },
    mutants={
        "impossible outcomes skipped": lambda p, q: torch.stack([where_finite(q, p), where_finite(p, q)]),
        "0 log 0 is not a number": lambda p, q: torch.stack([torch.tensor(torch.inf), (p * (p / q).log()).sum()]),
        "zeros raised to 1e-8": lambda p, q: torch.stack([where_finite(q, p.clamp(min=1e-8)), where_finite(p, q)]),
        "arguments swapped": both_ways,
    },
    draws=10,
)
