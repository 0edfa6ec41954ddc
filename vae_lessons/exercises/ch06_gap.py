"""Exercise 6.4: the q without a gap."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations import ch06_jensen as chosen
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch06 import HINTS


def best_q(x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of the normal q with no slack in (6.7), where p(z) = N(0, 1) and p(x|z) = N(z, v)."""
    precision = 1 + 1 / v
    return (x / v) / precision, 1 / precision


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 64)
    first = torch.tensor([1.3 + 0.1 * seed, 0.6]).double()
    x, v = torch.randn(3, generator=generator).double(), 0.2 + 2 * torch.rand(3, generator=generator).double()
    return [Case({"x": a, "v": b}) for a, b in (first, (x, v))]


def _variance(of: Callable) -> Callable:
    """Make a wrong answer whose mean is right."""
    return lambda x, v: (best_q(x, v)[0], of(x, v))


def _mean(of: Callable) -> Callable:
    """Make a wrong answer whose variance is right."""
    return lambda x, v: (of(x, v), best_q(x, v)[1])


def _a_point(values: list, references: list, cases: list) -> bool:
    """Whether the mean is right and the variance next to nothing, whatever it is."""
    pairs = list(zip(values, references, strict=True))
    return all(torch.allclose(v[0], r[0], atol=1e-4) and (v[1].abs() < 0.01).all() for v, r in pairs)


NO_GAP = Exercise(
    id="6.4",
    title="Close the gap",
    equation="(6.7)",
    chapter="chapter 6",
    cases=_cases,
    reference=best_q,
    parts=("mean", "variance"),
    misconceptions=(
        mistake(
            "prior",
            "Your q is the prior, which knows nothing of x. (6.7) is zero for the posterior alone.",
            chosen._prior,
        ),
        mistake(
            "mode only",
            "Your q is a point at the right place. With a variance near 0 the slack (6.7) grows without bound: q has "
            "to be as wide as the posterior.",
            chosen._mode_only,
            _variance(lambda x, v: 0 * x),
            recognise=_a_point,
        ),
        mistake(
            "unit variance",
            "Your mean is right, and your variance is that of the prior. To see x makes z less uncertain, and the "
            "slack (6.7) counts the difference.",
            chosen._unit_variance,
        ),
        mistake(
            "standard deviation",
            "Your second value is a standard deviation. Asked for is the variance of the q in (6.7).",
            _variance(lambda x, v: best_q(x, v)[1].sqrt()),
        ),
        mistake(
            "precision",
            "Your second value is 1 over the variance of the q in (6.7). It grows where z is better known.",
            _variance(lambda x, v: 1 + 1 / v),
        ),
        mistake(
            "log-variance",
            "Your second value is the logarithm of the variance of the q in (6.7).",
            _variance(lambda x, v: best_q(x, v)[1].log()),
        ),
        mistake(
            "likelihood alone",
            "Your q is the likelihood as a function of z. The slack (6.7) is zero for the posterior, in which the "
            "prior has its part.",
            lambda x, v: (x, v),
            _variance(lambda x, v: v),
        ),
        mistake(
            "mean x",
            "Your mean is x. The posterior, for which (6.7) is zero, is drawn towards the mean of the prior.",
            _mean(lambda x, v: x),
        ),
        mistake(
            "weights exchanged",
            "Your mean gives x the more weight, the noisier it is. In the posterior, for which (6.7) is zero, it is "
            "the other way round.",
            _mean(lambda x, v: x * v / (1 + v)),
            lambda x, v: (x * v / (1 + v), 1 / (1 + v)),
        ),
        mistake(
            "1/(1 + v)",
            "Your variance grows as the noise v falls. For the slack (6.7) to be zero it has to be that of the "
            "posterior, and less noise means less doubt.",
            _variance(lambda x, v: 1 / (1 + v)),
        ),
        mistake(
            "variance of x",
            "Your variance is 1 + v, that of x. The q of (6.7) is about z.",
            _variance(lambda x, v: 1 + v),
            lambda x, v: (0 * x, 1 + v),
        ),
        mistake(
            "v read as a standard deviation",
            "Your v is squared. It is the variance of p(x|z) already, in the world of (6.7).",
            lambda x, v: best_q(x, v**2),
        ),
        mistake(
            "variance first",
            "Your two values are exchanged: of the q in (6.7) the mean comes first.",
            lambda x, v: best_q(x, v)[::-1],
        ),
        mistake(
            "mean not divided",
            "Your mean is x/v: it still has to be divided by the precision of the posterior, for which (6.7) is zero.",
            _mean(lambda x, v: x / v),
        ),
    ),
    hints=HINTS["6.4"],
)
