"""Exercise 6.3: the average of a logarithm, and the logarithm of the average."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.finite_world import expect, likelihood, posterior, prior
from vae_lessons.exercises.ch06_lines import cases
from vae_lessons.exercises.exercise import Exercise, known, mistake
from vae_lessons.exercises.hints_ch06 import HINTS


def jensen(p: Tensor, q: Tensor) -> tuple[Tensor, Tensor]:
    """E_q log w and log E_q w for w = p(x, z)/q(z|x), equation (6.6), one value for each row of the table."""
    w = p / q
    return (q * torch.log(w)).sum(1), torch.log((q * w).sum(1))


def _with_w(change: Callable) -> Callable:
    """Make a wrong answer that has another w."""
    return lambda p, q: (expect(q, change(p, q).log()), expect(q, change(p, q)).log())


def _second(change: Callable) -> Callable:
    """Make a wrong answer whose first value is right."""
    return lambda p, q: (jensen(p, q)[0], change(p, q))


JENSEN = Exercise(
    id="6.3",
    title="Two averages",
    equation="(6.6)",
    chapter="chapter 6",
    cases=cases,
    reference=jensen,
    parts=("E log w", "log E w"),
    proves="The first is the ELBO, the second is log p(x).",
    misconceptions=(
        *known(
            "6.6",
            {
                "order reversed": "Your two values are exchanged: E log w comes first, and in (6.6) it is the smaller.",
                "expectation under p(z|x)": "Your averages have the posterior as their weight. In (6.6) they are taken "
                "under q.",
                "expectation under p(z)": "Your averages have the prior as their weight. In (6.6) they are taken under "
                "q.",
                "w inverted": "Your w is q/p(x, z). In (6.6) the joint stands above.",
            },
        ),
        mistake(
            "no last logarithm",
            "Your second value is E w, which is p(x). (6.6) takes its logarithm.",
            _second(lambda p, q: p.sum(1)),
        ),
        mistake(
            "the same twice",
            "Your two values are the same. In (6.6) the logarithm is inside the first average, and outside the second.",
            lambda p, q: (jensen(p, q)[0],) * 2,
            lambda p, q: (jensen(p, q)[1],) * 2,
        ),
        mistake(
            "no weights",
            "Your averages do not use q as their weight. In (6.6) a z counts with its probability q(z|x).",
            lambda p, q: ((p / q).log().mean(1), (p / q).mean(1).log()),
            lambda p, q: ((p / q).log().sum(1), (p / q).sum(1).log()),
        ),
        mistake(
            "no weights in the second",
            "Your first average has the weights q, your second has not. In (6.6) both have.",
            _second(lambda p, q: (p / q).sum(1).log()),
            _second(lambda p, q: (p / q).mean(1).log()),
        ),
        mistake(
            "w without q",
            "Your w is p(x, z). In (6.6) it is divided by q: what the average multiplies in, w takes out.",
            _with_w(lambda p, q: p),
        ),
        mistake(
            "p(z|x) for p(x, z)",
            "Your w has the posterior above, so that E w is 1. In (6.6) it is the joint, the table itself.",
            _with_w(lambda p, q: posterior(p) / q),
        ),
        mistake(
            "p(x|z) for p(x, z)",
            "Your w has p(x|z) above. In (6.6) it is the joint, the table itself.",
            _with_w(lambda p, q: likelihood(p) / q),
        ),
        mistake(
            "p(z) for p(x, z)",
            "Your w has p(z) above. In (6.6) it is the joint, the table itself.",
            _with_w(lambda p, q: prior(p) / q),
        ),
        mistake(
            "the slack for the second",
            "Your second value is the difference of the two averages. (6.6) asks for log E w itself.",
            _second(lambda p, q: jensen(p, q)[1] - jensen(p, q)[0]),
            _second(lambda p, q: jensen(p, q)[0] - jensen(p, q)[1]),
        ),
        mistake(
            "log base 2",
            "Your values are in bits. The logarithms of (6.6) are natural ones.",
            lambda p, q: tuple(v / math.log(2) for v in jensen(p, q)),
        ),
        mistake(
            "x and z exchanged",
            "Your averages run over the rows. In (6.6) z is averaged, the column.",
            lambda p, q: jensen(p.T, q.T),
        ),
        mistake(
            "one number for the table",
            "Your values are those of the whole table. (6.6) is about one x: return one value for each row.",
            lambda p, q: tuple(v.sum() for v in jensen(p, q)),
            lambda p, q: ((q * (p / q).log()).sum(), p.sum().log()),
            lambda p, q: tuple(v.mean() for v in jensen(p, q)),
        ),
        mistake(
            "terms not summed",
            "You return one number for each z. The averages of (6.6) are sums over z.",
            lambda p, q: (q * (p / q).log(), (q * (p / q)).log()),
            lambda p, q: (q * (p / q).log(), q * (p / q)),
        ),
    ),
    hints=HINTS["6.3"],
)
