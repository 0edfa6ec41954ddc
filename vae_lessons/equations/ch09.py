"""Check of chapter 9, part one: the probability of a binary image, (9.1)."""

from itertools import product

import torch
from torch import Tensor
from torch.distributions import Bernoulli
from torch.nn.functional import binary_cross_entropy, mse_loss

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob

# (9.1) Binary pixels


def images_and_logits(rng) -> tuple[Tensor, Tensor]:
    """Draw four images of six binary pixels, and logits."""
    return torch.tensor(rng.integers(2, size=(4, 6))).double(), torch.tensor(rng.normal(0, 2, size=(4, 6)))


def log_prob_of_pixels(x: Tensor, logits: Tensor) -> Tensor:
    """Compute the right side literally, with π = sigmoid(a)."""
    probs = torch.sigmoid(logits)
    return (x * probs.log() + (1 - x) * (1 - probs).log()).sum(-1)


def sums_to_one(x: Tensor, logits: Tensor) -> Tensor:
    """Tell whether the probabilities of all 2⁶ images sum to 1."""
    images = torch.tensor(list(product((0.0, 1.0), repeat=6))).double()
    return (log_prob_of_pixels(images[:, None], logits).exp().sum(0) - 1).abs() < 1e-12


# The mistakes that exercise 9.1 knows by name


def _sign(x, logits):
    return -log_prob_of_pixels(x, logits)


def _mean_over_the_pixels(x, logits):
    return log_prob_of_pixels(x, logits) / x.shape[-1]


def _sum_over_the_batch(x, logits):
    return log_prob_of_pixels(x, logits).sum()


def _sigmoid_twice(x, logits):
    return log_prob_of_pixels(x, torch.sigmoid(logits))


def _logits_as_probabilities(x, logits):
    return (x * logits.log() + (1 - x) * (1 - logits).log()).sum(-1)


def _image_and_probabilities_swapped(x, logits):
    return -binary_cross_entropy(x, torch.sigmoid(logits), reduction="none").sum(-1)


def _ones_only(x, logits):
    return (x * torch.sigmoid(logits).log()).sum(-1)


def _squared_error(x, logits):
    return -mse_loss(torch.sigmoid(logits), x, reduction="none").sum(-1)


equation(
    "9.1",
    "The log-probability of a binary image",
    method="finite world",
    draw=images_and_logits,
    lines={
        "Σ x log π + (1-x) log(1-π)": log_prob_of_pixels,
        "bernoulli_log_prob": bernoulli_log_prob,
        "torch.distributions": lambda x, logits: Bernoulli(torch.sigmoid(logits)).log_prob(x).sum(-1),
        "all 2⁶ images together: 1": sums_to_one,
    },
    mutants={
        "sign": _sign,
        "mean over the pixels": _mean_over_the_pixels,
        "sum over the batch": _sum_over_the_batch,
        "sigmoid twice": _sigmoid_twice,
        "logits as probabilities": _logits_as_probabilities,
        "x and π swapped": _image_and_probabilities_swapped,
        "ones only": _ones_only,
        "squared error": _squared_error,
    },
)
