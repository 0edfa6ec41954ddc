"""Small worlds in which everything is known exactly, and how the tests hold an estimate against them."""

import numpy as np
import pytest
import torch
from torch import nn

from vae_lessons.likelihoods import gaussian_log_prob

F64 = torch.float64


class LinearGaussian(nn.Module):
    """p(x|z) = N(Wz, v), p(z) = N(0, I), with its exact evidence; q is the exact posterior, moved by `shift`."""

    def __init__(self, x_dim=4, z_dim=2, v=0.3, shift=0.0, seed=0):
        super().__init__()
        self.z_dim, self.v, self.shift = z_dim, v, shift
        w = torch.randn(x_dim, z_dim, dtype=F64, generator=torch.Generator().manual_seed(seed))
        q, _ = torch.linalg.qr(w)
        self.w = nn.Parameter(q * torch.linspace(1.5, 0.7, z_dim, dtype=F64))  # WᵀW diagonal: so is the posterior

    def encoder(self, x):
        precision = (self.w**2).sum(0) / self.v + 1
        return x @ self.w / self.v / precision + self.shift, -torch.log(precision).expand(len(x), -1)

    def log_likelihood(self, x, z):
        return gaussian_log_prob(x, z @ self.w.T, torch.full_like(x, self.v).log())

    def log_evidence(self, x):
        cov = self.w @ self.w.T + self.v * torch.eye(len(self.w)).to(self.w)
        return torch.distributions.MultivariateNormal(torch.zeros(len(self.w)).to(self.w), cov).log_prob(x)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def randn(*shape, seed=0, dtype=F64):
    return torch.randn(*shape, dtype=dtype, generator=generator(seed))


def spd(*shape, seed=0):
    """Draw covariances: symmetric, positive definite, none of them diagonal."""
    root = randn(*shape, shape[-1], seed=seed)
    return root @ root.mT + 0.5 * torch.eye(shape[-1], dtype=F64)


def gauss_hermite(n, dims=1):
    """Nodes (n^dims, dims) and weights (n^dims,): exact means under N(0, I) of polynomials of degree 2n - 1."""
    nodes, weights = (torch.tensor(t) for t in np.polynomial.hermite_e.hermegauss(n))
    grid = torch.cartesian_prod(*[nodes] * dims).reshape(-1, dims)
    return grid, torch.cartesian_prod(*[weights / weights.sum()] * dims).reshape(-1, dims).prod(-1)


def assert_equal(actual, expected, atol=1e-12):
    torch.testing.assert_close(actual, torch.as_tensor(expected, dtype=actual.dtype), rtol=0, atol=atol)


def refusal(call, error=ValueError):
    """Make the call, which must fail, and return the message."""
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)
