"""Exercise 13.5: nats per image as bits per dimension."""

import math

import torch
from torch import Tensor

from vae_lessons.evaluation import bits_per_dim
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch13 import HINTS

LOG_2 = math.log(2)


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 135)
    rows = [(3, 64), (5, 37)]
    return [Case({"log_p": -0.4 * d + 3 * torch.randn(n, generator=generator).double(), "x_dim": d}) for n, d in rows]


def bits(log_p: Tensor, x_dim: int) -> Tensor:
    """Bits per dimension, -log p(x) / (D log 2), (13.5)."""
    return -log_p / (x_dim * LOG_2)


BITS = Exercise(
    id="13.5",
    title="Bits per dimension",
    equation="(13.5)",
    chapter="chapter 13",
    cases=_cases,
    reference=bits,
    shows=(bits_per_dim,),
    misconceptions=(
        *known(
            "13.5",
            {
                "nats": "Your value is in nats per dimension. (13.5) is in bits: a bit is log 2 nats.",
                "times log 2": "You multiply by log 2. A bit is log 2 = 0.69 nats, so that (13.5) divides by it.",
                "base 10": "Your logarithm has base 10. The bits of (13.5) are logarithms to base 2.",
                "no D": "Your value is in bits per image. (13.5) divides by the number of dimensions D.",
                "sign": "Your value has the wrong sign: (13.5) is minus log p(x), what it costs to store the image.",
            },
        ),
        mistake(
            "divided by 2",
            "You divide by 2. A bit is log 2 nats, and (13.5) divides by that.",
            lambda log_p, x_dim: -log_p / (2 * x_dim),
        ),
        mistake(
            "divided by the number of images",
            "You divide by the number of images. (13.5) gives a value for each image, and divides by its dimensions D.",
            lambda log_p, x_dim: -log_p / (len(log_p) * LOG_2),
        ),
        mistake(
            "mean over the images",
            "Your value is one number. Asked for is (13.5) for each image.",
            lambda log_p, x_dim: bits(log_p, x_dim).mean(),
            lambda log_p, x_dim: bits(log_p, x_dim).sum(),
        ),
        mistake(
            "times D",
            "You multiply by D. (13.5) is per dimension: it divides.",
            lambda log_p, x_dim: -log_p * x_dim / LOG_2,
            lambda log_p, x_dim: -log_p / LOG_2 * x_dim**0.5,
        ),
        mistake(
            "bits as a power",
            "Your value is a power of 2 or of e. (13.5) is linear in log p(x), which is a logarithm already.",
            lambda log_p, x_dim: 2 ** bits(log_p, x_dim),
            lambda log_p, x_dim: torch.exp(-log_p / x_dim),
        ),
        mistake(
            "logarithm taken again",
            "You take the logarithm of log p(x). In (13.5) it only changes its base.",
            lambda log_p, x_dim: torch.log2(-log_p) / x_dim,
            lambda log_p, x_dim: -torch.log2(-log_p) / x_dim,
        ),
    ),
    hints=HINTS["13.5"],
)
