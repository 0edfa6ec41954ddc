"""Check of chapter 13, part two: the exact evidence of a model with two latents, by a sum on a grid, (13.2)."""

from collections.abc import Callable

import numpy as np
import torch
from scipy.stats import multivariate_normal
from torch import Tensor

from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import LinearGaussian
from vae_lessons.likelihoods import log_prior
from vae_lessons.models import LinearVAE


def weights_variance_images(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw W and σ² of a linear-Gaussian model with two latents and four pixels, and two images it generates."""
    w, z, noise = (torch.tensor(rng.normal(size=size)) for size in [(4, 2), (2, 2), (2, 4)])
    w, var = 0.8 * w, torch.tensor(rng.uniform(0.3, 0.7), dtype=torch.float64)
    return w, var, z @ w.T + var.sqrt() * noise


def grid(side: int, reach: float) -> tuple[Tensor, float]:
    """Return side² points z of a square from -reach to reach, (side², 1, 2), and the width Δ of a cell."""
    axis = torch.linspace(-reach, reach, side, dtype=torch.float64)
    return torch.cartesian_prod(axis, axis)[:, None], (axis[1] - axis[0]).item()


def log_evidence_on_grid(model, x: Tensor, side: int = 141, reach: float = 7.0) -> Tensor:
    """Compute log Σ p(x|z) p(z) Δ² over the grid."""
    z, width = grid(side, reach)
    return torch.logsumexp(model.log_likelihood(x, z) + log_prior(z), 0) + 2 * np.log(width)


def of_model(answer: Callable) -> Callable:
    """Apply a function of (model, x) to the linear-Gaussian model of the draw."""
    return lambda w, var, x: answer(LinearGaussian(w, var), x)


def by_scipy(w: Tensor, var: Tensor, x: Tensor) -> np.ndarray:
    """Let SciPy evaluate the normal density of x, with covariance WWᵀ + σ²I."""
    return multivariate_normal.logpdf(x, cov=LinearGaussian(w, var).covariance())


def by_linear_vae(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Let the library's linear VAE compute it."""
    with torch.random.fork_rng():  # its first weights are random, and replaced
        vae = LinearVAE(*w.shape).double()
    vae.load_state_dict({"decoder.weight": w, "decoder.bias": 0 * w[:, 0], "log_var_x": var.log()}, strict=False)
    return vae.log_evidence(x)


def grids_agree(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Tell whether a grid of 181² points gives the same as one of 141²."""
    model = LinearGaussian(w, var)
    return (log_evidence_on_grid(model, x, side=181) - log_evidence_on_grid(model, x)).abs() < 1e-9


# The mistakes that exercise 13.2 knows by name; they take a model with `log_likelihood(x, z)`, and images


def _no_cell_area(model, x):
    return log_evidence_on_grid(model, x) - 2 * np.log(grid(141, 7.0)[1])


def _side_for_area(model, x):
    return log_evidence_on_grid(model, x) - np.log(grid(141, 7.0)[1])


def _no_prior(model, x):
    z, width = grid(141, 7.0)
    return torch.logsumexp(model.log_likelihood(x, z), 0) + 2 * np.log(width)


def _grid_from_minus_2_to_2(model, x):
    return log_evidence_on_grid(model, x, reach=2.0)


def _maximum(model, x):
    z, _ = grid(141, 7.0)
    return (model.log_likelihood(x, z) + log_prior(z)).amax(0)


def _sum_of_logarithms(model, x):
    z, width = grid(141, 7.0)
    return (model.log_likelihood(x, z) + log_prior(z)).sum(0) * width**2


equation(
    "13.2",
    "The exact evidence, by a sum on a grid",
    method="quadrature",
    draw=weights_variance_images,
    lines={
        "log Σ p(x|z) p(z) Δ²": of_model(log_evidence_on_grid),
        "linear-Gaussian, exactly": of_model(LinearGaussian.log_evidence),
        "LinearVAE.log_evidence": by_linear_vae,
        "SciPy": by_scipy,
        "181² points say the same": grids_agree,
    },
    mutants={
        "no cell area": of_model(_no_cell_area),
        "Δ for Δ²": of_model(_side_for_area),
        "no prior": of_model(_no_prior),
        "grid from -2 to 2": of_model(_grid_from_minus_2_to_2),
        "maximum": of_model(_maximum),
        "sum of logarithms": of_model(_sum_of_logarithms),
    },
    draws=5,
)
