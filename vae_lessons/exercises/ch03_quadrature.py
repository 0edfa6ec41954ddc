"""Exercise 3.2: the KL divergence of two densities on an uneven grid."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch03 import HINTS


def kl_quadrature(log_p: Tensor, log_q: Tensor, x: Tensor) -> Tensor:
    """KL(p‖q) of two densities on a grid, equation (3.2) by the trapezoid rule."""
    return torch.trapezoid(log_p.exp() * (log_p - log_q), x)


def _quadrature_cases(seed: int = 0) -> list[Case]:
    cases = []
    for mu_p, std_p, mu_q, std_q, n in [(0.4, 0.9, -0.5, 1.4, 601), (-1.1, 1.3, 0.2, 0.8, 801)]:
        u = torch.linspace(-1, 1, n, dtype=torch.double)
        x = 9 * u + 1.5 * torch.sin(2 * u) + u**2  # uneven, and not symmetric
        p, q = torch.distributions.Normal(mu_p - 0.1 * seed, std_p), torch.distributions.Normal(mu_q, std_q)
        cases.append(Case({"log_p": p.log_prob(x), "log_q": q.log_prob(x), "x": x}))
    return cases


def _log_of_ratio(log_p: Tensor, log_q: Tensor, x: Tensor) -> Tensor:
    return (torch.trapezoid(log_p.exp(), x) / torch.trapezoid(log_q.exp(), x)).log()


def _integrand(log_p: Tensor, log_q: Tensor) -> Tensor:
    return log_p.exp() * (log_p - log_q)


def _pieces(log_p: Tensor, log_q: Tensor, x: Tensor) -> Tensor:
    values = _integrand(log_p, log_q)
    return 0.5 * (values[1:] + values[:-1]) * x.diff()


KL_QUADRATURE = Exercise(
    id="3.2",
    title="The divergence on a grid",
    equation="(3.2)",
    chapter="chapter 3",
    cases=_quadrature_cases,
    reference=kl_quadrature,
    not_negative="(3.5)",
    misconceptions=(
        mistake("no dx", "Your value adds the integrand over the grid points, or averages it. The integral (3.2) has a "
                "dx: each point counts with the width of its interval.",
                lambda lp, lq, x: _integrand(lp, lq).sum(),
                lambda lp, lq, x: torch.trapezoid(_integrand(lp, lq)),
                lambda lp, lq, x: _integrand(lp, lq).mean()),
        mistake("sign", "Your value is minus (3.2): is log p subtracted from log q, or are the grid and the values "
                "exchanged in the rule?", lambda lp, lq, x: -kl_quadrature(lp, lq, x)),
        mistake("no weight", "Your value integrates log p − log q alone. In (3.2) the density p is its weight.",
                lambda lp, lq, x: torch.trapezoid(lp - lq, x)),
        mistake("entropy of p", "Your value does not use q. In (3.2) log q is subtracted from log p.",
                lambda lp, lq, x: torch.trapezoid(lp.exp() * lp, x),
                lambda lp, lq, x: -torch.trapezoid(lp.exp() * lp, x)),
        mistake("cross-entropy", "Your value has log q alone, and not log p. Equation (3.2) has their difference.",
                lambda lp, lq, x: -torch.trapezoid(lp.exp() * lq, x),
                lambda lp, lq, x: torch.trapezoid(lp.exp() * lq, x)),
        mistake("log-densities added", "Your value adds log p and log q. Equation (3.2) has their difference.",
                lambda lp, lq, x: torch.trapezoid(lp.exp() * (lp + lq), x)),
        mistake("ratio without logarithm", "Your value integrates p times the ratio p/q. In (3.2) it is the logarithm "
                "of the ratio.", lambda lp, lq, x: torch.trapezoid((2 * lp - lq).exp(), x)),
        mistake("no ½ in the rule", "Your value is twice (3.2): the trapezoid rule takes the mean of two neighbours, "
                "not their sum.", lambda lp, lq, x: 2 * kl_quadrature(lp, lq, x)),
        mistake("log base 2", "Your value is in bits. The logarithms of (3.2) are natural ones.",
                lambda lp, lq, x: kl_quadrature(lp, lq, x) / math.log(2)),
        mistake("absolute value", "Your value integrates the absolute value. The integrand of (3.2) may be negative.",
                lambda lp, lq, x: torch.trapezoid(_integrand(lp, lq).abs(), x)),
        mistake("terms not summed", "You return one number for each grid point or interval. The integral (3.2) is "
                "their sum.", lambda lp, lq, x: _integrand(lp, lq), _pieces),
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
    hints=HINTS["3.2"],
)  # fmt: skip
