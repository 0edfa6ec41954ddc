"""What a trained model is worth, on images it has not seen."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vae_lessons.objectives import elbo_terms, iw_log_lik


class Estimate(NamedTuple):
    """A mean over images, with its standard error over them."""

    mean: float
    se: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} ± {self.se:.2f}"


def _estimate(values: Tensor) -> Estimate:
    return Estimate(values.mean().item(), (values.std() / math.sqrt(len(values))).item())


class Evaluation(NamedTuple):
    """The ELBO and its two terms, in nats per image."""

    elbo: Estimate
    log_lik: Estimate
    kl: Estimate


@torch.no_grad()
def evaluate_elbo(model: nn.Module, x: Tensor, n_samples: int = 32, seed: int = 0) -> Evaluation:
    """The ELBO of held-out images with its two terms: z is drawn, never replaced by its mean.

    Parameters
    ----------
    model : Module
        A trained VAE.
    x : Tensor, shape (N, D)
        Images.
    n_samples : int
        Draws of z per image, L.
    seed : int
        Of the noise.

    Returns
    -------
    Evaluation
        Means over the images in nats, with standard errors.
    """
    log_lik, kl = elbo_terms(model, x, _noise(model, x, n_samples, seed))
    return Evaluation(_estimate(log_lik - kl), _estimate(log_lik), _estimate(kl))


@torch.no_grad()
def iw_log_lik_dataset(model: nn.Module, x: Tensor, n_samples: int = 500, seed: int = 0, rows: int = 50_000) -> Tensor:
    """Log p(x) of every image by importance weighting, equation (13.1), in bounded memory.

    Parameters
    ----------
    model : Module
        A trained VAE.
    x : Tensor, shape (N, D)
        Images.
    n_samples : int
        Draws per image, L. The estimate is too low on average, by less and less as L grows.
    seed : int
        Of the noise.
    rows : int
        The decoder sees at most about this many latent points at once.

    Returns
    -------
    Tensor, shape (N,)
        Nats per image.
    """
    generator = torch.Generator(device=x.device).manual_seed(seed)
    parts = []
    for chunk in x.split(max(1, rows // n_samples)):
        eps = torch.randn(n_samples, len(chunk), model.z_dim, generator=generator, device=x.device)
        parts.append(iw_log_lik(model, chunk, eps))
    return torch.cat(parts)


@torch.no_grad()
def active_units(model: nn.Module, x: Tensor, threshold: float = 0.01) -> int:
    """The number of latent dimensions whose posterior mean varies over the images, equation (14.2).

    Parameters
    ----------
    model : Module
        A trained VAE.
    x : Tensor, shape (N, D)
        Images.
    threshold : float
        Least variance of the posterior mean that counts; 0.01 after Burda et al. (2016).

    Returns
    -------
    int
        Between 0 and J.
    """
    mu, _ = model.encoder(x)
    return int((mu.var(0) > threshold).sum())


def _noise(model: nn.Module, x: Tensor, n_samples: int, seed: int) -> Tensor:
    generator = torch.Generator(device=x.device).manual_seed(seed)
    return torch.randn(n_samples, len(x), model.z_dim, generator=generator, device=x.device)
