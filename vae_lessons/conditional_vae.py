"""The VAE that is told what to draw: every network sees the label as well."""

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import one_hot

from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.validation import refuse_nan, require_columns, require_float, require_sizes


class ConditionalVAE(nn.Module):
    """The conditional VAE for binary images: p(x|z, y) and q(z|x, y) see the label, p(z) does not; equation (D.1).

    Its data are rows of `with_labels(x, y)`: D pixels, then K numbers that are 0 but for a 1 at the label. So `fit`,
    the objectives and the evaluation take it as they take a `VAE`, and what they bound is log p(x|y).

    Parameters
    ----------
    x_dim, h_dim, z_dim : int
        Pixels D, hidden units, latent dimensions J.
    n_labels : int
        Labels K, numbered from 0.
    """

    def __init__(self, x_dim: int = 64, h_dim: int = 64, z_dim: int = 8, n_labels: int = 10):
        super().__init__()
        require_sizes(x_dim=x_dim, h_dim=h_dim, z_dim=z_dim, n_labels=n_labels)
        self.x_dim, self.z_dim, self.n_labels = x_dim, z_dim, n_labels
        self.hidden = nn.Sequential(nn.Linear(x_dim + n_labels, h_dim), nn.ReLU())
        self.mu = nn.Linear(h_dim, z_dim)
        self.log_var = nn.Linear(h_dim, z_dim)
        self.layers = nn.Sequential(nn.Linear(z_dim + n_labels, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))

    def with_labels(self, x: Tensor, y: Tensor) -> Tensor:
        """Rows of pixels and label, (M, D) and (M,) -> (M, D + K); y holds whole numbers from 0 to K - 1."""
        require_float(x=x)
        return torch.cat([x, self._codes(y).to(x)], -1)

    def _codes(self, y: Tensor) -> Tensor:
        if y.is_floating_point() or y.numel() == 0 or not (y.min() >= 0 and y.max() < self.n_labels):
            raise ValueError(f"y must hold whole numbers from 0 to {self.n_labels - 1}, got {y.unique().tolist()}")
        return one_hot(y, self.n_labels)

    def encoder(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x, y), (M, D + K) -> (M, J) each."""
        require_columns(self.hidden[0].weight, rows=rows)
        h = self.hidden(rows)
        return self.mu(h), self.log_var(h)

    def decoder(self, z: Tensor, codes: Tensor) -> Tensor:
        """Logits of the pixels, (..., J) and labels as codes (..., K) -> (..., D)."""
        refuse_nan("z", z)
        points = torch.cat([z, codes.to(z).expand(*z.shape[:-1], self.n_labels)], -1)
        require_columns(self.layers[0].weight, **{"z and label": points})
        return self.layers(points)

    def log_likelihood(self, rows: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z, y), (M, D + K) and (L, M, J) -> (L, M)."""
        x, codes = rows.split([self.x_dim, self.n_labels], -1)
        return bernoulli_log_prob(x, self.decoder(z, codes))

    def mean(self, z: Tensor, y: Tensor) -> Tensor:
        """E[x|z, y], the probability of a 1 in each pixel, (..., J) and (...) -> (..., D)."""
        return torch.sigmoid(self.decoder(z, self._codes(y)))

    def sample(self, z: Tensor, y: Tensor, generator: Generator | None = None) -> Tensor:
        """Draw x ~ p(x|z, y), (..., J) and (...) -> (..., D)."""
        return torch.bernoulli(self.mean(z, y), generator=generator)
