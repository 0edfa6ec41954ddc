"""Exercise 8.3: how much more one estimator varies than the other."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.gradient_ratios import _different_n, _ratio_of_means, _ratio_of_standard_deviations
from vae_lessons.exercises.ch08_functions import cases
from vae_lessons.exercises.exercise import Exercise, mistake
from vae_lessons.exercises.hints_ch08 import HINTS
from vae_lessons.sampling import pathwise_grad, score_function_grad


def variance_ratio(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Variance of (8.3) over the variance of (8.5), from one draw, for the gradient with respect to each μ."""
    score, _ = score_function_grad(f, mu, log_var, eps)
    path, _ = pathwise_grad(f, mu, log_var, eps)
    return score.var(0) / path.var(0)


def _draws(change: Callable, part: int = 0) -> Callable:
    """Make a wrong answer from the draws of both estimators, (L, J) each."""
    return lambda *args: change(score_function_grad(*args)[part], pathwise_grad(*args)[part])


def _each(change: Callable) -> Callable:
    """Make a wrong answer from those of one dimension."""
    return _draws(lambda score, path: torch.stack([change(*pair) for pair in zip(score.T, path.T, strict=True)]))


RATIO = Exercise(
    id="8.3",
    title="Measure the variance",
    equation="(8.5)",
    chapter="chapter 8",
    cases=lambda seed=0: cases(seed, [(200, 2), (150, 3), (300, 4)]),
    reference=variance_ratio,
    flavours=("torch",),
    atol=1e-3,
    rtol=0.01,
    misconceptions=(
        mistake(
            "ratio of means",
            "Your value is a ratio of means. Both estimators have the same mean, by (8.3) and (8.5); their variances "
            "differ.",
            _each(_ratio_of_means),
        ),
        mistake(
            "ratio of standard deviations",
            "Your value is a ratio of standard deviations, the root of what is asked for: the variance of (8.3) over "
            "that of (8.5).",
            _each(_ratio_of_standard_deviations),
        ),
        mistake(
            "different n",
            "You compare variances of averages over different numbers of draws. One draw of (8.3) stands against one "
            "of (8.5).",
            _each(_different_n),
            _each(lambda score, path: score.var() / len(score) / path.var()),
            _each(lambda score, path: score.var() / (path.var() / len(path))),
        ),
        mistake(
            "upside down",
            "Your ratio is that of the path over the score function. Asked for is the variance of (8.3) over that of "
            "(8.5).",
            _draws(lambda score, path: path.var(0) / score.var(0)),
        ),
        mistake(
            "gradient by ℓ",
            "Your variances are those of the gradients with respect to ℓ. Asked for are those with respect to μ, of "
            "(8.3) and (8.5).",
            _draws(lambda score, path: score.var(0) / path.var(0), part=1),
        ),
        mistake(
            "mean not subtracted",
            "Your variances are mean squares. The two estimators (8.3) and (8.5) have a mean, the gradient, which is "
            "to be subtracted first.",
            _draws(lambda score, path: (score**2).mean(0) / (path**2).mean(0)),
        ),
        mistake(
            "one number for all dimensions",
            "Your value is one number. The gradient has one entry for each μ, and (8.3) and (8.5) a variance for each.",
            _draws(lambda score, path: score.var() / path.var()),
            _draws(lambda score, path: score.var(0).sum() / path.var(0).sum()),
            _draws(lambda score, path: (score.var(0) / path.var(0)).mean()),
        ),
        mistake(
            "over the dimensions",
            "Your variances run over the latent dimensions. Those of (8.3) and (8.5) run over the draws, the first "
            "axis.",
            _draws(lambda score, path: score.var(1) / path.var(1)),
            _draws(lambda score, path: score.var(-1).mean() / path.var(-1).mean()),
        ),
        mistake(
            "difference",
            "Your value is a difference of the variances of (8.3) and (8.5). Asked for is their ratio.",
            _draws(lambda score, path: score.var(0) - path.var(0)),
        ),
        mistake(
            "the score without f",
            "Your first variance is that of the score. In (8.3) each score is multiplied by f(z).",
            lambda f, mu, v, eps: (torch.exp(-0.5 * v) * eps).var(0) / pathwise_grad(f, mu, v, eps)[0].var(0),
        ),
        mistake(
            "f for the estimators",
            "Your first variance is that of f. The estimator (8.3) multiplies f(z) by the score.",
            lambda f, mu, v, eps: f(mu + torch.exp(0.5 * v) * eps).var() / pathwise_grad(f, mu, v, eps)[0].var(0),
        ),
        mistake(
            "e^ℓ as scale",
            "Your standard deviation is e^ℓ, which is the variance. For the q of (8.3) and (8.5) it is e^(ℓ/2).",
            lambda f, mu, v, eps: variance_ratio(f, mu, 2 * v, eps),
        ),
        mistake(
            "logarithm of the ratio",
            "Your value is a logarithm. Asked for is the ratio itself, of the variances of (8.3) and (8.5).",
            _draws(lambda score, path: (score.var(0) / path.var(0)).log()),
        ),
    ),
    hints=HINTS["8.3"],
)
