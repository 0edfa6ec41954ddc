"""Check of chapter 9, part two: the same from the logits, exact for any of them, and its gradient, (9.2)."""

from collections.abc import Callable
from decimal import Decimal

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

from vae_lessons.equations.ch09 import images_and_logits
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob


def images_and_extreme_logits(rng) -> tuple[Tensor, Tensor]:
    """Draw images and logits as before; two logits of the first image are 800 and -800, where a sigmoid is 1 or 0."""
    x, logits = images_and_logits(rng)
    x[0, :2], logits[0, :2] = torch.tensor([0.0, 1.0]), torch.tensor([800.0, -800.0])
    return x, logits


def value_and_gradient(log_prob: Callable) -> Callable:
    """Put the values of a log-probability and its gradient with respect to the logits, by autograd, in a row."""

    def both(x: Tensor, logits: Tensor) -> Tensor:
        logits = logits.clone().requires_grad_()
        value = log_prob(x, logits)
        return torch.cat([value.detach(), torch.autograd.grad(value.sum(), logits)[0].flatten()])

    return both


def from_logits(x: Tensor, logits: Tensor) -> Tensor:
    """Put Σ x·a - softplus(a) and x - sigmoid(a) in a row: both sides of (9.2) by hand."""
    return torch.cat([(x * logits - softplus(logits)).sum(-1), (x - torch.sigmoid(logits)).flatten()])


def in_decimals(x: Tensor, logits: Tensor) -> Tensor:
    """Compute both with 28 decimal digits, from p(x) = 1 / (1 + e^-a) for x = 1, and 1 / (1 + e^a) for x = 0."""
    x_and_a = [[Decimal(v) for v in values.flatten().tolist()] for values in (x, logits)]
    log_probs = [-float((1 + ((1 - 2 * v) * a).exp()).ln()) for v, a in zip(*x_and_a, strict=True)]
    gradient = [float(v - 1 / (1 + (-a).exp())) for v, a in zip(*x_and_a, strict=True)]
    return torch.cat([x.new_tensor(log_probs).reshape(x.shape).sum(-1), x.new_tensor(gradient)])


# The mistakes that exercise 9.5 knows by name: wrong ways to log sigmoid(a)


def log_of_sigmoid(a: Tensor) -> Tensor:
    """Take the logarithm of a sigmoid that has become 0."""
    return torch.sigmoid(a).log()


def clamped_log_sigmoid(a: Tensor) -> Tensor:
    """Do as torch's binary_cross_entropy: no logarithm below -100."""
    return torch.sigmoid(a).log().clamp(min=-100)


def log_sigmoid_of_minus_a(a: Tensor) -> Tensor:
    """Return -softplus(a), which is log(1 - π) and 0 at a = -200."""
    return -softplus(a)


def with_log_sigmoid(log_sigmoid: Callable) -> Callable:
    """Compute both sides with log π = log sigmoid(a) and log(1 - π) = log sigmoid(-a)."""
    return value_and_gradient(lambda x, a: torch.where(x == 1, log_sigmoid(a), log_sigmoid(-a)).sum(-1))


equation(
    "9.2",
    "The same from the logits, and its gradient",
    method="autograd",
    draw=images_and_extreme_logits,
    lines={
        "Σ xa - softplus(a), x - π": from_logits,
        "bernoulli_log_prob, its ∇": value_and_gradient(bernoulli_log_prob),
        "log sigmoid(±a), its ∇": with_log_sigmoid(logsigmoid),
        "28 decimal digits": in_decimals,
    },
    mutants={
        "log of the sigmoid": with_log_sigmoid(log_of_sigmoid),
        "clamped at -100": with_log_sigmoid(clamped_log_sigmoid),
        "log(1-π) for log π": with_log_sigmoid(log_sigmoid_of_minus_a),
        "softplus(-a)": value_and_gradient(lambda x, a: (x * a - softplus(-a)).sum(-1)),
        "1 - x for x": value_and_gradient(lambda x, a: ((1 - x) * a - softplus(a)).sum(-1)),
        "gradient π - x": lambda x, a: torch.cat([from_logits(x, a)[:4], (a.sigmoid() - x).flatten()]),
        "gradient of the MSE": lambda x, a: torch.cat(
            [from_logits(x, a)[:4], ((x - a.sigmoid()) * a.sigmoid() * (1 - a.sigmoid())).flatten()]
        ),
    },
)
