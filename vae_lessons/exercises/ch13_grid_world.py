"""The model of exercise 13.2, whose log p(x) is known, and the sum that finds it."""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations import worlds
from vae_lessons.likelihoods import log_prior


class Model(worlds.LinearGaussian):
    """A model with two latents whose log p(x) is known; it takes z in any precision."""

    z_dim = 2

    def log_likelihood(self, x, z):
        """Log p(x|z), (M, D) and (L, 1, 2) or (L, M, 2) -> (L, M)."""
        x, z = (torch.as_tensor(np.asarray(t) if not isinstance(t, Tensor) else t).double() for t in (x, z))
        if z.ndim < 3:
            raise ValueError(f"z must have shape (L, 1, 2) or (L, M, 2), got {tuple(z.shape)}")
        return super().log_likelihood(x, z)


def model_of(seed: int) -> Model:
    """Build a model of four pixels with fixed random weights; its posteriors have standard deviations of about 0.3."""
    w = torch.randn(4, 2, generator=torch.Generator().manual_seed(seed)).double()
    q, _ = torch.linalg.qr(w)
    return Model(q * torch.tensor([1.9, 1.5]).double(), torch.tensor(0.3).double(), torch.tensor([0.2, -0.1, 0.4, 0.3]))


def exact(model, x: Tensor) -> Tensor:
    """Log p(x) by the sum (13.2) over 121² points."""
    axis = torch.linspace(-6, 6, 121)
    z = torch.cartesian_prod(axis, axis)[:, None]
    return torch.logsumexp(model.log_likelihood(x, z) + log_prior(z), 0) + 2 * torch.log(axis[1] - axis[0])
