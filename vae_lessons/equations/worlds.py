"""A small model that is exactly solvable: the oracle of the checks of chapters 13 and 14."""

import math

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from vae_lessons.likelihoods import gaussian_log_prob


class LinearGaussian:
    """p(z) = N(0, I), p(x|z) = N(Wz + b, σ²I): evidence and posterior are normal; q is what `q` gives, if anything."""

    def __init__(self, w: Tensor, var: Tensor, b: Tensor | float = 0.0, q: tuple[Tensor, Tensor] | None = None):
        self.w, self.var, self.b, self.q = w, var, b, q

    def encoder(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mean and log-variance of q for each image."""
        return self.q

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Compute log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return gaussian_log_prob(x, z @ self.w.mT + self.b, self.var.log().expand_as(x))

    def covariance(self) -> Tensor:
        """Compute the covariance W Wᵀ + σ²I of x."""
        return self.w @ self.w.mT + self.var * torch.eye(len(self.w), dtype=self.w.dtype)

    def log_evidence(self, x: Tensor) -> Tensor:
        """Compute log p(x), (M, D) -> (M,)."""
        return MultivariateNormal(self.b + torch.zeros_like(x[0]), self.covariance()).log_prob(x)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the mean (M, J) and the covariance (J, J) of p(z|x)."""
        cov = torch.linalg.inv(self.w.mT @ self.w / self.var + torch.eye(self.w.shape[1], dtype=self.w.dtype))
        return (x - self.b) @ self.w @ cov / self.var, cov


def sigma_points(z_dim: int) -> Tensor:
    """Return 2J values of ε, (2J, 1, J): their average of a quadratic function is its exact mean under N(0, I)."""
    root = math.sqrt(z_dim) * torch.eye(z_dim, dtype=torch.float64)
    return torch.cat([root, -root])[:, None]
