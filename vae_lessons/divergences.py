"""Kullback-Leibler divergences in nats: discrete, normal, and estimated from samples.

KL(q‖p) = E_q[log q - log p] is said "the KL of q from p". It is never negative, and it is not symmetric.
"""

import math

import torch
from torch import Tensor

from vae_lessons.cholesky import cholesky, log_det, solve
from vae_lessons.validation import (
    explain_nan,
    require_batch,
    require_broadcastable,
    require_positive,
    require_probabilities,
    require_same_dtype,
    require_same_event,
)


def kl_discrete(p: Tensor, q: Tensor) -> Tensor:
    """KL(p‖q) of two distributions on the same finite set, equation (3.1).

    An outcome with p = 0 contributes nothing; one with q = 0 < p makes the divergence infinite, (3.7).

    Parameters
    ----------
    p, q : Tensor, shape (..., K)
        Probabilities, summing to 1 over the last axis.

    Returns
    -------
    Tensor, shape (...)
        Nats, one value per pair of distributions.

    Raises
    ------
    ValueError
        If an argument is negative or does not sum to 1, or if the shapes do not fit.
    """
    require_same_event(p=p, q=q)
    require_probabilities(p=p, q=q)
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(-1)


def kl_normal(mu_q: Tensor, std_q: Tensor, mu_p: Tensor, std_p: Tensor) -> Tensor:
    """KL(N(μ_q, σ_q²) ‖ N(μ_p, σ_p²)) of univariate normals, equation (4.1).

    Parameters
    ----------
    mu_q, std_q, mu_p, std_p : Tensor, shapes that broadcast
        Means and standard deviations (not variances).

    Returns
    -------
    Tensor
        Nats, in the broadcast shape.

    Raises
    ------
    ValueError
        If a standard deviation is not positive, or if the shapes do not fit.
    """
    require_broadcastable(mu_q=mu_q, std_q=std_q, mu_p=mu_p, std_p=std_p)
    require_positive(std_q=std_q, std_p=std_p)
    ratio, shift = std_q / std_p, (mu_q - mu_p) / std_p
    return explain_nan(0.5 * (ratio**2 + shift**2 - 1) - torch.log(ratio), mu_q=mu_q, mu_p=mu_p)


def kl_std_normal(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(μ, diag e^ℓ) ‖ N(0, I)), the regulariser of the VAE, equation (4.2).

    Parameters
    ----------
    mu, log_var : Tensor, shape (..., J)
        Mean and log-variance ℓ = log σ² of each latent dimension.

    Returns
    -------
    Tensor, shape (...)
        Nats, summed over the J dimensions, one value per example.

    Raises
    ------
    ValueError
        If the shapes do not fit or a tensor holds integers.
    """
    require_same_event(mu=mu, log_var=log_var)
    return explain_nan(0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(-1), mu=mu, log_var=log_var)


def kl_multivariate_normal(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor) -> Tensor:
    """KL(N(μ_q, Σ_q) ‖ N(μ_p, Σ_p)) with full covariances, equation (4.4).

    With the Cholesky factors L_q and L_p the trace is ‖L_p⁻¹ L_q‖² and the quadratic term ‖L_p⁻¹ (μ_p - μ_q)‖².

    Parameters
    ----------
    mu_q, mu_p : Tensor, shape (..., J)
        Means.
    cov_q, cov_p : Tensor, shape (..., J, J)
        Covariances, symmetric and positive definite.

    Returns
    -------
    Tensor, shape (...)
        Nats.

    Raises
    ------
    ValueError
        If a covariance is not symmetric positive definite, or if the shapes do not fit.
    """
    require_same_dtype(mu_q=mu_q, cov_q=cov_q, mu_p=mu_p, cov_p=cov_p)
    root_q, root_p = cholesky(cov_q=cov_q), cholesky(cov_p=cov_p)
    require_same_event(mu_q=mu_q, cov_q=cov_q[..., 0, :], mu_p=mu_p, cov_p=cov_p[..., 0, :])
    trace = (torch.linalg.solve_triangular(root_p, root_q, upper=False) ** 2).sum((-2, -1))
    distance = (solve(root_p, mu_p - mu_q) ** 2).sum(-1)
    kl = 0.5 * (trace + distance - mu_q.shape[-1] + log_det(root_p) - log_det(root_q))
    return explain_nan(kl, mu_q=mu_q, mu_p=mu_p)


def kl_monte_carlo(log_q: Tensor, log_p: Tensor) -> tuple[Tensor, Tensor]:
    """Estimate KL(q‖p) from draws of q: the mean of log q - log p, with its standard error, (7.1) and (7.2).

    Parameters
    ----------
    log_q, log_p : Tensor, shape (L, ...)
        Log-densities of both distributions at the same L ≥ 2 draws from q.

    Returns
    -------
    (Tensor, Tensor), each of shape (...)
        The estimate and its standard error, in nats.

    Raises
    ------
    ValueError
        If there are fewer than two draws, or if the shapes do not fit.
    """
    require_batch(log_q=log_q, log_p=log_p)
    if log_q.shape != log_p.shape:
        raise ValueError(f"log_q {tuple(log_q.shape)} and log_p {tuple(log_p.shape)} must have the same shape")
    if log_q.ndim == 0 or len(log_q) < 2:
        raise ValueError(f"log_q must hold at least 2 draws on its first axis, got shape {tuple(log_q.shape)}")
    log_ratio = log_q - log_p
    explain_nan(log_ratio, log_q=log_q, log_p=log_p)
    return log_ratio.mean(0), log_ratio.std(0) / math.sqrt(len(log_ratio))
