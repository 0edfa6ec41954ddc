"""Exercise 9.2: the log-density of grey images under normal pixels."""

import math

import torch

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch09 import HINTS
from vae_lessons.likelihoods import LOG_2PI, gaussian_log_prob


def _cases(seed: int = 0) -> list[Case]:
    """Log-variances of both signs in each row; once positive ones only, for those who take their logarithm."""
    generator, cases = torch.Generator().manual_seed(seed + 92), []
    for rows, pixels in [(2, 3), (4, 5), (3, 7)]:
        x = torch.rand(rows, pixels, generator=generator).double()
        mean = 0.5 + 0.4 * torch.randn(rows, pixels, generator=generator).double()
        log_var = 0.2 + torch.randn(rows, pixels, generator=generator).double().abs()
        if rows != 4:
            log_var[:, ::2] *= -1
        cases.append(Case({"x": x, "mean": mean, "log_var": log_var}))
    return cases


def _terms(constant: float = 1, log_var: float = 1, square: float = 1, outer: float = -0.5):
    """Make a wrong answer whose terms have other factors."""
    return lambda x, m, v: outer * (constant * LOG_2PI + log_var * v + square * (x - m) ** 2 * torch.exp(-v)).sum(-1)


def _with_log_var(log_var_of):
    """Make a wrong answer that reads log_var as something else."""
    return lambda x, m, v: gaussian_log_prob(x, m, log_var_of(v))


NORMAL_PIXELS = Exercise(
    id="9.2",
    title="Normal pixels",
    equation="(9.3)",
    chapter="chapter 9",
    cases=_cases,
    reference=gaussian_log_prob,
    gradients=("mean", "log_var"),
    misconceptions=(
        *known("9.3", {
            "no 2π": "Your value lacks the log 2π of (9.3), once for each pixel: your density does not have area 1.",
            "mean over the pixels": "Your value is a mean over the pixels. In (9.3) they are summed.",
            "ℓ read as log σ": "Your value is what you get when log_var is read as log σ. It is log σ²: see (9.3).",
            "σ in the denominator": "Your squares are divided by the standard deviation. In (9.3) they are divided by "
            "the variance e^ℓ.",
            "ℓ not halved": "Your ℓ counts in full. In (9.3) the ½ stands in front of it too.",
            "squared error": "Your value is minus a squared error. (9.3) divides it by the variance, and has two more "
            "terms.",
            "sign": "Your value is minus the log-density, the loss. (9.3) is the log-density itself.",
            "sum over the batch": "Your value is one number for the batch. (9.3) gives one value per image.",
        }, {"squared error": (lambda x, m, v: -0.5 * ((x - m) ** 2).sum(-1),
                              lambda x, m, v: ((x - m) ** 2).sum(-1))}),
        mistake("sum over the batch, negative", "Your value is the loss of the whole batch. (9.3) is the log-density, "
                "one value per image.", lambda x, m, v: -gaussian_log_prob(x, m, v).sum()),
        mistake("mean over the images", "Your value is the mean over the images. (9.3) gives one value per image.",
                lambda x, m, v: gaussian_log_prob(x, m, v).mean()),
        mistake("mean of everything", "Your value is a mean over images and pixels. (9.3) sums the pixels, and gives "
                "one value per image.", lambda x, m, v: gaussian_log_prob(x, m, v).mean() / x.shape[-1]),
        mistake("PyTorch's Gaussian loss", "Your value is the mean of a loss that leaves log 2π out. (9.3) is a sum "
                "over the pixels, one per image, with all constants.",
                lambda x, m, v: -_terms(constant=0)(x, m, v).mean() / x.shape[-1],
                lambda x, m, v: _terms(constant=0)(x, m, v).mean() / x.shape[-1]),
        mistake("over the images", "Your sum runs over the images. In (9.3) it runs over the pixels, the last axis.",
                lambda x, m, v: gaussian_log_prob(x.T, m.T, v.T)),
        mistake("pixels not summed", "You return one value per pixel. (9.3) sums them.",
                lambda x, m, v: -0.5 * (LOG_2PI + v + (x - m) ** 2 * torch.exp(-v))),
        mistake("constant once", "Your log 2π counts once for each image. In (9.3) it is inside the sum: once for each "
                "pixel.", lambda x, m, v: _terms(constant=0)(x, m, v) - 0.5 * LOG_2PI),
        mistake("constant not halved", "Your log 2π counts in full. In (9.3) the ½ stands in front of it too.",
                _terms(constant=2)),
        mistake("no ½", "Your value is twice (9.3): the ½ in front of the sum is missing.", _terms(outer=-1)),
        mistake("square not halved", "Your squares count in full. In (9.3) the ½ stands in front of them too.",
                _terms(square=2)),
        mistake("ℓ added", "Your ℓ has the wrong sign: in (9.3) a large variance costs.", _terms(log_var=-1)),
        mistake("constant added", "Your log 2π has the wrong sign in (9.3).", _terms(constant=-1)),
        mistake("square added", "Your squares have the wrong sign: in (9.3) an error costs.", _terms(square=-1)),
        mistake("no ℓ", "Your value lacks the ℓ of (9.3): nothing keeps the variance from growing.", _terms(log_var=0)),
        mistake("no square", "Your value lacks the squares of (9.3).", _terms(square=0)),
        mistake("multiplied by the variance", "Your squares are multiplied by e^ℓ. In (9.3) they are divided by it.",
                lambda x, m, v: -0.5 * (LOG_2PI + v + (x - m) ** 2 * torch.exp(v)).sum(-1)),
        mistake("variance e^(−ℓ)", "Your variance is e^(−ℓ). In (9.3) it is e^ℓ.", _with_log_var(lambda v: -v)),
        mistake("ℓ read as σ²", "Your value is what you get when log_var is read as σ². It is its logarithm: see "
                "(9.3).", lambda x, m, v: -0.5 * (LOG_2PI + v.log() + (x - m) ** 2 / v).sum(-1)),
        mistake("ℓ read as σ", "Your value is what you get when log_var is read as σ. It is log σ²: see (9.3).",
                _with_log_var(lambda v: 2 * v.abs().log()),
                lambda x, m, v: -(0.5 * LOG_2PI + v.log() + 0.5 * ((x - m) / v) ** 2).sum(-1)),
        mistake("variance 1", "Your variance is 1 for every pixel. In (9.3) it is e^ℓ.",
                _with_log_var(torch.zeros_like)),
        mistake("divided by ℓ", "Your squares are divided by ℓ, the logarithm of the variance. In (9.3) they are "
                "divided by e^ℓ.", lambda x, m, v: -0.5 * (LOG_2PI + v + (x - m) ** 2 / v).sum(-1)),
        mistake("another constant", "Your constant is not log 2π. (9.3) has the natural logarithm of 2π.",
                *(_terms(constant=c / LOG_2PI) for c in (2 * math.pi, math.log(math.pi), math.log10(2 * math.pi)))),
        mistake("error not squared", "Your errors are not squared, as those of (9.3) are.",
                lambda x, m, v: -0.5 * (LOG_2PI + v + (x - m).abs() * torch.exp(-v)).sum(-1),
                lambda x, m, v: -0.5 * (LOG_2PI + v + (x - m) * torch.exp(-v)).sum(-1)),
        mistake("density", "Your value is the density. (9.3) is its logarithm.",
                lambda x, m, v: gaussian_log_prob(x, m, v).exp()),
    ),
    hints=HINTS["9.2"],
)  # fmt: skip
