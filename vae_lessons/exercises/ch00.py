"""Exercise of chapter 0: a sum of exponentials that does not underflow."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known


def logsumexp(a: Tensor) -> Tensor:
    """Log of the sum of e^a over the last axis, equation (0.1)."""
    m = a.amax(-1, keepdim=True)
    return m.squeeze(-1) + (a - m).exp().sum(-1).log()


def _one_maximum(a: Tensor) -> Tensor:
    return a.max() + (a - a.max()).exp().sum(-1).log()


def _naive_mean(a: Tensor) -> Tensor:
    return a.exp().mean(-1).log()


def _cases() -> list[Case]:
    noise = torch.randn(3, 2, 4, generator=torch.Generator().manual_seed(1), dtype=torch.double)
    small = torch.tensor([0.3, -1.2, 0.8], dtype=torch.double)
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
    return *known("0.1", messages), Misconception("one maximum for the batch", (_one_maximum,), batch)


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
        hints=(
            "What is e^(−1050) in floating point? Which number could you subtract from every a so that the largest "
            "exponential becomes 1?",
            "Keep the last axis when you take the maximum, so that it can be subtracted from a; drop it again at "
            "the end, where the maximum is added.",
        ),
    ),
)
