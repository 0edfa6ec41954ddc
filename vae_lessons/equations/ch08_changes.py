"""Check of chapter 8, part two: a random number as a function of its parameters, (8.4)."""

from collections.abc import Callable
from functools import wraps

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import softplus

from vae_lessons.equations.registry import equation
from vae_lessons.sampling import reparameterize


def q_and_noise(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw μ and ℓ of two images with three latents each, and ε for L = 4."""
    return tuple(torch.tensor(rng.normal(size=shape)) for shape in [(2, 3), (2, 3), (4, 2, 3)])


def weights_like(z: Tensor) -> Tensor:
    """Return different weights for the entries of z, so that no two gradients can be confused."""
    return torch.linspace(1, 2, z.numel(), dtype=z.dtype).reshape(z.shape)


def with_gradients(sampler: Callable) -> Callable:
    """Return z and the gradients of a weighted sum of it with respect to all inputs but the noise, all in a row."""

    @wraps(sampler)
    def value_and_gradients(*inputs: Tensor) -> Tensor:
        *parameters, noise = inputs
        leaves = [parameter.clone().requires_grad_() for parameter in parameters]
        z = sampler(*leaves, noise)
        total = (weights_like(z) * z).sum() + sum(0 * leaf.sum() for leaf in leaves)  # 0: for a z that is detached
        return torch.cat([t.detach().flatten() for t in (z, *torch.autograd.grad(total, leaves))])

    return value_and_gradients


def by_hand(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Give z = μ + σ ⊙ ε and its gradients by hand: 1, and σε/2, times the weights."""
    std, weights = log_var.exp() ** 0.5, weights_like(eps)
    gradients = weights.sum(0), (weights * std * eps / 2).sum(0)
    return torch.cat([t.flatten() for t in (mu + std * eps, *gradients)])


def by_quantiles(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Return the point of N(μ, σ²) that has as much probability on its left as ε has under N(0, 1)."""
    return Normal(mu, (log_var / 2).exp()).icdf(Normal(0.0, 1.0).cdf(eps))


# The mistakes that exercise 8.1 knows by name


def _e_ell_as_scale(mu, log_var, eps):
    return mu + log_var.exp() * eps


def _ell_as_scale(mu, log_var, eps):
    return mu + log_var * eps


def _no_mu(mu, log_var, eps):
    return torch.exp(0.5 * log_var) * eps


def _sum_scaled(mu, log_var, eps):
    return torch.exp(0.5 * log_var) * (mu + eps)


def _mean_only(mu, log_var, eps):
    return mu.expand_as(eps)


def _inverse_scale(mu, log_var, eps):
    return mu + torch.exp(-0.5 * log_var) * eps


def _shared_eps(mu, log_var, eps):
    return mu + torch.exp(0.5 * log_var) * eps[..., :1, :]


def _one_eps_for_all_latents(mu, log_var, eps):
    return mu + torch.exp(0.5 * log_var) * eps[..., :1]


def _softplus_as_scale(mu, log_var, eps):
    return mu + softplus(log_var) * eps


def _detached(mu, log_var, eps):
    return (mu + torch.exp(0.5 * log_var) * eps).detach()


def _sample(mu, log_var, eps):
    generator = torch.Generator().manual_seed(0)
    std = torch.exp(0.5 * log_var)
    return torch.normal(mu.detach().expand_as(eps), std.detach().expand_as(eps), generator=generator)


equation(
    "8.4",
    "A normal draw as a function of its parameters",
    method="autograd",
    draw=q_and_noise,
    lines={
        "μ + σ ⊙ ε": by_hand,
        "reparameterize": with_gradients(reparameterize),
        "quantiles, by torch": with_gradients(by_quantiles),
    },
    mutants={
        "e^ℓ as scale": with_gradients(_e_ell_as_scale),
        "ℓ as scale": with_gradients(_ell_as_scale),
        "no μ": with_gradients(_no_mu),
        "ε + μ scaled": with_gradients(_sum_scaled),
        "mean only": with_gradients(_mean_only),
        "e^(-ℓ/2) as scale": with_gradients(_inverse_scale),
        "shared ε": with_gradients(_shared_eps),
        "one ε for all latents": with_gradients(_one_eps_for_all_latents),
        "softplus(ℓ) as scale": with_gradients(_softplus_as_scale),
        "detached": with_gradients(_detached),
        ".sample()": with_gradients(_sample),
    },
)
