"""Exercise 7.6: an expectation under p from draws of q."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch07 import HINTS


def importance_estimate(f: Tensor, log_p: Tensor, log_q: Tensor) -> Tensor:
    """Mean of f p/q over draws from q, the estimate of (7.6)."""
    return (f * (log_p - log_q).exp()).mean(0)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 76), []
    for shape, level in [((3, 2), -1.0), ((5, 3), -2.0), ((4, 2), -1050.0)]:
        f, log_p, log_q = torch.randn(3, *shape, generator=generator).double()
        args = {"f": 1.2 + f, "log_p": level + 0.8 * log_p, "log_q": level - 0.5 + 0.8 * log_q}
        cases.append(Case(args, edge=level < -1000))
    return cases


def _weighted(weight):
    """Make a wrong answer whose weights are another function of log p and log q."""
    return lambda f, log_p, log_q: (f * weight(log_p, log_q)).mean(0)


IMPORTANCE = Exercise(
    id="7.6",
    title="The importance estimate",
    equation="(7.6)",
    chapter="chapter 7",
    cases=_cases,
    reference=importance_estimate,
    rtol=1e-4,  # log-densities of -1050 in float32 are good to 6e-5
    atol=5e-4,
    proves="Densities near e^−1050 do no harm.",
    misconceptions=(
        *known(
            "7.6",
            {
                "weights inverted": "Your weights are q/p. The draws come from q, so that (7.6) divides by q.",
                "self-normalised": "Your weights are divided by their own sum. That is an estimator too, for a p known "
                "up to a factor, but it is biased; (7.6) divides by L.",
                "no weights": "Your value is the plain mean of f, which estimates its expectation under q. (7.6) needs "
                "the weights p/q.",
                "p for the weight": "Your weights are p. The draws come from q already, and (7.6) divides that out.",
                "sum": "Your value is a sum over the draws. The expectation in (7.6) is estimated by their mean.",
                "log-weights for weights": "Your weights are logarithms. In (7.6) it is the ratio p/q itself.",
            },
        ),
        mistake(
            "densities that underflow",
            "Near −1050 both densities are 0 in floating point, and their ratio is not a number. Form the ratio of "
            "(7.6) from the logarithms first.",
            _weighted(lambda p, q: p.exp() / q.exp()),
        ),
        mistake(
            "1/q for the weight",
            "Your weights are 1/q. In (7.6) they are p/q.",
            _weighted(lambda p, q: (-q).exp()),
        ),
        mistake(
            "p q for the weight",
            "Your weights are p times q. In (7.6) they are p over q.",
            _weighted(lambda p, q: (p + q).exp()),
        ),
        mistake(
            "difference of the densities",
            "Your weights are a difference of densities. In (7.6) they are a ratio, the exponential of a difference of "
            "logarithms.",
            _weighted(lambda p, q: p.exp() - q.exp()),
        ),
        mistake(
            "ratio of the logarithms",
            "Your weights are a ratio of logarithms. In (7.6) they are the ratio of the densities.",
            _weighted(lambda p, q: p / q),
            _weighted(lambda p, q: (p / q).exp()),
        ),
        mistake(
            "means multiplied",
            "You average f and the weights separately. In (7.6) each f has its own weight, inside the mean.",
            lambda f, p, q: f.mean(0) * (p - q).exp().mean(0),
        ),
        mistake(
            "mean of the weights",
            "Your value is the mean of the weights, which is 1 on average. (7.6) has f in it.",
            lambda f, p, q: (p - q).exp().mean(0),
        ),
        mistake(
            "weights added",
            "Your weights are added to f. In (7.6) they multiply it.",
            lambda f, p, q: (f + (p - q).exp()).mean(0),
        ),
        mistake(
            "over the columns",
            "Your mean runs over the columns. In (7.6) it runs over the draws, which are the rows.",
            lambda f, p, q: importance_estimate(f.T, p.T, q.T),
        ),
        mistake(
            "over everything",
            "Your value is one number. There is one estimate (7.6) for each column.",
            lambda f, p, q: importance_estimate(f, p, q).mean(),
        ),
        mistake(
            "not averaged",
            "You return one value per draw. The expectation in (7.6) is estimated by their mean.",
            lambda f, p, q: f * torch.exp(p - q),
        ),
    ),
    hints=HINTS["7.6"],
)
