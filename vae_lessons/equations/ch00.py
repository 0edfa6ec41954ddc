"""Check of the equation of chapter 0: a sum of exponentials that does not underflow."""

import math
from decimal import Decimal

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def very_negative_numbers(rng) -> tuple[Tensor]:
    """Draw five exponents near -1050: in floating point each e^a is 0, and log 0 is -inf."""
    return (torch.tensor(rng.normal(-1050, 2, size=5)),)


def log_sum_exp_in_decimals(a: Tensor) -> float:
    """Compute the left side literally, with 28 decimal digits and exponents that do not underflow."""
    return float(sum(Decimal(value).exp() for value in a.tolist()).ln())


def log_sum_exp(a: Tensor) -> Tensor:
    """Take out the maximum m first, the right side: the largest exponential is then e⁰ = 1."""
    m = a.amax(-1, keepdim=True)
    return m.squeeze(-1) + (a - m).exp().sum(-1).log()


equation(
    "0.1",
    "The logarithm of a sum of exponentials",
    method="exact model",
    draw=very_negative_numbers,
    lines={
        "log Σ exp(a), 28 decimal digits": log_sum_exp_in_decimals,
        "m + log Σ exp(a - m)": log_sum_exp,
        "torch.logsumexp": lambda a: torch.logsumexp(a, -1),
    },
    mutants={
        "m not added back": lambda a: log_sum_exp(a) - a.amax(-1),
        "maximum only": lambda a: a.amax(-1),
        "mean of exponentials": lambda a: log_sum_exp(a) - math.log(a.shape[-1]),
        "m subtracted twice": lambda a: log_sum_exp(a) - 2 * a.amax(-1),
        "no m, in floating point": lambda a: a.exp().sum(-1).log(),
    },
)
