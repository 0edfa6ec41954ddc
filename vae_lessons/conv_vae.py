"""The VAE with convolutions: weights that are shared by all places of an image."""

import torch
from torch import Generator, Tensor, nn

from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.validation import refuse_nan, require_columns, require_same_dtype, require_sizes


class ConvEncoder(nn.Module):
    """x ↦ (μ, log σ²) of q(z|x): two convolutions that halve the side, then two linear heads."""

    def __init__(self, side: int, channels: int, z_dim: int):
        super().__init__()
        self.side = side
        self.hidden = nn.Sequential(
            nn.Conv2d(1, channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
        )
        size = 2 * channels * (side // 4) ** 2
        self.mu = nn.Linear(size, z_dim)
        self.log_var = nn.Linear(size, z_dim)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance, (M, D) -> (M, J) each; the pixels of an image in the order of its rows."""
        require_same_dtype(x=x, **{"the model": self.mu.weight})
        if x.ndim != 2 or x.shape[1] != self.side**2:
            raise ValueError(f"x must have shape (M, D) = (M, {self.side**2}), got {tuple(x.shape)}")
        h = self.hidden(x.reshape(-1, 1, self.side, self.side))
        return self.mu(h), self.log_var(h)


class ConvDecoder(nn.Module):
    """z ↦ logits of the pixels: a linear layer, then two transposed convolutions that double the side."""

    def __init__(self, side: int, channels: int, z_dim: int):
        super().__init__()
        first = 2 * channels, side // 4, side // 4
        self.linear = nn.Linear(z_dim, first[0] * first[1] * first[2])
        self.hidden = nn.Sequential(
            nn.ReLU(),
            nn.Unflatten(1, first),
            nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, 1, 4, stride=2, padding=1),
            nn.Flatten(),
        )

    def forward(self, z: Tensor) -> Tensor:
        """Logits, (..., J) -> (..., D)."""
        require_columns(self.linear.weight, z=z)
        refuse_nan("z", z)
        points = z.reshape(-1, z.shape[-1])  # convolutions know one axis of examples
        return self.hidden(self.linear(points)).reshape(*z.shape[:-1], -1)


class ConvVAE(nn.Module):
    """A VAE for square binary images whose networks are convolutions (C.1) and their transposes (C.2).

    Parameters
    ----------
    side : int
        Pixels along one side, a multiple of 4; D = side².
    channels : int
        Channels at half the side; there are twice as many at a quarter of it.
    z_dim : int
        Latent dimensions J. The defaults give 24,597 parameters.
    """

    def __init__(self, side: int = 8, channels: int = 20, z_dim: int = 8):
        super().__init__()
        require_sizes(side=side, channels=channels, z_dim=z_dim)
        if side % 4:
            raise ValueError(f"side must be a multiple of 4, because it is halved twice, got {side}")
        self.z_dim = z_dim
        self.encoder = ConvEncoder(side, channels, z_dim)
        self.decoder = ConvDecoder(side, channels, z_dim)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return bernoulli_log_prob(x, self.decoder(z))

    def mean(self, z: Tensor) -> Tensor:
        """E[x|z], the probability of a 1 in each pixel, (..., J) -> (..., D)."""
        return torch.sigmoid(self.decoder(z))

    def sample(self, z: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z), (..., J) -> (..., D)."""
        return torch.bernoulli(self.mean(z), generator=generator)
