"""Exercise 7.2: how the error falls with the number of draws."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch07 import HINTS

SIZES = (2, 4, 8, 16, 32, 64)
REPETITIONS = 2000


def line_slope(a: Tensor, b: Tensor) -> Tensor:
    """Slope of the least-squares line of b against a."""
    a = a - a.mean()
    return (a * b).sum() / (a * a).sum()


def error_slope(draws: Tensor, estimates: Tensor) -> Tensor:
    """Slope of the log error against log L, which is -1/2 by (7.2)."""
    return line_slope(draws.log(), estimates.std(0).log())


def _cases(seed: int = 0) -> list[Case]:
    """Errors that fall like L to the power -1/2, as (7.2) says, and to two others; the bias, 1/L, is no such error."""
    generator, cases = torch.Generator().manual_seed(seed + 72), []
    draws = torch.tensor(SIZES).double()
    for power, truth, scale in [(-0.5, 40.0, 8.0), (-0.9, -80.0, 30.0), (-0.3, 70.0, 15.0)]:
        noise = torch.randn(REPETITIONS, len(SIZES), generator=generator).double()
        cases.append(Case({"draws": draws, "estimates": truth * (1 + 1 / draws) + scale * draws**power * noise}))
    return cases


def _se(estimates: Tensor) -> Tensor:
    return estimates.std(0)


SLOPE = Exercise(
    id="7.2",
    title="Measure the slope",
    equation="(7.2)",
    chapter="chapter 7",
    cases=_cases,
    reference=error_slope,
    atol=0.03,
    rtol=0.0,
    proves="The slopes are met to within 0.03, whatever the power: −1/2, as (7.2) says, and two others.",
    misconceptions=(
        mistake(
            "twice the slope",
            "Your slope is twice as steep as it should be: that of a variance, or that against √L. By (7.2) the error "
            "is a standard deviation, and its power of L is asked for.",
            lambda n, e: line_slope(n.log(), e.var(0).log()),
            lambda n, e: line_slope(n.sqrt().log(), _se(e).log()),
        ),
        mistake(
            "sign",
            "Your slope has the wrong sign: by (7.2) the error falls when L grows.",
            lambda n, e: -error_slope(n, e),
        ),
        mistake(
            "two bases",
            "One of your logarithms is natural, the other one to base 10, so that the slope is off by the factor "
            "log 10. The power in (7.2) needs the same base for both.",
            lambda n, e: line_slope(n.log10(), _se(e).log()),
            lambda n, e: line_slope(n.log(), _se(e).log10()),
        ),
        mistake(
            "axes exchanged",
            "Your slope is that of log L against the log error. Asked for is the error as a function of L, (7.2).",
            lambda n, e: line_slope(_se(e).log(), n.log()),
            lambda n, e: 1 / error_slope(n, e),
        ),
        mistake(
            "always −1/2",
            "Your slope is −1/2 whatever is measured. (7.2) holds for independent draws, and not all of these methods "
            "are that: measure it.",
            lambda n, e: torch.tensor(-0.5).double(),
        ),
        mistake(
            "no logarithms",
            "Your line goes through L and the error themselves. The power in (7.2) is a slope between logarithms.",
            lambda n, e: line_slope(n, _se(e)),
        ),
        mistake(
            "logarithm of L only",
            "Your error is without its logarithm. The power in (7.2) is a slope between two logarithms.",
            lambda n, e: line_slope(n.log(), _se(e)),
        ),
        mistake(
            "divided by √L again",
            "Your error is divided by √L or by L once more. The standard deviation over the repetitions is the error "
            "of (7.2) already.",
            lambda n, e: line_slope(n.log(), (_se(e) / n.sqrt()).log()),
            lambda n, e: line_slope(n.log(), (_se(e) / n).log()),
        ),
        mistake(
            "means for the error",
            "Your line goes through the means of the estimates. The error of (7.2) is their standard deviation.",
            lambda n, e: line_slope(n.log(), e.mean(0).abs().log()),
            lambda n, e: line_slope(n.log(), (e**2).mean(0).sqrt().log()),
        ),
        mistake(
            "correlation",
            "Your value is a correlation, or nearly −1 for any straight line. The power in (7.2) is the slope of the "
            "line.",
            lambda n, e: torch.corrcoef(torch.stack([n.log(), _se(e).log()]))[0, 1],
        ),
        mistake(
            "intercept",
            "Your value is the intercept of the line. The power in (7.2) is its slope.",
            lambda n, e: _se(e).log().mean() - error_slope(n, e) * n.log().mean(),
            lambda n, e: (_se(e).log().mean() - error_slope(n, e) * n.log().mean()) / math.log(10),
        ),
    ),
    hints=HINTS["7.2"],
)
