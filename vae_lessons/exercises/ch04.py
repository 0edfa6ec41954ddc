"""Exercises of chapter 4, Gaussian KL in closed form: 4.1 here, the others in their own modules."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_normal
from vae_lessons.exercises.ch04_diagonal import KL_DIAGONAL
from vae_lessons.exercises.ch04_full import KL_FULL
from vae_lessons.exercises.ch04_gradient import GRAD_WEIGHT
from vae_lessons.exercises.ch04_quadratic import QUADRATIC
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch04 import HINTS

NAMES = ("mu_q", "std_q", "mu_p", "std_p")


def kl_line(mu_q: Tensor, std_q: Tensor, mu_p: Tensor, std_p: Tensor) -> Tensor:
    """KL of two normals on the line, equation (4.1)."""
    return torch.log(std_p / std_q) + (std_q**2 + (mu_q - mu_p) ** 2) / (2 * std_p**2) - 0.5


def _cases(seed: int = 0) -> list[Case]:
    rows = torch.tensor([[0.7, 0.5, -1.3, 1.8], [-0.4, 1.6, 0.9, 0.7], [1.5, 1.2, 2.2, 2.9]]).double()
    shift = torch.rand(rows.shape, generator=torch.Generator().manual_seed(seed + 41), dtype=torch.double)
    return [Case(dict(zip(NAMES, row.unbind(), strict=True))) for row in rows + 0.2 * seed * shift]


def _square(s: Tensor, d: Tensor, r: Tensor) -> Tensor:
    return (s**2 + d**2) / (2 * r**2)


KL_LINE = Exercise(
    id="4.1",
    title="Two normals",
    equation="(4.1)",
    chapter="chapter 4",
    cases=_cases,
    reference=kl_line,
    gradients=NAMES,
    not_negative="(3.5)",
    misconceptions=(
        *known(
            "4.1",
            {
                "arguments swapped": "Your value is KL(p‖q). In (4.1) the squares are divided by the variance of p.",
                "no ½": "A factor ½ is missing: in (4.1) the squares are divided by twice the variance of p.",
                "no -½": "Your value is too large by ½. Without the −½ of (4.1), the KL of a normal from itself would "
                "not be 0.",
                "sign of the logarithm": "Your logarithm has the wrong sign: in (4.1) the standard deviation of p is "
                "above, that of q below.",
                "std for variance": "Your value is what you get when std is read as a variance. In (4.1) s and r are "
                "standard deviations, and are squared.",
                "mean not squared": "The difference of the means is not squared. In (4.1) it counts as (m − n)².",
                "log of variances not halved": "Your logarithm is that of a ratio of variances, without the ½ that "
                "belongs to it. In (4.1) it is that of a ratio of standard deviations.",
                "mean of p ignored": "Your value does not use the mean of p. In (4.1) what counts is m − n.",
            },
        ),
        mistake(
            "twice",
            "Your value is twice (4.1): look at the ½ of the squares and at the ½ that is subtracted.",
            lambda m, s, n, r: 2 * kl_normal(m, s, n, r),
        ),
        mistake(
            "std of q not squared",
            "The standard deviation of q is not squared. In (4.1) its square stands beside (m − n)².",
            lambda m, s, n, r: torch.log(r / s) + (s + (m - n) ** 2) / (2 * r**2) - 0.5,
        ),
        mistake(
            "divided by the std",
            "Your squares are divided by the standard deviation of p, not by its square as in (4.1).",
            lambda m, s, n, r: torch.log(r / s) + (s**2 + (m - n) ** 2) / (2 * r) - 0.5,
        ),
        mistake(
            "divided by the variance of q",
            "Your squares are divided by the variance of q. In (4.1) it is the variance of p.",
            lambda m, s, n, r: torch.log(r / s) + (s**2 + (m - n) ** 2) / (2 * s**2) - 0.5,
            lambda m, s, n, r: torch.log(r / s) + (r**2 + (m - n) ** 2) / (2 * s**2) - 0.5,
        ),
        mistake(
            "logarithm halved",
            "Your logarithm has a ½ too many: the ½ goes with variances, and (4.1) has standard deviations in it.",
            lambda m, s, n, r: 0.5 * torch.log(r / s) + _square(s, m - n, r) - 0.5,
        ),
        mistake(
            "no logarithm",
            "The logarithm of (4.1) is missing.",
            lambda m, s, n, r: _square(s, m - n, r) - 0.5,
        ),
        mistake(
            "variance of q missing",
            "Your squares lack the variance of q: (4.1) has s² + (m − n)².",
            lambda m, s, n, r: torch.log(r / s) + (m - n) ** 2 / (2 * r**2) - 0.5,
        ),
        mistake(
            "means added",
            "Your value uses the sum of the means. In (4.1) it is their difference.",
            lambda m, s, n, r: kl_normal(m, s, -n, r),
        ),
        mistake(
            "½ added",
            "Your value has +½ where (4.1) has −½.",
            lambda m, s, n, r: kl_normal(m, s, n, r) + 1,
        ),
        mistake(
            "1 for ½",
            "Your value subtracts 1 where (4.1) subtracts ½.",
            lambda m, s, n, r: kl_normal(m, s, n, r) - 0.5,
        ),
        mistake("sign", "Your value has its sign reversed: see (4.1).", lambda *args: -kl_normal(*args)),
        mistake(
            "cross-entropy",
            "Your value is the cross-entropy of q and p. By (3.3) it exceeds (4.1) by the entropy of q.",
            lambda m, s, n, r: 0.5 * math.log(2 * math.pi) + r.log() + _square(s, m - n, r),
        ),
    ),
    hints=HINTS["4.1"],
)

EXERCISES = (KL_LINE, KL_DIAGONAL, KL_FULL, GRAD_WEIGHT, QUADRATIC)
