"""Exercise 2.5: how many draws of the prior count."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch02 import HINTS


def effective_size(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    """(Σw)²/Σw² of each row with w = p(x|z), (2.8)."""
    w = (log_lik - log_lik.amax(-1, keepdim=True)).exp()
    return w.sum(-1) ** 2 / (w**2).sum(-1)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 25), []
    for shape, level in [((6,), -2.0), ((3, 40), -20.0), ((2, 30), -1050.0)]:
        spread, squares = torch.randn(2, *shape, generator=generator).double()
        args = {"log_lik": level + 1.2 * spread, "log_prior": -1.8 - 0.5 * squares**2}
        cases.append(Case(args, edge=level < -1000))
    return cases


def _by_rows(size):
    """Apply a function of one row of log p(x|z) and of log p(z) to each row."""

    def of_all(log_lik, log_prior):
        if log_lik.ndim == 1:
            return size(log_lik, log_prior)
        return torch.stack([size(a, b) for a, b in zip(log_lik, log_prior, strict=True)])

    return of_all


def _known(messages: dict[str, str], more: dict[str, tuple]) -> tuple:
    """Mutants of (2.8) are functions of one row, and of a finite world that they leave alone."""
    return tuple(
        mistake(m.name, m.message, *(_by_rows(lambda a, b, f=f: f(a, b, None, None)) for f in m.wrong), *more[m.name])
        for m in known("2.8", messages)
    )


def _naive(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    w = log_lik.exp()
    return w.sum(-1) ** 2 / (w**2).sum(-1)


EFFECTIVE_SIZE = Exercise(
    id="2.5",
    title="How many draws count",
    equation="(2.8)",
    chapter="chapter 2",
    cases=_cases,
    reference=effective_size,
    atol=1e-3,
    rtol=1e-4,
    not_negative="(2.8)",
    proves="Rows near −1050 do not underflow.",
    misconceptions=(
        *_known(
            {
                "Σw²/(Σw)²": "Your value is upside down: by (2.8) the effective sample size is between 1 and L.",
                "weights p(z)": "Your weights are p(z). The draws come from the prior already; in (2.8) their weights "
                "are p(x|z).",
                "weights p(z) p(x|z)": "Your weights are p(z) p(x|z). The prior is in how often a z is drawn: as a "
                "factor in (2.8) it would count twice.",
                "log-weights as weights": "Your weights are logarithms. In (2.8) w is the likelihood p(x|z) itself.",
                "Σw/max w": "Your value is Σw over the largest w. (2.8) has squares: (Σw)² over Σw².",
            },
            {
                "Σw²/(Σw)²": (lambda a, b: a.softmax(-1).square().sum(-1),),
                "weights p(z)": (),
                "weights p(z) p(x|z)": (),
                "log-weights as weights": (),
                "Σw/max w": (lambda a, b: 1 / a.softmax(-1).amax(-1),),
            },
        ),
        mistake(
            "Σw² over Σw²",
            "Your value is 1: you square before you add, above as well as below. In (2.8) the sum above is squared as "
            "a whole.",
            lambda a, b: torch.ones_like(a[..., 0]),
        ),
        mistake(
            "sum not squared",
            "Your value is Σw/Σw². In (2.8) the sum above is squared.",
            lambda a, b: a.exp().sum(-1) / (2 * a).exp().sum(-1),
        ),
        mistake(
            "sum below not of squares",
            "Your value is the sum of the weights, (Σw)²/Σw. In (2.8) the weights below are squared.",
            lambda a, b: a.exp().sum(-1),
        ),
        mistake(
            "a root taken",
            "Your value is the root of (2.8).",
            lambda a, b: effective_size(a, b).sqrt(),
        ),
        mistake(
            "share of L",
            "Your value is divided by L. (2.8) is a number of draws, between 1 and L.",
            lambda a, b: effective_size(a, b) / a.shape[-1],
            lambda a, b: a.exp().mean(-1) ** 2 / (2 * a).exp().mean(-1),
        ),
        mistake(
            "log of the size",
            "Your value is the logarithm of (2.8).",
            lambda a, b: effective_size(a, b).log(),
        ),
        mistake(
            "all rows together",
            "Your value is one number for all rows. The sums of (2.8) run over the draws, the last axis.",
            lambda a, b: effective_size(a.flatten(), b),
        ),
        mistake(
            "wrong axis",
            "Your sums run over the first axis. The draws of (2.8) are on the last one.",
            lambda a, b: effective_size(a.T, b),
        ),
        mistake(
            "underflow",
            "Near −1050 every weight is 0 to the computer, and your value is 0/0. A common factor of the weights "
            "cancels in (2.8): take it out first.",
            _naive,
        ),
    ),
    hints=HINTS["2.5"],
)
