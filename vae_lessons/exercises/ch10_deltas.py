"""Exercises 10.2 and 10.3: the gradient of an image's loss with respect to its logits and its log-variances."""

from collections.abc import Callable

import numpy as np
import torch

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch10 import HINTS


def delta_logits(x, a):
    """Gradient of each image's loss for its logits, (10.2)."""
    return 1 / (1 + np.exp(-a)) - x


def _logits(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 102), []
    for m, d in [(2, 3), (4, 3), (3, 5)]:
        a, u = torch.randn(2, m, d, generator=generator).double()
        x = (u < 0).double()
        x[0, 0], x[0, 1] = 1, 0  # one of each in every case
        cases.append(Case({"x": x, "a": 1.5 * a}))
    return cases


DELTA_LOGITS = Exercise(
    id="10.2",
    title="The residual",
    equation="(10.2)",
    chapter="chapter 10",
    cases=_logits,
    reference=delta_logits,
    misconceptions=(
        *known("10.2", {
            "x - σ(a)": "Your value is the gradient of log p(x|z). The δ of (10.2) is that of the loss, its negative.",
            "times σ′": "Your value has a factor sigmoid′ too many: in (10.2) it has cancelled against the 1/π and "
            "1/(1 − π) of the logarithms. With it you have half the gradient of a squared error.",
            "mean over the pixels": "Your value is divided by the number of pixels. (10.2) belongs to a sum over them.",
            "mean over the batch": "Your value is divided by the number of images. (10.2) is the gradient of each "
            "image's own loss; the mean is taken once, at the end.",
            "probs as logits": "Your sigmoid is taken twice. What (10.2) is given are logits.",
            "no σ": "Your value compares the logits with the pixels. In (10.2) the logits go through a sigmoid first.",
        }),
        mistake("gradient for the probability", "Your value is the gradient for the probability π. In (10.2) it is "
                "that for the logit, which has a factor π (1 − π) more.",
                lambda x, a: (a.sigmoid() - x) / (a.sigmoid() * (1 - a.sigmoid()))),
        mistake("pixels that are 1 only", "Your gradient is 0 where the pixel is 0. There the loss is −log(1 − π), and "
                "(10.2) is π.", lambda x, a: x * (a.sigmoid() - 1)),
        mistake("1 − x for x", "Your pixels are exchanged: in (10.2) it is x that is subtracted, not 1 − x.",
                lambda x, a: a.sigmoid() - (1 - x)),
        mistake("the loss itself", "Your value is the loss of each pixel. Asked for is its derivative, (10.2).",
                lambda x, a: torch.nn.functional.softplus(a) - x * a),
        mistake("rounded", "Your probabilities are rounded to 0 or 1. (10.2) needs the sigmoid itself.",
                lambda x, a: (a > 0).double() - x),
        mistake("tanh for sigmoid", "Your logits go through a tanh. In (10.2) it is the sigmoid, which lies between 0 "
                "and 1.", lambda x, a: a.tanh() - x),
        mistake("summed over the pixels", "Your value is summed over the pixels. (10.2) has an entry for each of them: "
                "the shape is that of the logits.", lambda x, a: (a.sigmoid() - x).sum(1)),
        mistake("twice", "Your value is twice (10.2). A factor 2 belongs to a squared error, and this is none.",
                lambda x, a: 2 * (a.sigmoid() - x)),
    ),
    hints=HINTS["10.2"],
)  # fmt: skip


def delta_log_var(dz, eps, log_var):
    """Gradient of each image's loss for its log-variances, (10.7)."""
    return 0.5 * dz * eps * np.exp(log_var / 2) + 0.5 * (np.exp(log_var) - 1)


def _log_vars(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 103), []
    for m, j in [(2, 3), (4, 2), (3, 5)]:
        dz, eps, log_var = torch.randn(3, m, j, generator=generator).double()
        log_var[:, 0] = log_var[:, 0].abs() + 0.2  # both signs in every case
        log_var[:, 1] = -log_var[:, 1].abs() - 0.2
        cases.append(Case({"dz": 1.5 * dz, "eps": eps, "log_var": log_var}))
    return cases


