"""The aggregate posterior q(z) = (1/N) Σ q(z|x), and what the KL term is made of."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.evaluation.estimates import Estimate, estimate
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.sampling import reparameterize
from vae_lessons.validation import require_batch, require_same_event


class Surgery(NamedTuple):
    """The average KL and its two parts, (13.4), in nats per image. The standard errors are those of the draws.

    Attributes
    ----------
    kl : float
        (1/N) Σ KL(q(z|x)‖p(z)), exact.
    information : Estimate
        I, what z tells about which of the N images it came from: between 0 and log N.
    marginal : Estimate
        KL(q(z)‖p(z)), how far the aggregate posterior is from the prior.
    """

    kl: float
    information: Estimate
    marginal: Estimate


@torch.no_grad()
def aggregate_log_prob(z: Tensor, mu: Tensor, log_var: Tensor, rows: int = 2_000) -> Tensor:
    """Log-density of the aggregate posterior, the mean of N normals, in bounded memory; Hoffman and Johnson (2016).

    Parameters
    ----------
    z : Tensor, shape (..., J)
        Latent points.
    mu, log_var : Tensor, shape (N, J)
        What the encoder returns for the N images.
    rows : int
        At most this many points meet the N images at once.

    Returns
    -------
    Tensor, shape (...)
        Nats.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(mu=mu, log_var=log_var)
    require_batch(z=z, mu=mu)
    parts = z.reshape(-1, 1, z.shape[-1]).split(rows)
    log_q = [torch.logsumexp(gaussian_log_prob(part, mu, log_var), 1) for part in parts]
    return torch.cat(log_q).reshape(z.shape[:-1]) - math.log(len(mu))


@torch.no_grad()
def elbo_surgery(mu: Tensor, log_var: Tensor, eps: Tensor) -> Surgery:
    """What the average KL of N images is made of, (13.4); Hoffman and Johnson (2016).

    Parameters
    ----------
    mu, log_var : Tensor, shape (N, J)
        What the encoder returns for the images.
    eps : Tensor, shape (L, N, J)
        Standard normal noise, L ≥ 2 draws per image.

    Returns
    -------
    Surgery
        The average KL, exact, and its two parts, estimated from the draws. Their sum differs from it by noise alone.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    z = reparameterize(mu, log_var, eps)
    log_q = aggregate_log_prob(z, mu, log_var)
    information, marginal = gaussian_log_prob(z, mu, log_var) - log_q, log_q - log_prior(z)
    return Surgery(kl_std_normal(mu, log_var).mean().item(), estimate(information.mean(1)), estimate(marginal.mean(1)))
