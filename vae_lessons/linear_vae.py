"""The VAE whose every quantity is known exactly: probabilistic PCA with an encoder."""

import math
from typing import Self

import torch
from torch import Generator, Tensor, nn

from vae_lessons.cholesky import cholesky, log_det, solve
from vae_lessons.likelihoods import LOG_2PI, gaussian_log_prob
from vae_lessons.validation import (
    explain_nan,
    refuse_nan,
    require_above_zero,
    require_columns,
    require_same_event,
    require_sizes,
)


class LinearVAE(nn.Module):
    """The linear VAE: p(x|z) = N(Wz + b, σ²I), q(z|x) = N(Vx + c, diag e^ℓ) with one ℓ for all x.

    Parameters
    ----------
    x_dim, z_dim : int
        Pixels D, latent dimensions J.
    var : float
        σ², the variance of every pixel around its mean.
    learn_var : bool
        Whether σ² is a parameter, which `var` starts.
    """

    def __init__(self, x_dim: int = 64, z_dim: int = 8, var: float = 1.0, learn_var: bool = False):
        super().__init__()
        require_sizes(x_dim=x_dim, z_dim=z_dim)
        require_above_zero(var=var)
        self.z_dim = z_dim
        self.decoder = nn.Linear(z_dim, x_dim)
        self.mu = nn.Linear(x_dim, z_dim)
        self.log_var = nn.Parameter(torch.zeros(z_dim))
        self.log_var_x = nn.Parameter(torch.tensor(math.log(var)), requires_grad=learn_var)

    @classmethod
    def from_ppca(cls, x: Tensor, z_dim: int, var: float | None = None) -> Self:
        """Build the model of greatest likelihood, and its exact posterior; Tipping and Bishop (1999), eqs. 14 and 15.

        With λ_j the variances along the principal axes u_j, the columns of W are √(λ_j - σ²) u_j, or 0 where
        λ_j < σ²; unless `var` is given, σ² is the mean of the variances left out.

        Parameters
        ----------
        x : Tensor, shape (N, D)
            Images, more than J of them.
        z_dim : int
            Latent dimensions J, fewer than D.
        var : float, optional
            σ², to be kept as it is.

        Returns
        -------
        LinearVAE
            In the dtype and on the device of x, with a fixed σ².

        Raises
        ------
        ValueError
            If there are too few images or pixels, or if nothing varies in the directions left out.
        """
        n, x_dim = _require_data(x, z_dim)
        _, singular, axes = torch.linalg.svd(x - x.mean(0), full_matrices=False)
        variances = singular**2 / n
        if var is None:
            var = (variances[z_dim:].sum() / (x_dim - z_dim)).item()
        model = cls(x_dim, z_dim, var).to(x)
        kept = variances[:z_dim].clamp(min=var)
        model._set(axes[:z_dim], kept, x.mean(0), var)
        return model

    @torch.no_grad()
    def _set(self, axes: Tensor, variances: Tensor, centre: Tensor, var: float) -> None:
        """Put W, b and the posterior (2.7) in place: WᵀW is diagonal, and M = diag(λ)/σ²."""
        columns = axes * (variances - var).sqrt()[:, None]
        self.decoder.weight.copy_(columns.T)
        self.decoder.bias.copy_(centre)
        self.mu.weight.copy_(columns / variances[:, None])
        self.mu.bias.copy_(-self.mu.weight @ centre)
        self.log_var.copy_(torch.log(var / variances))
        self.log_var_x.fill_(math.log(var))

    def encoder(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x), (M, D) -> (M, J) each."""
        require_columns(self.mu.weight, x=x)
        mu = self.mu(x)
        return mu, self.log_var.expand_as(mu)

    def mean(self, z: Tensor) -> Tensor:
        """E[x|z], (..., J) -> (..., D)."""
        require_columns(self.decoder.weight, z=z)
        refuse_nan("z", z)
        return self.decoder(z)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        mean = self.mean(z)
        return gaussian_log_prob(x, mean, self.log_var_x.expand_as(mean))

    def sample(self, z: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z), (..., J) -> (..., D)."""
        mean = self.mean(z)
        noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype, device=mean.device)
        return mean + torch.exp(0.5 * self.log_var_x) * noise

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The exact p(z|x) = N(M⁻¹Wᵀ(x - b)/σ², M⁻¹) with M = I + WᵀW/σ², (2.7): mean (M, J), covariance (J, J)."""
        w, eye = self.decoder.weight, torch.eye(self.z_dim).to(self.log_var)
        residual = self._residual(x)
        root = cholesky(precision=eye + w.T @ w / self.log_var_x.exp())
        mean = torch.cholesky_solve((residual @ w / self.log_var_x.exp()).mT, root).mT
        return mean, torch.cholesky_solve(eye, root)

    def log_evidence(self, x: Tensor) -> Tensor:
        """The exact log p(x) of N(b, WWᵀ + σ²I), (2.6), (M, D) -> (M,)."""
        w, residual = self.decoder.weight, self._residual(x)
        root = cholesky(covariance=w @ w.T + self.log_var_x.exp() * torch.eye(len(w)).to(w))
        distance = (solve(root, residual) ** 2).sum(-1)
        return -0.5 * (len(w) * LOG_2PI + log_det(root) + distance)

    def _residual(self, x: Tensor) -> Tensor:
        require_columns(self.mu.weight, x=x)
        return explain_nan(x - self.decoder.bias, x=x)


def _require_data(x: Tensor, z_dim: int) -> tuple[int, int]:
    require_same_event(x=x)
    require_sizes(z_dim=z_dim)
    if x.ndim != 2 or min(x.shape) <= z_dim:
        raise ValueError(f"x must have shape (N, D), both more than z_dim = {z_dim}, got {tuple(x.shape)}")
    explain_nan(x.sum(0), x=x)
    return tuple(x.shape)
