"""Exercise 7.3: the logarithm of a mean of weights that underflow."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch07 import HINTS


def log_mean_exp(log_w: Tensor) -> Tensor:
    """Logarithm of the mean (7.1) of the weights over the first axis."""
    return torch.logsumexp(log_w, 0) - math.log(len(log_w))


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 73), []
    for rows, levels in [(3, (-2.0, -1.0)), (5, (-3.0, 1.5, -7.0)), (4, (-1050.0, -1047.0)), (3, (-1050.0, -4.0))]:
        spread = 1.5 * torch.randn(rows, len(levels), generator=generator).double()
        cases.append(Case({"log_w": torch.tensor(levels).double() + spread}, edge=min(levels) < -1000))
    return cases


LOG_MEAN = Exercise(
    id="7.3",
    title="The logarithm of a mean",
    equation="(7.1)",
    chapter="chapter 7",
    cases=_cases,
    reference=log_mean_exp,
    proves="Columns near −1050 do not underflow.",
    misconceptions=(
        *known(
            "7.7",
            {
                "mean of logs": "Your value is the mean of the logarithms, which is smaller. In the logarithm of (7.1) "
                "the mean comes first.",
                "log of the sum": "Your value is the logarithm of the sum. (7.1) divides the sum by L.",
                "naive": "Near −1050 every weight is 0 in floating point, and your value is the logarithm of 0. Take a "
                "factor out of the mean (7.1) before you exponentiate.",
                "maximum": "Your value is the largest logarithm. That is the factor to take out of (7.1); the mean of "
                "what remains is missing.",
            },
        ),
        mistake(
            "one maximum for all columns",
            "Your shift is the same for all columns. Where they are a thousand nats apart, the lower ones underflow: "
            "each mean (7.1) needs a maximum of its own.",
            lambda a: (a - a.max()).exp().mean(0).log() + a.max(),
        ),
        mistake(
            "maximum not put back",
            "The maximum that you take out of (7.1) is not put back: its logarithm has to be added at the end.",
            lambda a: log_mean_exp(a - a.amax(0)),
        ),
        mistake(
            "maximum subtracted twice",
            "The maximum that you take out of (7.1) is subtracted at the end. It has to be added.",
            lambda a: log_mean_exp(a) - 2 * a.amax(0),
        ),
        mistake(
            "log L added",
            "Your log L has the wrong sign: dividing by L in (7.1) subtracts its logarithm.",
            lambda a: torch.logsumexp(a, 0) + math.log(len(a)),
        ),
        mistake(
            "L for log L",
            "Your value subtracts L. Dividing by L in (7.1) subtracts log L from the logarithm.",
            lambda a: torch.logsumexp(a, 0) - len(a),
        ),
        mistake(
            "logarithm divided by L",
            "Your logarithm is divided by L. In (7.1) it is the sum that is, before the logarithm.",
            lambda a: torch.logsumexp(a, 0) / len(a),
        ),
        mistake(
            "over the columns",
            "Your mean runs over the columns. In (7.1) it runs over the draws, which are the rows.",
            lambda a: log_mean_exp(a.T),
        ),
        mistake(
            "over everything",
            "Your mean runs over all numbers. There is one logarithm of (7.1) for each column.",
            lambda a: log_mean_exp(a.flatten()),
        ),
        mistake(
            "L is the number of columns",
            "Your L is the number of columns. In (7.1) it is the number of draws, the rows.",
            lambda a: torch.logsumexp(a, 0) - math.log(a.shape[1]),
        ),
        mistake(
            "L is the number of numbers",
            "Your L counts all numbers. In (7.1) it is the number of draws, the rows.",
            lambda a: torch.logsumexp(a, 0) - math.log(a.numel()),
        ),
        mistake(
            "no logarithm",
            "Your value is the mean (7.1) itself, which underflows. Its logarithm is asked for.",
            lambda a: a.exp().mean(0),
        ),
        mistake("sign", "Your value is minus the logarithm of (7.1).", lambda a: -log_mean_exp(a)),
    ),
    hints=HINTS["7.3"],
)
