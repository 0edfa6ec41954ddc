"""Log-densities that a decoder can stand for, and the log-prior. All in nats, summed over the last axis."""

import math

import torch
from torch import Tensor
from torch.nn.functional import softplus

from vae_lessons.validation import require_float, require_same_event

LOG_2PI = math.log(2 * math.pi)


def bernoulli_log_prob(x: Tensor, logits: Tensor) -> Tensor:
    """Log-probability of binary pixels under independent Bernoullis with the given logits, (9.1) and (9.2).

    The form x·a - softplus(a) stays exact for logits of ±1000, where log(sigmoid(a)) is -inf.

    Parameters
    ----------
    x : Tensor, shape (..., D)
        Pixels in [0, 1]; a likelihood only if they are 0 or 1.
    logits : Tensor, shape (..., D)
        Log-odds a = log π - log(1 - π) of a pixel being 1.

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per image.

    Raises
    ------
    ValueError
        If the shapes do not fit or a tensor holds integers.
    """
    require_same_event(x=x, logits=logits)
    return (x * logits - softplus(logits)).sum(-1)


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
        If the shapes do not fit or a tensor holds integers.
    """
    require_same_event(x=x, mean=mean, log_var=log_var)
    return -0.5 * (LOG_2PI + log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)


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
    """
    require_float(z=z)
    return -0.5 * (LOG_2PI + z**2).sum(-1)
