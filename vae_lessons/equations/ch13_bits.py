"""Check of chapter 13, part five: nats per image as bits per dimension, (13.5)."""

import math
from decimal import Decimal

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def log_probs_of_images(rng) -> tuple[Tensor, int]:
    """Draw log p(x) of six images, in nats, and their number of pixels D."""
    return torch.tensor(rng.normal(-90, 10, size=6)), int(rng.integers(20, 80))


def bits_per_dim(log_p: Tensor, x_dim: int) -> Tensor:
    """Compute -log p(x) / (D log 2)."""
    return -log_p / (x_dim * math.log(2))


def of_uniform_pixels(log_p: Tensor, x_dim: int) -> bool:
    """Tell whether a fair coin for every pixel costs 1 bit, and a uniform byte 8."""
    bits = [bits_per_dim(log_p.new_tensor(-x_dim * math.log(values)), x_dim) for values in (2, 256)]
    return math.isclose(bits[0], 1, rel_tol=1e-12) and math.isclose(bits[1], 8, rel_tol=1e-12)


# The mistakes that exercise 13.5 knows by name


def _nats(log_p, x_dim):
    return -log_p / x_dim


def _times_log_2(log_p, x_dim):
    return -log_p * math.log(2) / x_dim


def _log_10(log_p, x_dim):
    return -log_p / (x_dim * math.log(10))


def _no_d(log_p, x_dim):
    return -log_p / math.log(2)


def _sign(log_p, x_dim):
    return -bits_per_dim(log_p, x_dim)


equation(
    "13.5",
    "Bits per dimension",
    method="exact model",
    draw=log_probs_of_images,
    lines={
        "-log p(x) / (D log 2)": bits_per_dim,
        "-log₂ p(x) / D": lambda log_p, x_dim: -log_p.exp().log2() / x_dim,
        "28 decimal digits": lambda log_p, x_dim: [
            float(-Decimal(v).exp().ln() / Decimal(2).ln() / x_dim) for v in log_p.tolist()
        ],
        "coin: 1; byte: 8": of_uniform_pixels,
    },
    mutants={
        "nats": _nats,
        "times log 2": _times_log_2,
        "base 10": _log_10,
        "no D": _no_d,
        "sign": _sign,
    },
)
