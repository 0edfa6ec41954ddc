"""Exercise 9.5: the logarithm of a sigmoid, for any logit."""

import torch
from torch import Tensor
from torch.nn.functional import softplus

from vae_lessons.equations.ch09_logits import clamped_log_sigmoid, log_of_sigmoid, log_sigmoid_of_minus_a
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch09 import HINTS


def log_sigmoid(a: Tensor) -> Tensor:
    """Log of 1/(1 + e^-a), as in (9.2): a - softplus(a), with the larger exponential taken out of the sum."""
    largest = torch.clamp(-a, min=0)
    return -largest - torch.log1p(torch.exp(-a.abs()))


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 95)
    cases = [Case({"a": 2 * torch.randn(n, generator=generator).double()}) for n in (4, 6)]
    cases[0].args["a"][:2] = torch.tensor([-1.3, 0.8]) + 0.3 * seed  # both signs
    extreme = torch.tensor([0.4, -800.0, 800.0]).double()
    return [*cases, Case({"a": extreme}, edge=True)]


LIMITS = (10, 15, 20, 30, 50, 80)


def _with_epsilon(epsilon: float):
    return lambda a: (torch.sigmoid(a) + epsilon).log()


def _clipped(epsilon: float):
    return lambda a: torch.sigmoid(a).clamp(epsilon, 1 - epsilon).log()


LOG_SIGMOID = Exercise(
    id="9.5",
    title="The logarithm of a sigmoid",
    equation="(9.2)",
    chapter="chapter 9",
    cases=_cases,
    reference=log_sigmoid,
    gradients=("a",),
    proves="Logits of ±800 do no harm.",
    misconceptions=(
        mistake("log of the sigmoid", "At a = −800 your sigmoid is exactly 0 and your logarithm −∞, where the right "
                "value is a number. Do not form π: (9.2) has a − softplus(a).",
                log_of_sigmoid, lambda a: -torch.log(1 + torch.exp(-a)), lambda a: -torch.log1p(torch.exp(-a))),
        mistake("clamped at −100", "Your logarithm never falls below −100. The one of (9.2) goes on like a, and so "
                "does its gradient.", clamped_log_sigmoid, lambda a: log_sigmoid(a).clamp(min=-100)),
        mistake("log(1 − π) for log π", "Your value is log(1 − π), which is 0 where π is 0. In (9.2) log π is "
                "a − softplus(a).", log_sigmoid_of_minus_a, lambda a: (1 - torch.sigmoid(a)).log(),
                lambda a: -torch.log1p(torch.exp(a)), lambda a: -torch.log(1 + torch.exp(a))),
        mistake("ε in the logarithm", "A small number keeps your logarithm finite, and wrong: at a = −800 your value "
                "is the logarithm of that number. (9.2) needs none.",
                *(_with_epsilon(10.0**-k) for k in (5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 30)),
                *(_clipped(10.0**-k) for k in (5, 6, 7, 8, 10, 12)),
                lambda a: torch.sigmoid(a).clamp(min=torch.finfo(torch.float32).tiny).log()),
        mistake("logit clamped", "Your logit is clamped before the sigmoid, and your logarithm stops there. The one of "
                "(9.2) goes on like a.", *(lambda a, c=c: a.clamp(-c, c).sigmoid().log() for c in LIMITS),
                *(lambda a, c=c: a.clamp(min=-c).sigmoid().log() for c in LIMITS)),
        mistake("e^a overflows", "At a = 800 your e^a is infinite, and ∞ − ∞ is no number. The softplus of (9.2) is "
                "nearly a itself there.", lambda a: a - torch.log(1 + torch.exp(a)),
                lambda a: a - torch.log1p(torch.exp(a)), lambda a: (a.exp() / (1 + a.exp())).log()),
        mistake("sign", "Your value is positive. The logarithm of a probability is not: (9.2) has a − softplus(a).",
                lambda a: -log_sigmoid(a), lambda a: (1 + torch.exp(-a)).log()),
        mistake("softplus(a)", "Your value is softplus(a). In (9.2) it is subtracted from a.", softplus),
        mistake("the sigmoid itself", "Your value is the probability π. Asked for is its logarithm, as in (9.2).",
                torch.sigmoid, lambda a: 1 / (1 + torch.exp(-a))),
        mistake("minimum of a and 0", "Your value is what log π becomes for logits far from 0. Near 0 the softplus of "
                "(9.2) has a bend that is missing.", lambda a: a.clamp(max=0), lambda a: -torch.relu(-a)),
        mistake("largest exponential forgotten", "You take the larger exponential out of the sum in (9.2) and do not "
                "put it back.", lambda a: -torch.log1p(torch.exp(-a.abs()))),
        mistake("largest exponential put back with a +", "The exponential that you take out of the sum in (9.2) comes "
                "back with the wrong sign.", lambda a: torch.clamp(-a, min=0) - torch.log1p(torch.exp(-a.abs()))),
        mistake("logarithm to another base", "Your logarithm is not the natural one, in which (9.2) counts nats.",
                lambda a: log_sigmoid(a) / torch.log(torch.tensor(2.0)),
                lambda a: log_sigmoid(a) / torch.log(torch.tensor(10.0))),
    ),
    hints=HINTS["9.5"],
)  # fmt: skip
