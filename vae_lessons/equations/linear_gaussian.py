"""The smallest model that is solved exactly: p(z) = N(0, 1), p(x|z) = N(z, v), with q(z|x) = N(μ, s²)."""

import math
from types import SimpleNamespace

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.divergences import kl_normal
from vae_lessons.likelihoods import gaussian_log_prob

LOG_2PI = math.log(2 * math.pi)


def random_x_and_q(rng) -> tuple[Tensor, ...]:
    """Draw x and the variance v of x given z, the mean μ and the variance s² of q."""
    (x, mu), (v, var) = rng.normal(size=2), rng.uniform(0.3, 0.8, size=2)
    return tuple(torch.tensor(value) for value in (x, v, mu, var))


def log_evidence(x: Tensor, v: Tensor) -> Tensor:
    """Log p(x), where x has the distribution N(0, 1 + v)."""
    return Normal(0.0, (1 + v).sqrt()).log_prob(x)


def exact_posterior(x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of p(z|x), which is N(x / (1 + v), v / (1 + v))."""
    return x / (1 + v), v / (1 + v)


def log_joint(x: Tensor, v: Tensor, z: Tensor) -> Tensor:
    """Log p(x, z) = log p(x|z) + log p(z)."""
    return Normal(z, v.sqrt()).log_prob(x) + Normal(0.0, 1.0).log_prob(z)


def kl_from_posterior(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """KL(q‖p(z|x)), by `kl_normal`."""
    mean, variance = exact_posterior(x, v)
    return kl_normal(mu, var.sqrt(), mean, variance.sqrt())


def elbo_in_closed_form(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """E_q log p(x|z) - KL(q‖p(z)), both of them by hand."""
    log_lik = -0.5 * (LOG_2PI + v.log() + ((x - mu) ** 2 + var) / v)
    return log_lik - 0.5 * (mu**2 + var - 1 - var.log())


def as_model(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> tuple[SimpleNamespace, Tensor, Tensor]:
    """Arguments for the library's objectives: the model, a batch of one x, and the two draws ε = ±1.

    The mean over ε = ±1 is that of N(0, 1) for any polynomial of degree 3 or less: exact, not an estimate.
    """
    model = SimpleNamespace(
        encoder=lambda x: (mu.reshape(1, 1), var.log().reshape(1, 1)),
        log_likelihood=lambda x, z: gaussian_log_prob(x, z, v.log().reshape(1, 1)),
    )
    return model, x.reshape(1, 1), torch.tensor([1.0, -1.0]).double().reshape(2, 1, 1)


def gauss_hermite(nodes: int) -> tuple[Tensor, Tensor]:
    """Nodes and weights for N(0, 1): with n nodes exact for polynomials of degree 2n - 1."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return torch.tensor(points), torch.tensor(weights / math.sqrt(2 * math.pi))
