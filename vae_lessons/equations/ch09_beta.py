"""Check of chapter 9, part five: the weight β of the KL and the variance σ² of the pixels are one knob, (9.7)."""

from types import SimpleNamespace

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch09_variance import gradient
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob
from vae_lessons.objectives import elbo_analytic_kl


def small_gaussian_vae(rng) -> tuple[Tensor, ...]:
    """Draw four images x, noise, σ², β, and the parameters: weights of a decoder, μ and ℓ of each image."""
    x, eps, *parameters = (torch.tensor(rng.normal(size=s)) for s in [(4, 6), (2, 4, 3), (3, 6), (4, 3), (4, 3)])
    var, beta = torch.tensor(rng.uniform([0.1, 1.5], [1, 4]))
    return x, eps, var, beta, *parameters


def beta_loss(x, eps, var, beta, w, mu, log_var, rec_weight=1.0) -> Tensor:
    """Average SSE/(2σ²) + β KL over the images; the decoder's mean is tanh(zW). A mistake weights the first term."""
    error = x - torch.tanh((mu + torch.exp(0.5 * log_var) * eps) @ w)
    return (rec_weight * (error**2).sum(-1).mean(0) / (2 * var) + beta * kl_std_normal(mu, log_var)).mean()


def gradient_of_beta_loss(x, eps, var, beta, *parameters: Tensor, **mistake) -> Tensor:
    """Differentiate it by decoder weights, μ and ℓ."""
    return gradient(lambda *p: beta_loss(x, eps, var, beta, *p, **mistake), *parameters)


def minus_elbo(x, eps, var, beta, w, mu, log_var) -> Tensor:
    """Let the library compute -𝓛_β of the same model."""
    model = SimpleNamespace(
        encoder=lambda x: (mu, log_var),
        log_likelihood=lambda x, z: gaussian_log_prob(x, torch.tanh(z @ w), var.log().expand_as(x)),
    )
    return -elbo_analytic_kl(model, x, eps, beta=beta).mean()


def gradient_by_library(x, eps, var, beta, *parameters: Tensor) -> Tensor:
    """Differentiate -𝓛_β of the library by the same parameters."""
    return gradient(lambda *p: minus_elbo(x, eps, var, beta, *p), *parameters)


def differ_by_a_constant(x, eps, var, beta, *parameters: Tensor) -> Tensor:
    """Tell whether -𝓛_β with σ² less β times -𝓛 with βσ² is the same number for other parameters."""

    def difference(parameters):
        return minus_elbo(x, eps, var, beta, *parameters) - beta * minus_elbo(x, eps, beta * var, 1.0, *parameters)

    return (difference(parameters) - difference([p + 0.5 for p in parameters])).abs() < 1e-9


equation(
    "9.7",
    "Weighting the KL by β is multiplying σ² by β",
    method="autograd",
    draw=small_gaussian_vae,
    lines={
        "∇ of SSE/(2σ²) + β KL": gradient_of_beta_loss,
        "β ∇ of SSE/(2βσ²) + KL": lambda x, eps, var, beta, *p: beta * gradient_of_beta_loss(x, eps, beta * var, 1, *p),
        "∇ of -elbo_analytic_kl(beta=β)": gradient_by_library,
        "β ∇ of -𝓛 with βσ², by library": lambda x, eps, var, beta, *p: (
            beta * gradient_by_library(x, eps, beta * var, 1.0, *p)
        ),
        "the values differ by a constant": differ_by_a_constant,
    },
    mutants={
        "σ²/β": lambda x, eps, var, beta, *p: beta * gradient_of_beta_loss(x, eps, var / beta, 1, *p),
        "σ² times β²": lambda x, eps, var, beta, *p: beta * gradient_of_beta_loss(x, eps, var * beta**2, 1, *p),
        "σ² alone": lambda x, eps, var, beta, *p: beta * gradient_of_beta_loss(x, eps, var, 1, *p),
        "β on the reconstruction": lambda x, eps, var, beta, *p: gradient_of_beta_loss(
            x, eps, var, 1, *p, rec_weight=beta
        ),
        "β on both terms": lambda x, eps, var, beta, *p: gradient_of_beta_loss(x, eps, var, beta, *p, rec_weight=beta),
        "the values are equal": lambda x, eps, var, beta, *p: torch.isclose(
            minus_elbo(x, eps, var, beta, *p), beta * minus_elbo(x, eps, beta * var, 1.0, *p)
        ),
    },
)
