"""Exercise 5.1: Laplace's approximation of any smooth log-density."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.ch05 import moments
from vae_lessons.equations.ch05_search import nearest
from vae_lessons.exercises.ch05_densities import density_cases
from vae_lessons.exercises.exercise import Exercise, mistake
from vae_lessons.exercises.hints_ch05 import HINTS


def laplace(log_p: Callable) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the normal of (5.1)."""
    slope = torch.func.grad(log_p)
    bend = torch.func.grad(slope)
    grid = torch.linspace(-6, 6, 2401, dtype=torch.double)
    top = grid[log_p(grid).argmax()]
    for _ in range(6):
        top = top - slope(top) / bend(top)
    return top, (-1 / bend(top)).sqrt()


def _change(change: Callable) -> Callable:
    """Make a wrong answer that is a function of the two right numbers."""
    return lambda log_p: change(*laplace(log_p))


def _bend_of(function: Callable, at: Callable = lambda log_p: laplace(log_p)[0]) -> Callable:
    """Make a wrong answer with the right mean and the curvature of a function of z, at some place."""

    def wrong(log_p):
        bend = torch.func.grad(torch.func.grad(lambda z: function(log_p, z)))(at(log_p))
        return laplace(log_p)[0], bend.abs() ** -0.5

    return wrong


LAPLACE = Exercise(
    id="5.1",
    title="Laplace's approximation",
    equation="(5.1)",
    chapter="chapter 5",
    cases=density_cases,
    reference=laplace,
    parts=("mean", "std"),
    flavours=("torch",),
    atol=0.006,
    rtol=0,
    misconceptions=(
        mistake(
            "variance",
            "Your second number is 1/c, which in (5.1) is the variance. Asked for is the standard deviation.",
            _change(lambda m, s: (m, s**2)),
        ),
        mistake(
            "curvature",
            "Your second number is the curvature c of (5.1). It grows as the normal gets narrower.",
            _change(lambda m, s: (m, s**-2)),
        ),
        mistake(
            "root of the curvature",
            "Your second number is the root of the curvature c. By (5.1) the variance is 1 over c.",
            _change(lambda m, s: (m, 1 / s)),
        ),
        mistake(
            "mean for mode",
            "Your first number is the mean of p. The normal of (5.1) has its centre at the peak, and yours bends as "
            "the peak does.",
            lambda log_p: (moments(log_p)[0], laplace(log_p)[1]),
        ),
        mistake(
            "mean and standard deviation of p",
            "Your numbers are the mean and the standard deviation of p, which need integrals over all z. Equation "
            "(5.1) looks at the peak alone.",
            lambda log_p: tuple(moments(log_p)),
            lambda log_p: (laplace(log_p)[0], moments(log_p)[1]),
        ),
        mistake(
            "nearest normal",
            "Your normal is the one of least KL(q‖p). That is a good one, and not that of (5.1), which has the peak "
            "and its curvature.",
            lambda log_p: tuple(nearest(log_p)),
        ),
        mistake(
            "curvature of p̃",
            "Your curvature is that of the density itself. In (5.1) it is the logarithm that is differentiated twice, "
            "so that constant factors drop out.",
            _bend_of(lambda log_p, z: log_p(z).exp()),
        ),
        mistake(
            "curvature elsewhere",
            "Your curvature is taken at z = 0. In (5.1) it is that at the peak.",
            _bend_of(lambda log_p, z: log_p(z), at=lambda log_p: torch.zeros((), dtype=torch.double)),
        ),
        mistake(
            "curvature at the mean",
            "Your centre is the mean of p, and your curvature is taken there. Both belong to the peak, by (5.1).",
            lambda log_p: (
                moments(log_p)[0],
                _bend_of(lambda f, z: f(z), at=lambda f: moments(f)[0])(log_p)[1],
            ),
        ),
        mistake(
            "½ of the expansion forgotten",
            "Your standard deviation is off by a factor √2. The ½ of the expansion is that of the exponent of a normal "
            "too: in (5.1) the variance is 1/c, neither half nor twice of it.",
            _change(lambda m, s: (m, s / 2**0.5)),
            _change(lambda m, s: (m, s * 2**0.5)),
        ),
        mistake(
            "height of the peak",
            "Your standard deviation is taken from the height of the peak. That depends on a constant factor, which "
            "(5.1) is free of; the bend is what counts.",
            lambda log_p: (laplace(log_p)[0], (2 * torch.pi) ** -0.5 * (-log_p(laplace(log_p)[0])).exp()),
        ),
        mistake(
            "log σ",
            "Your second number is the logarithm of the standard deviation of (5.1).",
            _change(lambda m, s: (m, s.log())),
        ),
        mistake(
            "negative σ",
            "Your standard deviation is negative: of the two roots of the variance in (5.1) it is the positive one.",
            _change(lambda m, s: (m, -s)),
        ),
        mistake(
            "exchanged",
            "Your two numbers are exchanged: of the normal in (5.1) the mean comes first.",
            _change(lambda m, s: (s, m)),
        ),
    ),
    remarks={"mean": "Your mean is not at the peak, where the slope of log p̃ is zero: see (5.1)."},
    hints=HINTS["5.1"],
)
