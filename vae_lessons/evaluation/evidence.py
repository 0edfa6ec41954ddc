"""The evidence log p(x) of every image: from draws of the encoder, and exactly where the latent space is small."""

import math
import sys

import torch
from torch import Generator, Tensor, nn
from tqdm import tqdm

from vae_lessons.likelihoods import log_prior
from vae_lessons.objectives import log_weights
from vae_lessons.validation import require_above_zero, require_batch, require_sizes


@torch.no_grad()
def iw_log_lik_dataset(
    model: nn.Module, x: Tensor, n_samples: int = 500, seed: int = 0, rows: int = 1000, progress: bool = False
) -> Tensor:
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
        The decoder sees at most this many latent points at once: few enough for a processor's cache; a GPU wants more.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Tensor, shape (N,)
        Nats per image.
    """
    generator = Generator(device=x.device).manual_seed(seed)
    parts = []
    with tqdm(total=len(x), desc="log p(x)", unit="image", file=sys.stderr, leave=False, disable=not progress) as bar:
        for chunk in x.split(max(1, rows // n_samples)):
            total = torch.full_like(chunk[:, 0], -math.inf)
            for draws in torch.arange(n_samples).split(rows):
                eps = torch.randn(len(draws), len(chunk), model.z_dim, generator=generator, device=x.device)
                total = torch.logaddexp(total, torch.logsumexp(log_weights(model, chunk, eps), 0))
            parts.append(total - math.log(n_samples))
            bar.update(len(chunk))
    return torch.cat(parts)


def effective_sample_size(log_w: Tensor) -> Tensor:
    """How many draws an importance-weighted estimate rests on, (Σw)²/Σw² of each image, equation (2.8).

    Parameters
    ----------
    log_w : Tensor, shape (L, M)
        Log-weights, as from `objectives.log_weights`.

    Returns
    -------
    Tensor, shape (M,)
        Between 1 and L.

    Raises
    ------
    ValueError
        If `log_w` is empty or holds no floating-point numbers.
    """
    require_batch(log_w=log_w)
    return torch.exp(2 * torch.logsumexp(log_w, 0) - torch.logsumexp(2 * log_w, 0))


@torch.no_grad()
def exact_log_lik(model: nn.Module, x: Tensor, side: int = 121, reach: float = 6.0, rows: int = 10_000) -> Tensor:
    """Log p(x) of every image, by a sum over a grid in the latent space, equation (13.2), in bounded memory.

    No encoder is needed. The grid has `side` points along each of at most three dimensions, from -reach to reach. It
    is fine enough when another `side` and another `reach` give the same; the defaults are Δ = 0.1.

    Parameters
    ----------
    model : Module
        Has `z_dim`, and a `log_likelihood(x, z)` that broadcasts: (N, D) and (L, 1, J) -> (L, N).
    x : Tensor, shape (N, D)
        Images.
    side : int
        Grid points along each dimension.
    reach : float
        Where the grid ends.
    rows : int
        At most about this many pairs of an image and a latent point are held at once.

    Returns
    -------
    Tensor, shape (N,)
        Nats per image.

    Raises
    ------
    ValueError
        If J is more than 3, if `side` or `reach` makes no grid, or if the log-likelihood has the wrong shape.
    """
    require_batch(x=x)
    require_sizes(side=side - 1, rows=rows)
    require_above_zero(reach=reach)
    if model.z_dim > 3:
        raise ValueError(f"a grid in {model.z_dim} dimensions has {side}^{model.z_dim} points: use iw_log_lik_dataset")
    axis = torch.linspace(-reach, reach, side, dtype=x.dtype, device=x.device)
    grid = torch.cartesian_prod(*[axis] * model.z_dim).reshape(-1, 1, model.z_dim)
    log_cell = model.z_dim * math.log(2 * reach / (side - 1))
    return _log_sum(model, x, grid.split(max(1, rows // len(x)))) + log_cell


def _log_sum(model: nn.Module, x: Tensor, chunks: tuple[Tensor, ...]) -> Tensor:
    """Log Σ p(x|z) p(z) over the points of all chunks."""
    total = torch.full_like(x[:, 0], -math.inf)
    for z in chunks:
        log_lik = model.log_likelihood(x, z)
        if log_lik.shape != (len(z), len(x)):
            expected = f"{(len(z), len(x))} for z of shape {tuple(z.shape)}"
            raise ValueError(f"log_likelihood must broadcast and have shape {expected}, got {tuple(log_lik.shape)}")
        total = torch.logaddexp(total, torch.logsumexp(log_lik + log_prior(z), 0))
    return total
