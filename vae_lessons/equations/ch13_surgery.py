"""Check of chapter 13, part four: what the average KL is made of, (13.4); Hoffman and Johnson (2016)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch03_densities import gauss_legendre
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior


def posteriors(rng) -> tuple[Tensor, Tensor]:
    """Draw μ and ℓ of N = 5 images, one latent: some of the five overlap."""
    return torch.tensor(rng.normal(0.3, 1, size=(5, 1))), torch.tensor(rng.normal(-1, 0.5, size=(5, 1)))


def nodes() -> tuple[Tensor, Tensor]:
    """Return points z, (L, 1, 1), and weights, (L, 1), that integrate over [-12, 12] in 24 panels."""
    z, weights = gauss_legendre()
    panels = torch.arange(-11.5, 12, dtype=torch.float64)
    return (panels[:, None] + z / 2).reshape(-1, 1, 1), (weights / 2).repeat(24)[:, None]


def aggregate_log_prob(z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Compute log q(z) = logsumexp over i of log q(z|x_i), less log N, at z of (L, N, J)."""
    return torch.logsumexp(gaussian_log_prob(z[:, :, None], mu, log_var), -1) - math.log(len(mu))


def surgery(mu: Tensor, log_var: Tensor, log_q: Callable = aggregate_log_prob) -> Tensor:
    """Return (1/N) Σ KL(q_i‖p), then I = (1/N) Σ E_i log(q_i/q) and KL(q‖p) = (1/N) Σ E_i log(q/p), by quadrature."""
    z, weights = nodes()
    z = z.expand(-1, len(mu), -1)
    log_qi, log_mix, log_p = gaussian_log_prob(z, mu, log_var), log_q(z, mu, log_var), log_prior(z)
    terms = torch.stack([log_qi - log_p, log_qi - log_mix, log_mix - log_p])
    return (weights * log_qi.exp() * terms).sum(1).mean(1)


def mixture_by_torch(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return the three with torch's mixture: I is the entropy of q less the average entropy of q_i."""
    components = Normal(mu[:, 0], (log_var[:, 0] / 2).exp())
    mixture, (z, weights) = MixtureSameFamily(Categorical(torch.ones(len(mu)).double()), components), nodes()
    log_q, log_p = mixture.log_prob(z[:, 0, 0]), Normal(0.0, 1.0).log_prob(z[:, 0, 0])
    q = weights[:, 0] * log_q.exp()
    information, marginal = -(q * log_q).sum() - components.entropy().mean(), (q * (log_q - log_p)).sum()
    return torch.stack([kl_std_normal(mu, log_var).mean(), information, marginal])


def identity_and_bounds(mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether the first is the sum of the others, 0 ≤ I ≤ log N, and KL(q‖p) ≥ 0."""
    average, information, marginal = mixture_by_torch(mu, log_var)
    return torch.stack([
        (average - information - marginal).abs() < 1e-9, information >= 0, information <= math.log(5), marginal >= 0,
    ])  # fmt: skip


def information_reaches_log_n(mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether I is log N where no two q_i overlap."""
    apart = torch.linspace(-8, 8, 5, dtype=torch.float64)[:, None]
    return (surgery(apart, log_var - 4)[1] - math.log(5)).abs() < 1e-6


# The mistakes that exercise 13.4 knows by name: wrong ways to log q(z)


def _no_log_n(z, mu, log_var):
    return aggregate_log_prob(z, mu, log_var) + math.log(len(mu))


def _image_itself_left_out(z, mu, log_var):
    log_q = gaussian_log_prob(z[:, :, None], mu, log_var)
    others = log_q.masked_fill(torch.eye(len(mu), dtype=torch.bool), -torch.inf)
    return torch.logsumexp(others, -1) - math.log(len(mu) - 1)


def _averaged_parameters(z, mu, log_var):
    return gaussian_log_prob(z, mu.mean(0), log_var.exp().mean(0).log())


def _mean_of_the_logarithms(z, mu, log_var):
    return gaussian_log_prob(z[:, :, None], mu, log_var).mean(-1)


def _prior_from_aggregate(mu, log_var):
    z, weights = nodes()
    log_p = log_prior(z)
    return (weights * log_p.exp() * (log_p - aggregate_log_prob(z, mu, log_var))).sum()


equation(
    "13.4",
    "The average KL is information plus the KL of the aggregate",
    method="quadrature",
    draw=posteriors,
    lines={
        "average KL, I, KL(q‖p)": surgery,
        "torch's mixture": mixture_by_torch,
        "sum; 0 ≤ I ≤ log N": identity_and_bounds,
        "I = log N far apart": information_reaches_log_n,
    },
    mutants={
        "no log N": lambda *q: surgery(*q, log_q=_no_log_n),
        "image itself left out": lambda *q: surgery(*q, log_q=_image_itself_left_out),
        "averaged parameters": lambda *q: surgery(*q, log_q=_averaged_parameters),
        "mean of the logarithms": lambda *q: surgery(*q, log_q=_mean_of_the_logarithms),
        "the two terms swapped": lambda *q: surgery(*q)[[0, 2, 1]],
        "KL(p(z)‖q(z))": lambda *q: torch.cat([surgery(*q)[:2], _prior_from_aggregate(*q)[None]]),
    },
    draws=10,
)
