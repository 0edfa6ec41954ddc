"""The evidence lower bound (ELBO) and its relatives: nats per image, to be maximised.

`model` is anything with an `encoder(x)` that returns `(mu, log_var)` of q(z|x), and a method
`log_likelihood(x, z)` that returns log p(x|z) in the leading shape of z.
"""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.draws import draw, log_likelihood
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.loss_weights import effective_beta, kl_free_bits
from vae_lessons.path_gradients import path_iw_terms

__all__ = [
    "effective_beta",
    "elbo_analytic_kl",
    "elbo_mc",
    "elbo_terms",
    "iw_log_lik",
    "iw_terms",
    "kl_free_bits",
    "log_weights",
    "path_iw_terms",
]


def elbo_terms(model, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """The two terms of the ELBO: reconstruction E_q log p(x|z), estimated, and KL(q‖p(z)), exact; (6.8) and (7.4).

    Parameters
    ----------
    model : Module
        See the top of this module.
    x : Tensor, shape (M, D)
        Images.
    eps : Tensor, shape (L, M, J)
        Standard normal noise, L draws per image.

    Returns
    -------
    (Tensor, Tensor), each of shape (M,)
        Log-likelihood, averaged over the L draws, and KL divergence, in nats per image.

    Raises
    ------
    ValueError
        If a shape does not fit, or if a tensor is empty or holds integers or NaN.
    """
    mu, log_var, z = draw(model, x, eps)
    return log_likelihood(model, x, z).mean(0), kl_std_normal(mu, log_var)


def elbo_analytic_kl(model, x: Tensor, eps: Tensor, beta: float = 1.0) -> Tensor:
    """The ELBO with its KL term in closed form, equation (7.4); with β ≠ 1, equation (14.1).

    Parameters
    ----------
    model, x, eps
        As in `elbo_terms`.
    beta : float
        Weight of the KL term. With β ≥ 1 it is a bound on log p(x), the tighter the smaller β; with β < 1 it is none.

    Returns
    -------
    Tensor, shape (M,)
        Nats per image.
    """
    log_lik, kl = elbo_terms(model, x, eps)
    return log_lik - beta * kl


def log_weights(model, x: Tensor, eps: Tensor) -> Tensor:
    """Log importance weights log p(x|z) + log p(z) - log q(z|x) at draws z of q(z|x), as in (7.3).

    Parameters
    ----------
    model, x, eps
        As in `elbo_terms`.

    Returns
    -------
    Tensor, shape (L, M)
        Nats, one value per draw and image.
    """
    mu, log_var, z = draw(model, x, eps)
    return log_likelihood(model, x, z) + log_prior(z) - gaussian_log_prob(z, mu, log_var)


def elbo_mc(model, x: Tensor, eps: Tensor) -> Tensor:
    """The ELBO with every term estimated from the same draws, equation (7.3).

    Parameters
    ----------
    model, x, eps
        As in `elbo_terms`.

    Returns
    -------
    Tensor, shape (M,)
        Nats per image.
    """
    return log_weights(model, x, eps).mean(0)


def iw_log_lik(model, x: Tensor, eps: Tensor) -> Tensor:
    """The importance-weighted bound on log p(x), equations (7.7) and (13.1); Burda et al. (2016).

    With L = 1 draw it is the ELBO on average; it grows towards log p(x) with L.

    Parameters
    ----------
    model, x, eps
        As in `elbo_terms`.

    Returns
    -------
    Tensor, shape (M,)
        Nats per image.
    """
    return torch.logsumexp(log_weights(model, x, eps), 0) - math.log(len(eps))


def iw_terms(model, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """The importance-weighted bound as an objective for `fit`: the bound (7.7) in place of the first term, and 0.

    Parameters
    ----------
    model, x, eps
        As in `elbo_terms`; with L draws in eps the bound is 𝓛_L.

    Returns
    -------
    (Tensor, Tensor), each of shape (M,)
        The bound, in nats per image, and zeros: its KL divergence has no term of its own.
    """
    bound = iw_log_lik(model, x, eps)
    return bound, torch.zeros_like(bound)
