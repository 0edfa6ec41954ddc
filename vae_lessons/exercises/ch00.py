"""Exercise of chapter 0: a sum of exponentials that does not underflow."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known, mistake
from vae_lessons.exercises.hints_ch00 import HINTS


def logsumexp(a: Tensor) -> Tensor:
    """Log of the sum of e^a over the last axis, equation (0.1)."""
    m = a.amax(-1, keepdim=True)
    return m.squeeze(-1) + (a - m).exp().sum(-1).log()


def _one_maximum(a: Tensor) -> Tensor:
    return a.max() + (a - a.max()).exp().sum(-1).log()


def _naive_mean(a: Tensor) -> Tensor:
    return a.exp().mean(-1).log()


def _cases(seed: int = 0) -> list[Case]:
    noise = torch.randn(3, 3, 4, generator=torch.Generator().manual_seed(seed + 1), dtype=torch.double)
    small = torch.tensor([0.3, -1.2, 0.8], dtype=torch.double) + noise[0, 0, :3] * seed
    levels = torch.tensor([-1050, 0, 1050], dtype=torch.double).reshape(3, 1, 1)
    return [
        Case({"a": small}),
        Case({"a": small - 1050}, edge=True),
        Case({"a": small + 1050}, edge=True),
        Case({"a": noise[0]}),
        Case({"a": noise + levels}, edge=True),
    ]


def _misconceptions() -> tuple[Misconception, ...]:
    messages = {
        "m not added back": "Your value is the logarithm of Σ e^(a − m) alone: m has to be added back, see (0.1).",
        "maximum only": "Your value is the largest a. It is only the first term of (0.1); the other exponentials "
        "count too.",
        "mean of exponentials": "Your value is the logarithm of a mean: it is too small by log K. Equation (0.1) "
        "has a sum.",
        "m subtracted twice": "Your value subtracts m at the end. Taking e^m out of the sum adds m to the "
        "logarithm: see (0.1).",
        "no m, in floating point": "Where a is near −1050 every e^a is 0 to the computer, and near +1050 it is "
        "infinite: your value is −∞ or ∞. Take the maximum out first, as in (0.1).",
    }
    batch = "Your function subtracts one maximum from the whole batch, so that rows far below it vanish. "
    batch += "In (0.1) m is the maximum over the last axis, one for each row."
    return *known("0.1", messages), mistake("one maximum for the batch", batch, _one_maximum), *_others()


def _scaled(a: Tensor) -> tuple[Tensor, Tensor]:
    """Return m, with its axis, and Σ e^(a − m), without."""
    m = a.amax(-1, keepdim=True)
    return m, (a - m).exp().sum(-1)


def _others() -> tuple[Misconception, ...]:
    return (
        mistake(
            "one sum for the batch",
            "Your function adds the exponentials of the whole batch. In (0.1) the sum runs over the last axis.",
            lambda a: _scaled(a)[0].squeeze(-1) + (a - _scaled(a)[0]).exp().sum().log(),
            lambda a: torch.logsumexp(a.flatten(), 0),
        ),
        mistake(
            "sum over the first axis",
            "Your function adds over the first axis. In (0.1) the sum runs over the last one.",
            lambda a: torch.logsumexp(a, 0),
        ),
        mistake(
            "m not squeezed",
            "The maximum still has its last axis, of size 1, when you add it back, so that your value has an axis too "
            "many. In (0.1) m is one number for each row.",
            lambda a: _scaled(a)[0] + _scaled(a)[1].log(),
            lambda a: _scaled(a)[0] + _scaled(a)[1].log().unsqueeze(-1),
        ),
        mistake(
            "no logarithm",
            "The logarithm of (0.1) is missing: your value has the sum itself in it.",
            lambda a: _scaled(a)[0].squeeze(-1) + _scaled(a)[1],
            lambda a: a.exp().sum(-1),
            lambda a: _scaled(a)[1],
        ),
        mistake(
            "m not subtracted",
            "You add m, but have not subtracted it in the exponent. In (0.1) the two belong together.",
            lambda a: a.amax(-1) + a.exp().sum(-1).log(),
        ),
        mistake(
            "m − a in the exponent",
            "Your exponent is m − a, which is never negative. In (0.1) it is a − m.",
            lambda a: a.amax(-1) + (a.amax(-1, keepdim=True) - a).exp().sum(-1).log(),
        ),
        mistake(
            "logarithm subtracted",
            "You subtract the logarithm of the sum. In (0.1) it is added to m.",
            lambda a: _scaled(a)[0].squeeze(-1) - _scaled(a)[1].log(),
        ),
        mistake(
            "another base",
            "Your logarithm has another base than e. The one of (0.1) is the natural logarithm.",
            lambda a: _scaled(a)[0].squeeze(-1) + _scaled(a)[1].log2(),
            lambda a: _scaled(a)[0].squeeze(-1) + _scaled(a)[1].log10(),
            lambda a: a.exp().sum(-1).log2(),
            lambda a: a.exp().sum(-1).log10(),
        ),
        mistake(
            "logarithm inside the sum",
            "Your value is the sum of the a: the logarithm is taken of each exponential. In (0.1) it is taken of the "
            "sum.",
            lambda a: a.sum(-1),
        ),
    )


EXERCISES = (
    Exercise(
        id="0.1",
        title="The logarithm of a sum",
        equation="(0.1)",
        chapter="chapter 0",
        cases=_cases,
        reference=logsumexp,
        misconceptions=_misconceptions(),
        proves="Nothing is lost at −1050 or +1050.",
        hints=HINTS["0.1"],
    ),
)