def _two_paths(
    path: Callable = lambda v: 0.5 * (v / 2).exp(), kl: Callable = lambda v: 0.5 * (v.exp() - 1)
) -> Callable:
    """Make a wrong answer with other factors of the two paths."""
    return lambda dz, eps, v: dz * eps * path(v) + kl(v)


DELTA_LOG_VAR = Exercise(
    id="10.3",
    title="Two paths to the log-variance",
    equation="(10.7)",
    chapter="chapter 10",
    cases=_log_vars,
    reference=delta_log_var,
    misconceptions=(
        *known("10.7", {
            "path no ½": "The path through z lacks its ½: in (10.7) it is the derivative of e^(ℓ/2).",
            "no σ": "The path through z lacks the σ of (10.7): the derivative of e^(ℓ/2) has e^(ℓ/2) in it.",
            "no ε": "The path through z lacks the noise. In (10.7) a step of ℓ moves z by ½ σ ε.",
            "no KL": "Your value is the path through z alone. (10.7) has that of the KL too.",
            "KL sign": "The path of the KL has the wrong sign. The loss adds the KL, and so does (10.7).",
            "no path": "Your value is the path of the KL alone: the encoder never hears of the reconstruction. (10.7) "
            "has the path through z too.",
            "σ²": "The path through z has the variance e^ℓ. In (10.7) it is the standard deviation e^(ℓ/2).",
            "KL no ½": "The path of the KL lacks its ½: see (10.7) and (4.5).",
        }),
        mistake("gradient for log σ", "Your value is twice (10.7): it is the gradient for log σ. Asked for is that for "
                "ℓ = log σ².", _two_paths(lambda v: (v / 2).exp(), lambda v: v.exp() - 1)),
        mistake("gradient for σ", "Your value is the gradient for σ. (10.7) is that for ℓ: dσ/dℓ = ½σ.",
                _two_paths(lambda v: torch.ones_like(v), lambda v: (v / 2).exp() - (-v / 2).exp())),
        mistake("no −1", "The path of the KL lacks its −1. In (10.7) it is 0 where the variance is 1.",
                _two_paths(kl=lambda v: 0.5 * v.exp())),
        mistake("KL, not its derivative", "Your second term is the KL itself. (10.7) has its derivative, see (4.5).",
                _two_paths(kl=lambda v: 0.5 * (v.exp() - 1 - v))),
        mistake("KL without exponential", "The path of the KL lacks its exponential: e^ℓ − 1 in (10.7).",
                _two_paths(kl=lambda v: 0.5 * (v - 1)), _two_paths(kl=lambda v: 0.5 * v)),
        mistake("σ in the KL", "The path of the KL has σ where (10.7) has the variance e^ℓ.",
                _two_paths(kl=lambda v: 0.5 * ((v / 2).exp() - 1))),
        mistake("δz passed on", "Your first term is δz itself, as for μ. In (10.7) it is multiplied by the slope of z, "
                "½ ε ⊙ e^(ℓ/2).", lambda dz, eps, v: dz + 0.5 * (v.exp() - 1)),
        mistake("1/σ", "The path through z has 1/σ where (10.7) has σ.", _two_paths(lambda v: 0.5 * (-v / 2).exp())),
        mistake("path sign", "The path through z has the wrong sign. In (10.7) both paths are added.",
                _two_paths(lambda v: -0.5 * (v / 2).exp())),
        mistake("mean over the batch", "Your value is divided by the number of images. (10.7) is the gradient of each "
                "image's own loss; the mean is taken once, at the end.",
                lambda *args: delta_log_var(*args) / len(args[0])),
        mistake("KL averaged over the batch", "The path of the KL is divided by the number of images, the other is "
                "not. In (10.7) neither is.", _two_paths(kl=lambda v: 0.5 * (v.exp() - 1) / len(v))),
    ),
    hints=HINTS["10.3"],
)  # fmt: skip
