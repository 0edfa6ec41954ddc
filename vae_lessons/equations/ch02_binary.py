"""Check of chapter 2, part five: a binary latent variable, whose integral is a sum, (2.5)."""

import math
from decimal import Decimal
from itertools import product

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Categorical, Independent, MixtureSameFamily

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob


def binary_images_and_decoder(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw three images of six pixels, W (6×4) and b; the last pixel is almost never on, but on in the last image."""
    x, weight, bias = rng.integers(2, size=(3, 6)).astype(float), rng.normal(size=(6, 4)), rng.normal(size=6)
    x[:, -1], bias[-1] = [0, 0, 1], -1000
    return torch.tensor(x), torch.tensor(weight), torch.tensor(bias)


def all_codes(z_dim: int) -> Tensor:
    """List the 2^J binary codes, one per row."""
    return torch.tensor(list(product([0.0, 1.0], repeat=z_dim)), dtype=torch.double)


def log_lik(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Compute log p(x|z) for every code and image, (2^J, M); the logits are Wz + b."""
    logits = (all_codes(weight.shape[1]) @ weight.T + bias)[:, None]
    return bernoulli_log_prob(x.expand(len(logits), *x.shape), logits.expand(-1, *x.shape))


def log_evidence(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Compute log 2^{-J} Σ p(x|z), one value per image."""
    return torch.logsumexp(log_lik(x, weight, bias), 0) - weight.shape[1] * math.log(2)


def pixel_by_pixel(x: Tensor, weight: Tensor, bias: Tensor) -> list[float]:
    """Multiply and add in the order of the formula, in decimals, whose exponents do not underflow."""
    codes = list(product([0, 1], repeat=weight.shape[1]))
    totals = [Decimal(0)] * len(x)
    for code in codes:
        logits = [float(row @ torch.tensor(code).double() + b) for row, b in zip(weight, bias, strict=True)]
        on = [1 / (1 + Decimal(-a).exp()) for a in logits]
        for i, image in enumerate(x.tolist()):
            totals[i] += math.prod(p if pixel else 1 - p for p, pixel in zip(on, image, strict=True))
    return [float((total / len(codes)).ln()) for total in totals]


def by_torch(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Evaluate a mixture of 2^J products of Bernoullis, with equal weights."""
    codes = all_codes(weight.shape[1])
    parts = Independent(Bernoulli(logits=codes @ weight.T + bias), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(codes)).double()), parts).log_prob(x)


def sums_to_one(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Tell whether the probabilities of all 2^D images add up to 1."""
    return (log_evidence(all_codes(x.shape[1]), weight, bias).exp().sum() - 1).abs() < 1e-12


# The mistakes that exercise 2.2 knows by name


def _mean_of_logs(x, weight, bias):
    return log_lik(x, weight, bias).mean(0)


def _sum_without_weights(x, weight, bias):
    return torch.logsumexp(log_lik(x, weight, bias), 0)


def _maximum_only(x, weight, bias):
    return log_lik(x, weight, bias).amax(0)


def _underflow(x, weight, bias):
    return log_lik(x, weight, bias).exp().mean(0).log()


def _wrong_axis(x, weight, bias):
    return torch.logsumexp(log_lik(x, weight, bias), 1) - weight.shape[1] * math.log(2)


def _mean_code(x, weight, bias):
    return bernoulli_log_prob(x, (weight.mean(1) * weight.shape[1] / 2 + bias).expand_as(x))


equation(
    "2.5",
    "The evidence of a binary latent variable is a sum",
    method="enumeration",
    draw=binary_images_and_decoder,
    lines={
        "logsumexp, less J log 2": log_evidence,
        "in 28 decimal digits": pixel_by_pixel,
        "torch: mixture of 2^J": by_torch,
        "Σ p(x) over all x is 1": sums_to_one,
    },
    mutants={
        "mean of logs": _mean_of_logs,
        "no 2^-J": _sum_without_weights,
        "maximum only": _maximum_only,
        "product first, then log": _underflow,
        "wrong axis": _wrong_axis,
        "the mean code alone": _mean_code,
    },
)
