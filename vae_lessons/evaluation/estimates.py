"""The ELBO of held-out images, and numbers made of one value per image."""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from vae_lessons.objectives import elbo_terms
from vae_lessons.validation import require_batch, require_sizes


class Estimate(NamedTuple):
    """A mean, as a rule over images, with its standard error."""

    mean: float
    se: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} ± {self.se:.2f}"


def estimate(values: Tensor) -> Estimate:
    """The mean of independent values, (N,), and its standard error (7.2), which is NaN for a single one."""
    require_batch(values=values)
    return Estimate(values.mean().item(), (values.std() / math.sqrt(len(values))).item())


class Evaluation(NamedTuple):
    """The ELBO and its two terms, in nats per image."""

    elbo: Estimate
    log_lik: Estimate
    kl: Estimate


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
    log_lik, kl = elbo_of_images(model, x, n_samples, seed)
    return Evaluation(estimate(log_lik - kl), estimate(log_lik), estimate(kl))


@torch.no_grad()
def elbo_of_images(
    model: nn.Module, x: Tensor, n_samples: int = 32, seed: int = 0, rows: int = 50_000
) -> tuple[Tensor, Tensor]:
    """The two terms of every image's ELBO, (7.4), in bounded memory.

    Parameters
    ----------
    model, x, n_samples, seed
        As in `evaluate_elbo`.
    rows : int
        The decoder sees at most about this many latent points at once.

    Returns
    -------
    (Tensor, Tensor), each of shape (N,)
        Log-likelihood, averaged over the draws, and KL divergence, in nats per image.
    """
    generator, parts = Generator(device=x.device).manual_seed(seed), []
    for chunk in x.split(max(1, rows // n_samples)):
        eps = torch.randn(n_samples, len(chunk), model.z_dim, generator=generator, device=x.device)
        parts.append(elbo_terms(model, chunk, eps))
    log_lik, kl = zip(*parts, strict=True)
    return torch.cat(log_lik), torch.cat(kl)


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


def bits_per_dim(log_p: Tensor, x_dim: int) -> Tensor:
    """Nats per image as bits per pixel, -log p(x) / (D log 2), equation (13.5).

    Parameters
    ----------
    log_p : Tensor, any shape
        Log p(x) in nats per image, or a bound on it.
    x_dim : int
        Numbers in an image, D: pixels times channels.

    Returns
    -------
    Tensor, of the shape of log_p
        What a pixel costs, in bits: the smaller, the better.

    Raises
    ------
    ValueError
        If `log_p` is no floating-point tensor, or if `x_dim` is no whole number of at least 1.
    """
    require_batch(log_p=log_p)
    require_sizes(x_dim=x_dim)
    return -log_p / (x_dim * math.log(2))
