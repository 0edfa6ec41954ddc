"""Exercises of chapter 7, Monte Carlo: 7.1 here, the others in their own modules."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.ch07_choice import WHICH_VARIES_LESS
from vae_lessons.exercises.ch07_elbo import ESTIMATOR_A
from vae_lessons.exercises.ch07_importance import IMPORTANCE
from vae_lessons.exercises.ch07_log_mean import LOG_MEAN
from vae_lessons.exercises.ch07_slope import SLOPE
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch07 import HINTS


def mean_and_se(f: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (7.1) of draws on the first axis, and its standard error (7.2)."""
    return f.mean(0), f.std(0) / math.sqrt(len(f))


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 71), []
    for rows, columns in [(4, 2), (7, 3), (3, 5)]:
        scale = torch.linspace(0.6, 2.5, columns).double()
        f = 1.3 + scale * torch.randn(rows, columns, generator=generator).double()
        cases.append(Case({"f": f}))
    return cases


def _error(error):
    """Make a wrong answer whose mean is right, from a function of the draws that gives its error."""
    return lambda f: (f.mean(0), error(f))


def _root_of_mean_square(f: Tensor) -> Tensor:
    return (f**2).mean(0).sqrt() / math.sqrt(len(f))


STANDARD_ERROR = Exercise(
    id="7.1",
    title="Mean and standard error",
    equation="(7.2)",
    chapter="chapter 7",
    cases=_cases,
    reference=mean_and_se,
    parts=("mean", "standard error"),
    misconceptions=(
        *known(
            "7.2",
            {
                "standard deviation": "Your error is the standard deviation of the draws. The standard error of (7.2) "
                "is that of their mean, and shrinks when L grows.",
                "divided by L": "Your error falls like 1/L. In (7.2) it is the variance of a mean that does; the "
                "standard error falls like 1/√L.",
                "variance": "Your error is the variance of the mean. The standard error of (7.2) is its root.",
                "ddof 0": "Your squares are divided by L. In (7.2) it is L − 1, because the draws lie closer to their "
                "own mean than to the true one.",
            },
            {
                "variance": (lambda f: (f.mean(0), f.var(0, correction=0) / (len(f) - 1)),),
                "ddof 0": (_error(lambda f: ((f - f.mean(0)) ** 2).sum(0).sqrt() / len(f)),),
            },
        ),
        mistake(
            "variance of the draws",
            "Your error is the variance of the draws. To get the standard error of (7.2), divide by L and take the "
            "root.",
            _error(lambda f: f.var(0)),
        ),
        mistake(
            "one L − 1 too many",
            "Your squares are divided by (L − 1)². In (7.2) one of the two factors is L, the other L − 1.",
            _error(lambda f: f.std(0) / math.sqrt(len(f) - 1)),
        ),
        mistake(
            "variance, ddof 0",
            "Your error is a variance with a divisor of L². In (7.2) it is L (L − 1), and the standard error is the "
            "root.",
            _error(lambda f: f.var(0, correction=0) / len(f)),
        ),
        mistake(
            "standard deviation, ddof 0",
            "Your error is the standard deviation of the draws, with a divisor of L. (7.2) has the standard error of "
            "their mean.",
            _error(lambda f: f.std(0, correction=0)),
        ),
        mistake(
            "mean not subtracted",
            "Your squares are those of the draws themselves. In (7.2) their mean is subtracted first.",
            _error(_root_of_mean_square),
            _error(lambda f: ((f**2).sum(0) / (len(f) * (len(f) - 1))).sqrt()),
        ),
        mistake(
            "multiplied by √L",
            "Your error grows with L. In (7.2) the standard deviation is divided by √L.",
            _error(lambda f: f.std(0) * math.sqrt(len(f))),
        ),
        mistake(
            "two standard errors",
            "Your error is twice (7.2), or nearly. What is asked for is one standard error.",
            _error(lambda f: 2 * f.std(0) / math.sqrt(len(f))),
            _error(lambda f: 1.96 * f.std(0) / math.sqrt(len(f))),
        ),
        mistake(
            "over the columns",
            "Your averages run over the columns. In (7.1) they run over the draws, which are the rows.",
            lambda f: mean_and_se(f.T),
        ),
        mistake(
            "over everything",
            "Your averages run over all numbers. Each column is a quantity of its own, with its own (7.1) and (7.2).",
            lambda f: mean_and_se(f.flatten()),
        ),
        mistake(
            "L is the number of columns",
            "Your L is the number of columns. In (7.2) it is the number of draws, the rows.",
            _error(lambda f: f.std(0) / math.sqrt(f.shape[1])),
        ),
        mistake(
            "L is the number of numbers",
            "Your L counts all numbers. In (7.2) it is the number of draws, the rows.",
            _error(lambda f: f.std(0) / math.sqrt(f.numel())),
        ),
        mistake(
            "sum of the draws",
            "Your first value is the sum of the draws. (7.1) divides it by L.",
            lambda f: (f.sum(0), mean_and_se(f)[1]),
        ),
        mistake(
            "median",
            "Your first value is the median of the draws. (7.1) is their mean.",
            lambda f: (f.median(0).values, mean_and_se(f)[1]),
            lambda f: (f.quantile(0.5, 0), mean_and_se(f)[1]),
        ),
    ),
    hints=HINTS["7.1"],
)

EXERCISES = (STANDARD_ERROR, SLOPE, LOG_MEAN, ESTIMATOR_A, WHICH_VARIES_LESS, IMPORTANCE)
