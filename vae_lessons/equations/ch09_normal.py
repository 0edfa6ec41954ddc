"""Checks of chapter 9, part three: normal pixels, (9.3), and one variance for all of them, (9.4)."""

import math

import torch
from scipy.stats import norm
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob

LOG_2PI = math.log(2 * math.pi)

# (9.3) A mean and a log-variance for every pixel


def images_means_log_vars(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw four images of six grey pixels, and the mean and log-variance of every pixel."""
    x, mean, log_var = rng.uniform(size=(4, 6)), rng.normal(0.5, 0.3, size=(4, 6)), rng.normal(-1, 1, size=(4, 6))
    return tuple(torch.tensor(values) for values in (x, mean, log_var))


def log_density(x: Tensor, mean: Tensor, log_var: Tensor) -> Tensor:
    """Compute the right side literally."""
    return -0.5 * (LOG_2PI + log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)


# The mistakes that exercise 9.2 knows by name


def _no_2_pi(x, mean, log_var):
    return -0.5 * (log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)


def _mean_over_the_pixels(x, mean, log_var):
    return log_density(x, mean, log_var) / x.shape[-1]


def _log_var_read_as_log_std(x, mean, log_var):
    return log_density(x, mean, 2 * log_var)


def _sd_in_the_denominator(x, mean, log_var):
    return -0.5 * (LOG_2PI + log_var + (x - mean) ** 2 * torch.exp(-0.5 * log_var)).sum(-1)


def _log_var_not_halved(x, mean, log_var):
    return log_density(x, mean, log_var) - 0.5 * log_var.sum(-1)


def _squared_error(x, mean, log_var):
    return -((x - mean) ** 2).sum(-1)


def _sign(x, mean, log_var):
    return -log_density(x, mean, log_var)


def _sum_over_the_batch(x, mean, log_var):
    return log_density(x, mean, log_var).sum()


equation(
    "9.3",
    "The log-density of a grey image under normal pixels",
    method="exact model",
    draw=images_means_log_vars,
    lines={
        "-½ Σ log 2π+ℓ+(x-m)²e^-ℓ": log_density,
        "gaussian_log_prob": gaussian_log_prob,
        "torch.distributions": lambda x, m, log_var: Normal(m, (log_var / 2).exp()).log_prob(x).sum(-1),
        "SciPy": lambda x, m, log_var: norm.logpdf(x, m, (log_var / 2).exp()).sum(-1),
    },
    mutants={
        "no 2π": _no_2_pi,
        "mean over the pixels": _mean_over_the_pixels,
        "ℓ read as log σ": _log_var_read_as_log_std,
        "σ in the denominator": _sd_in_the_denominator,
        "ℓ not halved": _log_var_not_halved,
        "squared error": _squared_error,
        "sign": _sign,
        "sum over the batch": _sum_over_the_batch,
    },
)

# (9.4) One variance for all pixels: squared error with a scale and a constant


def images_means_one_variance(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw four images of six grey pixels, the mean of every pixel, and one variance σ²."""
    return *images_means_log_vars(rng)[:2], torch.tensor(rng.uniform(0.05, 0.6)).double()


def sse(x: Tensor, mean: Tensor) -> Tensor:
    """Sum the squared errors of an image."""
    return ((x - mean) ** 2).sum(-1)


def scaled_sse(x: Tensor, mean: Tensor, var: Tensor, scale: float = 0.5, constants: float | None = None) -> Tensor:
    """Compute -SSE/(2σ²) - D/2 log 2πσ²; the mistakes change the ½ or the number D of constants."""
    constants = x.shape[-1] if constants is None else constants
    return -scale * sse(x, mean) / var - constants / 2 * torch.log(2 * math.pi * var)


equation(
    "9.4",
    "With one fixed variance, squared error is a log-likelihood",
    method="exact model",
    draw=images_means_one_variance,
    lines={
        "-SSE/(2σ²) - D/2 log 2πσ²": scaled_sse,
        "gaussian_log_prob": lambda x, m, var: gaussian_log_prob(x, m, var.log().expand_as(x)),
        "torch.distributions": lambda x, m, var: Normal(m, var.sqrt()).log_prob(x).sum(-1),
    },
    mutants={
        "no ½": lambda x, m, var: scaled_sse(x, m, var, scale=1),
        "σ for σ²": lambda x, m, var: scaled_sse(x, m, var.sqrt()),
        "constant once, not D times": lambda x, m, var: scaled_sse(x, m, var, constants=1),
        "constant D² times": lambda x, m, var: scaled_sse(x, m, var, constants=36),
        "no constant": lambda x, m, var: scaled_sse(x, m, var, constants=0),
        "mean over the pixels": lambda x, m, var: scaled_sse(x, m, var) / 6,
    },
)
