"""Checks of chapter 8, part three: the density of a reparameterized z, (8.7), and an exponential z, (8.8)."""

import torch
from scipy.stats import expon
from torch import Tensor
from torch.distributions import AffineTransform, Exponential, Independent, Normal, TransformedDistribution

from vae_lessons.equations.ch03_densities import integral
from vae_lessons.equations.ch08_changes import q_and_noise, weights_like, with_gradients
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.sampling import reparameterize

# (8.7) Change of variables


def means_and_noise(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw μ and ℓ of two images with three latents each, and ε for L = 4."""
    return q_and_noise(rng)


def by_transform(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Let torch keep the account of the change of variables."""
    base = Independent(Normal(torch.zeros_like(mu), 1.0), 1)
    q = TransformedDistribution(base, AffineTransform(mu, (log_var / 2).exp(), event_dim=1))
    return q.log_prob(mu + (log_var / 2).exp() * eps)


equation(
    "8.7",
    "The density of z from the density of its noise",
    method="exact model",
    draw=means_and_noise,
    lines={
        "log N(ε; 0, I) - Σ ℓ/2": lambda mu, log_var, eps: log_prior(eps) - (log_var / 2).sum(-1),
        "gaussian_log_prob of z": lambda mu, log_var, eps: gaussian_log_prob(
            reparameterize(mu, log_var, eps), mu, log_var
        ),
        "torch.distributions": by_transform,
    },
    mutants={
        "plus Σ ℓ/2": lambda mu, log_var, eps: log_prior(eps) + (log_var / 2).sum(-1),
        "ℓ for ℓ/2": lambda mu, log_var, eps: log_prior(eps) - log_var.sum(-1),
        "no Jacobian": lambda mu, log_var, eps: log_prior(eps).expand(4, 2),
        "mean over the latents": lambda mu, log_var, eps: log_prior(eps) - (log_var / 2).mean(-1),
        "sum over the images": lambda mu, log_var, eps: log_prior(eps) - (log_var / 2).sum(),
        "σ for log σ": lambda mu, log_var, eps: log_prior(eps) - (log_var / 2).exp().sum(-1),
        "prior of z for ε": lambda mu, log_var, eps: (
            log_prior(reparameterize(mu, log_var, eps)) - (log_var / 2).sum(-1)
        ),
    },
)

# (8.8) An exponential z


def rate_and_uniforms(rng) -> tuple[Tensor, Tensor]:
    """Draw five u between 0 and 1, and a rate λ for each."""
    return torch.tensor(rng.uniform(0.5, 3, size=5)), torch.tensor(rng.uniform(0.05, 0.95, size=5))


def exponential(rate: Tensor, u: Tensor) -> Tensor:
    """Return z = -log(u)/λ."""
    return -u.log() / rate


def by_hand(rate: Tensor, u: Tensor) -> Tensor:
    """SciPy's inverse survival function, and the gradient -z/λ, times the weights."""
    z = torch.tensor(expon.isf(u, scale=1 / rate))
    return torch.cat([z, -weights_like(z) * z / rate])


def has_mean(rate: Tensor, u: Tensor) -> Tensor:
    """Tell whether z has the mean 1/λ for uniform u; the integral ends at u = e⁻⁶⁰."""
    means = [integral(lambda t, r=r: exponential(r, (-t).exp()) * (-t).exp(), 0, 5, 20, 60) for r in rate]
    return (torch.stack(means) - 1 / rate).abs() < 1e-9


# The mistakes that exercise 8.6 knows by name


def _times_lambda(rate, u):
    return -rate * u.log()


def _one_minus_u(rate, u):
    return (1 - u).log() / rate


def _not_differentiable(rate, u):
    return -u.log() / rate.detach()


def _lambda_squared(rate, u):
    return (1 / u).log() * rate**2


def _no_minus(rate, u):
    return u.log() / rate


equation(
    "8.8",
    "An exponential draw as a function of its rate",
    method="autograd",
    draw=rate_and_uniforms,
    lines={
        "z = -log(u)/λ": with_gradients(exponential),
        "SciPy; -z/λ": by_hand,
        "quantiles, by torch": with_gradients(lambda rate, u: Exponential(rate).icdf(1 - u)),
        "E z = 1/λ": has_mean,
    },
    mutants={
        "-λ log u": with_gradients(_times_lambda),
        "log(1 - u)/λ": with_gradients(_one_minus_u),
        "λ detached": with_gradients(_not_differentiable),
        "log(1/u) λ²": with_gradients(_lambda_squared),
        "no minus": with_gradients(_no_minus),
    },
)
