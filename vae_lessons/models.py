"""The networks of the course."""

import math
from typing import Self

import torch
from torch import Generator, Tensor, nn

from vae_lessons.conditional_vae import ConditionalVAE
from vae_lessons.conv_vae import ConvVAE
from vae_lessons.likelihoods import bernoulli_log_prob, gaussian_log_prob
from vae_lessons.linear_vae import LinearVAE
from vae_lessons.validation import refuse_nan, require_above_zero, require_columns, require_sizes

__all__ = [
    "VAE",
    "Autoencoder",
    "ConditionalVAE",
    "ConvVAE",
    "Decoder",
    "DeepVAE",
    "Encoder",
    "GaussianHead",
    "GaussianVAE",
    "LinearVAE",
]


class Autoencoder(nn.Module):
    """A code of few numbers and back, by two networks with one hidden layer each, equation (1.1).

    Parameters
    ----------
    x_dim, h_dim, z_dim : int
        Pixels D, hidden units, numbers in the code J.
    """

    def __init__(self, x_dim: int = 64, h_dim: int = 32, z_dim: int = 2):
        super().__init__()
        require_sizes(x_dim=x_dim, h_dim=h_dim, z_dim=z_dim)
        self.z_dim = z_dim
        self.f = nn.Sequential(nn.Linear(x_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, z_dim))
        self.g = Decoder(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))

    def encode(self, x: Tensor) -> Tensor:
        """The code z = f(x), (..., D) -> (..., J)."""
        require_columns(self.f[0].weight, x=x)
        return self.f(x)

    def decode(self, z: Tensor) -> Tensor:
        """The reconstruction g(z), (..., J) -> (..., D); any number may come out."""
        return self.g(z)

    def forward(self, x: Tensor) -> Tensor:
        """There and back, g(f(x)), (..., D) -> (..., D)."""
        return self.decode(self.encode(x))


class Decoder(nn.Sequential):
    """z ↦ what p(x|z) needs: layers, one after the other."""

    def forward(self, z: Tensor):
        """Whatever the last layer returns; z has shape (..., J)."""
        require_columns(self[0].weight, z=z)
        refuse_nan("z", z)
        return super().forward(z)


class Encoder(nn.Module):
    """x ↦ (μ, log σ²) of q(z|x): one hidden layer and two linear heads."""

    def __init__(self, x_dim: int, h_dim: int, z_dim: int, activation: nn.Module):
        super().__init__()
        require_sizes(x_dim=x_dim, h_dim=h_dim, z_dim=z_dim)
        self.hidden = nn.Sequential(nn.Linear(x_dim, h_dim), activation)
        self.mu = nn.Linear(h_dim, z_dim)
        self.log_var = nn.Linear(h_dim, z_dim)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, (M, D) -> (M, J) each."""
        require_columns(self.hidden[0].weight, x=x)
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
        self.decoder = Decoder(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return bernoulli_log_prob(x, self.decoder(z))

    def mean(self, z: Tensor) -> Tensor:
        """E[x|z]: for binary pixels the probability of a 1, (..., J) -> (..., D)."""
        return torch.sigmoid(self.decoder(z))

    def sample(self, z: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z), (..., J) -> (..., D)."""
        return torch.bernoulli(self.mean(z), generator=generator)


class DeepVAE(VAE):
    """The network of Burda et al. (2016) with one stochastic layer: two tanh layers each way, Bernoulli pixels.

    Its weights start as theirs do: Glorot and Bengio (2010), all biases 0 but the last, see `start_at`.

    Parameters
    ----------
    x_dim, h_dim, z_dim : int
        Pixels D, hidden units, latent dimensions J. The defaults are those of the paper, for MNIST.
    """

    def __init__(self, x_dim: int = 784, h_dim: int = 200, z_dim: int = 50):
        super().__init__(x_dim, h_dim, z_dim)
        layers = nn.Linear(x_dim, h_dim), nn.Tanh(), nn.Linear(h_dim, h_dim), nn.Tanh()
        self.encoder.hidden = nn.Sequential(*layers)
        layers = nn.Linear(z_dim, h_dim), nn.Tanh(), nn.Linear(h_dim, h_dim), nn.Tanh()
        self.decoder = Decoder(*layers, nn.Linear(h_dim, x_dim))
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)

    def start_at(self, mean_image: Tensor) -> Self:
        """Let the decoder start at the mean training image (D,): the last bias becomes its logit."""
        with torch.no_grad():
            self.decoder[-1].bias.copy_(torch.logit(mean_image, eps=1e-3))
        return self


class GaussianHead(nn.Module):
    """h ↦ (m, log σ_x²): two linear heads, the standard deviation held above `min_std`."""

    def __init__(self, h_dim: int, x_dim: int, min_std: float):
        super().__init__()
        require_sizes(h_dim=h_dim, x_dim=x_dim)
        require_above_zero(min_std=min_std)
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
        self.decoder = Decoder(nn.Linear(z_dim, h_dim), nn.Tanh(), GaussianHead(h_dim, x_dim, min_std))

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
