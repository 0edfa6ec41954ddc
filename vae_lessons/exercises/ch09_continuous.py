"""Exercise 9.4: the constant that makes the Bernoulli formula a density."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch09 import HINTS


def normalizer(probs: Tensor) -> Tensor:
    """C(λ) of (9.8), 2 at λ = ½."""
    t = 1 - 2 * probs
    safe = torch.where(t == 0, 0.5, t)
    return torch.where(t == 0, 2.0, 2 * torch.atanh(safe) / safe)


def _cases(seed: int = 0) -> list[Case]:
    """Draw λ on both sides of ½, not mirrored; then ½ itself."""
    generator = torch.Generator().manual_seed(seed + 94)
    low, high = 0.03 + 0.3 * torch.rand(2, 4, generator=generator).double()
    cases = [torch.stack([low[0], 1 - high[0], low[1]]), torch.cat([low[2:], 1 - high[1:]])]
    return [*(Case({"probs": p}) for p in cases), Case({"probs": torch.tensor([0.3, 0.5]).double()}, edge=True)]


def _but_half(formula, at_half: float = 2.0):
    """Make a wrong answer from a function of λ, with a value of its own at ½."""
    return lambda p: torch.where(p == 0.5, at_half, formula(torch.where(p == 0.5, 0.25, p)))


def _both(formula, limit: float):
    """Make a mistake with and without care at ½."""
    return formula, _but_half(formula, limit), _but_half(formula)


NORMALIZER = Exercise(
    id="9.4",
    title="The missing constant",
    equation="(9.8)",
    chapter="chapter 9",
    cases=_cases,
    reference=normalizer,
    proves="λ = ½ gives the limit.",
    misconceptions=(
        *known("9.8", {
            "no constant": "Your value is 1 for every λ: that is the formula without its constant. Its area is not 1, "
            "see (9.8).",
            "inverse": "Your value is the area below the formula. The constant (9.8) divides by it.",
            "nan at λ = ½": "Your value is right except at λ = ½, where the fraction of (9.8) is 0/0. It has a limit "
            "there, which has to be put in.",
            "logarithm to base 2": "Your logarithm is to base 2. The artanh in (9.8) is made of natural logarithms.",
            "no 2": "Your value is half of (9.8): the 2 in front of artanh is missing.",
            "λ for 1 - 2λ": "Your artanh is that of λ. In (9.8) it is that of 1 − 2λ.",
        }, {
            "inverse": (lambda p: (1 - 2 * p) / (2 * torch.atanh(1 - 2 * p)),),
            "no 2": _both(lambda p: torch.atanh(1 - 2 * p) / (1 - 2 * p), 1.0),
            "logarithm to base 2": (_but_half(lambda p: torch.log2((1 - p) / p) / (1 - 2 * p)),
                                    lambda p: torch.log2((1 - p) / p) / (1 - 2 * p)),
        }),
        mistake("another value at ½", "Your value is right except at λ = ½. The limit of (9.8) there is found from "
                "artanh t ≈ t for small t.", *(_but_half(normalizer, v) for v in (0.0, 1.0, 0.5, 4.0))),
        mistake("sign", "Your value is negative. A density divided by its area stays positive: in (9.8) numerator and "
                "denominator have the same sign.", lambda p: -normalizer(p), *_both(
                    lambda p: 2 * torch.atanh(1 - 2 * p) / (2 * p - 1), -2.0)),
        mistake("logarithm of the constant", "Your value is log C(λ). Asked for is C(λ) itself, (9.8).",
                lambda p: normalizer(p).log()),
        mistake("numerator alone", "Your value is the numerator of (9.8), without the division by 1 − 2λ.",
                lambda p: 2 * torch.atanh(1 - 2 * p), lambda p: 2 * torch.atanh(2 * p - 1)),
        mistake("arctan for artanh", "Your function is arctan. In (9.8) it is artanh, the inverse of the hyperbolic "
                "tangent.", *_both(lambda p: 2 * torch.atan(1 - 2 * p) / (1 - 2 * p), 2.0)),
        mistake("tanh for artanh", "Your function is tanh. In (9.8) it is artanh, its inverse.",
                *_both(lambda p: 2 * torch.tanh(1 - 2 * p) / (1 - 2 * p), 2.0)),
        mistake("1 − λ for 1 − 2λ", "Your value has 1 − λ where (9.8) has 1 − 2λ.",
                lambda p: 2 * torch.atanh(1 - p) / (1 - p)),
        mistake("logit as the constant", "Your value is the logit of λ. In (9.8) it is divided by 2λ − 1.",
                lambda p: torch.logit(p).abs()),
        mistake("entropy", "Your value is made of λ log λ, as an entropy is. (9.8) is one over the integral over x.",
                lambda p: -(p * p.log() + (1 - p) * (1 - p).log()),
                lambda p: 1 / -(p * p.log() + (1 - p) * (1 - p).log())),
    ),
    hints=HINTS["9.4"],
)  # fmt: skip
