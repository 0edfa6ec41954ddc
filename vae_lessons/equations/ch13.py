"""Check of chapter 13, part one: the importance-weighted estimate of log p(x), (13.1)."""

import math
from decimal import Decimal
from types import SimpleNamespace

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import LinearGaussian
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.objectives import iw_log_lik

# (13.1) The estimate


def draws_of_z(rng) -> tuple[Tensor, ...]:
    """Draw log p(x|z) near -1050 at 5 draws of z for each of 3 images, log p(z) and log q(z|x), and μ, ℓ, ε of q."""
    mu, log_var, eps = (torch.tensor(rng.normal(size=size)) for size in [(3, 2), (3, 2), (5, 3, 2)])
    z = mu + torch.exp(0.5 * log_var) * eps
    log_lik = torch.tensor(rng.normal(-1050, 2, size=(5, 3)))
    return log_lik, log_prior(z), gaussian_log_prob(z, mu, log_var), mu, log_var, eps


def log_mean_weight(log_lik: Tensor, log_p: Tensor, log_q: Tensor, *_) -> Tensor:
    """Compute logsumexp over the L draws of log p(x|z) + log p(z) - log q(z|x), less log L."""
    return torch.logsumexp(log_lik + log_p - log_q, 0) - math.log(len(log_q))


def in_decimals(log_lik: Tensor, log_p: Tensor, log_q: Tensor, *_) -> list[float]:
    """Average the weights with 28 decimal digits and exponents that do not underflow."""
    log_w = (log_lik + log_p - log_q).T.tolist()
    return [float((sum(Decimal(v).exp() for v in column) / len(column)).ln()) for column in log_w]


def by_library(log_lik, log_p, log_q, mu, log_var, eps) -> Tensor:
    """Let `iw_log_lik` draw z from q with the same noise."""
    model = SimpleNamespace(encoder=lambda x: (mu, log_var), log_likelihood=lambda x, z: log_lik)
    return iw_log_lik(model, mu, eps)


def one_draw_is_enough(log_lik, log_p, log_q, mu, log_var, eps) -> Tensor:
    """Tell whether L = 1 draw and L = 5 both give log p(x) of a linear-Gaussian model with q = p(z|x)."""
    w, var = mu.new_tensor([[1.0, 0.6], [0.8, -0.7], [0.5, -0.08]]), mu.new_tensor(0.3)  # WᵀW is diagonal
    model, x = LinearGaussian(w, var), torch.cat([mu, log_var[:, :1]], 1)
    mean, cov = model.posterior(x)
    model.q = mean, cov.diagonal().log().expand_as(mean)
    return torch.stack([(iw_log_lik(model, x, e) - model.log_evidence(x)).abs() < 1e-9 for e in (eps, eps[:1])])


# The mistakes that exercise 13.1 knows by name; they take log p(x|z), log p(z) and log q(z|x), each (L, N)


def _mean_of_the_logarithms(log_lik, log_p, log_q, *_):
    return (log_lik + log_p - log_q).mean(0)


def _no_log_l(log_lik, log_p, log_q, *_):
    return torch.logsumexp(log_lik + log_p - log_q, 0)


def _neither_prior_nor_q(log_lik, log_p, log_q, *_):
    return torch.logsumexp(log_lik, 0) - math.log(len(log_lik))


def _plus_log_q(log_lik, log_p, log_q, *_):
    return log_mean_weight(log_lik, log_p, -log_q)


def _no_q(log_lik, log_p, log_q, *_):
    return log_mean_weight(log_lik, log_p, 0 * log_q)


def _wrong_axis(log_lik, log_p, log_q, *_):
    return torch.logsumexp(log_lik + log_p - log_q, 1) - math.log(log_q.shape[1])


def _images_summed_first(log_lik, log_p, log_q, *_):
    return log_mean_weight(log_lik.sum(1), log_p.sum(1), log_q.sum(1))


equation(
    "13.1",
    "The importance-weighted estimate of log p(x)",
    method="exact model",
    draw=draws_of_z,
    lines={
        "logsumexp - log L": log_mean_weight,
        "iw_log_lik": by_library,
        "28 decimal digits": in_decimals,
        "exact for q = p(z|x)": one_draw_is_enough,
    },
    mutants={
        "mean of the logarithms": _mean_of_the_logarithms,
        "no log L": _no_log_l,
        "neither prior nor q": _neither_prior_nor_q,
        "plus log q": _plus_log_q,
        "no q": _no_q,
        "wrong axis": _wrong_axis,
        "images summed first": _images_summed_first,
        "no logsumexp": lambda log_lik, log_p, log_q, *_: (log_lik + log_p - log_q).exp().mean(0).log(),
    },
)
