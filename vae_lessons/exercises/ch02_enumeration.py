"""Exercise 2.2: the evidence of a model with binary latent variables, by enumeration."""

import math

import torch
from torch import Tensor
from torch.nn.functional import softplus

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch02 import HINTS


def log_lik_table(x: Tensor, weight: Tensor, bias: Tensor, values: tuple[float, float] = (0.0, 1.0)) -> Tensor:
    """Log p(x|z) for every image and every code, (M, 2^J); the logits are Wz + b."""
    codes = torch.cartesian_prod(*[torch.tensor(values).to(weight)] * weight.shape[1])
    logits = codes @ weight.T + bias
    return x @ logits.T - softplus(logits, threshold=40).sum(-1)


def log_evidence(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Log p(x) of each image, by (2.5)."""
    return torch.logsumexp(log_lik_table(x, weight, bias), -1) - weight.shape[1] * math.log(2)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 22), []
    for images, x_dim, z_dim in [(2, 4, 3), (3, 12, 10), (3, 2000, 4)]:
        weight, bias = (torch.randn(s, generator=generator).double() for s in [(x_dim, z_dim), (x_dim,)])
        x = (torch.rand(images, x_dim, generator=generator) < 0.5).double()
        cases.append(Case({"x": x, "weight": weight, "bias": bias}, edge=x_dim > 100))
    return cases


def _plus(offset):
    """Make a wrong answer whose value differs from the right one by a function of J."""
    return lambda x, w, b: log_evidence(x, w, b) + offset(w.shape[1])


def _pixels_averaged(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    codes = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).to(weight)] * weight.shape[1])
    p = torch.sigmoid(codes @ weight.T + bias).mean(0)
    return (x * p.log() + (1 - x) * (-p).log1p()).sum(-1)


def _ones_only(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    codes = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).to(weight)] * weight.shape[1])
    logits = codes @ weight.T + bias
    return torch.logsumexp(x @ (logits - softplus(logits)).T, -1) - weight.shape[1] * math.log(2)


def _one_switch(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    logits = weight.T + bias
    table = x @ logits.T - softplus(logits).sum(-1)
    return torch.logsumexp(table, -1) - math.log(len(logits))


ENUMERATION = Exercise(
    id="2.2",
    title="Sum over all codes",
    equation="(2.5)",
    chapter="chapter 2",
    cases=_cases,
    reference=log_evidence,
    shows=(log_lik_table,),
    atol=2e-4,
    rtol=2e-6,
    proves="Nothing is lost where p(x) is far below the smallest number of the computer.",
    misconceptions=(
        *known(
            "2.5",
            {
                "mean of logs": "Your value is a mean of log p(x|z). In (2.5) the probabilities are averaged, and the "
                "logarithm is taken last.",
                "no 2^-J": "Your value lacks the factor 2^−J of (2.5), the prior probability of each code.",
                "maximum only": "Your value is that of the best code alone. In (2.5) all codes count.",
                "product first, then log": "Where the image has many pixels every p(x|z) is 0 to the computer, and "
                "your value is −∞. The sum of (2.5) can be done with logarithms: see (0.1).",
                "wrong axis": "Your sum runs over the images. In (2.5) it runs over the codes, for each image.",
                "the mean code alone": "Your value is log p(x|z) at the mean of all codes. (2.5) averages p(x|z) over "
                "the codes, not the codes.",
            },
        ),
        mistake(
            "pixels averaged first",
            "You average the probability of each pixel over the codes, and multiply then. In (2.5) the pixels are "
            "multiplied first, for each code: they share their z.",
            _pixels_averaged,
        ),
        mistake(
            "2^-J added, not multiplied",
            "Your value has 2^−J outside the logarithm. In (2.5) it is a factor: in the logarithm it becomes −J log 2.",
            _plus(lambda j: j * math.log(2) + 2.0**-j),
            _plus(lambda j: j * math.log(2) - 2.0**j),
        ),
        mistake(
            "J for J log 2",
            "Your value subtracts J, where the factor 2^−J of (2.5) has the natural logarithm −J log 2.",
            _plus(lambda j: j * math.log(2) - j),
        ),
        mistake(
            "divided by J",
            "Your sum is divided by J. In (2.5) there are 2^J codes, each with the weight 2^−J.",
            _plus(lambda j: j * math.log(2) - math.log(j)),
        ),
        mistake(
            "sign of J log 2",
            "Your value is multiplied by 2^J where (2.5) divides by it.",
            _plus(lambda j: 2 * j * math.log(2)),
        ),
        mistake(
            "ones only",
            "Your log p(x|z) counts the pixels that are on. In (2.5) the pixels that are off have their probability "
            "too, log(1 − π).",
            _ones_only,
        ),
        mistake(
            "codes of ±1",
            "Your codes are −1 and 1. In (2.5) a switch is 0 or 1.",
            lambda x, w, b: torch.logsumexp(log_lik_table(x, w, b, (-1.0, 1.0)), -1) - w.shape[1] * math.log(2),
        ),
        mistake(
            "one switch at a time",
            "Your codes have one switch on each. The sum of (2.5) runs over all 2^J combinations.",
            _one_switch,
        ),
        mistake(
            "one number for the batch",
            "Your value is a single number. (2.5) is the probability of one image: return one value for each.",
            lambda x, w, b: log_evidence(x, w, b).sum(),
            lambda x, w, b: log_evidence(x, w, b).mean(),
        ),
        mistake(
            "sign",
            "Your value is minus the log-probability: see (2.5). A probability is at most 1, so its logarithm is "
            "never positive.",
            lambda *args: -log_evidence(*args),
        ),
        mistake(
            "mean over the pixels",
            "Your log p(x|z) is a mean over the pixels. The p(x|z) of (2.5) is a product, so its logarithm is a sum.",
            lambda x, w, b: torch.logsumexp(log_lik_table(x, w, b) / len(b), -1) - w.shape[1] * math.log(2),
        ),
    ),
    hints=HINTS["2.2"],
)
