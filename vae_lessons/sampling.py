"""Draws that gradients can pass through."""

import torch
from torch import Tensor

from vae_lessons.validation import require_same_event


def reparameterize(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """The point z = μ + σ ⊙ ε with σ = e^{ℓ/2}, equation (8.4).

    With ε ~ N(0, I) the result is a draw from N(μ, diag e^ℓ), and a differentiable function of μ and ℓ.

    Parameters
    ----------
    mu, log_var : Tensor, shape (M, J)
        Mean and log-variance ℓ = log σ².
    eps : Tensor, shape (L, M, J)
        Standard normal noise, L draws for each of the M examples.

    Returns
    -------
    Tensor, shape (L, M, J)
        Latent points.

    Raises
    ------
    ValueError
        If the shapes do not fit or a tensor holds integers.
    """
    require_same_event(mu=mu, log_var=log_var, eps=eps)
    return mu + torch.exp(0.5 * log_var) * eps
