"""Small models whose likelihood is known exactly: oracles for the estimators."""

import torch
from torch import nn

from vae_lessons.likelihoods import gaussian_log_prob


class LinearGaussian(nn.Module):
    """p(x|z) = N(Wz, v), p(z) = N(0, I), with its exact evidence; q is the exact posterior, moved by `shift`."""

    def __init__(self, x_dim=4, z_dim=2, v=0.3, shift=0.0, seed=0):
        super().__init__()
        self.z_dim, self.v, self.shift = z_dim, v, shift
        w = torch.randn(x_dim, z_dim, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        q, _ = torch.linalg.qr(w)
        self.w = nn.Parameter(
            q * torch.linspace(1.5, 0.7, z_dim, dtype=torch.float64)
        )  # WᵀW diagonal: so is the posterior

    def encoder(self, x):
        precision = (self.w**2).sum(0) / self.v + 1
        return x @ self.w / self.v / precision + self.shift, -torch.log(precision).expand(len(x), -1)

    def log_likelihood(self, x, z):
        return gaussian_log_prob(x, z @ self.w.T, torch.full_like(x, self.v).log())

    def log_evidence(self, x):
        cov = self.w @ self.w.T + self.v * torch.eye(len(self.w), dtype=torch.float64)
        return torch.distributions.MultivariateNormal(torch.zeros(len(self.w)).double(), cov).log_prob(x)
