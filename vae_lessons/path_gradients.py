"""The importance-weighted bound with a gradient for the encoder that follows the paths of the draws alone."""

import math

import torch
from torch import Tensor

from vae_lessons.draws import draw, log_likelihood
from vae_lessons.likelihoods import gaussian_log_prob, log_prior


def path_iw_terms(model, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """As `iw_terms`, with the encoder's gradient from (B.3): along the paths of the draws, with squared weights.

    The value is the same. The gradient of the decoder is the same too, unless its parameters are the encoder's as
    well; that of the encoder has the same expectation, and less variance near the posterior. With L = 1 draw it is the
    gradient (B.2) of Roeder et al. (2017), with more that of Tucker et al. (2019), "doubly reparameterized".

    Parameters
    ----------
    model : Module
        See the top of `vae_lessons.objectives`; log p(x|z) must not depend on the encoder but through z.
    x : Tensor, shape (M, D)
        Images.
    eps : Tensor, shape (L, M, J)
        Standard normal noise, L draws per image.

    Returns
    -------
    (Tensor, Tensor), each of shape (M,)
        The bound (7.7), in nats per image, and zeros.

    Raises
    ------
    ValueError
        If a shape does not fit, or if a tensor is empty or holds integers or NaN.
    """
    mu, log_var, z = draw(model, x, eps)
    log_q = gaussian_log_prob(z, mu.detach(), log_var.detach())  # φ is left in z alone
    log_w = log_likelihood(model, x, z) + log_prior(z) - log_q
    if z.requires_grad:
        weights = torch.softmax(log_w.detach(), 0).unsqueeze(-1)
        z.register_hook(lambda gradient: weights * gradient)  # autograd brings the first factor ω, this is the second
    bound = torch.logsumexp(log_w, 0) - math.log(len(eps))
    return bound, torch.zeros_like(bound)
