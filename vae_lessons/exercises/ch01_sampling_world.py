"""The autoencoder on which exercise 1.4 is judged: its decoder can be inverted, and its codes lie in four clumps."""

from dataclasses import dataclass

import torch
from torch import Tensor

WEIGHTS = (0.4, 0.3, 0.2, 0.1)  # of the clumps
CENTRES = ((4.5, -1.5, 2.0), (8.0, -4.5, 1.0), (5.0, -5.5, 6.0), (8.5, -1.0, 5.5))  # none of them near the origin


@dataclass(frozen=True)
class World:
    """Codes of training images and of unseen ones, and a decoder."""

    codes: Tensor
    unseen: Tensor
    basis: Tensor

    @property
    def z_dim(self) -> int:
        """Numbers in a code."""
        return self.codes.shape[1]

    @property
    def x_dim(self) -> int:
        """Pixels of an image."""
        return len(self.basis)

    def decode(self, z: Tensor) -> Tensor:
        """Map codes to images, (..., 3) -> (..., 8): bent, and turned so that no pixel is a code."""
        z = torch.as_tensor(z)
        z = z if z.is_floating_point() else z.float()
        first, second, third = z.unbind(-1)
        bent = [torch.sin(first), torch.cos(second), first * third / 5, torch.tanh(second + third), 0 * first + 1]
        return torch.cat([z, torch.stack(bent, -1)], -1) @ self.basis.to(z)

    def codes_of(self, images: Tensor) -> Tensor:
        """Find the codes of images that come from the decoder."""
        return (images.double() @ self.basis.T)[:, : self.z_dim]

    def distances(self, z: Tensor) -> Tensor:
        """Compute how far codes lie from the nearest training code."""
        return torch.cdist(z.double(), self.codes.double()).min(1).values

    def shares(self, z: Tensor) -> Tensor:
        """Compute which share of the codes lies nearest to each of the four centres."""
        nearest = torch.cdist(z.double(), torch.tensor(CENTRES).double()).argmin(1)
        return torch.bincount(nearest, minlength=len(CENTRES)) / len(z)

    def one_normal(self) -> Tensor:
        """Draw codes from one normal with the mean and the covariance of the training codes."""
        noise = torch.randn(500, self.z_dim, generator=torch.Generator().manual_seed(0))
        return self.codes.mean(0) + noise @ torch.linalg.cholesky(self.codes.T.cov()).T

    def law_of(self, z: Tensor) -> str | None:
        """Name the distribution that codes far from the training codes seem to come from."""
        mean, std = z.mean(0), z.std(0)
        own_mean, own_std = self.codes.double().mean(0), self.codes.double().std(0)
        centred, ratio = bool(((mean - own_mean).abs() < 0.3 * own_std).all()), std / own_std
        width = (z.max(0).values - z.min(0).values) / std
        far = self.distances(z).mean() / self.distances(self.one_normal()).mean()
        found = {
            "uniform box": (width - 12**0.5).abs() < 0.2,
            "N(0, I)": (mean.abs() < 0.3) & ((std - 1).abs() < 0.15),
            "unit spread": (std - 1).abs() < 0.15,
            "one normal": ((ratio - 1).abs() < 0.15) & ((far - 1).abs() < 0.25),
            "between two codes": (ratio - 0.76).abs() < 0.12,
        }
        names = [name for name, signs in found.items() if signs.all()]
        names = [name for name in names if centred or name in ("uniform box", "N(0, I)")]
        return names[0] if names else None


def make_world(seed: int = 0) -> World:
    """Draw the codes, each clump a bent and tilted cloud, and turn the pixels at random."""
    generator = torch.Generator().manual_seed(seed)
    at = torch.multinomial(torch.tensor(WEIGHTS), 800, replacement=True, generator=generator)
    noise = torch.randn(800, 3, generator=generator)
    turned, _ = torch.linalg.qr(torch.randn(len(CENTRES), 3, 3, generator=generator))
    spread = torch.tensor([0.6, 0.4, 0.3]) * noise
    z = torch.tensor(CENTRES)[at] + (turned[at] @ spread[:, :, None])[:, :, 0]
    z[:, 2] += 0.15 * noise[:, 0] ** 2
    basis, _ = torch.linalg.qr(torch.randn(8, 8, generator=generator, dtype=torch.double))
    return World(z[:400], z[400:], basis)
