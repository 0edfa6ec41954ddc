"""Log-densities that a decoder can stand for, and the log-prior. All in nats, summed over the last axis."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from vae_lessons.validation import explain_nan, require_same_event

LOG_2PI = math.log(2 * math.pi)


def bernoulli_log_prob(x: Tensor, logits: Tensor) -> Tensor:
    """Log-probability of binary pixels under independent Bernoullis with the given logits, (9.1) and (9.2).

    The form x·a - softplus(a) stays exact for logits of ±1000, where log(sigmoid(a)) is -inf.

    Parameters
    ----------
    x : Tensor, shape (..., D)
        Pixels in [0, 1]; a likelihood only if they are 0 or 1.
    logits : Tensor, shape (..., D)
        Log-odds a = log π - log(1 - π) of a pixel being 1, finite.

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per image.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(x=x, logits=logits)
    return explain_nan((x * logits - _softplus(logits)).sum(-1), x=x, logits=logits)


def _softplus(a: Tensor) -> Tensor:
    """Log(1 + e^a), as `a` itself only from 40: torch's own threshold of 20 costs 2e-9 in float64."""
    return functional.softplus(a, threshold=40)


def continuous_bernoulli_log_prob(x: Tensor, logits: Tensor) -> Tensor:
    """Log-density of grey pixels under independent continuous Bernoullis, (9.8); Loaiza-Ganem and Cunningham (2019).

    It is the Bernoulli form plus log C(λ), which makes the density integrate to 1 over [0, 1]; λ = sigmoid(a).

    Parameters
    ----------
    x : Tensor, shape (..., D)
        Pixels in [0, 1].
    logits : Tensor, shape (..., D)
        a = log λ - log(1 - λ), finite; λ is not the mean.

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per image; a log-density may be positive.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(x=x, logits=logits)
    log_density = (_log_normalizer(logits) + x * logits - _softplus(logits)).sum(-1)
    return explain_nan(log_density, x=x, logits=logits)


# log(u / tanh u) = u²/3 - 7u⁴/90 + ...: the next term is below 1e-17 for u < 0.1
_SERIES = (1 / 3, -7 / 90, 62 / 2835, -127 / 18900, 146 / 66825, -1414477 / 1915538625)


def _log_normalizer(logits: Tensor) -> Tensor:
    """Log C of (9.8): 1 - 2λ = -tanh(a/2), so that C = a / tanh(a/2); a series where that is 0/0."""
    near = logits.abs() < 0.2
    a = torch.where(near, 1.0, logits)  # neither branch may divide by zero: its gradient would be NaN
    square = torch.where(near, logits / 2, 0.0) ** 2
    series = sum(coefficient * square**n for n, coefficient in enumerate(_SERIES, 1))
    return torch.where(near, math.log(2) + series, torch.log(a / torch.tanh(a / 2)))


def gaussian_log_prob(x: Tensor, mean: Tensor, log_var: Tensor) -> Tensor:
    """Log-density of independent normals with the given means and log-variances, (9.3).

    Parameters
    ----------
    x, mean, log_var : Tensor, shape (..., D)
        Values, means and log-variances ℓ = log σ².

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per example.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(x=x, mean=mean, log_var=log_var)
    log_density = -0.5 * (LOG_2PI + log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)
    return explain_nan(log_density, x=x, mean=mean, log_var=log_var)


def log_prior(z: Tensor) -> Tensor:
    """Log-density of the prior p(z) = N(0, I).

    Parameters
    ----------
    z : Tensor, shape (..., J)
        Latent points.

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per point.

    Raises
    ------
    ValueError
        If the tensor is a scalar or empty, or holds integers or NaN.
    """
    require_same_event(z=z)
    return explain_nan(-0.5 * (LOG_2PI + z**2).sum(-1), z=z)
