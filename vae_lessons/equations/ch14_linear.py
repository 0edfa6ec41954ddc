"""Check of chapter 14, part three: how many units a linear VAE uses, (14.3); Lucas et al. (2019)."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import sigma_points
from vae_lessons.evaluation import active_units
from vae_lessons.models import LinearVAE
from vae_lessons.objectives import elbo_analytic_kl


def images_variance_latents(rng) -> tuple[Tensor, float, int]:
    """Draw 60 images of six pixels around a mean that is not 0, J = 4, and a σ² between two principal variances."""
    variances = np.array([2.4, 1.5, 0.9, 0.4, 0.2, 0.08]) * rng.uniform(0.85, 1.15, size=6)
    u, _, v = np.linalg.svd(rng.normal(size=(60, 6)), full_matrices=False)
    x = np.sqrt(60 * variances) * np.linalg.qr(u - u.mean(0))[0] @ v + rng.normal(size=6)
    edges, k = [2 * variances[0], *variances], rng.integers(0, 5)
    return torch.tensor(x), float(np.sqrt(edges[k] * edges[k + 1])), 4


def principal_variances(x: Tensor) -> Tensor:
    """Return the eigenvalues λ of the covariance of the images, the largest first."""
    return torch.linalg.eigvalsh(torch.cov(x.T, correction=0)).flip(0)


def predicted(x: Tensor, var: float, z_dim: int) -> Tensor:
    """Count the λ_j > σ² among the J largest."""
    return (principal_variances(x)[:z_dim] > var).sum()


def optimum(x: Tensor, var: float, z_dim: int) -> LinearVAE:
    """Build the linear VAE of greatest ELBO: probabilistic PCA with this σ², and its posterior."""
    with torch.random.fork_rng():  # its first weights are random, and replaced
        return LinearVAE.from_ppca(x, z_dim, var)


def elbo(model: LinearVAE, x: Tensor) -> Tensor:
    """Average 𝓛 over the images; the sigma points make it exact."""
    return elbo_analytic_kl(model, x, sigma_points(model.z_dim).expand(-1, len(x), -1)).mean()


def nothing_is_better(x: Tensor, var: float, z_dim: int) -> Tensor:
    """Tell whether 𝓛 is flat there, equal to log p(x), and lower with any unit in use switched off."""
    model = optimum(x, var, z_dim)
    gradient = torch.autograd.grad(elbo(model, x), [p for p in model.parameters() if p.requires_grad])
    best = model.log_evidence(x).mean()
    facts = [torch.cat([g.flatten() for g in gradient]).abs().max() < 1e-9, (elbo(model, x) - best).abs() < 1e-9]
    return torch.stack([*facts, *(without(model, x, j) < best for j in range(int(predicted(x, var, z_dim))))])


def without(model: LinearVAE, x: Tensor, j: int) -> Tensor:
    """Average log p(x) over the images after column j of W is set to 0."""
    weight = model.decoder.weight.data.clone()
    model.decoder.weight.data[:, j] = 0
    value = model.log_evidence(x).mean().detach()
    model.decoder.weight.data = weight
    return value


@cache
def on_the_digits() -> bool:
    """Tell whether J = 10 units become 10, 10, 4, 2 and 0 for σ² of .02, .1, .3, .6 and 32; 32 is the D/2 of (9.5)."""
    from vae_lessons.data import load

    x = load().x_train.double()
    counts = [int(predicted(x, var, 10)) for var in (0.02, 0.1, 0.3, 0.6, 32)]
    return counts == [10, 10, 4, 2, 0] and abs(elbo(optimum(x, 0.3, 10), x).item() + 27.523) < 5e-4


# The mistakes that exercise 14.2 knows by name


def _sd_for_variance(x, var, z_dim):
    return (principal_variances(x)[:z_dim] > var**0.5).sum()


def _twice_the_variance(x, var, z_dim):
    return (principal_variances(x)[:z_dim] > 2 * var).sum()


def _what_is_left(x, var, z_dim):
    return (principal_variances(x).flip(0).cumsum(0).flip(0)[:z_dim] > var).sum()


def _not_centred(x, var, z_dim):
    return (torch.linalg.eigvalsh(x.T @ x / len(x)).flip(0)[:z_dim] > var).sum()


def _all_of_them(x, var, z_dim):
    return torch.tensor(z_dim)


equation(
    "14.3",
    "A linear VAE uses the directions that vary more than the noise",
    method="exact model",
    draw=images_variance_latents,
    lines={
        "#{λ_j > σ²}, at most J": predicted,
        "active_units of LinearVAE.from_ppca": lambda x, var, z_dim: active_units(optimum(x, var, z_dim), x),
        "rank of its W": lambda *inputs: torch.linalg.matrix_rank(optimum(*inputs).decoder.weight),
        "no linear VAE has a higher ELBO": nothing_is_better,
        "digits: 10, 10, 4, 2, 0; -27.523": lambda *_: on_the_digits(),
    },
    mutants={
        "standard deviation for variance": _sd_for_variance,
        "twice the variance": _twice_the_variance,
        "sum of the variances left": _what_is_left,
        "images not centred": _not_centred,
        "all J": _all_of_them,
        "at most J forgotten": lambda x, var, z_dim: (principal_variances(x) > var / 10).sum(),
    },
)
