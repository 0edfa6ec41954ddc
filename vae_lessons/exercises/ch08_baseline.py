"""Exercise 8.4: the baseline of least variance."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.exercises.ch08_functions import cases, rewrapped
from vae_lessons.exercises.exercise import Exercise, known, mistake
from vae_lessons.exercises.hints_ch08 import HINTS
from vae_lessons.sampling import optimal_baseline, score_function_grad


def with_baseline(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor, pilot: Tensor) -> tuple[Tensor, Tensor]:
    """Mean over the draws of (f - b*) times the score, with b* of (8.6) from the pilot draws."""
    best = optimal_baseline(f, mu, log_var, pilot)
    by_mu, by_log_var = score_function_grad(f, mu, log_var, eps, baseline=best)
    return by_mu.mean(0), by_log_var.mean(0)


def _with_pilot(estimator: Callable) -> Callable:
    """Make a wrong answer of an estimator (f, μ, ℓ, ε, b) with one value per draw."""
    return lambda f, mu, v, eps, pilot: tuple(
        part.mean(0) for part in estimator(f, mu, v, eps, optimal_baseline(f, mu, v, pilot))
    )


def _baseline(change: Callable) -> Callable:
    """Make a wrong answer with another b, made of f(z) and each of the two scores at the pilot draws."""

    def wrong(f, mu, log_var, eps, pilot):
        value, scores = _pilot_values(f, mu, log_var, pilot)
        b = tuple(change(value, score) for score in scores)
        return tuple(g.mean(0) for g in score_function_grad(f, mu, log_var, eps, baseline=b))

    return wrong


def _pilot_values(f, mu, log_var, pilot):
    std = torch.exp(0.5 * log_var)
    return f(mu + std * pilot)[:, None], (pilot / std, (pilot**2 - 1) / 2)


def _ratio(value: Tensor, score: Tensor) -> Tensor:
    return (value * score**2).mean(0) / (score**2).mean(0)


BASELINE = Exercise(
    id="8.4",
    title="The best baseline",
    equation="(8.6)",
    chapter="chapter 8",
    cases=lambda seed=0: cases(seed, [(5, 2), (7, 3), (4, 4)], pilot=True),
    reference=with_baseline,
    parts=("gradient by mu", "gradient by log_var"),
    flavours=("torch",),
    rtol=1e-5,
    atol=2e-4,
    proves="The baseline has not seen the draws it is used with, so the estimate is unbiased.",
    misconceptions=(
        *rewrapped(
            known(
                "8.6",
                {
                    "b from its own draw": "Your value is 0: from each f(z) the same f(z) is subtracted. A baseline of "
                    "(8.6) must not depend on the draw it is used with.",
                    "b s twice": "Your baseline is subtracted twice. That is unbiased too, but (8.6) has least "
                    "variance at b*, and 2b* is past it.",
                    "b added": "Your baseline is added. (8.6) subtracts it from f.",
                    "no baseline": "Your value is the plain estimator (8.3). (8.6) subtracts b* from f.",
                    "one b for both": "Your b* for ℓ is that for μ. In (8.6) s is the score of the parameter in "
                    "question, so that each has a baseline of its own.",
                    "b outside the score": "Your b is subtracted from the product f s. In (8.6) it is subtracted from "
                    "f, and multiplied by s: it is E s that is 0, by (8.2).",
                },
            ),
            _with_pilot,
        ),
        mistake(
            "E f for b*",
            "Your b is the mean of f. That is unbiased, and mostly a great help, but not best: in (8.6) each f(z) has "
            "the weight s².",
            _baseline(lambda f, s: f.mean(0).expand(s.shape[1:])),
        ),
        mistake(
            "b from the same draws",
            "Your b* is made of the draws that it is then used with, so that the estimate is biased. For (8.6) take "
            "the pilot draws.",
            lambda f, mu, v, eps, pilot: with_baseline(f, mu, v, eps, eps),
        ),
        mistake(
            "mean of the same draws",
            "Your b is the mean of f over the draws that it is then used with: biased, and not the best one. (8.6) has "
            "weights s², and the pilot draws are there for it.",
            lambda f, mu, v, eps, pilot: tuple(
                g.mean(0) for g in score_function_grad(lambda z: f(z) - f(z).mean(), mu, v, eps)
            ),
        ),
        mistake(
            "sets exchanged",
            "Your gradient is averaged over the pilot draws, and b* over the others. It is b* of (8.6) that the pilot "
            "draws are for.",
            lambda f, mu, v, eps, pilot: with_baseline(f, mu, v, pilot, eps),
        ),
        mistake(
            "gradient from the pilot draws",
            "Your gradient is averaged over the pilot draws, from which b* was made. By (8.6) b* is used with draws "
            "that it has not seen.",
            lambda f, mu, v, eps, pilot: with_baseline(f, mu, v, pilot, pilot),
        ),
        mistake(
            "all draws for b*",
            "Your b* is made of all draws, those that it is used with included, so that the estimate is biased. For "
            "(8.6) take the pilot draws alone.",
            lambda f, mu, v, eps, pilot: with_baseline(f, mu, v, eps, torch.cat([eps, pilot])),
        ),
        mistake(
            "s for s²",
            "Your averages have the weight s. As E s = 0, yours divides by nearly 0; in (8.6) the weight is s².",
            _baseline(lambda f, s: (f * s).mean(0) / s.mean(0)),
        ),
        mistake(
            "not divided by E s²",
            "Your b is E[f s²]. (8.6) divides by E[s²].",
            _baseline(lambda f, s: (f * s**2).mean(0)),
        ),
        mistake(
            "f s in place of f s²",
            "Your b is E[f s] over E[s²]: the gradient itself stands above. In (8.6) it is E[f s²].",
            _baseline(lambda f, s: (f * s).mean(0) / (s**2).mean(0)),
        ),
        mistake(
            "one b for all dimensions",
            "Your b* is one for all latent dimensions. In (8.6) s is the score of one parameter: each μ and each ℓ has "
            "its own.",
            _baseline(lambda f, s: (f * s**2).mean() / (s**2).mean()),
            _baseline(lambda f, s: _ratio(f, s).mean().expand(s.shape[1:])),
            _baseline(lambda f, s: _ratio(f, s.sum(1, keepdim=True)).expand(s.shape[1:])),
        ),
        mistake(
            "sum over the draws",
            "Your gradient is a sum over the draws. (8.6) is about an expectation, which a mean estimates.",
            lambda f, mu, v, eps, pilot: tuple(len(eps) * g for g in with_baseline(f, mu, v, eps, pilot)),
        ),
        mistake(
            "baseline returned",
            "You return the baselines. Asked for is the gradient that (8.6) gives with them.",
            lambda f, mu, v, eps, pilot: optimal_baseline(f, mu, v, pilot),
        ),
    ),
    hints=HINTS["8.4"],
)
