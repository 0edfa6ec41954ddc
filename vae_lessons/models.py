"""The networks of the course."""

import math

import torch
from torch import Generator, Tensor, nn

from vae_lessons.likelihoods import bernoulli_log_prob, gaussian_log_prob


class Encoder(nn.Module):
    """x ↦ (μ, log σ²) of q(z|x): one hidden layer and two linear heads."""

    def __init__(self, x_dim: int, h_dim: int, z_dim: int, activation: nn.Module):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(x_dim, h_dim), activation)
        self.mu = nn.Linear(h_dim, z_dim)
        self.log_var = nn.Linear(h_dim, z_dim)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, (M, D) -> (M, J) each."""
        h = self.hidden(x)
        return self.mu(h), self.log_var(h)


class VAE(nn.Module):
    """The variational autoencoder for binary images: ReLU networks, Bernoulli pixels, equation (11.2).

    Parameters
    ----------
    x_dim, h_dim, z_dim : int
        Pixels D, hidden units, latent dimensions J. The defaults are the classic network of 652,824 parameters.
    """

    def __init__(self, x_dim: int = 784, h_dim: int = 400, z_dim: int = 20):
        super().__init__()
        self.z_dim = z_dim
        self.encoder = Encoder(x_dim, h_dim, z_dim, nn.ReLU())
        self.decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return bernoulli_log_prob(x, self.decoder(z))

    def mean(self, z: Tensor) -> Tensor:
        """E[x|z]: for binary pixels the probability of a 1, (..., J) -> (..., D)."""
        return torch.sigmoid(self.decoder(z))

    def sample(self, z: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z), (..., J) -> (..., D)."""
        return torch.bernoulli(self.mean(z), generator=generator)


class GaussianHead(nn.Module):
    """h ↦ (m, log σ_x²): two linear heads, the standard deviation held above `min_std`."""

    def __init__(self, h_dim: int, x_dim: int, min_std: float):
        super().__init__()
        self.mean = nn.Linear(h_dim, x_dim)
        self.log_var = nn.Linear(h_dim, x_dim)
        self.min_log_var = 2 * math.log(min_std)

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of every pixel, (..., H) -> (..., D) each."""
        return self.mean(h), self.log_var(h).clamp(min=self.min_log_var)


class GaussianVAE(nn.Module):
    """The network of Kingma and Welling (2014), appendix C: tanh networks, normal pixels, equation (11.3).

    Parameters
    ----------
    x_dim, h_dim, z_dim : int
        Pixels D, hidden units, latent dimensions J. The defaults give 967,208 parameters.
    min_std : float
        Floor of the pixels' standard deviation: without one, the likelihood of a pixel that never varies has no
        upper bound.
    """

    def __init__(self, x_dim: int = 784, h_dim: int = 400, z_dim: int = 20, min_std: float = 0.05):
        super().__init__()
        self.z_dim = z_dim
        self.encoder = Encoder(x_dim, h_dim, z_dim, nn.Tanh())
        self.decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.Tanh(), GaussianHead(h_dim, x_dim, min_std))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return gaussian_log_prob(x, *self.decoder(z))

    def mean(self, z: Tensor) -> Tensor:
        """E[x|z], (..., J) -> (..., D)."""
        return self.decoder(z)[0]

    def sample(self, z: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z), (..., J) -> (..., D)."""
        mean, log_var = self.decoder(z)
        noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype, device=mean.device)
        return mean + torch.exp(0.5 * log_var) * noise
